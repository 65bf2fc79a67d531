"""Counting what forms do: shown, begun, posted. Without a cookie, an address or anybody's name."""

import random
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone

from akkoord.consent.models import Form, FormCount, SignUp

_SHARDS = 8
_MORE = """
INSERT INTO consent_formcount AS c (form_id, day, what, shard, n) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (form_id, day, what, shard) DO UPDATE SET n = c.n + 1
"""


def count(form_id: UUID, what: str) -> None:
    """One more view, start or post of a form, today."""
    shard = random.randrange(_SHARDS)  # noqa: S311 - spreads writers, no secret
    with connection.cursor() as cursor:
        cursor.execute(_MORE, [form_id, timezone.localdate(), what, shard])


@dataclass(frozen=True, slots=True)
class FormFunnel:
    """A form from view to confirmation, over a period."""

    form: Form
    views: int
    starts: int
    posts: int
    confirmed: int


def funnels(since: date) -> list[FormFunnel]:
    """Every form that was shown since that day, the busiest first; three statements."""
    counts: dict[UUID, dict[str, int]] = {}
    rows = FormCount.objects.filter(day__gte=since).values("form_id", "what")
    for row in rows.annotate(total=Sum("n")):
        counts.setdefault(row["form_id"], {})[row["what"]] = row["total"]
    confirmed = dict(
        SignUp.objects.filter(collection_point__form_id__in=counts, requested_at__date__gte=since)
        .values("collection_point__form_id")
        .annotate(n=Count("id", filter=Q(state=SignUp.CONFIRMED)))
        .values_list("collection_point__form_id", "n")
    )
    found = [
        FormFunnel(
            form=form,
            views=counts[form.id].get(FormCount.VIEW, 0),
            starts=counts[form.id].get(FormCount.START, 0),
            posts=counts[form.id].get(FormCount.POST, 0),
            confirmed=confirmed.get(form.id, 0),
        )
        for form in Form.objects.filter(id__in=counts)
    ]
    return sorted(found, key=lambda each: -each.views)
