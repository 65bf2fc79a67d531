"""Verbs of series: begin one, change it, turn on, pause, turn off, take somebody out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused, CampaignText
from akkoord.campaigns.series_checks import problems_of
from akkoord.campaigns.series_models import Series, SeriesRun
from akkoord.campaigns.series_ready import READY
from akkoord.campaigns.series_sql import END
from akkoord.campaigns.series_steps import (
    StepFacts,
    add_step,
    change_step,
    check_group,
    locked,
    move_step,
    put_step,
    record,
    remove_step,
)
from akkoord.datamap.plain_words import name_problem
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.dispatch import (
    cancel_dispatch,
    only_measures,
    pause_dispatch,
    resume_dispatch,
)
from akkoord.messages.models import Dispatch, Message
from akkoord.register.field_lock import fields_stay
from akkoord.register.models import Purpose
from akkoord.register.queries import own_fields
from akkoord.trail.actions import Actor, record_change

__all__ = [
    "SeriesFacts",
    "StepFacts",
    "add_step",
    "change_series",
    "change_step",
    "create_series",
    "move_step",
    "pause_series",
    "remove_step",
    "take_out",
    "turn_off",
    "turn_on",
]
LONGEST_DAYS = 1825
State = Series.State
TAKEN_OUT, TURNED_OFF = "taken-out", "series-off"


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What somebody chooses of a series."""

    name: str
    trigger: str
    field_key: str = ""
    days: int = 0
    segment: str = ""
    goal: str = ""
    goal_topic_id: UUID | None = None
    hour: int = 9
    language: str = "nl"
    begins_again: bool = False

    def values(self) -> dict[str, Any]:
        """By the names of the model's fields."""
        return {name: getattr(self, name) for name in self.__slots__}


@transaction.atomic
def create_series(
    *, purpose: Purpose, facts: SeriesFacts, at: datetime, actor: Actor, is_ready: bool = True
) -> Series:
    """A new series for one topic, not going yet; `is_ready`: with letters to start from.

    Refuses a topic that does not come by mail, and what `change_series` refuses.
    """
    if purpose.ended_at is not None or not purpose.is_topic:
        raise CampaignRefused("purpose", _("This topic has ended. Choose another."))
    if purpose.measures:
        raise CampaignRefused("purpose", only_measures())
    if Channel.EMAIL not in purpose.channels:
        raise CampaignRefused("purpose", _("This topic is not sent in this way. Choose another."))
    _check(facts, purpose, at=at)
    series = Series.objects.create(
        purpose=purpose, created_by=actor.id, created_at=at, updated_at=at, **facts.values()
    )
    for place, letter in enumerate(READY[series.trigger].letters if is_ready else ()):
        text = CampaignText(
            name=f"{series.name} {place + 1}"[:160],
            subject=letter.subject[series.language],
            body=letter.body[series.language],
            language=series.language,
        )
        put_step(series, place, letter.delay_days, text, at=at, actor=actor)
    record("series.create", series, at=at, actor=actor)
    return series


@transaction.atomic
def change_series(*, series_id: UUID, facts: SeriesFacts, at: datetime, actor: Actor) -> Series:
    """Change what it is called, who enters and what ends it. The trigger stays what it is.

    Refuses a birthday without its field, days that are none, and a group that cannot be read or
    uses a field outside the topic.
    """
    series = locked(series_id)
    if facts.trigger != series.trigger:
        raise CampaignRefused("trigger", _("Make a new series for another beginning."))
    _check(facts, series.purpose, at=at)
    for name, value in facts.values().items():
        setattr(series, name, value)
    series.updated_at = at
    series.save()
    record("series.change", series, at=at, actor=actor)
    return series


def _is_topic(purpose_id: UUID) -> bool:
    """What people choose; not a yes to keep something sensitive (INV-32)."""
    return Purpose.objects.filter(id=purpose_id, is_topic=True).exists()


def _check(facts: SeriesFacts, purpose: Purpose, *, at: datetime) -> None:
    trigger = Series.Trigger
    if problem := name_problem(facts.name):  # who is in it is kept (INV-32)
        raise CampaignRefused("name", problem)
    if facts.trigger not in trigger.values:
        raise CampaignRefused("trigger", _("There is no series that begins like this."))
    if (facts.trigger == trigger.BIRTHDAY) != bool(facts.field_key):
        raise CampaignRefused("field_key", _("Choose the field with the birthday."))
    counts = facts.trigger in (trigger.REFRESH, trigger.WIN_BACK)
    if counts and not 1 <= facts.days <= LONGEST_DAYS:
        raise CampaignRefused("days", _("Fill in a number of days, from 1 to 1825."))
    if facts.begins_again and facts.trigger != trigger.PURCHASE:
        raise CampaignRefused("begins_again", _("Only a purchase can begin it again."))
    if (facts.goal == Series.Goal.CHOICE) != (facts.goal_topic_id is not None):
        raise CampaignRefused("goal_topic", _("Choose the topic that ends it."))
    if facts.goal_topic_id is not None and not _is_topic(facts.goal_topic_id):
        raise CampaignRefused("goal_topic", _("Choose the topic that ends it."))
    if facts.field_key and not own_fields().filter(key=facts.field_key).exists():
        raise CampaignRefused("field_key", _("Choose the field with the birthday."))
    if facts.goal_topic_id == purpose.id:
        raise CampaignRefused("goal_topic", _("Choose another topic than that of the letters."))
    check_group(facts.segment, purpose, at=at)


@transaction.atomic
def turn_on(*, series_id: UUID, at: datetime, actor: Actor) -> Series:
    """Let it go, or go on after a pause. What happened before the first time does not count.

    Refuses while something stands in the way: no letter, a letter that does not compile, a field
    that was not asked for this (art. 5(1)(b)), links that lead nowhere.
    """
    fields_stay()
    series = locked(series_id)
    if problems := problems_of(series, at=at):
        raise CampaignRefused(
            "", " ".join(each.sentence for each in problems), tuple(each.code for each in problems)
        )
    if series.state == State.PAUSED:
        _steer_runs(series, Dispatch.State.PAUSED, resume_dispatch, at=at, actor=actor)
    elif series.state != State.ON:
        series.on_since = at
    return _move(series, State.ON, "series.on", at=at, actor=actor)


@transaction.atomic
def pause_series(*, series_id: UUID, at: datetime, actor: Actor) -> Series:
    """Nobody enters and nothing leaves until it goes on; everybody keeps their place."""
    series = locked(series_id)
    if series.state != State.ON:
        return series
    _steer_runs(series, Dispatch.State.RUNNING, pause_dispatch, at=at, actor=actor)
    return _move(series, State.PAUSED, "series.pause", at=at, actor=actor)


@transaction.atomic
def turn_off(*, series_id: UUID, at: datetime, actor: Actor) -> Series:
    """Stop it: everybody leaves it, and what still waited in the pipeline is not sent."""
    series = locked(series_id)
    if series.state not in (State.ON, State.PAUSED):
        return series
    for state in (Dispatch.State.RUNNING, Dispatch.State.PAUSED):
        _steer_runs(series, state, cancel_dispatch, at=at, actor=actor)
    _end(series, TURNED_OFF, at=at)
    return _move(series, State.OFF, "series.off", at=at, actor=actor)


@transaction.atomic
def take_out(*, run_id: UUID, at: datetime, actor: Actor) -> bool:
    """Staff take somebody out of a series; answers whether they were in it.

    A letter that waits in the pipeline for them is not sent.
    """
    run = SeriesRun.objects.filter(id=run_id).select_related("series").first()
    if run is None:
        return False
    if not _end(locked(run.series_id), TAKEN_OUT, at=at, run_id=run.id):
        return False
    if run.message_id is not None:
        Message.objects.filter(id=run.message_id, state=Message.State.DUE).update(
            state=Message.State.SKIPPED, reason=Reason.CAMPAIGN_CANCELLED.value, outcome_at=at
        )
    record_change(
        actor=actor,
        action="series.take-out",
        object_kind="series",
        object_id=run.series_id,
        subject_id=run.person_id,
        at=at,
    )
    return True


def _end(series: Series, reason: str, *, at: datetime, run_id: UUID | None = None) -> int:
    """Everybody in it leaves, or one of them, with a line in the log; one statement."""
    values = {
        "series": series.id,
        "run": run_id,
        "reason": reason,
        "at": at,
        "ms": int(at.timestamp() * 1000),
    }
    with connection.cursor() as cursor:
        cursor.execute(END, values)
        return int(cursor.fetchone()[0])


def _steer_runs(series: Series, state: str, verb: Any, *, at: datetime, actor: Actor) -> None:
    """Pause, resume or cancel what stands in the pipeline of this series."""
    runs = Dispatch.objects.filter(series_run__step__series=series, state=state)
    for dispatch_id in list(runs.values_list("id", flat=True)):
        verb(dispatch_id=dispatch_id, at=at, by=actor.id)


def _move(series: Series, state: str, action: str, *, at: datetime, actor: Actor) -> Series:
    series.state, series.problem, series.updated_at = state, "", at
    series.save(update_fields=["state", "problem", "on_since", "updated_at"])
    record(action, series, at=at, actor=actor)
    return series
