"""What other rooms add to the preference centre, and what this room adds to a person's page.

Higher rooms (rights: my data, forget me) call `add_entry` from their `apps.ready()` or their own
`sections.py`; this room names none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from akkoord.consent.push_pages import open_push_page
from akkoord.consent.push_tokens import linking_link
from akkoord.consent.queries import HistoryEntry, history_of, standing_table
from akkoord.consent.words import (
    channel_word,
    method_word,
    standing_sentence,
    standing_word,
    state_icon,
    state_word,
)
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.people.page import (
    PersonAct,
    PersonSection,
    TimelineEntry,
    add_act,
    add_list_link,
    add_section,
    add_timeline_source,
)
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


def _evidence_url(evidence: dict[str, Any]) -> str:
    """Where the scan of this yes can be seen; empty without one."""
    return reverse("consent:evidence_file", args=[evidence["file"]]) if "file" in evidence else ""


def _how(entry: HistoryEntry) -> str:
    """How an act came in; of a file's group, on what it was given rather than that it is a file."""
    kind = entry.evidence.get("kind", "") if entry.method == Method.IMPORT else ""
    return method_word(kind or entry.method)


def _linking_url(point: ContactPoint, at: datetime) -> str:
    """Where a device is put beside this mailbox; nowhere while no page offers push messages."""
    return linking_link(point_id=point.id, at=at) if open_push_page() else ""


def _timeline(person_ids: Sequence[UUID], limit: int) -> list[TimelineEntry]:
    """What the person agreed to and stopped, with the exact words."""
    return [
        TimelineEntry(
            at=entry.at,
            icon=state_icon(entry.state),
            title=f"{state_word(entry.state, entry.basis)}: {entry.topic.name}",
            detail=" · ".join(
                part
                for part in (
                    _how(entry),
                    channel_word(entry.channel),
                    entry.wording,
                    entry.evidence.get("where") or entry.evidence.get("description", ""),
                    str(_("throw-away address")) if entry.evidence.get("throw_away") else "",
                )
                if part
            ),
            kind="good" if entry.state in ("given", "confirmed") else "",
            url=_evidence_url(entry.evidence),
            proof_url=reverse("consent:form_version", args=[entry.shown_id])
            if entry.shown_id
            else "",
        )
        for entry in history_of(person_ids, limit)
    ]


def _standings(person: Person) -> dict[str, Any]:
    """The table of standings on a person's page."""
    standings = standing_table(person)
    names = {
        version.purpose_id: version.name
        for version in PurposeVersion.objects.filter(
            purpose_id__in={each.purpose_id for each in standings}, valid_to=None
        )
    }
    return {
        "person_id": person.id,
        "standings": [
            {
                "address": standing.contact_point.value,
                "topic": names.get(standing.purpose_id, standing.purpose.slug),
                "badge": standing_word(standing),
                "sentence": standing_sentence(standing, is_child=bool(person.is_known_child)),
                "proof_url": reverse("trail:event", args=[standing.event_id]),
                "since": standing.since,
            }
            for standing in standings
        ],
    }


add_entry(
    "push",
    PreferenceEntry(
        order=5,
        label=_("Push messages on this device"),
        description=_("Put this device beside your mail, so that you see everything together."),
        url=_linking_url,
    ),
)
add_timeline_source("consent", _timeline)
add_section(
    PersonSection(
        key="standings", order=20, template="consent/_person_standings.html", build=_standings
    )
)
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
    "consent-no",
    PersonAct(
        order=30,
        label=_("Stop mail to this person"),  # type: ignore[arg-type]  # lazy on purpose
        url=lambda person: reverse("consent:person_stop", args=[person.id]),
    ),
)
