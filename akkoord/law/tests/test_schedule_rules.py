"""When a planned letter leaves: days and times that are none, that come twice, that were missed."""

from datetime import UTC, datetime, timedelta

import pytest

from akkoord.law.schedule_rules import (
    Planned,
    TimeProblem,
    is_missed,
    judge_moment,
    last_leaves,
    moments_of,
    plan_at,
    quiet_until,
)

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "which", "expected"),
    [
        ("2026-12-01", "09:00", None, datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-07-01", "09:00", None, datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-10-25", "02:30", 1, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25", "02:30", 2, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25", "03:00", 2, datetime(2026, 10, 25, 2, tzinfo=UTC)),  # comes once
        ("2026-03-29", "03:00", None, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_a_time_on_the_clock_is_a_moment(
    day: str, clock: str, which: int | None, expected: datetime
) -> None:
    assert plan_at(day, clock, now=NOW, which=which) == Planned(expected)


@pytest.mark.parametrize(
    ("day", "clock", "problem"),
    [
        ("2026-02-30", "09:00", TimeProblem.NO_DAY),
        ("2027-02-29", "09:00", TimeProblem.NO_DAY),
        ("", "09:00", TimeProblem.NO_DAY),
        ("morgen", "09:00", TimeProblem.NO_DAY),
        ("2026-12-01", "25:00", TimeProblem.NO_CLOCK),
        ("2026-12-01", "", TimeProblem.NO_CLOCK),
        ("2026-12-01", "09:00+02:00", TimeProblem.NO_CLOCK),
        ("2026-03-29", "02:30", TimeProblem.SKIPPED),
        ("2026-03-29", "02:00", TimeProblem.SKIPPED),
        ("2026-10-25", "02:30", TimeProblem.TWICE),
        ("2026-10-25", "02:00", TimeProblem.TWICE),
        ("2026-02-01", "12:59", TimeProblem.PAST),
        ("2026-02-01", "13:00", TimeProblem.PAST),  # this very moment
        ("2027-02-03", "09:00", TimeProblem.FAR),
        ("9999-12-31", "23:59", TimeProblem.FAR),
        ("0001-01-01", "00:00", TimeProblem.PAST),
    ],
)
def test_what_is_no_moment_is_said(day: str, clock: str, problem: TimeProblem) -> None:
    assert plan_at(day, clock, now=NOW) == Planned(None, problem)


def test_a_moment_with_its_zone_is_taken_as_it_is() -> None:
    moment = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert judge_moment(moment, now=NOW).at == moment


def test_moments_of_the_clock() -> None:
    assert moments_of(datetime(2026, 3, 29, 2, 30)) == ()  # noqa: DTZ001
    assert len(moments_of(datetime(2026, 10, 25, 2, 30))) == 2  # noqa: DTZ001
    assert len(moments_of(datetime(2026, 10, 25, 1, 59))) == 1  # noqa: DTZ001


@pytest.mark.parametrize(("minutes", "missed"), [(0, False), (60, False), (61, True), (-5, False)])
def test_more_than_an_hour_late_is_missed(minutes: int, missed: bool) -> None:
    assert is_missed(NOW, at=NOW + timedelta(minutes=minutes)) is missed


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 12, 1, 12, tzinfo=UTC), None),
        (datetime(2026, 12, 1, 7, tzinfo=UTC), None),  # 08:00 in Amsterdam
        (datetime(2026, 12, 1, 6, 59, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (datetime(2026, 12, 1, 19, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 1, 20, tzinfo=UTC), datetime(2026, 12, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
def test_the_night_ends_at_eight_in_amsterdam(at: datetime, until: datetime | None) -> None:
    assert quiet_until(at) == until


@pytest.mark.parametrize(
    ("first", "minutes", "rests", "last"),
    [
        # In winter nine in the evening is 20:00 UTC, and eight in the morning 07:00.
        (datetime(2026, 12, 1, 12, tzinfo=UTC), 60, True, datetime(2026, 12, 1, 13, tzinfo=UTC)),
        (datetime(2026, 12, 1, 19, tzinfo=UTC), 120, False, datetime(2026, 12, 1, 21, tzinfo=UTC)),
        (datetime(2026, 12, 1, 19, tzinfo=UTC), 120, True, datetime(2026, 12, 2, 8, tzinfo=UTC)),
        (datetime(2026, 12, 1, 22, tzinfo=UTC), 0, True, datetime(2026, 12, 2, 7, tzinfo=UTC)),
        (datetime(2026, 12, 1, 19, tzinfo=UTC), 900, True, datetime(2026, 12, 3, 8, tzinfo=UTC)),
        # The clock goes forward in this night.
        (datetime(2026, 3, 28, 19, tzinfo=UTC), 120, True, datetime(2026, 3, 29, 7, tzinfo=UTC)),
    ],
)
def test_what_is_spread_waits_for_the_night_and_goes_on(
    first: datetime, minutes: int, rests: bool, last: datetime
) -> None:
    assert last_leaves(first, minutes=minutes, rests_at_night=rests) == last
