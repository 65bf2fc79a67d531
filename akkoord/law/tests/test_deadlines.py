"""Due days by Regulation 1182/71 (INV-33) and the 72 hours (INV-41)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.law.deadlines import (
    Urgency,
    answer_due,
    breach_due,
    extended_due,
    extension_is_valid,
    next_working_day,
    request_due,
    urgency,
)

HOLIDAYS = frozenset({date(2026, 4, 6), date(2026, 4, 27), date(2026, 12, 25), date(2026, 12, 26)})
NAIVE = datetime(2026, 11, 24, 12, tzinfo=UTC).replace(tzinfo=None)
DAYS = st.dates(date(2019, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 24), date(2026, 12, 24)),  # plain
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2025, 1, 31), date(2025, 2, 28)),  # no 31 February: its last day
        (date(2028, 1, 31), date(2028, 2, 29)),  # leap year
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, Boxing Day, Sunday
        (date(2026, 3, 6), date(2026, 4, 7)),  # Easter Monday
        (date(2026, 3, 27), date(2026, 4, 28)),  # King's Day
        (date(2026, 9, 10), date(2026, 10, 12)),  # Saturday
    ],
)
def test_inv33_one_month_from_receipt(received: date, due: date) -> None:
    """Months, short months, weekends and holidays."""
    assert request_due(received, HOLIDAYS) == due


def test_inv33_three_months_when_extended() -> None:
    """Two months on top, again with the working-day rule."""
    assert extended_due(date(2026, 11, 30), frozenset()) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("told", "valid"),
    [
        (None, False),
        (date(2026, 11, 23), False),  # before receipt
        (date(2026, 11, 24), True),
        (date(2026, 12, 24), True),  # the last day
        (date(2026, 12, 25), False),  # a day late
    ],
)
def test_inv33_an_extension_counts_only_when_told_within_the_month(
    told: date | None, valid: bool
) -> None:
    """Told late, the first month binds."""
    received = date(2026, 11, 24)
    first, extended = request_due(received, HOLIDAYS), extended_due(received, HOLIDAYS)
    assert extension_is_valid(received, told, first) is valid
    due = answer_due(received, told, due=first, extended=extended)
    assert answer_due(received, told, due=first, extended=None) == first
    assert due == (date(2027, 2, 24) if valid else date(2026, 12, 24))


@given(DAYS, st.frozensets(DAYS, max_size=5))
def test_inv33_a_term_never_ends_on_a_day_off(received: date, holidays: frozenset[date]) -> None:
    """Nor before a month has gone by, nor far beyond it."""
    due = request_due(received, holidays)
    assert due.weekday() < 5
    assert due not in holidays
    assert timedelta(days=28) <= due - received <= timedelta(days=31 + 2 + 5 + 4)
    assert extended_due(received, holidays) >= due


def test_a_working_day_is_its_own() -> None:
    """Nothing moves when nothing has to."""
    assert next_working_day(date(2026, 11, 24), HOLIDAYS) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        (datetime(2026, 12, 24, 16, 30, tzinfo=UTC), datetime(2026, 12, 27, 16, 30, tzinfo=UTC)),
        (
            datetime(2026, 11, 27, 23, 0, tzinfo=timezone(timedelta(hours=1))),
            datetime(2026, 11, 30, 22, 0, tzinfo=UTC),
        ),
    ],
)
def test_inv41_hours_run_through_weekends_and_holidays(aware: datetime, due: datetime) -> None:
    """Awareness and 72 hours, whatever day it is."""
    assert breach_due(aware) == due


def test_inv41_a_time_without_a_zone_is_refused() -> None:
    """An hour that may be two is no hour."""
    with pytest.raises(ValueError, match="zone"):
        breach_due(NAIVE)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 16), Urgency.IN_TIME),
        (date(2026, 12, 17), Urgency.SOON),
        (date(2026, 12, 24), Urgency.SOON),
        (date(2026, 12, 25), Urgency.OVERDUE),
    ],
)
def test_how_near_it_is(today: date, expected: Urgency) -> None:
    """The due day itself is still in time to act."""
    assert urgency(date(2026, 12, 24), today) is expected
