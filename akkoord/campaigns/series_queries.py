"""Named reads of series: the list, the flow with its figures, the people in it and their log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from akkoord.campaigns.series_checks import Problem, problems_of
from akkoord.campaigns.series_models import Series, SeriesLog, SeriesRun, SeriesStep, StepDispatch
from akkoord.law.reasons import Reason
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import Person
from akkoord.permission.sentences import sentence_of, words_of
from akkoord.register.models import Purpose
from akkoord.register.queries import current_versions
from akkoord.web.numbers import in_words

PAGE = 50
_OWN_REASONS = {
    "goal": gettext_lazy("The goal was reached."),
    "taken-out": gettext_lazy("You took this person out."),
    "series-off": gettext_lazy("The series was turned off."),
    "group": gettext_lazy("This person is not in the group of this letter."),
    "again": gettext_lazy("This person bought again, so the series began anew."),
    "twice": gettext_lazy("This person had this letter already today."),
}


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series in the list."""

    series: Series
    topic: str
    inside: int
    entered: int
    sent: int


def series_rows() -> list[SeriesRow]:
    """Every series, newest first, with who is in it and what left: four statements."""
    found = list(
        Series.objects.select_related("purpose")
        .annotate(
            entered=Count("runs"),
            inside=Count("runs", filter=Q(runs__state=SeriesRun.State.WAITING)),
        )
        .order_by("-id")
    )
    sent = dict(
        Message.objects.filter(dispatch__series_run__isnull=False, state=Message.State.SENT)
        .values_list("dispatch__series_run__step__series_id")
        .annotate(n=Count("id"))
    )
    names = _names([each.purpose for each in found])
    return [
        SeriesRow(
            each,
            names.get(each.purpose_id, each.purpose.slug),
            each.inside,
            each.entered,
            sent.get(each.id, 0),
        )
        for each in found
    ]


def _names(purposes: list[Purpose]) -> dict[UUID, str]:
    return {each.purpose_id: each.name for each in current_versions(purposes)}


@dataclass(slots=True)
class StepRow:
    """A step of the flow. `audience` = sent + failed + skipped + uncertain + waiting in the
    pipeline; `before`: who waits for it; `passed`: who was not in its group."""

    step: SeriesStep
    delay: str
    group: str = ""  # in the reader's words
    before: int = 0
    passed: int = 0
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    uncertain: int = 0
    going: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def audience(self) -> int:
        """Everybody who has a row for this letter."""
        return self.sent + self.failed + self.skipped + self.uncertain + self.going


@dataclass(slots=True)
class Flow:
    """A series as it is read from top to bottom. `entered` = `inside` + `done` + `reached` +
    `left`, people by people."""

    series: Series
    topic: str
    begins: str
    ends: str
    steps: list[StepRow]
    problems: list[Problem]
    inside: int = 0
    done: int = 0
    reached: int = 0
    left: int = 0
    stuck: list[Dispatch] = field(default_factory=list)

    @property
    def entered(self) -> int:
        """Everybody who ever came in."""
        return self.inside + self.done + self.reached + self.left

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        return {
            "id": self.series.id,
            "name": self.series.name,
            "topic": self.series.purpose.slug,
            "trigger": self.series.trigger,
            "state": self.series.state,
            "problems": [each.code for each in self.problems],
            "entered": self.entered,
            "inside": self.inside,
            "done": self.done,
            "reached": self.reached,
            "left": self.left,
            "steps": [
                {
                    "audience": each.audience,
                    "sent": each.sent,
                    "failed": each.failed,
                    "skipped": each.reasons,
                    "uncertain": each.uncertain,
                    "going": each.going,
                    "waiting": each.before,
                    "passed": each.passed,
                }
                for each in self.steps
            ],
        }


def flow_of(series: Series, *, at: datetime) -> Flow:
    """A series with its steps and figures; the same number of statements whatever is in it."""
    steps = list(series.steps.filter(ended_at=None).select_related("campaign").order_by("place"))
    rows = {each.id: StepRow(each, delay_words(each, place)) for place, each in enumerate(steps)}
    _count_letters(rows)
    passed = SeriesLog.objects.filter(step__in=rows, what=SeriesLog.NOT_FOR)
    for step_id, n in passed.values_list("step").annotate(n=Count("id")).order_by():
        rows[step_id].passed = n
    flow = Flow(
        series,
        _names([series.purpose]).get(series.purpose_id, series.purpose.slug),
        begins_words(series),
        ends_words(series),
        list(rows.values()),
        problems_of(series, at=at),
    )
    found = SeriesRun.objects.filter(series=series).values_list("state", "reason", "next_step")
    for state, reason, step_id, n in found.annotate(n=Count("id")).order_by():
        if state == SeriesRun.State.WAITING:
            flow.inside += n
            if step_id in rows:
                rows[step_id].before += n
        elif state == SeriesRun.State.LEFT:
            flow.left += n
        elif reason == "goal":
            flow.reached += n
        else:
            flow.done += n
    if series.state == Series.State.ON:
        flow.stuck = list(
            Dispatch.objects.filter(
                series_run__step__series=series, state=Dispatch.State.PAUSED
            ).order_by("created_at")[:3]
        )
    return flow


def _count_letters(rows: Mapping[UUID, StepRow]) -> None:
    """What became of each step's letters, over all its runs (index messages_counts)."""
    runs = dict(StepDispatch.objects.filter(step__in=rows).values_list("dispatch_id", "step_id"))
    counted = (
        Message.objects.filter(dispatch_id__in=list(runs))
        .values_list("dispatch_id", "state", "reason")
        .annotate(n=Count("id"))
        .order_by()
    )
    for dispatch_id, state, reason, n in counted:
        row = rows[runs[dispatch_id]]
        if state in (Message.State.DUE, Message.State.CLAIMED):
            row.going += n
        else:
            setattr(row, state, getattr(row, state) + n)
        if state == Message.State.SKIPPED:
            row.reasons[reason] = row.reasons.get(reason, 0) + n


def delay_words(step: SeriesStep, place: int) -> str:
    """After how long, in words."""
    if not step.delay_days:
        return _("At once") if not place else _("Right after it")
    if place:
        return ngettext("{n} day later", "{n} days later", step.delay_days).format(
            n=in_words(step.delay_days)
        )
    return ngettext("After {n} day", "After {n} days", step.delay_days).format(
        n=in_words(step.delay_days)
    )


def begins_words(series: Series) -> str:
    """What somebody enters by, in a sentence."""
    trigger = Series.Trigger
    sentences = {
        trigger.WELCOME: _("Somebody said yes and confirmed it."),
        trigger.PURCHASE: _("Somebody bought something."),
        trigger.BIRTHDAY: _("It is somebody's birthday."),
        trigger.ANNIVERSARY: _("It is a year, or more, since somebody said yes."),
        trigger.REFRESH: ngettext(
            "A yes ends within {n} day.", "A yes ends within {n} days.", series.days
        ),
        trigger.WIN_BACK: ngettext(
            "A customer bought nothing for {n} day.",
            "A customer bought nothing for {n} days.",
            series.days,
        ),
    }
    return sentences[trigger(series.trigger)].format(n=series.days)


def ends_words(series: Series) -> str:
    """What ends it for somebody, in a sentence."""
    if series.asks_anew:
        return _("It ends when somebody presses “go on”, or after the last letter.")
    if series.goal == Series.Goal.PURCHASE:
        return _("It ends with a purchase, or after the last letter.")
    if series.goal_topic is not None:
        name = _names([series.goal_topic]).get(series.goal_topic_id or UUID(int=0), "")
        return _("It ends when somebody chooses “{topic}”, or after the last letter.").format(
            topic=name
        )
    return _("It ends after the last letter.")


@dataclass(frozen=True, slots=True)
class InIt:
    """Somebody in a series, with their name and where they stand."""

    run: SeriesRun
    name: str
    why: str


def people_in(series: Series, *, state: str, after: str, limit: int = PAGE) -> list[InIt]:
    """Who is or was in it, newest first, a page at a time: two statements. One more than the page
    says that there are more (index campaigns_run_newest)."""
    found = SeriesRun.objects.filter(series=series).select_related("next_step")
    if state in SeriesRun.State.values:
        found = found.filter(state=state)
    try:
        found = found.filter(id__lt=UUID(after)) if after else found
    except ValueError:
        return []
    runs = list(found.order_by("-id")[: limit + 1])
    people = Person.objects.in_bulk([each.person_id for each in runs])
    return [
        InIt(each, people[each.person_id].full_name, why_words(each.reason, each.state))
        for each in runs
        if each.person_id in people
    ]


def why_words(reason: str, state: str = "") -> str:
    """Why somebody is no longer in it, in a sentence."""
    if not reason:
        return _("Had every letter.") if state == SeriesRun.State.DONE else ""
    if reason in _OWN_REASONS:
        return str(_OWN_REASONS[reason])
    return sentence_of(Reason(reason)) if reason in Reason._value2member_map_ else reason


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of somebody's log: when, what, and why."""

    at: datetime
    title: str
    detail: str
    icon: str


def log_of(run: SeriesRun) -> list[LogLine]:
    """What happened to somebody in a series, oldest first: two statements."""
    lines = list(
        SeriesLog.objects.filter(run=run).select_related("step__campaign").order_by("at", "id")
    )
    letters = Message.objects.in_bulk([each.message_id for each in lines if each.message_id])
    return [_line(each, letters.get(each.message_id or UUID(int=0))) for each in lines]


def _line(line: SeriesLog, letter: Message | None) -> LogLine:
    subject = line.step.campaign.shown_subject if line.step else ""
    if line.what == SeriesLog.ENTERED:
        return LogLine(line.at, _("Entered the series"), "", "login")
    if line.what == SeriesLog.ENDED:
        return LogLine(line.at, _("Out of the series"), why_words(line.reason), "logout")
    if line.what == SeriesLog.NOT_FOR:
        title = _("Passed “{subject}”").format(subject=subject)
        return LogLine(line.at, title, why_words(line.reason), "arrow-right")
    if letter is None:
        return LogLine(line.at, subject, "", "mail")
    detail = letter.get_state_display()
    if letter.reason:
        detail = f"{detail}: {words_of(Reason(letter.reason))}"
    icon = "mail-check" if letter.state == Message.State.SENT else "mail-x"
    return LogLine(letter.outcome_at or line.at, subject, detail, icon)
