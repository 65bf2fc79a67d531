"""Changes of a person that touch permission: another address, a frozen record (INV-11, 38)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from akkoord.consent.events import Fact, append, lock_point
from akkoord.consent.limits import demand_few_changes, may_mail_confirmation
from akkoord.consent.mails import send_mailbox_check
from akkoord.consent.models import (
    CollectionPoint,
    PermissionEvent,
    SignUp,
    Standing,
    Suppression,
)
from akkoord.consent.nos import remember_restriction
from akkoord.consent.refusals import ConsentRefused
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.parameters import duration
from akkoord.law.reasons import Reason
from akkoord.law.states import (
    LIVE_STATES,
    STOP_STATES,
    Basis,
    Channel,
    Method,
    PermissionState,
)
from akkoord.people.models import ContactPoint, Person
from akkoord.people.queries import all_ids
from akkoord.register.exception_models import SPECIAL
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor, record_change


def change_address(
    *, point_id: UUID, email: str, shown: CollectionPoint, actor: Actor, at: datetime
) -> SignUp | None:
    """Ask the new mailbox whether it is the person's; until it answers the old address counts.

    The new address starts with a request for the same choices (INV-11): confirmed, it is a new
    grant. What was stopped stays stopped at once. None: it is the address already, or its mailbox
    was asked something within 24 hours (INV-13). Refuses an address that cannot be one, one that
    belongs to a living record, and the fourth in a day.
    """
    try:
        normalised = normalise_email(email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    with transaction.atomic():
        old = lock_point(point_id)
        if old.normalised == normalised:
            return None
        demand_few_changes(person_id=old.person_id, at=at)
        if not may_mail_confirmation(normalised=normalised, at=at):
            return None
        new = _new_point(old, email, normalised, at=at)
        choices = _choices(old)
        sign_up = SignUp.objects.create(
            person_id=old.person_id,
            contact_point=new,
            collection_point=shown,
            kind=SignUp.ADDRESS_CHANGE,
            replaces=old,
            language=old.person.language,
            purpose_version_ids=sorted(version.id for version in choices),
            requested_at=at,
            mailed_at=at,
            expires_at=at + duration("confirmation-term", at.date()),
        )
        _ask_for_choices(new, choices, sign_up, actor=actor, at=at)
        carry_stops(old, new, actor=actor, at=at)
        record_change(
            actor=actor,
            action="address.change-asked",
            object_kind="person",
            object_id=old.person_id,
            subject_id=old.person_id,
            fields=("email",),
            at=at,
        )
        send_mailbox_check(sign_up, point=new, at=at)
    return sign_up


def _new_point(old: ContactPoint, email: str, normalised: str, *, at: datetime) -> ContactPoint:
    """The new address, not verified yet. An unanswered earlier try of this person gives way."""
    waiting = SignUp.objects.filter(
        person_id=old.person_id, kind=SignUp.ADDRESS_CHANGE, state=SignUp.WAITING
    )
    ContactPoint.objects.filter(id__in=waiting.values("contact_point_id")).update(ended_at=at)
    waiting.update(state=SignUp.EXPIRED)
    try:
        with transaction.atomic():
            return ContactPoint.objects.create(
                person_id=old.person_id,
                channel=Channel.EMAIL,
                value=email.strip(),
                normalised=normalised,
                keyed_hash=keyed_hash(normalised),
                source=SignUp.ADDRESS_CHANGE,
                is_legal_person=old.is_legal_person,
                created_at=at,
            )
    except IntegrityError:
        raise ConsentRefused(Reason.ADDRESS_OF_ANOTHER, field="email") from None


def _choices(old: ContactPoint) -> list[PurposeVersion]:
    """The words of what is said yes to at the old address.

    An explicit yes to a field of a special category is no choice of letters: a click would not be
    one. It stays the person's, with its own words and paper, whatever their address is (INV-32).
    """
    events = Standing.objects.filter(
        contact_point=old, basis=Basis.CONSENT, state__in=LIVE_STATES
    ).values("event_id")
    versions = PermissionEvent.objects.filter(id__in=events).values("purpose_version_id")
    live = PurposeVersion.objects.filter(id__in=versions, purpose__ended_at=None)
    return list(live.exclude(purpose__activity_key__startswith=SPECIAL))


def _ask_for_choices(
    new: ContactPoint,
    choices: list[PurposeVersion],
    sign_up: SignUp,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Requests for the same choices, at the new address."""
    facts = [
        Fact(
            version=version,
            state=PermissionState.REQUESTED,
            method=Method.PREFERENCE_CENTRE,
            happened_at=at,
            collection_point=sign_up.collection_point,
            notice=sign_up.collection_point.notice,
            evidence={"sign_up": str(sign_up.id)},
        )
        for version in choices
    ]
    append(point=new, facts=facts, actor=actor, at=at)


def carry_stops(old: ContactPoint, new: ContactPoint, *, actor: Actor, at: datetime) -> None:
    """Every no of the old address holds at the new one, without asking; both are locked."""
    known = Standing.objects.filter(contact_point=new, state__in=STOP_STATES)
    stopped = Standing.objects.filter(contact_point=old, state__in=STOP_STATES).exclude(
        purpose_id__in=known.values("purpose_id")
    )
    stops = {
        event.id: event
        for event in PermissionEvent.objects.filter(
            id__in=stopped.values("event_id")
        ).select_related("purpose_version")
    }
    facts = [
        Fact(
            version=stops[standing.event_id].purpose_version,
            state=PermissionState(standing.state),
            method=Method.SYSTEM,
            basis=Basis(standing.basis),
            happened_at=standing.since,
            evidence={"carried_from": str(standing.event_id)},
        )
        for standing in stopped
    ]
    append(point=new, facts=facts, actor=actor, at=at)


def carry_suppressions(old: ContactPoint, new: ContactPoint) -> None:
    """What may not reach the old address may not reach the new one either (INV-4).

    Only once the new mailbox answered: a mistyped address is somebody else's, who said nothing.
    """
    Suppression.objects.bulk_create(
        [
            Suppression(
                keyed_hash=bytes(new.keyed_hash),
                channel=entry.channel,
                scope=entry.scope,
                reason=entry.reason,
                since=entry.since,
                review_on=entry.review_on,
                by_staff=entry.by_staff,
                lifted_for=entry.lifted_for,
            )
            for entry in Suppression.objects.filter(
                keyed_hash=bytes(old.keyed_hash), channel=old.channel
            )
        ],
        ignore_conflicts=True,
    )


def end_point(point_id: UUID, *, at: datetime) -> None:
    """End an address: it stays as history, nothing goes there, somebody else may have it."""
    ContactPoint.objects.filter(id=point_id, ended_at=None).update(ended_at=at)


@transaction.atomic
def restrict_person(*, person_id: UUID, actor: Actor, at: datetime) -> None:
    """Freeze a record: kept, not used (art. 18; INV-38). A second time changes nothing."""
    if Person.objects.filter(id=person_id, restricted_at=None).update(restricted_at=at):
        for each in all_ids(person_id):
            remember_restriction(each, restricted_at=at)
        _trail(actor, "person.restrict", person_id, at=at)


@transaction.atomic
def lift_restriction(*, person_id: UUID, actor: Actor, at: datetime) -> None:
    """Use a frozen record again; the person is told before (art. 18(3))."""
    if Person.objects.filter(id=person_id, restricted_at__isnull=False).update(restricted_at=None):
        for each in all_ids(person_id):
            remember_restriction(each, restricted_at=None)
        _trail(actor, "person.lift-restriction", person_id, at=at)


def _trail(actor: Actor, action: str, person_id: UUID, *, at: datetime) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="person",
        object_id=person_id,
        subject_id=person_id,
        fields=("restricted_at",),
        at=at,
    )
