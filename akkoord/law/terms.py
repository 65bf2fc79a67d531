"""Calendar arithmetic for terms: months and years as the law counts them.

Source: Regulation (EEC, Euratom) 1182/71 art. 3(2)(c): a term in months ends on the day with the
same number; a month without that day ends on its last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LAW_ZONE = ZoneInfo("Europe/Amsterdam")


def law_day(at: datetime) -> date:
    """The day that the law counts: in the Netherlands a new one begins an hour or two before it
    does in UTC (Regulation 1182/71 art. 3: a day is a calendar day, of the place)."""
    return at.astimezone(LAW_ZONE).date()


def end_of_day(day: date) -> datetime:
    """The moment at which this day is over: a term in days ends with its last one (Regulation
    1182/71 art. 3(2)(b))."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LAW_ZONE)


def add_months(start: date, months: int) -> date:
    """The same day so many months later (or earlier), else that month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def add_years(start: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th in a common year."""
    return add_months(start, years * 12)
