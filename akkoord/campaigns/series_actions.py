"""Verbs of series: begin one, change it, its steps, turn on, pause, turn off, take somebody out.

A change of a step holds for who comes there later: what waits in the pipeline keeps its words, and
who waits for a step keeps their moment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.campaigns.series_checks import problems_of
from akkoord.campaigns.series_days import due_moment
from akkoord.campaigns.series_models import Series, SeriesRun, SeriesStep
from akkoord.campaigns.series_ready import READY
from akkoord.campaigns.series_sql import END
from akkoord.composing.beginnings import EMPTY, beginning_of
from akkoord.composing.tree import as_text
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.dispatch import (
    cancel_dispatch,
    only_measures,
    pause_dispatch,
    resume_dispatch,
)
from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.models import Dispatch, Message
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change

MOST_STEPS, LONGEST_DELAY, LONGEST_DAYS = 20, 730, 1825
State = Series.State
_AS_MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>"
    "</mj-body></mjml>"
)
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

    def values(self) -> dict[str, Any]:
        """By the names of the model's fields."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """After how many days, and for whom; a new letter begins in this way of writing."""

    delay_days: int
    segment: str = ""
    body_kind: str = Campaign.BodyKind.MARKDOWN


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
        _put(series, place, letter.delay_days, text, at=at, actor=actor)
    _record("series.create", series, at=at, actor=actor)
    return series


@transaction.atomic
def change_series(*, series_id: UUID, facts: SeriesFacts, at: datetime, actor: Actor) -> Series:
    """Change what it is called, who enters and what ends it. The trigger stays what it is.

    Refuses a birthday without its field, days that are none, and a group that cannot be read or
    uses a field outside the topic.
    """
    series = _locked(series_id)
    if facts.trigger != series.trigger:
        raise CampaignRefused("trigger", _("Make a new series for another beginning."))
    _check(facts, series.purpose, at=at)
    for name, value in facts.values().items():
        setattr(series, name, value)
    series.updated_at = at
    series.save()
    _record("series.change", series, at=at, actor=actor)
    return series


def _check(facts: SeriesFacts, purpose: Purpose, *, at: datetime) -> None:
    trigger = Series.Trigger
    if facts.trigger not in trigger.values:
        raise CampaignRefused("trigger", _("There is no series that begins like this."))
    if (facts.trigger == trigger.BIRTHDAY) != bool(facts.field_key):
        raise CampaignRefused("field_key", _("Choose the field with the birthday."))
    counts = facts.trigger in (trigger.REFRESH, trigger.WIN_BACK)
    if counts and not 1 <= facts.days <= LONGEST_DAYS:
        raise CampaignRefused("days", _("Fill in a number of days, from 1 to 1825."))
    if (facts.goal == Series.Goal.CHOICE) != (facts.goal_topic_id is not None):
        raise CampaignRefused("goal_topic", _("Choose the topic that ends it."))
    if facts.goal_topic_id == purpose.id:
        raise CampaignRefused("goal_topic", _("Choose another topic than that of the letters."))
    _check_group(facts.segment, purpose, at=at)


def _check_group(text: str, purpose: Purpose, *, at: datetime) -> None:
    try:
        group_condition(text, purpose, at)
    except GroupRefused as refusal:
        raise CampaignRefused("segment", refusal.sentence) from None


@transaction.atomic
def add_step(*, series_id: UUID, facts: StepFacts, at: datetime, actor: Actor) -> SeriesStep:
    """One more letter at the end, empty but for a greeting. Who is through already stays so."""
    series = _locked(series_id)
    places = list(series.steps.filter(ended_at=None).values_list("place", flat=True))
    if len(places) >= MOST_STEPS:
        raise CampaignRefused("", _("A series has at most 20 letters."))
    _check_step(facts, series, at=at)
    place = max(places, default=-1) + 1
    text = _begin(series, len(places) + 1, facts.body_kind)
    step = _put(series, place, facts.delay_days, text, at=at, actor=actor, group=facts.segment)
    _record("series.step-add", series, at=at, actor=actor)
    return step


def _check_step(facts: StepFacts, series: Series, *, at: datetime) -> None:
    if not 0 <= facts.delay_days <= LONGEST_DELAY:
        raise CampaignRefused("delay_days", _("Fill in a number of days, from 0 to 730."))
    _check_group(facts.segment, series.purpose, at=at)


def _begin(series: Series, number: int, kind: str) -> CampaignText:
    """What a new letter says before somebody wrote it; one that asks anew has its button."""
    english = series.language == "en"
    hello = (
        "Hello {{ first_name | default: 'reader' }},"
        if english
        else ("Dag {{ first_name | default: 'lezer' }},")
    )
    more = ""
    if series.asks_anew:
        more = "[Yes, go on]({{ renew_url }})" if english else "[Ja, ga door]({{ renew_url }})"
    body = f"{hello}\n\n{more}".strip()
    if kind == Campaign.BodyKind.MJML:
        body = _AS_MJML.format(text=body)
    if kind == Campaign.BodyKind.BLOCKS:
        begin = beginning_of(EMPTY, series.language)
        body = as_text(begin.tree) if begin else body
    return CampaignText(
        name=f"{series.name} {number}"[:160],
        subject=series.name,
        body=body,
        body_kind=kind,
        language=series.language,
    )


def _put(
    series: Series,
    place: int,
    delay_days: int,
    text: CampaignText,
    *,
    at: datetime,
    actor: Actor,
    group: str = "",
) -> SeriesStep:
    campaign = create_campaign(
        purpose=series.purpose,
        text=text,
        at=at,
        actor=actor,
        part=Campaign.Part.SERIES,
        asks_anew=series.asks_anew,
    )
    return SeriesStep.objects.create(
        series=series, place=place, delay_days=delay_days, segment=group, campaign=campaign
    )


@transaction.atomic
def change_step(*, step_id: UUID, facts: StepFacts, at: datetime, actor: Actor) -> SeriesStep:
    """After how many days it comes, and for whom; for who comes to it from now on."""
    step = SeriesStep.objects.select_related("series").get(id=step_id)
    series = _locked(step.series_id)
    _check_step(facts, series, at=at)
    step.delay_days, step.segment = facts.delay_days, facts.segment
    step.save(update_fields=["delay_days", "segment"])
    _record("series.step-change", series, at=at, actor=actor)
    return step


@transaction.atomic
def remove_step(*, step_id: UUID, at: datetime, actor: Actor) -> SeriesStep:
    """Take a letter out. Who waited for it waits for the next one; after the last they are through.

    What stands in the pipeline already still leaves.
    """
    step = SeriesStep.objects.select_related("series").get(id=step_id)
    series = _locked(step.series_id)
    following = series.steps.filter(ended_at=None, place__gt=step.place).order_by("place").first()
    SeriesStep.objects.filter(id=step.id).update(ended_at=at)
    waiting = SeriesRun.objects.filter(next_step=step, state=SeriesRun.State.WAITING)
    if following is not None:
        due = due_moment(at, following.delay_days, series.hour)
        waiting.update(next_step=following, due_at=due)
    else:
        waiting.update(next_step=None, due_at=None, state=SeriesRun.State.DONE, ended_at=at)
    _record("series.step-remove", series, at=at, actor=actor)
    return step


@transaction.atomic
def turn_on(*, series_id: UUID, at: datetime, actor: Actor) -> Series:
    """Let it go, or go on after a pause. What happened before the first time does not count.

    Refuses while something stands in the way: no letter, a letter that does not compile, a field
    that was not asked for this (art. 5(1)(b)), links that lead nowhere.
    """
    series = _locked(series_id)
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
    series = _locked(series_id)
    if series.state != State.ON:
        return series
    _steer_runs(series, Dispatch.State.RUNNING, pause_dispatch, at=at, actor=actor)
    return _move(series, State.PAUSED, "series.pause", at=at, actor=actor)


@transaction.atomic
def turn_off(*, series_id: UUID, at: datetime, actor: Actor) -> Series:
    """Stop it: everybody leaves it, and what still waited in the pipeline is not sent."""
    series = _locked(series_id)
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
    if not _end(_locked(run.series_id), TAKEN_OUT, at=at, run_id=run.id):
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


def _locked(series_id: UUID) -> Series:
    return (
        Series.objects.select_for_update(of=("self",)).select_related("purpose").get(id=series_id)
    )


def _steer_runs(series: Series, state: str, verb: Any, *, at: datetime, actor: Actor) -> None:
    """Pause, resume or cancel what stands in the pipeline of this series."""
    runs = Dispatch.objects.filter(series_run__step__series=series, state=state)
    for dispatch_id in list(runs.values_list("id", flat=True)):
        verb(dispatch_id=dispatch_id, at=at, by=actor.id)


def _move(series: Series, state: str, action: str, *, at: datetime, actor: Actor) -> Series:
    series.state, series.problem, series.updated_at = state, "", at
    series.save(update_fields=["state", "problem", "on_since", "updated_at"])
    _record(action, series, at=at, actor=actor)
    return series


def _record(action: str, series: Series, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="series", object_id=series.id, at=at)
