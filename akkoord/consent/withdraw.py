"""Stopping: one topic, everything, or all marketing. At once, without asking who (INV-24, 34)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from akkoord.consent.devices import drop_devices, drop_idle
from akkoord.consent.events import Fact, append
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.nos import remember_nos
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import others_addresses, suppress
from akkoord.consent.tokens import StopPlace
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import (
    LIVE_STATES,
    STOP_STATES,
    Basis,
    Channel,
    Method,
    PermissionState,
)
from akkoord.people.models import ContactPoint
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import Purpose, PurposeVersion
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import ActorKind

STOPPED, GONE = 1, -1


def stop_by_link(place: StopPlace, *, at: datetime, method: Method = Method.ONE_CLICK) -> int:
    """Stop one purpose at one contact point: one statement, idempotent (RFC 8058, INV-23).

    At the other living addresses of the same person too: the mail may be an old one, and the
    person moved since. 1: stopped now; 0: it was stopped already; GONE: the address was erased
    and gets nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent_stop(%s, %s, %s, %s, %s, %s)",
            [
                uuid7(),
                place.point_id,
                place.purpose_id,
                method.value,
                at,
                _evidence(place),
            ],
        )
        answer: int = cursor.fetchone()[0]
    if answer == STOPPED:
        remember_nos(point_ids=[place.point_id], at=at)
    return answer


def stop_many(places: Sequence[StopPlace], *, at: datetime, method: Method) -> int:
    """Stop one purpose at each of many contact points, as `stop_by_link` does: one statement.

    In the order of the points, so that two such never wait for each other. How many stopped now.
    """
    ordered = sorted(places, key=lambda each: (each.point_id, each.purpose_id))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE consent_stop(e, p, u, %s, %s, v::jsonb) = 1)"
            "  FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[]) AS t(e, p, u, v)",
            [
                method.value,
                at,
                [uuid7() for _ in ordered],
                [each.point_id for each in ordered],
                [each.purpose_id for each in ordered],
                [_evidence(each) for each in ordered],
            ],
        )
        answer: int = cursor.fetchone()[0]
    if answer:
        remember_nos(point_ids=[each.point_id for each in ordered], at=at)
    return answer


def _evidence(place: StopPlace) -> str:
    """The letter that it began with, for the event."""
    return json.dumps({"message": str(place.message_id)} if place.message_id else {})


def withdraw(
    *,
    point_id: UUID,
    method: Method,
    actor: Actor,
    at: datetime,
    purpose_id: UUID | None = None,
    happened_at: datetime | None = None,
) -> int:
    """Withdraw consent for one purpose, or for every one (None); how many were still open.

    Holds for every living address that the person has over the same channel, for everything over
    every channel: who moved to another mailbox may press the button in an old mail. Everything
    means every topic there is, so that nothing that rests on another basis goes on either. Needs
    no identity check (art. 7(3), 12(6)). Refuses only a contact point that is gone.
    """
    with transaction.atomic():
        points = _points_of(point_id, same_channel=purpose_id is not None)
        stopped = sum(
            _stop(
                point,
                purposes=_purposes(point, purpose_id, is_the_one=point.id == point_id),
                state=PermissionState.WITHDRAWN,
                method=method,
                actor=actor,
                happened_at=happened_at or at,
                at=at,
            )
            for point in points
        )
        drop_idle(point_ids=[each.id for each in points if each.channel == Channel.PUSH], at=at)
        _trail(actor, "permission.withdraw", points[0].person_id, at=at)
    return stopped


def take_off_device(*, point_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Somebody takes one of their own devices off: its yeses are withdrawn, address and keys go.

    The same topics go on at their other devices and by mail: this device is what they want off.
    Answers whether it was there; another person's device is left alone.
    """
    with transaction.atomic():
        point = (
            ContactPoint.objects.select_for_update(no_key=True)
            .filter(id=point_id, person_id=person_id, channel=Channel.PUSH, ended_at=None)
            .first()
        )
        if point is None:
            return False
        live = Standing.objects.filter(contact_point=point, state__in=LIVE_STATES)
        _stop(
            point,
            purposes=list(live.values_list("purpose_id", flat=True)),
            state=PermissionState.WITHDRAWN,
            method=Method.PREFERENCE_CENTRE,
            actor=Actor.person(),
            happened_at=at,
            at=at,
        )
        drop_devices(point_ids=[point.id], why="stopped", at=at)
    return True


def _points_of(point_id: UUID, *, same_channel: bool) -> list[ContactPoint]:
    """The contact point and the living ones of the same person, locked in the usual order."""
    asked = ContactPoint.objects.filter(id=point_id)
    found = ContactPoint.objects.filter(
        Q(id=point_id) | Q(person_id__in=asked.values("person_id"), ended_at=None)
    )
    if same_channel:
        found = found.filter(channel__in=asked.values("channel"))
    points = list(found.select_for_update(no_key=True, of=("self",)).order_by("id"))
    if point_id not in {each.id for each in points}:
        raise ConsentRefused(Reason.PERSON_GONE)
    return points


def object_to_marketing(
    *,
    person_id: UUID,
    method: Method,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
) -> int:
    """An objection to all marketing, over every channel (art. 21(2)-(3)); how many points.

    Every address is suppressed by its keyed hash. Entered by staff it has the person's own
    authority: nobody may lift it but the person, by a later fresh act (INV-5).
    """
    with transaction.atomic():
        points = list(
            ContactPoint.objects.select_for_update(no_key=True)
            .filter(person_id=person_id)
            .order_by("id")
        )
        somebody_elses = others_addresses(points)
        for point in points:
            _stop(
                point,
                purposes=_purposes(point, None),
                state=PermissionState.OBJECTED,
                method=method,
                actor=actor,
                happened_at=happened_at or at,
                at=at,
            )
            if (point.channel, point.normalised) in somebody_elses:
                continue
            suppress(
                keyed_hash=bytes(point.keyed_hash),
                channel=point.channel,
                reason="objection",
                at=happened_at or at,
                actor=actor,
            )
        drop_idle(point_ids=[each.id for each in points], at=at)
        _trail(actor, "permission.object", person_id, at=at)
    return len(points)


def stop_points(points: Sequence[ContactPoint], *, purposes: list[UUID], **said: Any) -> int:
    """The same no at each of these addresses, in the caller's transaction; how many events."""
    return sum(_stop(each, purposes=purposes, **said) for each in points)


def _purposes(
    point: ContactPoint, purpose_id: UUID | None, *, is_the_one: bool = True
) -> list[UUID]:
    """What is stopped here: the purpose asked for; else every living topic, and whatever this
    point has standing for. At the person's other addresses only what they have standing for.

    Everything is everything that is sent: an explicit yes to a field of a special category is for
    no letter, so it ends where the person sees what it is, by an act about it alone (INV-4)."""
    known = Standing.objects.filter(contact_point=point).values("purpose_id")
    if purpose_id is not None:
        return [purpose_id] if is_the_one or known.filter(purpose_id=purpose_id) else []
    wanted = Q(id__in=known)
    if is_the_one:
        wanted |= Q(is_topic=True, ended_at=None)
    sent = Purpose.objects.filter(wanted).exclude(activity_key__startswith=SPECIAL)
    return list(sent.values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class _Now:
    state: str
    basis: Basis


def _stop(
    point: ContactPoint,
    *,
    purposes: list[UUID],
    state: PermissionState,
    method: Method,
    actor: Actor,
    happened_at: datetime,
    at: datetime,
) -> int:
    """Append this no for each purpose that has no such no yet, or a request since; how many."""
    known = {
        standing.purpose_id: _Now(standing.state, Basis(standing.basis))
        for standing in Standing.objects.filter(contact_point=point, purpose_id__in=purposes)
    }
    enough = {PermissionState.OBJECTED, state} if state in STOP_STATES else {state}
    asked_again = _asked_again(point, purposes)
    latest = (
        PurposeVersion.objects.filter(purpose_id__in=purposes)
        .order_by("purpose_id", "-number")
        .distinct("purpose_id")
    )
    facts = [
        Fact(
            version=version,
            state=state,
            method=method,
            basis=known[version.purpose_id].basis if version.purpose_id in known else Basis.CONSENT,
            happened_at=happened_at,
        )
        for version in latest
        if version.purpose_id not in known
        or known[version.purpose_id].state not in enough
        or version.purpose_id in asked_again
    ]
    append(point=point, facts=facts, actor=actor, at=at)
    return len(facts)


def _asked_again(point: ContactPoint, purposes: list[UUID]) -> set[UUID]:
    """The purposes with a request that no no has ended yet: a link may wait in the mailbox."""
    last = (
        PermissionEvent.objects.filter(
            contact_point_ref=point.id,
            purpose_version__purpose_id__in=purposes,
            state__in=[PermissionState.REQUESTED, *STOP_STATES],
        )
        .order_by("purpose_version__purpose_id", "-happened_at", "-recorded_at")
        .distinct("purpose_version__purpose_id")
    )
    return {
        purpose_id
        for purpose_id, state in last.values_list("purpose_version__purpose_id", "state")
        if state == PermissionState.REQUESTED
    }


def _trail(actor: Actor, action: str, person_id: UUID, *, at: datetime) -> None:
    """What staff entered for somebody stands in the trail; the person's own act in the ledger."""
    if actor.kind != ActorKind.PERSON:
        record_change(
            actor=actor,
            action=action,
            object_kind="person",
            object_id=person_id,
            subject_id=person_id,
            at=at,
        )
