"""The check-up as it stands now: every point and question, the scores, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.checkup.gathered import Gathered
from akkoord.checkup.live import POINTS
from akkoord.checkup.models import Answer, Snapshot, Task
from akkoord.checkup.points import Finding, Point, Question, Seen
from akkoord.checkup.questions import QUESTIONS
from akkoord.law.duties import DUTIES, Duty, State, score_of, urgency_of
from akkoord.law.terms import law_day

log = structlog.get_logger(__name__)
NEXT = 3

_STATES = {
    Answer.Says.YES: State.GOOD,
    Answer.Says.PARTLY: State.ATTENTION,
    Answer.Says.NO: State.WRONG,
    Answer.Says.NONE: State.NONE,
}


@dataclass(frozen=True, slots=True)
class DutySeen:
    """One duty with its points and its score; None: nothing counts."""

    duty: Duty
    article: str
    score: int | None
    seen: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class CheckUp:
    """Everything: the score is the mean of the duties, so that none hides behind another."""

    at: datetime
    duties: Sequence[DutySeen]

    @property
    def score(self) -> int | None:
        """0 to 100."""
        known = [each.score for each in self.duties if each.score is not None]
        return round(sum(known) / len(known)) if known else None

    @property
    def seen(self) -> list[Seen]:
        """Every point and question."""
        return [each for duty in self.duties for each in duty.seen]

    @property
    def actions(self) -> list[Seen]:
        """What to do next: the three most urgent, by state and by the harm that they prevent."""
        waiting = [each for each in self.seen if urgency_of(each.judged)]
        return sorted(waiting, key=lambda each: -urgency_of(each.judged))[:NEXT]


def check_up(*, at: datetime) -> CheckUp:
    """Look at everything now; some seventy statements, whatever the size."""
    answers = {each.question: each for each in Answer.objects.filter(replaced_at=None)}
    seen = _look_at_all(at)
    seen += [_asked(question, answers.get(question.key), law_day(at)) for question in QUESTIONS]
    return CheckUp(
        at=at,
        duties=[
            DutySeen(
                duty=duty,
                article=article,
                score=score_of(each.judged for each in seen if each.duty is duty),
                seen=[each for each in seen if each.duty is duty],
            )
            for duty, article in DUTIES.items()
        ],
    )


def _look_at_all(at: datetime) -> list[Seen]:
    """Every point; one that breaks is a finding, not the end of the others.

    One mark in the transaction serves them all: a look only reads, so going back to the mark loses
    nothing. Outside a transaction each statement stands by itself.
    """
    now = Gathered(at)
    mark = transaction.savepoint() if connection.in_atomic_block else None
    try:
        return [_look(point, now, mark) for point in POINTS]
    finally:
        if mark is not None:
            transaction.savepoint_commit(mark)


def _look(point: Point, now: Gathered, mark: str | None) -> Seen:
    try:
        finding = point.look(now)
    except Exception as problem:
        if mark is not None:
            transaction.savepoint_rollback(mark)
        log.exception("checkup-failed", point=point.key, kind=type(problem).__name__)
        finding = Finding(State.WRONG, _("This could not be looked at. See the log."))
    return Seen(point.key, point.duty, point.weight, point.title, point.why, point.article, finding)


def _asked(question: Question, answer: Answer | None, today: date) -> Seen:
    url = reverse("checkup:question", args=[question.key])
    if answer is None:
        finding = Finding(State.OPEN, _("Nobody answered this yet."), url, _("Answer"))
    elif answer.review_on <= today:
        said = _("The answer is of {day}. Is it still so?").format(
            day=date_format(answer.answered_at, "j b Y")
        )
        finding = Finding(State.OPEN, said, url, _("Answer again"))
    else:
        said = answer.evidence or str(answer.get_says_display())
        finding = Finding(_STATES[Answer.Says(answer.says)], said, url, _("Change the answer"))
    return Seen(
        question.key,
        question.duty,
        question.weight,
        question.title,
        question.why,
        question.article,
        finding,
        is_question=True,
    )


def question_of(key: str) -> Question | None:
    """The question with this key."""
    return next((each for each in QUESTIONS if each.key == key), None)


def is_point(key: str) -> bool:
    """Whether there is such a point or question."""
    return key in {each.key for each in POINTS} | {each.key for each in QUESTIONS}


def answers_to(key: str) -> list[Answer]:
    """Every answer to a question, the newest first."""
    return list(Answer.objects.filter(question=key).order_by("-answered_at"))


def open_tasks() -> dict[str, Task]:
    """What is planned, by point."""
    return {each.point: each for each in Task.objects.filter(done_at=None)}


def history(days: int = 400) -> list[Snapshot]:
    """How it stood, oldest first."""
    return list(Snapshot.objects.order_by("-day")[:days])[::-1]


def last_snapshot() -> Snapshot | None:
    """The newest look of the night."""
    return Snapshot.objects.order_by("-day").first()


def owners(tasks: Sequence[Task]) -> set[UUID]:
    """Who does what is planned."""
    return {each.owner for each in tasks if each.owner}
