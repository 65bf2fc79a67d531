"""The dated table: what holds on which day, and by whose word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.law import ip
from akkoord.law.parameters import (
    PARAMETERS,
    Unit,
    duration,
    parameter,
    parameter_entry,
    term_end,
)
from akkoord.law.terms import add_months, add_years

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        ("confirmation-term", 7, Unit.DAYS),
        ("confirmation-mail-interval", 24, Unit.HOURS),
        ("import-review-term", 60, Unit.DAYS),
        ("import-owner-wait", 30, Unit.DAYS),
        ("soft-opt-in-term", 2, Unit.YEARS),
        ("age-of-consent", 16, Unit.YEARS),
        ("request-term", 1, Unit.MONTHS),
        ("request-extension", 2, Unit.MONTHS),
        ("breach-notification", 72, Unit.HOURS),
        ("refusal-pause", 6, Unit.MONTHS),
        ("consent-evidence-after-end", 5, Unit.YEARS),
        ("ip-prefix-4", 24, Unit.BITS),
        ("ip-prefix-6", 48, Unit.BITS),
        ("gate-freshness", 2, Unit.SECONDS),
        ("fiscal-term", 7, Unit.YEARS),
        ("withdrawal-link-term", 0, Unit.FOR_EVER),
    ],
)
def test_what_holds_today(key: str, value: int, unit: Unit) -> None:
    """The numbers that the rules rest on."""
    entry = parameter_entry(key, TODAY)
    assert (entry.value, entry.unit) == (value, unit)
    assert parameter(key, TODAY) == value


def test_every_row_has_a_source_and_its_own_day() -> None:
    """No number without whose it is; no two for one day."""
    assert all(entry.source.strip() for entry in PARAMETERS)
    assert len({(entry.key, entry.valid_from) for entry in PARAMETERS}) == len(PARAMETERS)


@pytest.mark.parametrize(
    ("on", "allowed"), [(date(2026, 6, 30), 1), (date(2026, 7, 1), 0), (date(2030, 1, 1), 0)]
)
def test_inv16_calling_customers_ended_on_the_first_of_july(on: date, allowed: int) -> None:
    """The day before it was still allowed, and stays so in hindsight."""
    assert parameter("phone-soft-opt-in", on) == allowed


@pytest.mark.parametrize(
    ("key", "on"), [("no-such-thing", TODAY), ("request-term", date(2018, 5, 24))]
)
def test_inv02_what_is_not_known_is_refused(key: str, on: date) -> None:
    """An unknown key, or a day before the law, has no number."""
    with pytest.raises(LookupError):
        parameter(key, on)


@pytest.mark.parametrize(
    ("key", "length"),
    [
        ("gate-freshness", timedelta(seconds=2)),
        ("breach-notification", timedelta(hours=72)),
        ("confirmation-term", timedelta(days=7)),
    ],
)
def test_lengths_of_time(key: str, length: timedelta) -> None:
    """Seconds, hours and days are lengths."""
    assert duration(key, TODAY) == length


def test_months_are_no_length_of_time() -> None:
    """How long a month is depends on which."""
    with pytest.raises(TypeError):
        duration("request-term", TODAY)


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("import-review-term", date(2026, 11, 24), date(2027, 1, 23)),
        ("refusal-pause", date(2026, 8, 31), date(2027, 2, 28)),
        ("soft-opt-in-term", date(2024, 2, 29), date(2026, 2, 28)),
        ("withdrawal-link-term", date(2026, 1, 1), None),
    ],
)
def test_the_last_day_of_a_term(key: str, start: date, end: date | None) -> None:
    """Days, months, years and for ever."""
    assert term_end(key, start) == end


def test_a_term_that_began_before_the_law_takes_the_rule_of_the_day() -> None:
    """An invoice from 1997 is judged by the rule of today."""
    assert term_end("soft-opt-in-term", date(2017, 3, 1), TODAY) == date(2019, 3, 1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 12, date(2027, 5, 31)),
    ],
)
def test_months_by_regulation_1182(start: date, months: int, end: date) -> None:
    """The same day, or the last of a shorter month."""
    assert add_months(start, months) == end


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months_never_skip_a_month(start: date, months: int) -> None:
    """The end lies in exactly the month that was meant, never past the same day."""
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert add_years(start, 3) == add_months(start, 36)


def test_ip_prefixes_agree_with_the_table() -> None:
    """The cutter and the table are one rule."""
    assert parameter("ip-prefix-4", TODAY) == ip.PREFIX_4
    assert parameter("ip-prefix-6", TODAY) == ip.PREFIX_6
