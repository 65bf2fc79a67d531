"""What keeps series going: who enters, who leaves, and whose next letter is due.

Each part is one statement in a short transaction over a bounded number of people; nothing is handed
over here. A letter's row, the line in the log and the next place of its person are written
together, so a worker that is killed leaves nobody with a letter twice, and nobody without. The gate
is asked when somebody enters, in every round, and at hand-over (INV-1, 2, 25).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from akkoord.campaigns import series_sql as sql
from akkoord.campaigns.series_checks import problem_of
from akkoord.campaigns.series_days import due_moment
from akkoord.campaigns.series_models import Series, SeriesStep, StepDispatch
from akkoord.campaigns.series_triggers import EVERY_MINUTE, QUESTIONS, values_for
from akkoord.campaigns.source import source_of
from akkoord.datamap.holds import held_people
from akkoord.law.message_kinds import MessageKind
from akkoord.law.parameters import parameter
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.law.terms import add_months, law_day
from akkoord.messages.dispatch import defer_run, start_dispatch
from akkoord.messages.groups import group_condition
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint
from akkoord.permission.queries import RULE_VERSION, judged_sql
from akkoord.register.models import Purpose

STEP = 5_000  # people at once
LET_IN = ["", Reason.PAUSED.value, Reason.LESS_OFTEN.value]  # a "not now" ends nothing
FIRST = UUID(int=0)
Counts = dict[str, int]


def work_series(*, at: datetime, with_days: bool = True) -> Counts:
    """One round over every series that is on: how many entered, left and got a letter.

    `with_days`: also who enters by a day (a birthday, a purchase), which need not be each minute.
    Two rounds at once do the same as one after the other.
    """
    counts = {"entered": 0, "left": 0, "letters": 0}
    for series in Series.objects.filter(state=Series.State.ON).select_related("purpose"):
        counts["left"] += _leave(series, at=at) + _reach(series, at=at)
        problem = problem_of(series, at=at)
        if problem != series.problem:
            Series.objects.filter(id=series.id).update(problem=problem)
        if problem:  # it stands still, and its page says why
            continue
        if with_days or series.trigger in EVERY_MINUTE:
            counts["entered"] += _enter(series, at=at, is_often=not with_days)
        steps = _steps(series)
        # The last one first, so that nobody passes two of them in one round.
        for place in reversed(range(len(steps))):
            counts["letters"] += _hand(series, steps[place], steps[place + 1 :], at=at)
    _mend(at=at)
    return counts


def _steps(series: Series) -> list[SeriesStep]:
    found = SeriesStep.objects.filter(series=series, ended_at=None).select_related(
        "campaign__purpose"
    )
    return list(found.order_by("place"))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _is_on(series: Series) -> bool:
    """Whether it still is, until this transaction ends: who turns it off waits, or was first."""
    found = Series.objects.select_for_update().filter(id=series.id, state=Series.State.ON)
    return found.exists()


def _gate(series: Series, at: datetime) -> tuple[str, dict[str, Any]]:
    return sql.named(*judged_sql(series.purpose, Channel.EMAIL, at=at), "gate")


def _group(text: str, purpose: Purpose, at: datetime) -> tuple[str, dict[str, Any]]:
    """A group as a condition on a column `point`; everybody when there is no text."""
    condition = group_condition(text, purpose, at)
    if not condition:
        return "true", {}
    points: QuerySet[Any, Any] = ContactPoint.objects.filter(condition).values_list("id")
    query, values = sql.named(*points.query.sql_with_params(), "group")
    return f"point IN ({query})", values


def _enter(series: Series, *, at: datetime, is_often: bool) -> int:
    """Who enters: by the trigger, in the group, and let through by the gate; page by page."""
    first = SeriesStep.objects.filter(series=series, ended_at=None).order_by("place").first()
    if first is None:
        return 0
    gate, gate_values = _gate(series, at)
    group, group_values = _group(series.segment, series.purpose, at)
    parts = {"question": QUESTIONS[series.trigger], "judged": gate, "group": group}
    due = due_moment(at, first.delay_days, series.hour)
    values = values_for(series, at=at, is_often=is_often) | gate_values | group_values
    values |= {"let_in": LET_IN, "series": series.id, "step": first.id, "due": due}
    if series.begins_again:
        _page_by_page(series, sql.AGAIN.format(**parts), values, at=at)
    return _page_by_page(series, sql.ENTER.format(**parts), values, at=at)


def _leave(series: Series, *, at: datetime) -> int:
    """Who may no longer be written to leaves, whatever step is next."""
    gate, values = _gate(series, at)
    values |= {"let_in": LET_IN, "series": series.id}
    return _page_by_page(series, sql.LEAVE.format(judged=gate), values, at=at)


def _page_by_page(series: Series, statement: str, values: dict[str, Any], *, at: datetime) -> int:
    """The statement for every page of people, each in a transaction of its own; how many it did."""
    after, total = FIRST, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            if not _is_on(series):
                return total
            more: dict[str, Any] = {"after": after, "limit": STEP, "at": at, "ms": _ms(at)}
            cursor.execute(statement, values | more)
            seen, last, done = cursor.fetchone()
        total += int(done)
        if seen < STEP:
            return total
        after = last


@transaction.atomic
def _reach(series: Series, *, at: datetime) -> int:
    """Who has reached the goal is through."""
    goals = [sql.GOALS[series.goal]] if series.goal else []
    if series.asks_anew:
        goals.append(sql.GOALS["refresh"])
    if not goals or not _is_on(series):
        return 0
    values: dict[str, Any] = {"series": series.id, "at": at, "ms": _ms(at)}
    values |= {"purpose": series.purpose_id, "goal_topic": series.goal_topic_id}
    with connection.cursor() as cursor:
        cursor.execute(sql.REACHED.format(goal=" OR ".join(goals)), values)
        return int(cursor.fetchone()[0])


def _hand(series: Series, step: SeriesStep, later: list[SeriesStep], *, at: datetime) -> int:
    """Whose turn has come gets the step's letter into the pipeline; answers how many."""
    group, values = _group(step.segment, series.purpose, at)
    statement = sql.HAND.format(group=group)
    values |= {
        "step": step.id,
        "steps": [each.id for each in later],
        "dues": [due_moment(at, each.delay_days, series.hour) for each in later],
        "at": at,
        "ms": _ms(at),
        "limit": STEP,
        "rules": RULE_VERSION,
    }
    total: int = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            if not _is_on(series):
                return total
            cursor.execute(sql.ANYBODY, values | {"limit": 1})
            if not cursor.fetchone()[0]:
                return total
            dispatch = _run_of(series, step, at=at)
            cursor.execute(statement, values | {"dispatch": dispatch.id})
            turns, letters, _moved = cursor.fetchone()
            if letters:
                _set_going(dispatch.id)
        total += int(letters)
        if turns < STEP:
            return total


def _run_of(series: Series, step: SeriesStep, *, at: datetime) -> Dispatch:
    """The run of a step for today, in the words of now; made when it is the first of the day."""
    day, version = law_day(at), step.campaign.version
    known = StepDispatch.objects.filter(step=step, day=day, version=version)
    found = known.exclude(dispatch__state=Dispatch.State.CANCELLED).first()
    if found is not None:
        return Dispatch.objects.select_for_update().get(id=found.dispatch_id)
    dispatch = start_dispatch(
        purpose=series.purpose,
        source=source_of(step.campaign),
        segment="",
        approved_by=series.created_by,
        at=at,
        kind=MessageKind.CONSENT_RENEWAL if series.asks_anew else MessageKind.CAMPAIGN,
        counts_clicks=step.campaign.count_clicks,
        fans_out=False,
    )
    StepDispatch.objects.create(step=step, dispatch=dispatch, day=day, version=version)
    return dispatch


def _set_going(dispatch_id: UUID) -> None:
    """A run that was through goes on with who came since; a paused one stays so."""
    Dispatch.objects.filter(id=dispatch_id, state=Dispatch.State.FINISHED).update(
        state=Dispatch.State.RUNNING, ended_at=None
    )
    defer_run(dispatch_id)


def _mend(*, at: datetime) -> None:
    """A worker may close a run at the very moment that somebody is added: it goes on."""
    due = Message.objects.filter(dispatch_id=OuterRef("id"), state=Message.State.DUE)
    closed = Dispatch.objects.filter(
        Exists(due),
        series_run__day__gte=law_day(at) - timedelta(days=7),
        state=Dispatch.State.FINISHED,
    )
    for dispatch_id in list(closed.values_list("id", flat=True)):
        _set_going(dispatch_id)


def forget_runs(*, at: datetime) -> int:
    """Who has been out of a series for longer than the term is not kept in it (art. 5(1)(e)).

    By then nothing lets them in again by what they entered by: triggers look back a month at most.
    """
    today = law_day(at)
    months = parameter("series-log-term", today)
    before = at - (today - add_months(today, -months))
    held = held_people()
    total: int = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.FORGET, {"before": before, "held": held, "limit": STEP})
            done = int(cursor.rowcount)
        total += done
        if done < STEP:
            return total
