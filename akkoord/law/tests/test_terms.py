"""The day that the law counts."""

from datetime import UTC, date, datetime

import pytest

from akkoord.law.terms import end_of_day, law_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),  # summer time: two hours
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_of_the_law_is_the_day_in_the_netherlands(moment: datetime, day: date) -> None:
    assert law_day(moment) == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 6, 30), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),  # the clock went back
    ],
)
def test_a_day_is_over_at_midnight_in_the_netherlands(day: date, moment: datetime) -> None:
    assert end_of_day(day) == moment
