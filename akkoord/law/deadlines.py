"""When the law wants an answer: due days by Regulation 1182/71 and the 72 hours of a data leak.

Holidays are passed in (a set of days), so that the rule needs no calendar of its own.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date, datetime, timedelta
from enum import StrEnum

from akkoord.law.parameters import duration, parameter
from akkoord.law.terms import add_months

_SATURDAY = 5


class Urgency(StrEnum):
    """How near a due day is."""

    IN_TIME = "in-time"
    SOON = "soon"
    OVERDUE = "overdue"


def next_working_day(day: date, holidays: Set[date]) -> date:
    """The day itself, or the first day after it that is no Saturday, Sunday or holiday.

    Regulation 1182/71 art. 3(4): a term that would end on such a day ends on the next working day.
    """
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def request_due(received: date, holidays: Set[date]) -> date:
    """The last day to answer a person's request: one month from receipt (art. 12(3), INV-33).

    The clock runs from receipt over any channel; the day of receipt itself does not count.
    """
    return next_working_day(add_months(received, parameter("request-term", received)), holidays)


def extended_due(received: date, holidays: Set[date]) -> date:
    """The last day after a lawful extension: three months from receipt (art. 12(3))."""
    months = parameter("request-term", received) + parameter("request-extension", received)
    return next_working_day(add_months(received, months), holidays)


def extension_is_valid(received: date, told: date | None, due: date) -> bool:
    """Whether an extension counts: the person was told within the first month (INV-33).

    `due`: the last day of that month. Told before receipt is no telling. Giving reasons is checked
    where the letter is made.
    """
    return told is not None and received <= told <= due


def answer_due(received: date, told: date | None, *, due: date, extended: date | None) -> date:
    """The day that binds now: extended when the person was told in time, else the first month."""
    if extended is not None and extension_is_valid(received, told, due):
        return extended
    return due


def breach_due(aware_at: datetime) -> datetime:
    """When the notification of a data leak must be with the AP (art. 33(1), INV-41).

    Hours run on through nights, weekends and holidays. Refuses a time without a zone.
    """
    if aware_at.tzinfo is None:
        raise ValueError("the time of awareness needs a zone")
    return aware_at + duration("breach-notification", aware_at.date())


def urgency(due: date, today: date, *, soon_days: int = 7) -> Urgency:
    """Whether a due day has passed, comes within a week, or is further off."""
    if today > due:
        return Urgency.OVERDUE
    if (due - today).days <= soon_days:
        return Urgency.SOON
    return Urgency.IN_TIME
