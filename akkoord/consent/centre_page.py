"""What the preference centre shows of one address: a bounded number of statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.consent.devices import devices_of
from akkoord.consent.models import Rhythm, Standing
from akkoord.consent.notices import hash_snapshot
from akkoord.consent.post_choices import PostPart, post_part
from akkoord.consent.queries import standings_at
from akkoord.consent.rhythm import HERE, rhythms_at
from akkoord.consent.sections import PreferenceLink, entries_for
from akkoord.consent.shown import preference_snapshot
from akkoord.consent.special_yes import SpecialFact, special_facts
from akkoord.consent.tokens import why_link
from akkoord.consent.words import source_word
from akkoord.law.rhythm_rules import longest_pause
from akkoord.law.states import LIVE_STATES
from akkoord.people.addresses import living_address
from akkoord.people.models import ContactPoint, PostalAddress, Relation
from akkoord.people.own_values import Answer, answers_of
from akkoord.register.models import PurposeVersion, language_now
from akkoord.register.queries import current_versions, live_topics

EVERYTHING = "alles"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as somebody can choose it: its words, whether it is on, how often at most."""

    version: str
    purpose: str
    name: str
    label: str  # the words at the box: what is kept of a yes
    about: str
    is_on: bool
    is_letter: bool  # something is sent for it
    asks_age: bool
    at_most: str
    paused_until: datetime | None
    why_url: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company that we know somebody of."""

    relation: UUID
    name: str
    kind: str
    since: date


@dataclass(frozen=True, slots=True)
class Device:
    """A device for push messages as its owner knows it: never its address or keys."""

    point: UUID
    name: str
    since: datetime
    topics: list[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that we know of somebody, and who gave it."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class CentrePage:
    """The whole page, for who came by a fresh link of the mailbox."""

    topics: list[TopicRow]
    question: str
    shown: str
    asks_sixteen: bool
    any_on: bool
    paused_until: datetime | None
    first_day: date
    last_day: date
    companies: list[Company]
    devices: list[Device]
    facts: list[Fact]
    post: PostPart | None
    address: PostalAddress | None
    answers: list[Answer]
    entries: list[PreferenceLink]
    special: list[SpecialFact]


@dataclass(frozen=True, slots=True)
class NarrowPage:
    """The page for who holds a mail: the topics that there are, and nothing of anybody."""

    topics: list[dict[str, Any]]
    first_day: date
    last_day: date


def centre_page(point: ContactPoint, *, at: datetime) -> CentrePage:
    """Everything that the page shows of this address now."""
    versions = current_versions(live_topics())
    snapshot = preference_snapshot(versions, language_now()) if versions else {"topics": []}
    standings = standings_at(point.id)
    live = {key for key, each in standings.items() if each.state in LIVE_STATES}
    rhythms = {key: each for key, each in rhythms_at(point).items() if _says_something(each, at=at)}
    measuring = {each.purpose_id for each in versions if each.purpose.measures}
    rows = [
        _row(topic, point, live, rhythms, at=at, measuring=measuring)
        for topic in snapshot["topics"]
    ]
    first, last = pause_days(at)
    address, answers = living_address(point.person_id), answers_of(point.person_id)
    return CentrePage(
        topics=rows,
        question=snapshot.get("question", ""),
        shown=hash_snapshot(snapshot),
        asks_sixteen=any(row.asks_age and not row.is_on for row in rows),
        any_on=any(row.is_on for row in rows),
        paused_until=_pause(rhythms.get(None), at=at),
        first_day=first,
        last_day=last,
        companies=_companies(point),
        devices=_devices(point, versions),
        facts=_facts(point, address, answers),
        post=post_part(point.person_id, at=at),
        address=address,
        answers=answers,
        entries=entries_for(point, at=at),
        special=special_facts(point.person_id),
    )


def narrow_page(*, at: datetime) -> NarrowPage:
    """The topics in the reader's language, the same for everybody."""
    first, last = pause_days(at)
    versions = current_versions(live_topics())
    return NarrowPage([_public(each) for each in versions], first, last)


def pause_days(at: datetime) -> tuple[date, date]:
    """The first and the last day up to which a pause may run."""
    today = timezone.localdate(at, HERE)
    return today + timedelta(days=1), longest_pause(today)


def _public(version: PurposeVersion) -> dict[str, Any]:
    about = [version.description, version.purpose.frequency]
    return {
        "purpose": str(version.purpose_id),
        "name": version.name,
        "about": " ".join(part for part in about if part),
    }


def _row(
    topic: dict[str, Any],
    point: ContactPoint,
    live: set[UUID],
    rhythms: dict[UUID | None, Rhythm],
    *,
    at: datetime,
    measuring: Collection[UUID],
) -> TopicRow:
    purpose = UUID(topic["purpose"])
    rhythm = rhythms.get(purpose)
    is_on = purpose in live
    return TopicRow(
        version=topic["version"],
        purpose=topic["purpose"],
        name=topic["name"],
        label=topic["sentence"],
        about=" ".join(part for part in (topic["description"], topic["frequency"]) if part),
        is_on=is_on,
        is_letter=purpose not in measuring,
        asks_age=topic["asks_age"],
        at_most=rhythm.at_most if rhythm else "",
        paused_until=_pause(rhythm, at=at),
        why_url=why_link(point_id=point.id, purpose_id=purpose, at=at) if is_on else "",
    )


def _says_something(rhythm: Rhythm, *, at: datetime) -> bool:
    return bool(rhythm.at_most) or _pause(rhythm, at=at) is not None


def _pause(rhythm: Rhythm | None, *, at: datetime) -> datetime | None:
    if rhythm is None or rhythm.paused_until is None or rhythm.paused_until <= at:
        return None
    return rhythm.paused_until


def _companies(point: ContactPoint) -> list[Company]:
    found = Relation.objects.filter(
        person_id=point.person_id, company__isnull=False, until=None
    ).select_related("company")
    return [
        Company(each.id, each.company.name, str(Relation.Kind(each.kind).label), each.since)
        for each in found.order_by("since", "id")
        if each.company is not None
    ]


def _devices(point: ContactPoint, versions: list[PurposeVersion]) -> list[Device]:
    """The devices that stand beside this mailbox, with what comes to each."""
    found = devices_of(point.person_id)
    live = set(
        Standing.objects.filter(
            contact_point__in=[each.contact_point_id for each in found], state__in=LIVE_STATES
        ).values_list("contact_point_id", "purpose_id")
        if found
        else ()
    )
    return [
        Device(
            each.contact_point_id,
            each.contact_point.value,
            each.since,
            [
                version.name
                for version in versions
                if (each.contact_point_id, version.purpose_id) in live
            ],
        )
        for each in found
    ]


def _facts(point: ContactPoint, address: PostalAddress | None, answers: list[Answer]) -> list[Fact]:
    """Address and name with who gave them (art. 15(1)(g): the source), and what was answered."""
    person = point.person
    facts = [Fact(_("E-mail address"), point.value, source_word(point.source, point.created_at))]
    if person.full_name:
        name_source = source_word(person.source, person.created_at)
        facts.append(Fact(_("Name"), person.full_name, name_source))
    if address is not None:
        facts.append(Fact(_("Address"), one_line(address), ""))
    facts += [Fact(each.field.name, each.shown, "") for each in answers]
    return facts


def one_line(address: PostalAddress) -> str:
    """A postal address as it is read; the Netherlands go without saying."""
    door = f"{address.street} {address.house_number}".strip()
    place = f"{address.postcode} {address.city}".strip()
    abroad = "" if address.country == "NL" else address.country
    return ", ".join(part for part in (door, place, abroad) if part)
