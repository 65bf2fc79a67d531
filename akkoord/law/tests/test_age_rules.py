"""A parent's yes has an end, and a child's own word a beginning; both from one known day."""

from datetime import UTC, datetime

import pytest

from akkoord.law.age_rules import may_say_sixteen, own_yes_from, parents_yes_until

KNOWN = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def test_inv14_a_parents_yes_ends_when_the_youngest_is_sixteen() -> None:
    assert parents_yes_until(KNOWN) == datetime(2030, 11, 25, 9, 30, tzinfo=UTC)


def test_inv14_the_leap_day_is_no_trap() -> None:
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert own_yes_from(leap) == datetime(2029, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2027, 11, 25, 9, 29, tzinfo=UTC), False),
        (datetime(2027, 11, 25, 9, 30, tzinfo=UTC), True),
        (datetime(2040, 1, 1, tzinfo=UTC), True),
    ],
)
def test_inv14_the_own_word_counts_after_a_year(at: datetime, counts: bool) -> None:
    assert may_say_sixteen(KNOWN, at=at) is counts


def test_inv02_unknown_since_when_is_a_no() -> None:
    assert not may_say_sixteen(None, at=KNOWN)
