"""Confirming a sign-up: the person's own press of a button, once (INV-5, 11, 13)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from akkoord.consent.change import carry_stops, carry_suppressions, end_point
from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.mails import send_parent_confirmation, send_receipt
from akkoord.consent.models import PermissionEvent, SignUp, Standing
from akkoord.consent.own_yes import know_as_sixteen
from akkoord.consent.queries import said_no_since
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import in_the_way, lift_for
from akkoord.consent.tokens import read_confirmation
from akkoord.consent.typed_values import take_over
from akkoord.datamap.identifiers import normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.age_rules import may_say_sixteen
from akkoord.law.consent_rules import judge_confirmation
from akkoord.law.ip import truncate_ip
from akkoord.law.parameters import duration
from akkoord.law.states import LIVE_STATES, Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor


class Confirmation(StrEnum):
    """What a confirmation link came to."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ALREADY = "already"
    PARENT = "parent"  # the child's mailbox answered; now a parent must
    EXPIRED = "expired"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class ConfirmationState:
    """What stands behind a confirmation link: the sign-ups of that mailbox that it concerns."""

    outcome: Confirmation
    sign_ups: list[SignUp] = field(default_factory=list)
    versions: list[PurposeVersion] = field(default_factory=list)
    events: list[PermissionEvent] = field(default_factory=list)
    point: ContactPoint | None = None


def look_at_confirmation(token: str, *, at: datetime) -> ConfirmationState:
    """What pressing the button would confirm. Changes nothing (link scanners open every link)."""
    sign_up_id = read_confirmation(token)
    sign_up = (
        SignUp.objects.select_related("contact_point", "collection_point")
        .filter(id=sign_up_id)
        .first()
        if sign_up_id
        else None
    )
    if sign_up is None:
        return ConfirmationState(Confirmation.INVALID)
    if sign_up.state == SignUp.CONFIRMED:
        return _with_words(Confirmation.ALREADY, [sign_up])
    if sign_up.contact_point.ended_at is not None or sign_up.state == SignUp.EXPIRED:
        return _with_words(Confirmation.EXPIRED, [sign_up])
    if not judge_confirmation(sign_up.requested_at, at=at):
        return _with_words(Confirmation.EXPIRED, [sign_up])
    if sign_up.child_confirmed_at is not None:
        return _with_words(Confirmation.PARENT, [sign_up])
    together = [each for each in _together(sign_up, at=at) if still_waits(each)]
    if sign_up not in together:
        return _with_words(Confirmation.EXPIRED, [sign_up])
    return _with_words(Confirmation.WAITING, together)


def still_waits(sign_up: SignUp) -> bool:
    """Whether its confirmation would bring something; not when the person said no since."""
    asked_no_topic = not sign_up.purpose_version_ids or sign_up.kind == SignUp.ADDRESS_CHANGE
    return asked_no_topic or bool(_still_asked(sign_up))


def _still_asked(sign_up: SignUp) -> list[PurposeVersion]:
    """What this request can still bring: topics that live, without a no since it was asked.

    A changed address carries only what is still a yes at the old one (INV-11).
    """
    found = PurposeVersion.objects.filter(
        id__in=sign_up.purpose_version_ids, purpose__ended_at=None
    ).exclude(purpose_id__in=said_no_since(sign_up))
    if sign_up.replaces_id is not None:
        found = found.exclude(purpose__activity_key__startswith=SPECIAL).filter(
            purpose_id__in=Standing.objects.filter(
                contact_point_id=sign_up.replaces_id, state__in=LIVE_STATES
            ).values("purpose_id")
        )
    return list(found.select_related("purpose").order_by("id"))


def _together(sign_up: SignUp, *, at: datetime) -> list[SignUp]:
    """This sign-up and others of the same mailbox that wait: one mail in 24 hours serves all."""
    if sign_up.kind == SignUp.ADDRESS_CHANGE:
        return [sign_up]
    others = SignUp.objects.filter(
        contact_point_id=sign_up.contact_point_id,
        kind=SignUp.SIGN_UP,
        state=SignUp.WAITING,
        child_confirmed_at=None,
        expires_at__gte=at,
    ).exclude(id=sign_up.id)
    return [
        sign_up,
        *others.select_related("contact_point", "collection_point").order_by("requested_at"),
    ]


def _with_words(outcome: Confirmation, sign_ups: list[SignUp]) -> ConfirmationState:
    """A state with the topics that it is about: those still asked while it waits, else all."""
    if outcome is Confirmation.WAITING:
        ids = {version.id for each in sign_ups for version in _still_asked(each)}
    else:
        ids = {version_id for each in sign_ups for version_id in each.purpose_version_ids}
    return ConfirmationState(
        outcome,
        sign_ups,
        list(PurposeVersion.objects.filter(id__in=ids).select_related("purpose").order_by("id")),
        point=sign_ups[0].contact_point,
    )


def confirm_sign_up(
    token: str, *, at: datetime, shown: list[UUID] | None = None, ip: str = ""
) -> ConfirmationState:
    """Confirm what the page showed; the second time changes nothing and says so.

    `shown` are the sign-ups that stood on the page when the button was pressed (default: the
    link's own). Each ticked topic gets its `confirmed` event with the form's version, wording and
    the truncated network as evidence. The address counts as verified, an older objection within
    these topics is lifted (INV-5), names that were typed are taken over.
    """
    before = look_at_confirmation(token, at=at)
    if before.outcome is not Confirmation.WAITING or before.point is None:
        return before
    wanted = [before.sign_ups[0].id, *(shown or [])]
    with transaction.atomic():
        try:
            # In the order of their ids, as whoever stops everything at once takes them.
            replaced = {each.replaces_id for each in before.sign_ups if each.replaces_id}
            points = {key: lock_point(key) for key in sorted({before.point.id, *replaced})}
            point = points[before.point.id]
        except ConsentRefused:
            return ConfirmationState(Confirmation.INVALID)
        sign_ups = list(
            SignUp.objects.select_for_update()
            .select_related("collection_point__notice")
            .filter(
                id__in=wanted,
                contact_point_id=point.id,
                state=SignUp.WAITING,
                child_confirmed_at=None,
                expires_at__gte=at,
            )
            .order_by("requested_at")
        )
        sign_ups = [each for each in sign_ups if still_waits(each)]
        if not sign_ups:  # somebody else's press came first, or a no
            return look_at_confirmation(token, at=at)
        asked = [each for each in sign_ups if each.parent_email]
        for sign_up in asked:
            _ask_parent(sign_up, point, at=at)
        sign_ups = [each for each in sign_ups if not each.parent_email]
        if not sign_ups:
            return _with_words(Confirmation.PARENT, asked)
        events = [
            event
            for sign_up in sign_ups
            for event in grant_sign_up(sign_up, point, network=truncate_ip(ip) or "", at=at)
        ]
        send_receipt(events, point=point, language=sign_ups[0].language, at=at)
    versions = {event.purpose_version.id: event.purpose_version for event in events}
    return ConfirmationState(
        Confirmation.CONFIRMED, sign_ups, [versions[key] for key in sorted(versions)], events, point
    )


def grant_sign_up(
    sign_up: SignUp, point: ContactPoint, *, network: str, at: datetime
) -> list[PermissionEvent]:
    """Record one sign-up's grants, and what its confirmation brings with it.

    The caller holds the locks of the contact point and the sign-up. A parent's yes stands in the
    evidence, with the keyed hash of their address (INV-14).
    """
    old = None
    if sign_up.kind == SignUp.ADDRESS_CHANGE and sign_up.replaces_id:
        old = lock_point(sign_up.replaces_id)
        carry_suppressions(old, point)
    versions = _still_asked(sign_up)
    if old is not None:
        versions = _not_in_the_way(versions, old, point, at=at)
    evidence: dict[str, Any] = {
        "sign_up": str(sign_up.id),
        "requested_at": sign_up.requested_at.isoformat(),
    }
    if sign_up.parent_email:
        evidence["parent_consent"] = True
        evidence["parent"] = keyed_hash(normalise_email(sign_up.parent_email)).hex()
    if sign_up.ip_truncated:
        evidence["network"] = sign_up.ip_truncated
    if network:
        evidence["confirmed_network"] = network
    events = append(
        point=point,
        facts=[
            Fact(
                version=version,
                state=PermissionState.CONFIRMED,
                method=Method.CONFIRMATION,
                happened_at=at,
                collection_point=sign_up.collection_point,
                notice=sign_up.collection_point.notice,
                evidence=dict(evidence),
                known_child_at=sign_up.child_confirmed_at,
            )
            for version in versions
        ],
        actor=Actor.person(),
        at=at,
    )
    lift_for(
        keyed_hash=bytes(point.keyed_hash),
        channel=point.channel,
        purpose_ids=[version.purpose_id for version in versions],
        acted_at=at,
        at=at,
    )
    _know_the_person(sign_up, point, versions, at=at)
    if old is not None:
        carry_stops(old, point, actor=Actor.person(), at=at)
        end_point(old.id, at=at)
    sign_up.state = SignUp.CONFIRMED
    sign_up.confirmed_at = at
    # The names stand with the person now; a second copy would serve nothing.
    sign_up.given_name = sign_up.family_name = ""
    sign_up.typed, sign_up.parent_email = {}, ""
    sign_up.save(
        update_fields=[
            *("state", "confirmed_at", "given_name", "family_name", "typed", "parent_email")
        ]
    )
    return events


def _not_in_the_way(
    versions: list[PurposeVersion], old: ContactPoint, new: ContactPoint, *, at: datetime
) -> list[PurposeVersion]:
    """The choices that move along to another mailbox: none against which a no stands at the old
    one, as that of a record that was joined. To move is no yes, so it lifts nothing (INV-4, 5)."""
    stopped = [
        each
        for each in versions
        if in_the_way(
            keyed_hash=bytes(old.keyed_hash), channel=old.channel, slug=each.purpose.slug
        ).exists()
    ]
    facts = [
        Fact(version=each, state=PermissionState.EXPIRED, method=Method.SYSTEM, happened_at=at)
        for each in stopped
    ]
    append(point=new, facts=facts, actor=Actor.system(), at=at)
    return [each for each in versions if each not in stopped]


def _ask_parent(sign_up: SignUp, point: ContactPoint, *, at: datetime) -> None:
    """The child's own mailbox answered: know the child as one, and ask the parent (INV-14).

    One mail per sign-up, and one a day to the same parent. Until the parent presses nothing is
    granted, and the request expires as any other.
    """
    lately = SignUp.objects.filter(
        parent_email__iexact=sign_up.parent_email,
        child_confirmed_at__gt=at - duration("confirmation-mail-interval", at.date()),
    ).exists()
    sign_up.child_confirmed_at = at
    sign_up.expires_at = at + duration("confirmation-term", at.date())
    sign_up.save(update_fields=["child_confirmed_at", "expires_at"])
    point.verified_at = at
    point.save(update_fields=["verified_at"])
    Person.objects.filter(id=point.person_id).update(
        is_known_child=True, known_child_at=at, updated_at=at
    )
    if not lately:
        send_parent_confirmation(sign_up, point=point, at=at)


def _know_the_person(
    sign_up: SignUp, point: ContactPoint, versions: list[PurposeVersion], *, at: datetime
) -> None:
    """The mailbox answered: the address works, and what was typed is the person's own."""
    point.verified_at, point.undeliverable_at, point.undeliverable_why = at, None, ""
    point.save(update_fields=["verified_at", "undeliverable_at", "undeliverable_why"])
    person = point.person
    # What staff heard since is later than the box; let in by `may_say_sixteen` when it was ticked.
    if (
        sign_up.said_sixteen
        and person.is_known_child
        and may_say_sixteen(person.known_child_at, at=sign_up.requested_at)
    ):
        know_as_sixteen(point)
    person.given_name = sign_up.given_name or person.given_name
    person.family_name = sign_up.family_name or person.family_name
    if sign_up.kind == SignUp.SIGN_UP:
        person.language = sign_up.language
        person.judge_by = None
        carrier = sign_up.collection_point.snapshot.get("carrier", "")
        keys = [*([carrier] if carrier else []), *(each.purpose.activity_key for each in versions)]
        take_over(person, sign_up.typed, keys, at=at)
    person.updated_at = at
    person.save(update_fields=["given_name", "family_name", "language", "judge_by", "updated_at"])
