"""Less often and not now: the moments, and how long a pause may be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from akkoord.law.reasons import Reason
from akkoord.law.rhythm_rules import Rhythm, judge_pause, longest_pause, next_turn

TODAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("last", "rhythm", "expected"),
    [
        (
            datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
            Rhythm.WEEK,
            datetime(2026, 2, 7, 9, 30, tzinfo=UTC),
        ),
        # A month without that day ends on its last day.
        (
            datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
            Rhythm.MONTH,
            datetime(2026, 2, 28, 9, 30, tzinfo=UTC),
        ),
        (
            datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
            Rhythm.QUARTER,
            datetime(2027, 2, 28, 9, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_next_turn(last: datetime, rhythm: Rhythm, expected: datetime) -> None:
    assert next_turn(last, rhythm) == expected


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (date(2026, 8, 30), Reason.IMPOSSIBLE_TIME),
        (TODAY, Reason.IMPOSSIBLE_TIME),
        (date(2026, 9, 1), None),
        (date(2027, 2, 28), None),  # six months after 31 August
        (date(2027, 3, 1), Reason.PAUSE_TOO_LONG),
        (date.max, Reason.PAUSE_TOO_LONG),
    ],
)
def test_how_long_a_pause_may_be(until: date, reason: Reason | None) -> None:
    assert judge_pause(until, today=TODAY).reason is reason
    assert longest_pause(TODAY) == date(2027, 2, 28)
