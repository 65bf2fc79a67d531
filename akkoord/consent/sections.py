"""What other rooms add to the preference centre, and what this room adds to a person's page.

Higher rooms (rights: my data, forget me) call `add_entry` from their `apps.ready()` or their own
`sections.py`; this room names none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent import review_kinds as review_kinds  # enters its own
from akkoord.consent import special_joining
from akkoord.consent.joined_nos import in_words, part_nos, share_nos
from akkoord.consent.models import Standing
from akkoord.consent.own_yes import rest_on_a_parent
from akkoord.consent.person_timeline import timeline
from akkoord.consent.published_shown import published_shown
from akkoord.consent.push_pages import open_push_page
from akkoord.consent.push_tokens import linking_link
from akkoord.consent.queries import standing_table
from akkoord.consent.words import standing_sentence, standing_word
from akkoord.law.states import LIVE_STATES
from akkoord.law.terms import law_day
from akkoord.people.joining_steps import JoinStep, add_join_step
from akkoord.people.models import ContactPoint, Person
from akkoord.people.page import (
    PersonAct,
    PersonSection,
    add_act,
    add_list_link,
    add_section,
    add_timeline_source,
)
from akkoord.register.exception_queries import open_exceptions
from akkoord.register.models import PurposeVersion


@dataclass(frozen=True, slots=True)
class PreferenceEntry:
    """A link in the preference centre, for a person who came by a fresh link of the mailbox.

    `url` gets the contact point and the moment, and answers a link of its own.
    """

    order: int
    label: Any
    description: Any
    url: Callable[[ContactPoint, datetime], str]
    is_destructive: bool = False


_entries: dict[str, PreferenceEntry] = {}
_device_entries: dict[str, PreferenceEntry] = {}


def add_entry(key: str, entry: PreferenceEntry) -> None:
    """Plug an entry into the preference centre."""
    _entries[key] = entry


def add_device_entry(key: str, entry: PreferenceEntry) -> None:
    """Plug an entry into the page of a device for push messages."""
    _device_entries[key] = entry


@dataclass(frozen=True, slots=True)
class PreferenceLink:
    """An entry as the page shows it."""

    label: str
    description: str
    url: str
    is_destructive: bool


def entries_for(point: ContactPoint, *, at: datetime) -> list[PreferenceLink]:
    """The entries for this person, in order; one without an address is not shown."""
    return _links(_entries, point, at)


def device_entries_for(point: ContactPoint, *, at: datetime) -> list[PreferenceLink]:
    """The entries for this device, in order."""
    return _links(_device_entries, point, at)


def _links(
    entries: dict[str, PreferenceEntry], point: ContactPoint, at: datetime
) -> list[PreferenceLink]:
    ordered = sorted(entries.values(), key=lambda each: each.order)
    made = [(each, each.url(point, at)) for each in ordered]
    return [
        PreferenceLink(str(each.label), str(each.description), url, each.is_destructive)
        for each, url in made
        if url
    ]


def _linking_url(point: ContactPoint, at: datetime) -> str:
    """Where a device is put beside this mailbox; nowhere while no page offers push messages."""
    return linking_link(point_id=point.id, at=at) if open_push_page() else ""


def _special(person: Person) -> dict[str, Any]:
    """Whether there is anything for the reader's role; never what (INV-32)."""
    opened = open_exceptions(law_day(timezone.now()))
    return {"person_id": person.id, "roles": {each.seen_by for each in opened}}


def _standings(person: Person) -> dict[str, Any]:
    """The table of standings on a person's page."""
    standings = standing_table(person)
    names = {
        version.purpose_id: version.name
        for version in PurposeVersion.objects.filter(
            purpose_id__in={each.purpose_id for each in standings}, valid_to=None
        )
    }
    waits = _waits_for_parent(person, standings)
    return {
        "person_id": person.id,
        "is_child": bool(person.is_known_child),
        "standings": [
            {
                "address": standing.contact_point.value,
                "topic": names.get(standing.purpose_id, standing.purpose.slug),
                "badge": "may-not" if standing.id in waits else standing_word(standing),
                "sentence": WITHOUT_PARENT
                if standing.id in waits
                else standing_sentence(standing, is_child=bool(person.is_known_child)),
                "proof_url": reverse("trail:event", args=[standing.event_id]),
                "since": standing.since,
            }
            for standing in standings
        ],
    }


WITHOUT_PARENT = _("This person is under 16: one of the parents must agree (art. 8 GDPR).")


def _waits_for_parent(person: Person, standings: list[Standing]) -> set[Any]:
    """Of a known child the living standings that no parent agreed to: the gate refuses them."""
    if not person.is_known_child:
        return set()
    carried = rest_on_a_parent(Standing.objects.filter(person=person)).values_list("id", flat=True)
    return {each.id for each in standings if each.state in LIVE_STATES} - set(carried)


add_entry(
    "push",
    PreferenceEntry(
        order=5,
        label=_("Push messages on this device"),
        description=_("Put this device beside your mail, so that you see everything together."),
        url=_linking_url,
    ),
)
add_timeline_source("consent", timeline)
add_section(
    PersonSection(
        key="standings", order=20, template="consent/_person_standings.html", build=_standings
    )
)
add_section(
    PersonSection(
        key="published",
        order=22,
        template="consent/_person_published.html",
        build=published_shown,
    )
)
add_section(
    PersonSection(key="special", order=25, template="consent/_person_special.html", build=_special)
)
add_list_link("details", lambda: reverse("consent:details"))
add_list_link("add", lambda: reverse("consent:person_add"))
add_act(
    "consent-yes",
    PersonAct(
        order=20,
        label=_("Add consent with evidence"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("consent:person_grant", args=[person.id]),
    ),
)
add_act(
    "published",
    PersonAct(
        order=27,
        label=_("Add a published business address"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("consent:person_published", args=[person.id]),
    ),
)
add_act(
    "consent-no",
    PersonAct(
        order=30,
        label=_("Stop mail to this person"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("consent:person_stop", args=[person.id]),
    ),
)
add_act(
    "age",
    PersonAct(
        order=40,
        label=_("Under 16?"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("consent:person_age", args=[person.id]),
    ),
)
add_join_step(
    "consent",
    JoinStep(refuses=special_joining.refuses, before=share_nos, undo=part_nos, says=in_words),
)
