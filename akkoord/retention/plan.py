"""The plan: per rule of the register who goes now and within 7, 30 and 90 days, and what does not.

Counting everybody costs a statement over all people, so the page reads what was counted last (each
night, after a change, or when somebody asks); the command counts at once.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.datamap.dpv import CATEGORIES
from akkoord.law.retention_rules import Effect, Term
from akkoord.law.terms import law_day
from akkoord.people.queries import people_count
from akkoord.register.models import ProcessingActivity, RetentionRule
from akkoord.register.term_queries import rules_now, without_term
from akkoord.register.terms import length_words
from akkoord.retention.due import DueCount, count_due
from akkoord.retention.models import Forecast

AT_ONCE = 50_000  # people; counting more is left to the worker
COUNT_JOB = "akkoord.retention.jobs.count"
NOTHING = (0, 0, 0, 0)
GOES = (*Effect, "fields")
STAYS = ("waits", "held", "stays")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One rule. `due`: now, and within 7, 30, 90 days. `stays`: something else still needs them."""

    activity_key: str
    category: str
    name: str
    criterion: str
    term_words: str
    effect: str
    ground: str
    reason: str
    due: tuple[int, ...] = NOTHING
    fields_due: tuple[int, ...] = NOTHING
    waits: int = 0
    held: int = 0
    stays: int = 0
    is_missing: bool = False

    @property
    def category_word(self) -> str:
        """The category in the reader's language; empty for everything of the activity."""
        return str(CATEGORIES[self.category].label) if self.category in CATEGORIES else ""

    @property
    def key(self) -> str:
        """The rule's key: its activity, and its category when it has one."""
        return f"{self.activity_key}/{self.category}" if self.category else self.activity_key


@dataclass(frozen=True, slots=True)
class Plan:
    """All rules with their numbers, as of a day."""

    today: date
    counted_at: datetime | None
    lines: tuple[PlanLine, ...]

    @property
    def missing(self) -> tuple[PlanLine, ...]:
        """Activities without a rule."""
        return tuple(each for each in self.lines if each.is_missing)

    @property
    def due_in_month(self) -> int:
        """How many people go within thirty days."""
        return sum(each.due[2] for each in self.lines)

    @property
    def due_now(self) -> int:
        """How many people go by the next clean-up."""
        return sum(each.due[0] for each in self.lines)


def plan_of(*, today: date, at: datetime) -> Plan:
    """The plan as of a day, counted now; three statements."""
    return _plan(count_due(today=today), today=today, counted_at=at)


def plan_as_counted(*, at: datetime) -> Plan:
    """The plan as it was last counted; counted now when it never was."""
    rows = list(Forecast.objects.all())
    if not rows:
        return recount(at=at)
    counts = [
        DueCount(row.activity_key, row.effect, (row.now, row.week, row.month, row.quarter))
        for row in rows
        if row.activity_key
    ]
    return _plan(counts, today=rows[0].on_day, counted_at=rows[0].counted_at)


@transaction.atomic
def recount(*, at: datetime) -> Plan:
    """Count anew and keep it for the page. A row without a rule says when, also of nobody."""
    today = law_day(at)
    counts = count_due(today=today)
    Forecast.objects.all().delete()
    Forecast.objects.bulk_create(
        Forecast(
            activity_key=each.activity_key,
            effect=each.effect,
            counted_at=at,
            on_day=today,
            now=each.people[0],
            week=each.people[1],
            month=each.people[2],
            quarter=each.people[3],
        )
        for each in (*counts, DueCount("", "counted", NOTHING))
    )
    return _plan(counts, today=today, counted_at=at)


def recount_soon(*, at: datetime) -> None:
    """Count anew: now, or in the background where that takes long."""
    if people_count() <= AT_ONCE:
        recount(at=at)
    else:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(COUNT_JOB, queueing_lock=COUNT_JOB).defer()


def _plan(counts: Iterable[DueCount], *, today: date, counted_at: datetime) -> Plan:
    by_rule: dict[str, dict[str, tuple[int, ...]]] = {}
    for each in counts:
        by_rule.setdefault(each.activity_key, {})[each.effect] = each.people
    names = {each.key: each.name for each in ProcessingActivity.objects.filter(valid_to=None)}
    lines = [_line(each, names, by_rule) for each in rules_now()]
    lines += [
        PlanLine(key, "", names.get(key, key), "", "", "", "", "", is_missing=True)
        for key in without_term()
    ]
    return Plan(
        today, counted_at, tuple(sorted(lines, key=lambda each: (not each.is_missing, each.name)))
    )


def _line(
    rule: RetentionRule,
    names: dict[str, str],
    by_rule: dict[str, dict[str, tuple[int, ...]]],
) -> PlanLine:
    """A rule with its numbers; a rule of a category shares those of its activity's fields."""
    found = by_rule.get(rule.activity_key, {}) if not rule.category else {}
    goes = [found.get(each, NOTHING) for each in GOES if each != "fields"]
    return PlanLine(
        activity_key=rule.activity_key,
        category=rule.category,
        name=names.get(rule.activity_key, rule.activity_key),
        criterion=rule.criterion,
        term_words=length_words(Term(rule.months, rule.days)),
        effect=rule.action,
        ground=rule.ground,
        reason=rule.reason,
        due=tuple(map(sum, zip(*goes, strict=True))),
        fields_due=found.get("fields", NOTHING),
        waits=found.get("waits", NOTHING)[0],
        held=found.get("held", NOTHING)[0],
        stays=found.get("stays", NOTHING)[0],
    )
