"""Days in a group: as people in Amsterdam count them, also against a stored moment."""

import calendar
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, F, Q
from django.db.models.functions import Cast, Substr, TruncDate
from django.db.models.lookups import In

from akkoord.segments.tree import Condition, Operator

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Days:
    """The comparisons of dates, seen from one moment."""

    def __init__(self, at: datetime) -> None:
        self.today = at.astimezone(AMSTERDAM).date()

    def before(self, days: Any) -> date:
        """So many days ago."""
        return self.today - timedelta(days=int(str(days)))

    def start_of(self, day: date) -> datetime:
        """The moment at which a day begins in Amsterdam."""
        return datetime.combine(day, datetime.min.time(), tzinfo=AMSTERDAM)

    def counted(self, node: Condition) -> Condition:
        """Days ago as the day that it was; other comparisons stay as they are."""
        if node.operator is Operator.AGO:
            return replace(node, operator=Operator.IS, value=self.before(node.value))
        if node.operator is Operator.AGO_OR_MORE:
            day = self.before(node.value) + timedelta(days=1)
            return replace(node, operator=Operator.BEFORE, value=day)
        return node

    def as_text(self, node: Condition) -> Q:
        """Of a date that stands as text: dates written as 2026-11-24 sort as texts do."""
        match node.operator:
            case Operator.BEFORE:
                return Q(value__lt=str(node.value))
            case Operator.AFTER:
                return Q(value__gt=str(node.value))
            case Operator.WITHIN | Operator.WITHIN_NEXT:
                start, end = self.span(node)
                return Q(value__gte=str(start), value__lte=str(end))
            case Operator.ANNIVERSARY:
                return Q(In(Substr("value", 6, 5), self.days_of_the_year(node)))
        return Q(value=str(node.value))

    def on_date(self, node: Condition, column: str) -> Q:
        """Of a column; one that ends in `_at` is a moment."""
        is_moment = column.endswith("_at")
        start: Any
        end: Any
        match node.operator:
            case Operator.BEFORE:
                return Q(**{f"{column}__lt": _edge(node.value, is_moment)})
            case Operator.AFTER:
                assert isinstance(node.value, date)  # noqa: S101 - by check()
                after = _edge(node.value + timedelta(days=1), is_moment)
                return Q(**{f"{column}__gte": after})
            case Operator.WITHIN | Operator.WITHIN_NEXT:
                start, end = self.span(node)
            case Operator.ANNIVERSARY:
                day = TruncDate(column, tzinfo=AMSTERDAM) if is_moment else F(column)
                written = Substr(Cast(day, CharField()), 6, 5)
                return Q(In(written, self.days_of_the_year(node)))
            case _:
                start = end = node.value
        return Q(
            **{
                f"{column}__gte": _edge(start, is_moment),
                f"{column}__lt": _edge(end + timedelta(days=1), is_moment),
            }
        )

    def span(self, node: Condition) -> tuple[date, date]:
        """The last days, or the next; today is one of them."""
        days = timedelta(days=int(str(node.value)))
        if node.operator is Operator.WITHIN_NEXT:
            return self.today, self.today + days
        return self.today - days, self.today

    def days_of_the_year(self, node: Condition) -> list[str]:
        """The days to come, today too, as 11-24; 29 February is on the 28th in other years."""
        coming = [self.today + timedelta(days=n) for n in range(int(str(node.value)) + 1)]
        found = {f"{day:%m-%d}" for day in coming}
        if any((d.month, d.day) == (2, 28) and not calendar.isleap(d.year) for d in coming):
            found.add("02-29")
        return sorted(found)


def _edge(day: Any, is_moment: bool) -> Any:
    """The start of a day, as a day or as the moment at which it begins in Amsterdam."""
    if not is_moment:
        return day
    return datetime.combine(day, datetime.min.time(), tzinfo=AMSTERDAM)
