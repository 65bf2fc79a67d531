"""Verbs of own test addresses: ask the owner, yes, no, take off; what is past its term goes.

Nobody gets a test without their own click. A no stands on the list of addresses that may not be
used, for tests alone, and is never asked again (INV-3, 5, 40).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from akkoord.consent.mails import send_trial_question
from akkoord.consent.models import Suppression, TrialAddress
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import suppress
from akkoord.consent.tokens import read_trial
from akkoord.consent.trial_models import MOST
from akkoord.datamap.holds import held_people
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor, record_change

SCOPE = "test letters"  # of a no to tests; a topic has a slug, so none is called this
QUESTION_TERM, YES_TERM = timedelta(days=7), timedelta(days=365)


@transaction.atomic
def ask_trial(*, address: str, language: str, at: datetime, actor: Actor) -> TrialAddress:
    """Ask the owner of a mailbox, by one mail, whether they want to try letters.

    Refuses what is no address, one that is there already, a sixth, and one whose owner said no to
    tests or to all marketing.
    """
    try:
        normalised = normalise_email(address)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="address") from None
    if refuses_tests(normalised):
        raise ConsentRefused(Reason.SUPPRESSED, field="address")
    forget_trials(at=at)
    taken = dict(TrialAddress.objects.select_for_update().values_list("slot", "address"))
    if normalised in taken.values() or len(taken) >= MOST:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS, field="address")
    person = ContactPoint.objects.filter(
        normalised=normalised, channel=Channel.EMAIL, ended_at=None
    ).values_list("person_id", flat=True)
    try:
        with transaction.atomic():
            made = TrialAddress.objects.create(
                slot=min({*range(1, MOST + 1)} - {*taken}),
                subject_id=person.first(),
                address=normalised,
                language=language,
                asked_at=at,
                asked_by=actor.id,
                ends_at=at + QUESTION_TERM,
            )
    except IntegrityError:  # somebody else took the place a moment ago
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS, field="address") from None
    send_trial_question(made, at=at)
    _record("trial.ask", made.id, at=at, actor=actor)
    return made


def refuses_tests(address: str) -> bool:
    """Whether the owner of this address said no to tests, or to everything."""
    return Suppression.objects.filter(
        keyed_hash=keyed_hash(address),
        channel=Channel.EMAIL,
        scope__in=[Suppression.ALL_MARKETING, SCOPE],
    ).exists()


def trial_of(token: str) -> TrialAddress | None:
    """The address that a link belongs to; None: it is there no more."""
    key = read_trial(token)
    return TrialAddress.objects.filter(id=key, ends_at__gt=timezone.now()).first() if key else None


@transaction.atomic
def confirm_trial(token: str, *, at: datetime) -> bool:
    """The owner says yes, for a year; answers whether there was a question."""
    key = read_trial(token)
    if key is None:
        return False
    waiting = TrialAddress.objects.filter(id=key, ends_at__gt=at, confirmed_at=None)
    if not waiting.update(confirmed_at=at, ends_at=at + YES_TERM):
        return False
    _record("trial.yes", key, at=at, actor=Actor.person())
    return True


@transaction.atomic
def refuse_trial(token: str, *, at: datetime) -> bool:
    """The owner says no, or stops: the address goes, and only a hash stays, to ask never again."""
    key = read_trial(token)
    found = TrialAddress.objects.select_for_update().filter(id=key).first() if key else None
    if found is None:
        return False
    suppress(
        keyed_hash=keyed_hash(found.address),
        channel=Channel.EMAIL,
        reason="objection",
        at=at,
        actor=Actor.person(),
        scope=SCOPE,
    )
    found.delete()
    return True


@transaction.atomic
def remove_trial(*, trial_id: UUID, at: datetime, actor: Actor) -> bool:
    """Staff take an address off; whether it was there."""
    gone = TrialAddress.objects.filter(id=trial_id).delete()[0]
    if gone:
        _record("trial.remove", trial_id, at=at, actor=actor)
    return bool(gone)


def forget_trials(*, at: datetime) -> int:
    """Questions that nobody answered in a week, and yeses of more than a year, go; not of who is
    held (a legal hold)."""
    old = TrialAddress.objects.filter(ends_at__lte=at)
    # An unknown owner is nobody who is held; NOT IN alone would leave these out.
    return old.filter(Q(subject_id=None) | ~Q(subject_id__in=held_people())).delete()[0]


_ERASE = """
DELETE FROM consent_trialaddress t
 WHERE t.subject_id = ANY(%(ids)s::uuid[]) OR t.address IN (
   SELECT c.normalised FROM people_contactpoint c
    WHERE c.person_id = ANY(%(ids)s::uuid[]) AND c.channel = 'email')
"""


def erase_trials(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """These people's test addresses, also such as were entered before we knew whose they are."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, {"ids": list(person_ids)})
        return int(cursor.rowcount)


def _record(action: str, key: UUID, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="trial", object_id=key, at=at)
