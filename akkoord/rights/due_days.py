"""The days of a request: what the law makes of its receipt and of an extension (INV-33)."""

from datetime import date
from functools import cache

import holidays
from django.utils import timezone

from akkoord.law.deadlines import answer_due
from akkoord.rights.models import RightsRequest


@cache
def dutch_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year and the next, on which no term ends (Regulation 1182/71)."""
    return frozenset(holidays.country_holidays("NL", years=[year, year + 1]))


def received_on(request: RightsRequest) -> date:
    """The day of receipt, in the Netherlands."""
    return timezone.localtime(request.received_at).date()


def due_of(request: RightsRequest) -> date:
    """The day that binds now: the later one only when the person was told of it in time."""
    return answer_due(
        received_on(request),
        request.extension_told_on,
        due=request.due_on,
        extended=request.extended_until,
    )
