"""How long a yes counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from akkoord.law.life_rules import advised_months, asks_from, counts_until, may_last

GIVEN = datetime(2024, 2, 29, 9, 30, tzinfo=UTC)


def test_a_yes_counts_for_whole_months_to_the_minute() -> None:
    assert counts_until(GIVEN, 24) == datetime(2026, 2, 28, 9, 30, tzinfo=UTC)
    assert counts_until(GIVEN, None) is None


def test_the_advice_is_two_years() -> None:
    assert advised_months(GIVEN) == 24


def test_asking_begins_some_weeks_before_or_never() -> None:
    assert asks_from(GIVEN, 4) == GIVEN - timedelta(days=28)
    assert asks_from(GIVEN, 0) is None


@pytest.mark.parametrize(
    ("months", "may"), [(None, True), (2, False), (3, True), (60, True), (61, False), (0, False)]
)
def test_what_term_can_be_chosen(months: int | None, may: bool) -> None:
    assert may_last(months) is may
