"""Which gate is asked about a run: the one of its topic, or of service for its purchases.

What a run is follows from its template, never from who starts it: a run that says something else
than its template does not go (INV-26).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from akkoord.law.message_kinds import MessageKind
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.messages.models import Dispatch
from akkoord.messages.service_fields import AGREEMENT, BOUGHT, DAY, KIND, LEAK, NUMBERS
from akkoord.messages.service_models import Occasion
from akkoord.messages.topics import topics_in
from akkoord.people.models import Agreement, Purchase
from akkoord.permission.duty import DUTY_RULE_VERSION, judged_duty_sql
from akkoord.permission.queries import RULE_VERSION, judged_sql
from akkoord.permission.service import (
    SERVICE_RULE_VERSION,
    Proof,
    is_agreements,
    judged_service_sql,
)


def is_service(dispatch: Dispatch) -> bool:
    """Whether this run tells customers about their purchases."""
    return dispatch.kind == MessageKind.SERVICE


def is_leak(dispatch: Dispatch) -> bool:
    """Whether this run tells people of a data leak (art. 34 GDPR)."""
    return dispatch.kind == MessageKind.BREACH_LETTER


def kind_fits(dispatch: Dispatch) -> bool:
    """Whether a run is what its template says: a service template for service, and no other; a
    letter about a leak for a leak, with what it rests on."""
    template = dispatch.template
    is_about_leak = template.get("about") == LEAK
    if is_leak(dispatch) or is_about_leak:
        has_evidence = bool(template.get("evidence")) and bool(template.get("is_service"))
        return is_leak(dispatch) and is_about_leak and has_evidence
    return is_service(dispatch) == bool(template.get("is_service"))


def purchases_of(dispatch: Dispatch) -> Proof:
    """The purchases, or the agreements, that a run is about (index messages_occasion_once)."""
    chosen = Occasion.objects.filter(dispatch_id=dispatch.id).values("purchase_id")
    if dispatch.template.get("about") == AGREEMENT:
        return Agreement.objects.filter(id__in=chosen)
    return Purchase.objects.filter(id__in=chosen)


def gate_sql(dispatch: Dispatch, *, at: datetime) -> tuple[str, tuple[Any, ...]]:
    """The gate's answers for the addresses of a run: id, person_id, reason, evidence_id."""
    if is_service(dispatch):
        return judged_service_sql(dispatch.purpose, purchases_of(dispatch), at=at)
    if is_leak(dispatch):
        return judged_duty_sql(UUID(dispatch.template["evidence"]), dispatch.purpose, at=at)
    return judged_sql(dispatch.purpose, Channel(dispatch.channel), at=at)


# For a letter about one topic, and about service: the gate's answer of each address.
_ONE = """
verdict AS MATERIALIZED (
  SELECT j.id, j.reason, j.evidence_id FROM ({judged}) AS j
   WHERE j.id = ANY(ARRAY(SELECT contact_point_id FROM picked)))"""
# Of several topics the first that allows it. But who said no, since the row was written, to the
# topic that it was to go under, does not get the same letter by another one (decision 0033).
_SEVERAL = """
answers AS MATERIALIZED ({answers}),
verdict AS MATERIALIZED (
  SELECT DISTINCT ON (a.id) a.id, a.reason, a.evidence_id, a.purpose_id
    FROM answers a JOIN picked p ON p.contact_point_id = a.id
   ORDER BY a.id, (a.purpose_id = p.purpose_id AND a.reason IN ({noes})) DESC,
            a.reason <> '', a.place)"""
_ANSWER = """
SELECT j.id, j.reason, j.evidence_id, %s::uuid AS purpose_id, {place} AS place
  FROM ({judged}) AS j WHERE j.id = ANY(ARRAY(SELECT contact_point_id FROM picked))"""
NOES = (Reason.WITHDRAWN, Reason.REFUSED, Reason.OBJECTED, Reason.SUPPRESSED)


def verdict_sql(dispatch: Dispatch, *, at: datetime) -> tuple[str, tuple[Any, ...]]:
    """The gate's answer for the addresses that were `picked`, as a part of the claim statement."""
    if not dispatch.also:
        judged, parameters = gate_sql(dispatch, at=at)
        return _ONE.format(judged=judged), parameters
    answers: list[str] = []
    values: list[Any] = []
    for place, purpose in enumerate((dispatch.purpose, *topics_in(dispatch.also))):
        judged, parameters = judged_sql(purpose, Channel(dispatch.channel), at=at)
        answers.append(_ANSWER.format(place=place, judged=judged))
        values += [purpose.id, *parameters]
    noes = ", ".join(f"'{each.value}'" for each in NOES)
    return _SEVERAL.format(answers=" UNION ALL ".join(answers), noes=noes), tuple(values)


def rules_of(dispatch: Dispatch) -> str:
    """Which set of rules decides."""
    if is_leak(dispatch):
        return DUTY_RULE_VERSION
    return SERVICE_RULE_VERSION if is_service(dispatch) else RULE_VERSION


def purchase_values(
    purchases: Proof, slots: Iterable[str], *, language: str = "nl"
) -> dict[str, Combinable]:
    """Expressions over a contact point for the fields of the purchase, or of the agreement.

    Of somebody with several purchases among these all numbers and kinds are told, and the sum.
    """
    if is_agreements(purchases):
        return _agreement_values(purchases, slots, language)
    kept = purchases.filter(person_id=OuterRef("person_id"), reversed_on=None)
    newest = kept.order_by("-bought_on", "-id")
    each = kept.order_by().values("person_id")
    joined = {"output_field": TextField()}
    known: dict[str, Combinable] = {
        NUMBERS: Subquery(
            each.annotate(told=StringAgg("number", ", ", order_by="bought_on")).values("told"),
            **joined,
        ),
        BOUGHT: Subquery(newest.values("bought_on")[:1]),
        "product_group": Subquery(
            each.annotate(told=StringAgg("product_group", ", ", distinct=True)).values("told"),
            **joined,
        ),
        "purchase_amount": Subquery(each.annotate(told=Sum("amount")).values("told")),
    }
    return {name: known[name] for name in slots if name in known}


_AGREED_WORDS = {
    "nl": {"member": "lidmaatschap", "subscription": "abonnement", "appointment": "afspraak"},
    "en": {"member": "membership", "subscription": "subscription", "appointment": "appointment"},
}


def _agreement_values(
    agreements: QuerySet[Agreement], slots: Iterable[str], language: str
) -> dict[str, Combinable]:
    """The same of agreements: of somebody with several the newest, with all numbers."""
    kept = agreements.filter(person_id=OuterRef("person_id"), cancelled_on=None)
    newest = kept.order_by("-agreed_day", "-id")
    words = _AGREED_WORDS.get(language, _AGREED_WORDS["en"])
    joined = {"output_field": TextField()}
    said = Case(*(When(Q(kind=kind), then=Value(word)) for kind, word in words.items()), **joined)
    numbers = StringAgg("number", ", ", order_by="agreed_day")
    known: dict[str, Combinable] = {
        KIND: Subquery(newest.annotate(said=said).values("said")[:1], **joined),
        DAY: Subquery(newest.values("agreed_day")[:1]),
        "agreement_end": Subquery(newest.values("ends_on")[:1]),
        "agreement_number": Subquery(
            kept.order_by().values("person_id").annotate(told=numbers).values("told"), **joined
        ),
    }
    return {name: known[name] for name in slots if name in known}
