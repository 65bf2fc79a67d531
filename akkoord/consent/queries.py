"""Named reads: histories, standings, proofs, and the counts on staff pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, TruncMonth

from akkoord.consent.models import (
    CollectingPlace,
    CollectionPoint,
    Form,
    Notice,
    PermissionEvent,
    PlaceProof,
    SignUp,
    Standing,
    Suppression,
    TrialAddress,
)
from akkoord.law.states import LIVE_STATES, STOP_STATES, Basis, Channel
from akkoord.people.models import ContactPoint, Person, Purchase
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import Purpose, PurposeVersion


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event with everything that was shown, for a person page, an export or a proof."""

    event_id: UUID
    at: datetime
    heard_at: datetime
    state: str
    basis: str
    method: str
    channel: str
    topic: PurposeVersion
    wording: str
    notice_sha256: str
    is_declared: bool
    shown_kind: str
    shown_id: UUID | None  # the published version, when it was one with boxes on a screen
    commitment: str
    evidence: dict[str, Any]


def history_of(person_ids: Sequence[UUID], limit: int = 500) -> list[HistoryEntry]:
    """What these ids (a person and its aliases) agreed to and stopped, newest first."""
    events = (
        PermissionEvent.objects.filter(person_ref__in=person_ids)
        .select_related("purpose_version", "notice", "collection_point")
        .order_by("-recorded_at", "-id")[:limit]
    )
    return [_entry(event) for event in events]


def _entry(event: PermissionEvent) -> HistoryEntry:
    return HistoryEntry(
        event_id=event.id,
        at=event.happened_at or event.recorded_at,
        heard_at=event.recorded_at,
        state=event.state,
        basis=event.basis,
        method=event.method,
        channel=event.channel,
        topic=event.purpose_version,
        wording=wording_of(event),
        notice_sha256=event.notice.sha256 if event.notice else "",
        is_declared=event.is_declared,
        shown_kind=event.collection_point.kind if event.collection_point else "",
        shown_id=_screen_of(event.collection_point),
        commitment=bytes(event.commitment).hex(),
        evidence=event.evidence or {},
    )


def _screen_of(shown: CollectionPoint | None) -> UUID | None:
    """The version, when it was a form: then it can be shown as it looked (INV-7)."""
    return shown.id if shown is not None and "title" in shown.snapshot else None


def wording_of(event: PermissionEvent) -> str:
    """The words beside the very box of this event; else the whole notice."""
    shown = event.collection_point
    for topic in (shown.snapshot.get("topics") or []) if shown else []:
        if topic.get("version") == str(event.purpose_version_id):
            parts = (topic.get("sentence"), topic.get("description"), topic.get("frequency"))
            return " ".join(str(part) for part in parts if part)
    return event.notice.text if event.notice else ""


def published_since(words: str, *, topic_id: UUID | None) -> datetime | None:
    """When a form first showed these very words (its own, or those beside a topic's box).

    None: no published form shows them.
    """
    wanted = " ".join(words.split()).casefold()
    versions = PurposeVersion.objects.filter(purpose_id__in=[topic_id]).values_list("id", flat=True)
    points = CollectionPoint.objects.filter(
        form__isnull=False, purpose_version_ids__overlap=list(versions)
    ).select_related("notice")
    for point in points.order_by("published_at").iterator():
        boxes = [
            text
            for box in point.snapshot.get("topics", [])
            for text in (box.get("sentence", ""), _whole(box))
        ]
        if wanted in {" ".join(text.split()).casefold() for text in (point.notice.text, *boxes)}:
            return point.published_at
    return None


def _whole(box: dict[str, Any]) -> str:
    parts = (box.get("sentence"), box.get("description"), box.get("frequency"))
    return " ".join(str(part) for part in parts if part)


def standing_table(person: Person) -> list[Standing]:
    """Today's standings of a person, per address and topic.

    Not the yes to keep something of a special category: that is for the one role (INV-32).
    """
    return list(
        Standing.objects.filter(person=person)
        .exclude(purpose__activity_key__startswith=SPECIAL)
        .select_related("purpose", "contact_point")
        .order_by("contact_point__created_at", "purpose__created_at")
    )


def standings_at(point_id: UUID) -> dict[UUID, Standing]:
    """Today's standing of one contact point per purpose."""
    return {
        standing.purpose_id: standing
        for standing in Standing.objects.filter(contact_point_id=point_id)
    }


def proof_of(point_id: UUID, purpose_id: UUID) -> HistoryEntry | None:
    """The event on which today's standing of this point and purpose rests; None: there is none."""
    standing = Standing.objects.filter(contact_point_id=point_id, purpose_id=purpose_id).first()
    if standing is None:
        return None
    event = (
        PermissionEvent.objects.select_related("purpose_version", "notice", "collection_point")
        .filter(id=standing.event_id)
        .first()
    )
    return _entry(event) if event else None


def entries_of(event_ids: Iterable[UUID]) -> list[HistoryEntry]:
    """These events, as history; for the receipt after a confirmation."""
    events = PermissionEvent.objects.filter(id__in=list(event_ids)).select_related(
        "purpose_version", "notice", "collection_point"
    )
    return [_entry(event) for event in events.order_by("id")]


def living_point(point_id: UUID) -> ContactPoint | None:
    """The contact point while it lives, with its person; None: ended or erased."""
    return ContactPoint.objects.select_related("person").filter(id=point_id, ended_at=None).first()


def said_no_since(sign_up: SignUp) -> QuerySet[PermissionEvent, Any]:
    """The purposes to which this address got a no since a sign-up was asked for, as a subquery."""
    return PermissionEvent.objects.filter(
        contact_point_ref=sign_up.contact_point_id,
        purpose_version__purpose__versions__in=sign_up.purpose_version_ids,
        state__in=STOP_STATES,
        happened_at__gte=sign_up.requested_at,
    ).values("purpose_version__purpose_id")


def is_anybody(point_id: UUID) -> bool:
    """Whether a contact point, living or ended, is still somebody's; not after an erasure."""
    return ContactPoint.objects.filter(id=point_id).exists()


def is_by_post(point_id: UUID) -> bool:
    """Whether it is a postal address: then nothing can be mailed there."""
    return ContactPoint.objects.filter(id=point_id, channel=Channel.POST).exists()


def point_today(point_id: UUID) -> ContactPoint | None:
    """The contact point, or when it ended the newest living one of its person and channel."""
    if (point := living_point(point_id)) is not None:
        return point
    asked = ContactPoint.objects.filter(id=point_id)
    return (
        ContactPoint.objects.select_related("person")
        .filter(
            person_id__in=asked.values("person_id"),
            channel__in=asked.values("channel"),
            ended_at=None,
            verified_at__isnull=False,
        )
        .order_by("-created_at")
        .first()
    )


def published(form: Form, language: str) -> CollectionPoint | None:
    """The version of a form that people see now, in this language or else in Dutch."""
    found = {
        point.language: point
        for point in CollectionPoint.objects.filter(form=form, ended_at=None).select_related(
            "notice", "form"
        )
    }
    return found.get(language) or found.get("nl")


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in the list: its state and its counts."""

    form: Form
    version: int | None
    published_at: datetime | None
    waiting: int
    confirmed: int
    is_stale: bool


def form_rows() -> list[FormRow]:
    """All forms, newest first, with the sign-ups that wait and that were confirmed."""
    counts = {
        row["collection_point__form_id"]: row
        for row in SignUp.objects.filter(collection_point__form__isnull=False)
        .values("collection_point__form_id")
        .annotate(
            waiting=Count("id", filter=Q(state=SignUp.WAITING)),
            confirmed=Count("id", filter=Q(state=SignUp.CONFIRMED)),
        )
    }
    live = {
        point.form_id: point
        for point in CollectionPoint.objects.filter(
            form__isnull=False, ended_at=None, language="nl"
        )
    }
    current = set(
        PurposeVersion.objects.filter(valid_to=None, purpose__ended_at=None).values_list(
            "id", flat=True
        )
    )
    rows = []
    for form in Form.objects.order_by("-created_at"):
        point, count = live.get(form.id), counts.get(form.id)
        rows.append(
            FormRow(
                form=form,
                version=point.version if point else None,
                published_at=point.published_at if point else None,
                waiting=count["waiting"] if count else 0,
                confirmed=count["confirmed"] if count else 0,
                is_stale=point is not None
                and (
                    form.updated_at > point.published_at
                    or not set(point.purpose_version_ids) <= current
                ),
            )
        )
    return rows


def sign_up_counts() -> dict[str, int]:
    """How many sign-ups wait, were confirmed, and expired."""
    found = dict(SignUp.objects.values_list("state").annotate(count=Count("id")))
    return {state: found.get(state, 0) for state in ("waiting", "confirmed", "expired")}


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """How a topic stands: how many may be mailed, wait, stopped."""

    purpose: Purpose
    name: str
    live: int
    waiting: int
    stopped: int
    other: int


def topic_counts() -> list[TopicCounts]:
    """Standings per topic. Index: consent_standing_counts."""
    found: dict[UUID, dict[str, int]] = {}
    for purpose_id, state, count in Standing.objects.values_list("purpose_id", "state").annotate(
        count=Count("id")
    ):
        found.setdefault(purpose_id, {})[state] = count
    versions = PurposeVersion.objects.filter(valid_to=None).select_related("purpose")
    rows = []
    for version in versions.order_by("purpose__created_at"):
        counts = found.get(version.purpose_id, {})
        live = sum(counts.get(state, 0) for state in LIVE_STATES)
        stopped = sum(counts.get(state, 0) for state in ("withdrawn", "objected", "refused"))
        waiting = counts.get("requested", 0)
        rows.append(
            TopicCounts(
                purpose=version.purpose,
                name=version.name,
                live=live,
                waiting=waiting,
                stopped=stopped,
                other=sum(counts.values()) - live - waiting - stopped,
            )
        )
    return rows


def suppression_counts() -> list[Any]:
    """The list of addresses that may not be used: counts and dates only, never an address."""
    return list(
        Suppression.objects.annotate(month=TruncMonth("since"))
        .values("month", "reason", "scope", "channel")
        .annotate(count=Count("id"), review=Min("review_on"), last=Max("since"))
        .order_by("-month", "reason", "scope")
    )


def suppressions_due(on: date) -> int:
    """How many entries are due for review (law parameter `suppression-review`)."""
    return Suppression.objects.filter(review_on__lte=on).count()


def declared_wordings() -> QuerySet[Notice]:
    """Wordings that staff declared, newest first, with how many events rest on each."""
    return Notice.objects.filter(is_declared=True).order_by(F("created_at").desc())


def scripts() -> QuerySet[Notice]:
    """What is read out on the telephone, newest first."""
    return Notice.objects.filter(kind="script").order_by("-created_at")


def live_count(purpose_ids: Iterable[UUID], channel: str) -> int:
    """How many addresses of a channel have a yes for one of these topics."""
    return (
        Standing.objects.filter(
            purpose_id__in=list(purpose_ids), channel=channel, state__in=LIVE_STATES
        )
        .values("contact_point")
        .distinct()
        .count()
    )


def collecting_places() -> QuerySet[CollectingPlace]:
    """Places by name, open ones first; each with `is_shown` (something is shown there now) and
    `sales` (how many were made there; index people_purchase_place)."""
    now = PlaceProof.objects.filter(place=OuterRef("id"), last_day=None)
    return CollectingPlace.objects.annotate(
        is_shown=Exists(now), sales=_sales(place_id=OuterRef("id"))
    ).order_by(F("ended_at").asc(nulls_first=True), "name")


def shown_at(place: CollectingPlace) -> QuerySet[PlaceProof]:
    """What customers saw at a place, newest first, without the pictures themselves; each with
    `has_picture` and `sales` (how many rest on it)."""
    return (
        PlaceProof.objects.filter(place=place)
        .annotate(
            has_picture=~Q(picture_kind=""),
            sales=_sales(place_id=place.id, optout_shown_id=OuterRef("collection_point_id")),
        )
        .select_related("collection_point")
        .defer("picture")
        .order_by("-first_day")
    )


def _sales(**conditions: Any) -> Coalesce:
    counted = Purchase.objects.filter(**conditions).order_by().values("place_id")
    return Coalesce(Subquery(counted.annotate(n=Count("id")).values("n")), Value(0))


_FORM_LINK = re.compile(r"/f/([-a-zA-Z0-9_]+)/")


def closed_forms_in(text: str, *, base: str) -> list[str]:
    """The names of our own forms that a text leads to and that are closed; at most five."""
    slugs = {
        found.group(1)
        for found in _FORM_LINK.finditer(text)
        if text.startswith(base, max(0, found.start() - len(base)))
    }
    if not slugs:
        return []
    closed = Form.objects.filter(slug__in=slugs, closed_at__isnull=False).order_by("name")
    return list(closed.values_list("name", flat=True)[:5])


def trials() -> list[TrialAddress]:
    """Own test addresses, those that still wait for their owner's click too."""
    return list(TrialAddress.objects.order_by("slot"))


def said_yes_since(purpose: Purpose, since: datetime) -> Q:
    """A condition over contact points: their person said yes to this topic since, and it holds.

    By the person, not the address: what is kept of somebody is theirs, however they are reached.
    Index: standings by person.
    """
    return Q(
        Exists(
            Standing.objects.filter(
                person_id=OuterRef("person_id"),
                purpose=purpose,
                state__in=LIVE_STATES,
                basis=Basis.CONSENT,
                since__gte=since,
            )
        )
    )
