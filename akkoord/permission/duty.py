"""The gate for what must be told whatever somebody agreed to: a letter about a data leak (art. 34).

Nothing of advertising is asked here: no objection, withdrawal, pause or do-not-mail list stops it
(INV-4). Neither does a frozen record: the letter is for the person alone, and lets them protect
themselves (art. 18(2); decision 0052). What does: an address that ended or does not work, and an
activity that does not rest on a duty.

Each rule is written once, as a condition over a contact point.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, Q, QuerySet, TextField, UUIDField, Value, When
from django.db.models.functions import Coalesce

from akkoord.law.reasons import Reason
from akkoord.law.states import Basis, Channel
from akkoord.people.models import ContactPoint
from akkoord.register.models import ProcessingActivity, Purpose


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A name, the reason when it does not hold, its condition."""

    name: str
    reason: Reason
    condition: Any


def _activity_is_duty(purpose: Purpose) -> Q:
    """The activity is in the register today, and rests on a duty (art. 6(1)(c))."""
    live = ProcessingActivity.objects.filter(
        key=purpose.activity_key, valid_to=None, legal_basis=Basis.LEGAL_OBLIGATION.value
    )
    return Q(Exists(Purpose.objects.filter(id=purpose.id, ended_at=None))) & Q(Exists(live))


DUTY_RULES: tuple[DutyRule, ...] = (
    DutyRule("activity-is-duty", Reason.PURPOSE_ENDED, _activity_is_duty),
    DutyRule("address-current", Reason.ADDRESS_ENDED, lambda _purpose: Q(ended_at=None)),
    DutyRule("address-works", Reason.UNDELIVERABLE, lambda _purpose: Q(undeliverable_at=None)),
)

DUTY_RULE_VERSION = hashlib.sha256(
    "\n".join(f"{rule.name} {rule.reason}" for rule in DUTY_RULES).encode() + b"\nduty 1"
).hexdigest()[:12]


def judged_duty(
    evidence: UUID, purpose: Purpose, people: QuerySet[Any] | None = None
) -> QuerySet[ContactPoint]:
    """Every e-mail address (of these people) with `reason`, the first rule that does not hold, and
    `evidence_id`: what the duty comes from.

    A condition that is unknown in SQL counts as not holding (INV-2).
    """
    verdicts = [
        Case(
            When(rule.condition(purpose), then=Value(None, output_field=TextField())),
            default=Value(rule.reason.value),
            output_field=TextField(),
        )
        for rule in DUTY_RULES
    ]
    points = ContactPoint.objects.filter(channel=Channel.EMAIL)
    if people is not None:
        points = points.filter(person_id__in=people)
    return points.annotate(
        reason=Coalesce(*verdicts, Value(""), output_field=TextField()),
        evidence_id=Value(evidence, output_field=UUIDField()),
    )


def judged_duty_sql(
    evidence: UUID,
    purpose: Purpose,
    people: QuerySet[Any] | None = None,
    *,
    at: datetime,  # noqa: ARG001 - as every gate is asked; these rules do not change with the day
) -> tuple[str, tuple[Any, ...]]:
    """`judged_duty` as a statement: id, person_id, reason, evidence_id, is_unverified."""
    rows = (
        judged_duty(evidence, purpose, people)
        .annotate(
            is_unverified=Case(When(verified_at=None, then=Value(1)), default=Value(0)),
        )
        .values_list("id", "person_id", "reason", "evidence_id", "is_unverified")
    )
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)
