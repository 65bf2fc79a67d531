"""What the evidence columns of a file prove (INV-7)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.law.import_rules import judge_mailchimp_row, judge_timed_row, read_time
from akkoord.law.reasons import Reason
from akkoord.law.states import PermissionState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
T1, T2 = "2024-03-01 10:00:00", "2024-03-01 10:05:00"
IP = "192.0.2.0"
NEVER = "0000-00-00 00:00:00"
AHEAD = "2031-05-05 10:00:00"
G, C = PermissionState.GIVEN, PermissionState.CONFIRMED


@pytest.mark.parametrize(
    ("columns", "state", "reason"),
    [
        ((T1, IP, T2, IP), C, None),  # double
        ((T1, IP, T1, IP), C, None),  # in the same second
        (("", "", T2, IP), C, None),  # their own click
        ((T1, IP, T2, ""), G, None),  # single, at a form
        ((T1, IP, "", ""), G, None),
        ((T1, "", T2, IP), C, None),
        (("", "", T2, ""), None, Reason.ADDED_BY_ADMINISTRATOR),
        (("", IP, T2, ""), None, Reason.ADDED_BY_ADMINISTRATOR),
        (("", "", "", ""), None, Reason.NO_EVIDENCE),
        ((" ", IP, "", IP), None, Reason.NO_EVIDENCE),
        ((T1, "", T2, ""), None, Reason.NO_EVIDENCE),
        ((T1, "somewhere", "", ""), None, Reason.NO_EVIDENCE),
        ((NEVER, IP, T2, IP), None, Reason.IMPOSSIBLE_TIME),
        (("1970-01-01 00:00:00", IP, "", ""), None, Reason.IMPOSSIBLE_TIME),
        (("2024-02-30 10:00:00", IP, "", ""), None, Reason.IMPOSSIBLE_TIME),
        ((T1, IP, AHEAD, IP), None, Reason.FUTURE_TIME),
        ((AHEAD, IP, "", ""), None, Reason.FUTURE_TIME),
        ((T2, IP, T1, IP), None, Reason.IMPOSSIBLE_TIME),  # confirmed before asked
    ],
)
def test_inv07_what_mailchimp_rows_prove(
    columns: tuple[str, str, str, str], state: PermissionState | None, reason: Reason | None
) -> None:
    """Own acts count, administrators' do not, and what cannot be proves nothing."""
    verdict = judge_mailchimp_row(
        optin_time=columns[0],
        optin_ip=columns[1],
        confirm_time=columns[2],
        confirm_ip=columns[3],
        at=NOW,
        is_wording_declared=True,
    )
    assert (verdict.state, verdict.decision.reason) == (state, reason)
    assert (verdict.happened_at is None) is (state is None)


def test_inv07_without_a_declared_wording_nothing_is_proved() -> None:
    """Nobody can show what was agreed to."""
    row = judge_mailchimp_row(
        optin_time=T1,
        optin_ip=IP,
        confirm_time=T2,
        confirm_ip=IP,
        at=NOW,
        is_wording_declared=False,
    )
    assert row.decision.reason is Reason.WORDING_NOT_DECLARED
    timed = judge_timed_row(time=T1, at=NOW, is_wording_declared=False)
    assert timed.decision.reason is Reason.WORDING_NOT_DECLARED


@pytest.mark.parametrize(
    ("time", "reason"),
    [(T1, None), ("", Reason.NO_EVIDENCE), (NEVER, Reason.IMPOSSIBLE_TIME)],
)
def test_inv07_one_column_with_a_time(time: str, reason: Reason | None) -> None:
    """A time per row is the least that counts."""
    verdict = judge_timed_row(time=time, at=NOW, is_wording_declared=True)
    assert verdict.decision.reason is reason
    assert verdict.state is (G if reason is None else None)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01 10:00:00",
        "2024-03-01T10:00:00",
        "2024-03-01 10:00",
        "01-03-2024 10:00:00",
        " 01-03-2024 10:00 ",
    ],
)
def test_times_as_they_come(text: str) -> None:
    """The notations of the files, read in the zone of the file."""
    assert read_time(text, at=NOW) == (datetime(2024, 3, 1, 10, tzinfo=UTC), None)
    moment, _ = read_time(text, at=NOW, zone=ZoneInfo("Europe/Amsterdam"))
    assert moment == datetime(2024, 3, 1, 9, tzinfo=UTC)


def test_days_without_an_hour() -> None:
    """Midnight, in both notations; an empty field is no time and no fault."""
    for text in ("2024-03-01", "01-03-2024"):
        assert read_time(text, at=NOW)[0] == datetime(2024, 3, 1, tzinfo=UTC)
    assert read_time("  ", at=NOW) == (None, None)


@given(st.text(max_size=25))
def test_any_text_is_a_time_or_a_reason(text: str) -> None:
    """Never an error, never a time ahead."""
    moment, reason = read_time(text, at=NOW)
    assert (moment is None) or (reason is None and moment.year <= 2026)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1995-01-01 00:00:00", None),
        ("1994-12-31 23:59:59", Reason.IMPOSSIBLE_TIME),
        ("2026-11-24 12:01:00", None),  # clocks differ
        ("2026-11-24 12:01:01", Reason.FUTURE_TIME),
    ],
)
def test_the_first_and_the_last_possible_time(text: str, reason: Reason | None) -> None:
    """From the first sign-up forms until now, with a minute of grace."""
    assert read_time(text, at=NOW)[1] is reason
