"""An hour on the clock of who gets a letter."""

from datetime import UTC, datetime

import pytest

from akkoord.law.zones import EARLIEST, ZONES, on_their_clock


@pytest.mark.parametrize(
    ("country", "hour"),
    [("NL", 8), ("BE", 8), ("FI", 7), ("GR", 7), ("PT", 9), ("IE", 9), ("US", 8)],
)
def test_nine_in_the_morning(country: str, hour: int) -> None:
    nine = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # 9:00 in Amsterdam
    assert on_their_clock(nine, country).astimezone(UTC) == datetime(2026, 11, 2, hour, tzinfo=UTC)


def test_iceland_has_no_summer_time() -> None:
    nine = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert on_their_clock(nine, "IS").astimezone(UTC).hour == 9


def test_no_zone_is_further_ahead_than_is_said() -> None:
    for month in range(1, 13):
        noon = datetime(2026, month, 28, 12, 0, tzinfo=UTC)
        assert all(noon - on_their_clock(noon, each) <= EARLIEST for each in ZONES)
