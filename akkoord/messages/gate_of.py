"""Which gate is asked about a run: the one of its topic, or of service for its purchases.

What a run is follows from its template, never from who starts it: a run that says something else
than its template does not go (INV-26).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.expressions import Combinable

from akkoord.law.message_kinds import MessageKind
from akkoord.law.states import Channel
from akkoord.messages.models import Dispatch
from akkoord.messages.service_fields import BOUGHT, NUMBERS
from akkoord.messages.service_models import Occasion
from akkoord.people.models import Purchase
from akkoord.permission.queries import RULE_VERSION, judged_sql
from akkoord.permission.service import SERVICE_RULE_VERSION, judged_service_sql


def is_service(dispatch: Dispatch) -> bool:
    """Whether this run tells customers about their purchases."""
    return dispatch.kind == MessageKind.SERVICE


def kind_fits(dispatch: Dispatch) -> bool:
    """Whether a run is what its template says: a service template for service, and no other."""
    return is_service(dispatch) == bool(dispatch.template.get("is_service"))


def purchases_of(dispatch: Dispatch) -> QuerySet[Purchase]:
    """The purchases that a run is about (index messages_occasion_once)."""
    chosen = Occasion.objects.filter(dispatch_id=dispatch.id).values("purchase_id")
    return Purchase.objects.filter(id__in=chosen)


def gate_sql(dispatch: Dispatch, *, at: datetime) -> tuple[str, tuple[Any, ...]]:
    """The gate's answers for the addresses of a run: id, person_id, reason, evidence_id."""
    if is_service(dispatch):
        return judged_service_sql(dispatch.purpose, purchases_of(dispatch), at=at)
    return judged_sql(dispatch.purpose, Channel(dispatch.channel), at=at)


def rules_of(dispatch: Dispatch) -> str:
    """Which set of rules decides."""
    return SERVICE_RULE_VERSION if is_service(dispatch) else RULE_VERSION


def purchase_values(purchases: QuerySet[Purchase], slots: Iterable[str]) -> dict[str, Combinable]:
    """Expressions over a contact point for the fields of the purchase.

    Of somebody with several purchases among these all numbers and kinds are told, and the sum.
    """
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
