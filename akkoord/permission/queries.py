"""The gate's answers: an audience, one case explained, a batch asked, refusals counted.

It only reads, and there is no way around it, for no role.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache, reduce
from itertools import groupby
from operator import and_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from akkoord.law.reasons import REASONS, Reason, Remedy
from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.rules import RULE_VERSION, Question, Rule, evidence_of, points, rules_for
from akkoord.permission.sentences import sentence_of
from akkoord.register.models import Purpose

__all__ = [
    "RULE_VERSION",
    "Answer",
    "RuleAnswer",
    "answers_for",
    "ask",
    "audience",
    "explain",
    "first_refusal",
    "judged",
    "judged_sql",
    "refusals",
    "refused_points",
]


def audience(
    purpose: Purpose, channel: str, *, at: datetime, after: UUID | None = None
) -> QuerySet[ContactPoint]:
    """Everybody who may be reached, as contact points with `evidence_id`; one SQL condition.

    Page it by key: `after` is the last id of the page before, ordered by `id` (index
    consent_standing_live).
    """
    question = Question(purpose, Channel(channel), at)
    conditions = reduce(and_, (rules[-1].condition(question) for rules in _chains(question)))
    found = points(question).filter(conditions).annotate(evidence_id=evidence_of(question))
    if after is not None:
        # Said of both sides of the join: the planner carries over what is equal, not what is more.
        found = found.filter(Q(id__gt=after) & Q(mine_point__gt=after))
    return found


def judged(purpose: Purpose, channel: str, *, at: datetime) -> QuerySet[ContactPoint]:
    """Every contact point of the channel with `reason`, the first rule that does not hold (empty:
    it may be reached), and `evidence_id`.

    A condition that is unknown in SQL counts as not holding (INV-2).
    """
    question = Question(purpose, Channel(channel), at)
    verdicts = [_verdict(rules, question) for rules in _chains(question)]
    return points(question).annotate(
        reason=Coalesce(*verdicts, Value(""), output_field=TextField()),
        evidence_id=evidence_of(question),
    )


def _chains(question: Question) -> list[list[Rule]]:
    """The rules in order, those of one chain together; every other rule by itself."""
    asked = rules_for(question.channel)
    return [list(rules) for _key, rules in groupby(asked, key=lambda each: each.chain or each.name)]


def _verdict(rules: Sequence[Rule], question: Question) -> Case:
    """NULL when these rules hold, else the reason of the first that does not.

    Of a chain the last is asked first: when it holds, all do.
    """
    holds = When(rules[-1].condition(question), then=Value(None, output_field=TextField()))
    if len(rules) == 1:
        return Case(holds, default=Value(rules[0].reason.value), output_field=TextField())
    first = Coalesce(*(_verdict([rule], question) for rule in rules), output_field=TextField())
    return Case(holds, default=first, output_field=TextField())


# No question is asked at this very microsecond; it marks the place of the moment in the SQL. At
# noon, so that it lies in the day that the law counts.
_MARK = time(11, 59, 59, 999_983, tzinfo=UTC)


def judged_sql(purpose: Purpose, channel: str, *, at: datetime) -> tuple[str, tuple[Any, ...]]:
    """`judged` as a statement that answers id, person_id, reason, evidence_id; made once a day.

    For statements that ask and write in one go. A condition on `id` around it reaches the primary
    key; what the topic says now is read when it runs.
    """
    mark = datetime.combine(law_day(at), _MARK)
    sql, parameters = _judged_sql(purpose.id, purpose.slug, channel, mark)
    return sql, tuple(at if each == mark else each for each in parameters)


@lru_cache(maxsize=256)
def _judged_sql(
    purpose_id: UUID, slug: str, channel: str, mark: datetime
) -> tuple[str, tuple[Any, ...]]:
    purpose = Purpose(id=purpose_id, slug=slug)
    rows = judged(purpose, channel, at=mark).values_list(  # type: ignore[misc]
        "id", "person_id", "reason", "evidence_id"
    )
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says of one address: allowed with its evidence, or the reason why not."""

    allowed: bool
    reason: Reason | None
    evidence_id: UUID | None


def ask(
    point_ids: Iterable[UUID], purpose: Purpose, channel: str, *, at: datetime
) -> dict[UUID, Answer]:
    """The gate's answer for each of these addresses, in one statement.

    An address that is not there (any more) is refused.
    """
    wanted = list(point_ids)
    sql, parameters = judged_sql(purpose, channel, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT j.id, j.reason, j.evidence_id FROM ({sql}) AS j "  # noqa: S608 - our own
            "WHERE j.id = ANY(%s)",
            [*parameters, wanted],
        )
        rows = cursor.fetchall()
    found = {
        point: Answer(
            not reason, Reason(reason) if reason else None, evidence if not reason else None
        )
        for point, reason, evidence in rows
    }
    gone = Answer(False, Reason.PERSON_GONE, None)
    return {point: found.get(point, gone) for point in wanted}


def refusals(
    purpose: Purpose,
    channel: str,
    *,
    at: datetime,
    within: Q | None = None,
    within_sql: tuple[str, Sequence[Any]] | None = None,
) -> dict[Reason, int]:
    """How many living addresses are refused, per reason, the most frequent first.

    `within` narrows the set by a condition over contact points, `within_sql` by a subquery of
    their ids.
    """
    rows = (
        _living(purpose, channel, at=at, within=within, within_sql=within_sql)
        .exclude(Q(reason=""))
        .values(why=F("reason"))
        .annotate(n=Count("id"))
        .order_by("-n", "why")
    )
    return {Reason(row["why"]): row["n"] for row in rows}


def _living(
    purpose: Purpose,
    channel: str,
    *,
    at: datetime,
    within: Q | None = None,
    within_sql: tuple[str, Sequence[Any]] | None = None,
) -> QuerySet[ContactPoint]:
    found = judged(purpose, channel, at=at).filter(ended_at__isnull=True)
    if within is not None:
        found = found.filter(within)
    if within_sql is not None:
        found = found.filter(id__in=RawSQL(*within_sql))  # noqa: S611 - constants of callers
    return found


def refused_points(
    purpose: Purpose,
    channel: str,
    reason: Reason,
    *,
    at: datetime,
    within: Q | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ContactPoint]:
    """The people behind one reason, with their person, paged by key."""
    found = _living(purpose, channel, at=at, within=within).filter(Q(reason=reason.value))
    if after is not None:
        found = found.filter(id__gt=after)
    return list(found.select_related("person").order_by("id")[:limit])


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """One rule for one person: whether it holds, on which evidence, and what it means.

    `evidence`: the event on which it holds, or by which it does not.
    """

    rule: str
    holds: bool
    evidence: str
    reason: Reason
    sentence: str
    remedy: Remedy


def explain(person: Person, purpose: Purpose, channel: str, *, at: datetime) -> list[RuleAnswer]:
    """Every rule for this person, one by one, in the gate's order: why, or why not.

    The same conditions as in `audience`, asked in one statement. A person without an address on
    this channel has no basis.
    """
    question = Question(purpose, Channel(channel), at)
    row = _row(person, question)
    asked = rules_for(question.channel)
    return [_rule_answer(rule, number, row) for number, rule in enumerate(asked)]


def _row(person: Person, question: Question) -> dict[str, Any]:
    """Each rule's outcome for the address that stands best: allowed first, then living."""
    verdicts = {
        f"rule_{number}": Case(
            When(rule.condition(question), then=Value(True)), default=Value(False)
        )
        for number, rule in enumerate(rules_for(question.channel))
    }
    rows = list(
        points(question)
        .filter(person=person)
        .annotate(**verdicts)
        .values("id", "ended_at", "mine_event", *_of_post(question), *verdicts)
    )
    if not rows:
        return {}
    return max(
        rows,
        key=lambda row: (
            all(row[name] for name in verdicts),
            row["ended_at"] is None,
            sum(row[name] for name in verdicts),
        ),
    )


def _of_post(question: Question) -> list[str]:
    return ["mine_test"] if question.channel is Channel.POST else []


def _rule_answer(rule: Rule, number: int, row: dict[str, Any]) -> RuleAnswer:
    holds = bool(row.get(f"rule_{number}", False))
    evidence = row.get(rule.evidence if holds else rule.no_by)
    return RuleAnswer(
        rule=rule.name,
        holds=holds,
        evidence=str(evidence) if evidence else "",
        reason=rule.reason,
        sentence=sentence_of(rule.reason),
        remedy=REASONS[rule.reason].remedy,
    )


def first_refusal(answers: Iterable[RuleAnswer]) -> RuleAnswer | None:
    """The first rule that does not hold: the reason that everybody sees; None: allowed."""
    return next((answer for answer in answers if not answer.holds), None)


def answers_for(
    person: Person, purposes: Iterable[Purpose], channel: str, *, at: datetime
) -> dict[UUID, RuleAnswer | None]:
    """Per purpose the first refusal, or None when the person may be reached."""
    return {
        purpose.id: first_refusal(explain(person, purpose, channel, at=at)) for purpose in purposes
    }
