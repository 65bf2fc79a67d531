"""The single way in for a fact about permission: the event and its standing, together.

Who writes standing first takes the row lock of the contact point, so two writers never fold at
the same time; `law.standings.fold_all` decides, and the database's own fold (used in bulk and by
`ledger verify`) checks it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from akkoord.consent.models import CollectionPoint, Notice, PermissionEvent, Standing
from akkoord.consent.nos import remember_events
from akkoord.consent.refusals import ConsentRefused
from akkoord.law.age_rules import parents_yes_until
from akkoord.law.life_rules import counts_until
from akkoord.law.reasons import Reason
from akkoord.law.standings import PermissionFact, fold_all
from akkoord.law.states import (
    LIVE_STATES,
    STOP_STATES,
    ActorKind,
    Basis,
    Method,
    PermissionState,
    demands_confirmation,
)
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor
from akkoord.trail.models import ActorKind as TrailActorKind

_ACTORS = {
    TrailActorKind.STAFF: ActorKind.STAFF,
    TrailActorKind.PERSON: ActorKind.PERSON,
    # An API key claims for somebody else, as an import does: never the person's own act (INV-5).
    TrailActorKind.API: ActorKind.IMPORT,
    TrailActorKind.SYSTEM: ActorKind.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about permission, before it is an event.

    `happened_at` is when the person acted, which may be long before we hear of it.
    `known_child_at`: the day of which we know that they were under sixteen, if a parent agreed.
    """

    version: PurposeVersion
    state: PermissionState
    method: Method
    happened_at: datetime
    basis: Basis = Basis.CONSENT
    valid_until: datetime | None = None
    collection_point: CollectionPoint | None = None
    notice: Notice | None = None
    is_declared: bool = False
    must_confirm: bool | None = None
    known_child_at: datetime | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def lock_point(point_id: UUID) -> ContactPoint:
    """The contact point, locked until the transaction ends.

    Raises ConsentRefused (`person-gone`) when it was erased meanwhile.
    """
    point = (
        ContactPoint.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(id=point_id)
        .first()
    )
    if point is None:
        raise ConsentRefused(Reason.PERSON_GONE)
    return point


def record_event(*, point_id: UUID, fact: Fact, actor: Actor, at: datetime) -> PermissionEvent:
    """Append one event and fold the standing of its contact point and purpose; one transaction.

    Refuses a grant by consent without the exact wording (INV-7), a fact that lies ahead, and a
    contact point that is gone. A consent that must still be confirmed is recorded as a request
    (INV-13).
    """
    with transaction.atomic():
        point = lock_point(point_id)
        return append(point=point, facts=[fact], actor=actor, at=at)[0]


def append(
    *, point: ContactPoint, facts: Iterable[Fact], actor: Actor, at: datetime
) -> list[PermissionEvent]:
    """Append facts about a point that the caller has locked (`lock_point`), and fold each."""
    events = [_event(point=point, fact=fact, actor=actor, at=at) for fact in facts]
    PermissionEvent.objects.bulk_create(events)
    for purpose_id in {event.purpose_version.purpose_id for event in events}:
        _refold(point, purpose_id)
    nos = [event.id for event in events if event.state in STOP_STATES]
    if nos:
        remember_events(nos)
    return events


def _event(*, point: ContactPoint, fact: Fact, actor: Actor, at: datetime) -> PermissionEvent:
    """The row of a fact, checked."""
    if fact.happened_at > at:
        raise ConsentRefused(Reason.FUTURE_TIME)
    if fact.basis is Basis.CONSENT and fact.state in LIVE_STATES and fact.notice is None:
        raise ConsentRefused(Reason.NO_WORDING)  # INV-7
    state = fact.state
    if (
        state is PermissionState.GIVEN
        and fact.basis is Basis.CONSENT
        and demands_confirmation(fact.method, chosen=fact.must_confirm or None)
    ):
        state = PermissionState.REQUESTED
    return PermissionEvent(
        person_ref=point.sealed_as or point.person_id,
        contact_point_ref=point.id,
        purpose_version=fact.version,
        channel=point.channel,  # INV-12: the address itself says over which channel
        basis=fact.basis,
        state=state,
        happened_at=fact.happened_at,
        recorded_at=at,
        valid_until=_until(fact),
        actor_kind=_ACTORS[TrailActorKind(actor.kind)],
        actor_ref=actor.id if actor.kind == TrailActorKind.STAFF else None,
        method=fact.method,
        collection_point=fact.collection_point,
        notice=fact.notice,
        is_declared=fact.is_declared,
        evidence=_with_wording(fact),
        commitment=b"",  # made by the database
    )


def _until(fact: Fact) -> datetime | None:
    """How long a yes counts: what it says itself, else the topic's term from the day it was given.

    What was brought along from elsewhere has no term of ours until it is renewed here.
    """
    is_yes = fact.state in LIVE_STATES and fact.basis is Basis.CONSENT
    if fact.valid_until is not None or not is_yes or fact.method is Method.IMPORT:
        return fact.valid_until
    until = counts_until(fact.happened_at, fact.version.purpose.consent_months)
    if not fact.evidence.get("parent_consent"):
        return until
    # INV-14: a parent's yes carries no further than the day on which any child is sixteen.
    sixteen = parents_yes_until(fact.known_child_at or fact.happened_at)
    return min(until, sixteen) if until else sixteen


def _with_wording(fact: Fact) -> dict[str, Any]:
    """The evidence; a yes carries the hash of its wording, so that the commitment covers the very
    text and not only the id of the row that holds it (INV-7)."""
    if fact.state not in LIVE_STATES or fact.notice is None:
        return fact.evidence
    return {**fact.evidence, "notice_sha256": fact.notice.sha256}


def _refold(point: ContactPoint, purpose_id: UUID) -> None:
    """Write the standing that the law's fold makes of all events of this point and purpose."""
    events = {
        str(event.id): event
        for event in PermissionEvent.objects.filter(
            contact_point_ref=point.id, purpose_version__purpose_id=purpose_id
        ).select_related("purpose_version")
    }
    folded = fold_all(fact_of(event) for event in events.values())
    if folded is None:
        return
    last = events[folded.ref]
    assert last.happened_at is not None  # noqa: S101 - blanked events have no contact point
    Standing.objects.update_or_create(
        contact_point=point,
        purpose_id=purpose_id,
        defaults={
            "person_id": point.person_id,
            "channel": point.channel,
            "state": folded.state,
            "basis": folded.basis,
            "method": last.method,
            "event_id": last.id,
            "purpose_version_number": last.purpose_version.number,
            "since": folded.since,
            "heard_at": last.recorded_at,
            "valid_until": folded.valid_until,
            "is_declared": last.is_declared,
        },
    )


def fact_of(event: PermissionEvent) -> PermissionFact:
    """What the law's fold needs to know of an event."""
    if event.happened_at is None:
        raise ValueError("a blanked event makes no standing")
    return PermissionFact(
        state=PermissionState(event.state),
        basis=Basis(event.basis),
        method=Method(event.method),
        actor=ActorKind(event.actor_kind),
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        valid_until=event.valid_until,
        ref=str(event.id),
    )
