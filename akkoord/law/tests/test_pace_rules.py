"""How fast letters leave: the first days of a sender, and providers that ask for patience."""

from datetime import date

import pytest

from akkoord.law.pace_rules import (
    FIRST_SLOW,
    FREE_AGAIN,
    SLOWEST,
    WARM_UP,
    days_needed,
    faster,
    is_about_provider,
    limit_on,
    slower,
)

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2026, 11, 1), None),
        (DAY, 200),
        (date(2026, 11, 3), 500),
        (date(2026, 11, 10), 80_000),
        (date(2026, 11, 11), None),
    ],
)
def test_each_day_has_its_limit(day: date, limit: int | None) -> None:
    assert limit_on(DAY, day) == limit


@pytest.mark.parametrize(
    ("count", "today", "used", "days"),
    [
        (0, DAY, 0, 0),
        (200, DAY, 0, 1),
        (201, DAY, 0, 2),
        (200, DAY, 1, 2),
        (1_700, DAY, 0, 3),
        (1_701, DAY, 0, 4),
        (100, DAY, 500, 2),  # more left today than the plan says: nothing more does
        (sum(WARM_UP), DAY, 0, 9),
        (sum(WARM_UP) + 1, DAY, 0, 10),
        (1_000_000, date(2026, 11, 10), 0, 2),
        (1_000_000, date(2026, 12, 1), 0, 1),
    ],
)
def test_how_many_days_it_takes(count: int, today: date, used: int, days: int) -> None:
    assert days_needed(count, begun_on=DAY, today=today, used=used) == days


@pytest.mark.parametrize(
    ("code", "about"),
    [
        ("421 4.7.0", True),
        ("451 4.7.1", True),
        ("450", True),
        ("452 4.2.2", False),
        ("450 4.2.1", False),
        ("550 5.7.1", False),
    ],
)
def test_a_full_mailbox_says_nothing_of_its_provider(code: str, about: bool) -> None:
    assert is_about_provider(code) is about


def test_half_as_fast_and_slowly_back() -> None:
    assert slower(None) == FIRST_SLOW
    assert slower(FIRST_SLOW) == FIRST_SLOW / 2
    assert slower(SLOWEST) == SLOWEST
    rate: float | None = SLOWEST
    steps = 0
    while rate is not None:
        assert rate < FREE_AGAIN
        rate = faster(rate)
        steps += 1
    assert 20 < steps < 40
