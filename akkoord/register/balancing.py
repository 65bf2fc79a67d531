"""Verbs of letters without a yes: write the balancing test, end it, note a check of registers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.datamap.ids import uuid7
from akkoord.law.terms import law_day
from akkoord.register.actions import RegisterRefused
from akkoord.register.models import BalancingTest, PostCheck, ProcessingActivity
from akkoord.register.nobody import refuse_persons
from akkoord.trail.actions import Actor, record_change

SHORTEST = 40  # characters of a step: a word or two weighs nothing
LONGEST = 4000
STEPS = ("interest", "necessity", "balance")


@dataclass(frozen=True, slots=True)
class Weighing:
    """The three steps, and for whom."""

    interest: str
    necessity: str
    balance: str
    covers_customers: bool = True
    covers_bought: bool = False


@transaction.atomic
def write_balancing_test(
    *, activity_key: str, words: Weighing, at: datetime, actor: Actor
) -> BalancingTest:
    """Write the test down, or a new version of it; the one before ends (art. 6(1)(f), INV-19).

    Refuses an activity that is not there, a step that says nothing or points to a person (INV-30),
    a test for nobody, and somebody who is no member of staff: somebody must answer for it.
    """
    if actor.id is None:
        raise RegisterRefused("", _("Somebody of your staff must answer for this."))
    if not ProcessingActivity.objects.filter(key=activity_key, valid_to=None).exists():
        raise RegisterRefused("", _("This is no longer in the register."))
    steps = {name: getattr(words, name).strip() for name in STEPS}
    for name, text in steps.items():
        check_step(name, text)
    refuse_persons(steps)
    if not (words.covers_customers or words.covers_bought):
        raise RegisterRefused("covers", _("Say for whom you weighed this."))
    older = BalancingTest.objects.select_for_update().filter(activity_key=activity_key)
    last = older.order_by("-version").first()
    older.filter(valid_to=None).update(valid_to=at)
    test = BalancingTest.objects.create(
        id=uuid7(),
        activity_key=activity_key,
        version=last.version + 1 if last else 1,
        covers_customers=words.covers_customers,
        covers_bought=words.covers_bought,
        written_by=actor.id,
        written_at=at,
        **steps,
    )
    _note("balancing.write", test, at=at, actor=actor)
    return test


def check_step(name: str, text: str) -> None:
    """Refuse (RegisterRefused) words of a weighing that say nothing, or too much."""
    if len(text) < SHORTEST:
        raise RegisterRefused(name, _("Write at least a whole sentence here."))
    if len(text) > LONGEST:
        raise RegisterRefused(name, _("This is too long. At most 4,000 characters."))


@transaction.atomic
def end_balancing_test(*, activity_key: str, at: datetime, actor: Actor) -> bool:
    """The test no longer holds: from now on letters leave on a yes alone; whether there was one."""
    test = (
        BalancingTest.objects.select_for_update()
        .filter(activity_key=activity_key, valid_to=None)
        .first()
    )
    if test is None:
        return False
    test.valid_to = at
    test.save(update_fields=["valid_to"])
    _note("balancing.end", test, at=at, actor=actor)
    return True


@transaction.atomic
def note_post_check(*, checked_on: date, at: datetime, actor: Actor) -> PostCheck:
    """Bought addresses were held against Postfilter and the register of the deceased.

    Refuses a day that has not come.
    """
    if actor.id is None:
        raise RegisterRefused("checked_on", _("Somebody of your staff must answer for this."))
    if checked_on > law_day(at):
        raise RegisterRefused("checked_on", _("This day has not come yet."))
    check = PostCheck.objects.create(checked_on=checked_on, entered_by=actor.id, entered_at=at)
    record_change(
        actor=actor,
        action="post-check.note",
        object_kind="post-check",
        object_id=check.id,
        fields=("checked_on",),
        at=at,
    )
    return check


def _note(action: str, test: BalancingTest, *, at: datetime, actor: Actor) -> None:
    record_change(
        actor=actor,
        action=action,
        object_kind="balancing-test",
        object_id=test.id,
        fields=STEPS,
        at=at,
    )


def current_test(activity_key: str) -> BalancingTest | None:
    """The test that is in force for an activity."""
    return BalancingTest.objects.filter(activity_key=activity_key, valid_to=None).first()


def weighings_over_time(activity_key: str) -> list[BalancingTest]:
    """Every version, the newest first."""
    return list(BalancingTest.objects.filter(activity_key=activity_key).order_by("-version"))


def last_post_check() -> PostCheck | None:
    """The newest check of bought addresses."""
    return PostCheck.objects.order_by("-checked_on", "-id").first()
