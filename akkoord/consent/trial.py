"""Verbs of own test addresses: ask the owner, yes, no, take off; what is past its term goes.

Nobody gets a test without their own click. A no stands on the list of addresses that may not be
used, for tests alone, and is never asked again (INV-3, 5, 40).
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from akkoord.consent.mails import send_trial_question
from akkoord.consent.models import Suppression, TrialAddress, TrialAsked
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import suppress
from akkoord.consent.tokens import read_trial
from akkoord.consent.trial_models import MOST
from akkoord.datamap.holds import held_people
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.datamap.prepared import prepared
from akkoord.delivery.outbox import drop_waiting, forget_mails_to
from akkoord.law.consent_rules import judge_asking
from akkoord.law.message_kinds import MessageKind
from akkoord.law.parameters import parameter
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.law.terms import LAW_ZONE, add_months, law_day
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor, record_change

KINDS = (MessageKind.TRIAL_QUESTION, MessageKind.TEST_TO_OWN)
SCOPE = "test letters"  # of a no to tests; a topic has a slug, so none is called this
QUESTION_TERM, YES_TERM = timedelta(days=7), timedelta(days=365)


@transaction.atomic
def ask_trial(*, address: str, language: str, at: datetime, actor: Actor) -> TrialAddress:
    """Ask the owner of a mailbox, by one mail, whether they want to try letters.

    Refuses what is no address, one that is there already, a sixth, and one whose owner said no to
    tests or to all marketing, who is frozen (art. 18), or who was asked lately and did not say yes
    (INV-13).
    """
    try:
        normalised = normalise_email(address)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="address") from None
    if refuses_tests(normalised):
        raise ConsentRefused(Reason.SUPPRESSED, field="address")
    if is_frozen(normalised):
        raise ConsentRefused(Reason.RESTRICTED, field="address")
    forget_trials(at=at)
    taken = dict(TrialAddress.objects.select_for_update().values_list("slot", "address"))
    if normalised in taken.values() or len(taken) >= MOST:
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS, field="address")
    _note_asked(normalised, at=at)
    person = _points(normalised).values_list("person_id", flat=True)
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


def _note_asked(address: str, *, at: datetime) -> None:
    """Only that it was asked, and when; refuses a second time within the term."""
    known = TrialAsked.objects.filter(keyed_hash=keyed_hash(address)).first()
    asked = judge_asking(known.asked_at if known else None, at=at)
    if not asked:
        raise ConsentRefused(Reason.REFUSED_RECENTLY, field="address")
    TrialAsked.objects.update_or_create(keyed_hash=keyed_hash(address), defaults={"asked_at": at})


def _points(address: str) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(normalised=address, channel=Channel.EMAIL, ended_at=None)


def is_frozen(address: str) -> bool:
    """Whether this is a mailbox of somebody whose record may not be used (art. 18)."""
    return _points(address).filter(person__restricted_at__isnull=False).exists()


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
    answered = TrialAddress.objects.get(id=key).address
    TrialAsked.objects.filter(keyed_hash=keyed_hash(answered)).delete()
    _record("trial.yes", key, at=at, actor=Actor.person())
    return True


@transaction.atomic
def refuse_trial(token: str, *, at: datetime) -> bool:
    """The owner says no, or stops: the address goes, and only a hash stays, to ask never again.

    What waits for it does not leave any more (INV-25).
    """
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
    TrialAsked.objects.filter(keyed_hash=keyed_hash(found.address)).delete()
    drop_waiting(recipients=[found.address], kinds=KINDS)
    found.delete()
    return True


@transaction.atomic
def remove_trial(*, trial_id: UUID, at: datetime, actor: Actor) -> bool:
    """Staff take an address off, and what waits for it; whether it was there."""
    found = TrialAddress.objects.select_for_update().filter(id=trial_id).first()
    if found is None:
        return False
    drop_waiting(recipients=[found.address], kinds=KINDS)
    found.delete()
    _record("trial.remove", trial_id, at=at, actor=actor)
    return True


def forget_trials(*, at: datetime) -> int:
    """Questions that nobody answered in a week, and yeses of more than a year, go; not of who is
    held (a legal hold)."""
    old = TrialAddress.objects.filter(ends_at__lte=at)
    # An unknown owner is nobody who is held; NOT IN alone would leave these out.
    return old.filter(Q(subject_id=None) | ~Q(subject_id__in=held_people())).delete()[0]


def forget_asked(*, at: datetime) -> int:
    """Hashes of questions past the term go: they stop nothing any more."""
    today = law_day(at)
    last = add_months(today, -parameter("refusal-pause", today))
    end = datetime.combine(last, time(), LAW_ZONE)
    return TrialAsked.objects.filter(asked_at__lt=end).delete()[0]


_ADDRESSES = """
SELECT normalised FROM people_contactpoint
 WHERE person_id = ANY(%(ids)s::uuid[]) AND channel = 'email'
"""
_ERASE = """
DELETE FROM consent_trialaddress
 WHERE subject_id = ANY(%(ids)s::uuid[]) OR address = ANY(%(addresses)s::text[])
RETURNING 1
"""


def erase_trials(person_ids: Iterable[UUID], run: UUID) -> int:  # noqa: ARG001 - an eraser's shape
    """These people's test addresses, also such as were entered before we knew whose they are, and
    what waits for them or lies in the built-in mailbox."""
    ids = list(person_ids)
    addresses = [address for (address,) in prepared(_ADDRESSES, {"ids": ids})]
    forget_mails_to(addresses, kinds=KINDS)
    return len(prepared(_ERASE, {"ids": ids, "addresses": addresses}))


def _record(action: str, key: UUID, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="trial", object_id=key, at=at)
