"""Legal holds: put and lifted, with a reason, in the trail (art. 17(3)(e) GDPR)."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from akkoord.law.telling_texts import tells_who
from akkoord.law.terms import law_day
from akkoord.people.models import Person
from akkoord.people.queries import is_somebody_named
from akkoord.register.models import ProcessingActivity
from akkoord.retention.models import LegalHold
from akkoord.trail.actions import Actor, record_change


class HoldRefused(Exception):
    """A hold that cannot be; `field` names where, `sentence` says why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@transaction.atomic
def put_hold(
    *,
    reason: str,
    at: datetime,
    actor: Actor,
    person_id: UUID | None = None,
    activity_key: str = "",
    until: date | None = None,
) -> LegalHold:
    """Nothing of this person goes until the hold ends or is lifted, whoever asks. Of an activity
    nothing goes by the clean-up; who asks to be forgotten themselves still is.

    Raises HoldRefused without a reason, for a reason of an activity that names somebody (INV-30),
    for a day that is past, and for a second hold at once.
    """
    _refuse_unfit(reason, until, person_id, activity_key, at)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(
                person_id=person_id,
                activity_key=activity_key,
                reason=" ".join(reason.split()),
                until=until,
                put_at=at,
                put_by=actor.id,
            )
    except IntegrityError:
        raise HoldRefused("", _("There is a hold on this person already.")) from None
    _trail("retention.hold", hold, at=at, actor=actor)
    return hold


@transaction.atomic
def lift_hold(*, hold_id: UUID, at: datetime, actor: Actor) -> LegalHold | None:
    """The clean-up may go on; what is past its term goes the next night. Twice is once."""
    hold = LegalHold.objects.select_for_update().filter(id=hold_id, lifted_at=None).first()
    if hold is not None:
        hold.lifted_at, hold.lifted_by = at, actor.id
        hold.save(update_fields=["lifted_at", "lifted_by"])
        _trail("retention.lift", hold, at=at, actor=actor)
    return hold


def _refuse_unfit(
    reason: str, until: date | None, person_id: UUID | None, activity_key: str, at: datetime
) -> None:
    if not reason.strip():
        raise HoldRefused("reason", _("Write down which claim this is needed for."))
    if person_id is None and (tells_who(reason) or is_somebody_named(reason)):
        # No path leads from such a text to a person: it would stay when they go.
        raise HoldRefused(
            "reason",
            _("Leave out names, addresses and numbers of people. Name the file or the claim."),
        )
    if until is not None and until < law_day(at):
        raise HoldRefused("until", _("This day is past."))
    if person_id is not None:
        # A hold whose day is past makes room for a new one.
        LegalHold.objects.filter(person_id=person_id, lifted_at=None, until__lt=law_day(at)).update(
            lifted_at=at
        )
        if not Person.objects.filter(id=person_id).exists():
            raise HoldRefused("person", _("This person is not known here (any more)."))
    elif not ProcessingActivity.objects.filter(key=activity_key, valid_to=None).exists():
        raise HoldRefused("activity", _("This processing activity is not there (any more)."))


def _trail(action: str, hold: LegalHold, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="legal-hold",
        object_id=hold.id,
        subject_id=hold.person_id,
        fields=("reason", "until") if action == "retention.hold" else (),
        at=at,
    )
