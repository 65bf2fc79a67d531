"""What people did: how often they bought and for how much; what they read, who let us see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from akkoord.consent.models import Standing
from akkoord.law.hit_rules import HitKind
from akkoord.law.states import LIVE_STATES
from akkoord.messages.click_models import Hit
from akkoord.messages.models import Message
from akkoord.people.models import Purchase
from akkoord.segments.days import Days
from akkoord.segments.tree import Bought, Operator, Read

FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "bought": ("last_purchase",),
    "spent": ("last_purchase", "purchase_amount"),
}
"""The fields of the catalogue that a condition uses, so that the topic must be allowed them."""
CURRENCY = "EUR"  # sums of several currencies mean nothing


def bought(node: Bought, days: Days) -> Q:
    """At least, or at most, so many purchases or so much spent, these last days.

    A purchase that was taken back does not count. One index (people_purchase_last), one person at
    a time: a batch of letters costs the same however many people there are.
    """
    rows: QuerySet[Any, Any] = Purchase.objects.filter(
        person=OuterRef("person_id"),
        bought_on__gte=days.before(node.days),
        bought_on__lte=days.today,
        reversed_on=None,
    )
    if node.what == "spent":
        rows = rows.filter(currency=CURRENCY)
    total = Count("pk") if node.what == "bought" else Sum("amount")
    totals = rows.values("person_id").annotate(total=total)
    if node.operator is Operator.AT_LEAST:
        # Nobody's nothing is at least zero too.
        return (
            Q(Exists(totals.filter(total__gte=node.value))) if node.value else Q(pk__isnull=False)
        )
    return ~Q(Exists(totals.filter(total__gt=node.value)))


def read(node: Read, days: Days, at: datetime) -> Q:
    """Who agreed to be measured and opened or pressed; opposite: agreed, and did not.

    Everybody else is in neither (INV-28): asked of the standing at this moment, so that after a no
    nothing counts, also before the night in which it goes. What a machine did does not count.
    Indexes messages_hit_person and messages_person, one person at a time.
    """
    agreed = Standing.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at),
        contact_point=OuterRef("pk"),
        purpose__measures=True,
        purpose__ended_at=None,
        state__in=LIVE_STATES,
    )
    what = Hit.OPEN if node.what == "opened" else Hit.CLICK
    hits = Hit.objects.filter(
        person_id=OuterRef("person_id"), what=what, kind=HitKind.PRESS.value, at__lte=at
    )
    if node.unit == "days":
        hits = hits.filter(at__gte=days.start_of(days.before(node.number)))
    else:
        letters = Message.objects.filter(
            person_id=OuterRef(OuterRef("person_id")), state=Message.State.SENT, to_device=False
        )
        newest = letters.order_by("-due_at", "-id").values("id")[: node.number]
        hits = hits.filter(message_id__in=newest)
    did = Q(Exists(hits))
    return Q(Exists(agreed)) & (~did if node.opposite else did)
