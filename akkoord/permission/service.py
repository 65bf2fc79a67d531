"""The gate for service messages: about a purchase, on the contract and never on consent (INV-4).

An objection to marketing, a withdrawal, the do-not-mail list, a pause and "less often" are about
advertising and are not asked here. What does stop a message: a frozen record (art. 18), somebody
forgotten, a sale that was taken back, an address that ended or does not work.

Each rule is written once, as a condition over a contact point beside the sale it would rest on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from akkoord.law.reasons import Reason
from akkoord.law.states import Basis, Channel
from akkoord.law.terms import law_day
from akkoord.people.agreements import as_proof
from akkoord.people.models import Agreement, ContactPoint, Relation
from akkoord.register.models import ProcessingActivity, Purpose

CARRYING = (Basis.CONTRACT.value, Basis.LEGAL_OBLIGATION.value)
"""What an activity must rest on to carry service messages (art. 6(1)(b) and (c))."""


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """A name, the reason when it does not hold, its condition at a moment."""

    name: str
    reason: Reason
    condition: Any


# What a service message rests on: sales, or agreements without a sale. One kind at a time, which
# are asked by the same names (`as_proof`); the type checker cannot say so.
Proof = QuerySet[Any]


def is_agreements(found: Proof) -> bool:
    """Whether this proof is agreements, and not sales."""
    return found.model is Agreement


def service_points(found: Proof, *, at: datetime) -> QuerySet[ContactPoint]:
    """E-mail addresses of these customers, beside their newest sale or agreement among these.

    Indexes: contact points by person, people_purchase_last, people_agreement_once.
    """
    purchases: Proof = as_proof(found, at=at) if is_agreements(found) else found
    kept = purchases.filter(person_id=OuterRef("person_id"), reversed_on=None)
    newest = kept.order_by("-bought_on", "-id")
    return ContactPoint.objects.filter(
        channel=Channel.EMAIL, person_id__in=purchases.order_by().values("person_id")
    ).annotate(
        sale=Subquery(newest.values("id")[:1]),
        sale_point=Subquery(newest.values("contact_point_id")[:1]),
        sale_company=Subquery(newest.values("company_id")[:1]),
    )


def _activity_carries(purpose: Purpose, _at: datetime) -> Q:
    """The activity is in the register today, and rests on the contract or on a duty."""
    live = ProcessingActivity.objects.filter(
        key=purpose.activity_key, valid_to=None, legal_basis__in=CARRYING
    )
    return Q(Exists(Purpose.objects.filter(id=purpose.id, ended_at=None))) & Q(Exists(live))


def _still_there(_purpose: Purpose, at: datetime) -> Q:
    """Of a company: this contact still works there."""
    today = law_day(at)
    contact = Relation.objects.filter(
        Q(until=None) | Q(until__gt=today),
        person_id=OuterRef("person_id"),
        company_id=OuterRef("sale_company"),
        kind=Relation.Kind.CONTACT,
    )
    return Q(sale_company=None) | Q(Exists(contact))


SERVICE_RULES: tuple[ServiceRule, ...] = (
    ServiceRule("activity-live", Reason.PURPOSE_ENDED, _activity_carries),
    ServiceRule("address-current", Reason.ADDRESS_ENDED, lambda _p, _at: Q(ended_at=None)),
    # art. 18(1): stored, not used (INV-38)
    ServiceRule("not-frozen", Reason.RESTRICTED, lambda _p, _at: Q(person__restricted_at=None)),
    ServiceRule("sale-kept", Reason.NO_SALE, lambda _p, _at: Q(sale__isnull=False)),
    # INV-15: a company's sale speaks for the address used in it, and for no other
    ServiceRule(
        "address-from-sale",
        Reason.ADDRESS_NOT_FROM_SALE,
        lambda _p, _at: Q(sale_company=None) | Q(sale_point=F("id")),
    ),
    ServiceRule("contact-there", Reason.CONTACT_LEFT, _still_there),
    ServiceRule("address-works", Reason.UNDELIVERABLE, lambda _p, _at: Q(undeliverable_at=None)),
)

SERVICE_RULE_VERSION = hashlib.sha256(
    "\n".join(f"{rule.name} {rule.reason}" for rule in SERVICE_RULES).encode() + b"\nservice 2"
).hexdigest()[:12]


def judged_service(purpose: Purpose, purchases: Proof, *, at: datetime) -> QuerySet[ContactPoint]:
    """Every address of these customers with `reason`, the first rule that does not hold (empty: it
    may be reached), and `evidence_id`: the sale.

    A condition that is unknown in SQL counts as not holding (INV-2).
    """
    verdicts = [
        Case(
            When(rule.condition(purpose, at), then=Value(None, output_field=TextField())),
            default=Value(_reason(rule, purchases).value),
            output_field=TextField(),
        )
        for rule in SERVICE_RULES
    ]
    return service_points(purchases, at=at).annotate(
        reason=Coalesce(*verdicts, Value(""), output_field=TextField()), evidence_id=F("sale")
    )


def _reason(rule: ServiceRule, found: Proof) -> Reason:
    """Of agreements the proof is missing by another name."""
    is_proof = rule.reason is Reason.NO_SALE and is_agreements(found)
    return Reason.NO_AGREEMENT if is_proof else rule.reason


def judged_service_sql(
    purpose: Purpose, purchases: Proof, *, at: datetime
) -> tuple[str, tuple[Any, ...]]:
    """`judged_service` as a statement: id, person_id, reason, evidence_id, is_of_sale."""
    rows = (
        judged_service(purpose, purchases, at=at)
        .annotate(is_of_sale=Case(When(sale_point=F("id"), then=Value(0)), default=Value(1)))
        .values_list("id", "person_id", "reason", "evidence_id", "is_of_sale")
    )
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)


def may_serve(
    point_ids: Sequence[UUID], purpose: Purpose, purchases: Proof, *, at: datetime
) -> dict[UUID, bool]:
    """For each of these addresses whether it may be reached: all rules, joined."""
    holds = reduce(and_, (rule.condition(purpose, at) for rule in SERVICE_RULES))
    found = set(
        service_points(purchases, at=at)
        .filter(holds, id__in=point_ids)
        .values_list("id", flat=True)
    )
    return {each: each in found for each in point_ids}
