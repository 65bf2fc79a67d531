"""The table tests of what is still needed (art. 5(1)(c); INV-31)."""

from datetime import date

import pytest

from akkoord.law.use_rules import FieldLine, FieldUse, Lack, UseKind, is_idle, lacks_of, last_use

TODAY = date(2026, 11, 24)
LONG_AGO = date(2026, 1, 1)


def used(*days: date | None) -> list[FieldUse]:
    return [FieldUse(UseKind.LETTER, "Brief", day) for day in days]


@pytest.mark.parametrize(
    ("days", "since", "expected"),
    [
        ((), date(2026, 5, 24), True),  # six months to the day
        ((), date(2026, 5, 25), False),
        ((date(2026, 5, 24),), LONG_AGO, True),
        ((date(2026, 5, 25),), LONG_AGO, False),
        ((LONG_AGO, date(2026, 11, 1)), LONG_AGO, False),  # the last one counts
        ((None,), LONG_AGO, True),  # a draft is no use
        ((date(2025, 1, 1),), date(2026, 8, 1), False),  # made anew since
    ],
)
def test_after_six_months_without_use_it_is_asked(
    days: tuple[date | None, ...], since: date, expected: bool
) -> None:
    assert is_idle(used(*days), known_since=since, today=TODAY) is expected


def test_the_last_use_is_the_newest_day() -> None:
    assert last_use(used(LONG_AGO, None, TODAY)) == TODAY
    assert last_use(used(None)) is None


WHOLE = FieldLine("topic-news", "Om te tonen wat past.", "consent", has_term=True)


@pytest.mark.parametrize(
    ("category", "lines", "expected"),
    [
        ("pd:City", (WHOLE,), ()),
        (" ", (WHOLE,), (Lack.CATEGORY,)),
        ("pd:City", (), (Lack.PURPOSE,)),
        ("pd:City", (WHOLE, FieldLine("a", " ", "consent", True)), (Lack.WHY,)),
        ("pd:City", (FieldLine("a", "x", "", True),), (Lack.BASIS,)),
        ("pd:City", (FieldLine("a", "x", "consent", False),), (Lack.TERM,)),
        ("", (FieldLine("a", "", "", False),), (Lack.CATEGORY, Lack.WHY, Lack.BASIS, Lack.TERM)),
    ],
)
def test_inv31_what_is_lacking_is_named(
    category: str, lines: tuple[FieldLine, ...], expected: tuple[Lack, ...]
) -> None:
    assert lacks_of(category, lines) == expected
