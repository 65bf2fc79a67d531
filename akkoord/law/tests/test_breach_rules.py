"""What a leak's record needs: the advice, explaining, what is missing, being late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from akkoord.law.breach_rules import (
    Decision,
    LetterPart,
    Part,
    advised_decision,
    hours_left,
    missing_for_decision,
    missing_in_letter,
    must_explain,
    needs_grounds_for_delay,
)
from akkoord.law.severity import Severity, SeverityAdvice, SeverityFlag

DUE = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
HIDDEN = frozenset({SeverityFlag.UNINTELLIGIBLE})


@pytest.mark.parametrize(
    ("severity", "flags", "expected"),
    [
        (Severity.LOW, frozenset(), Decision.RECORD),
        (Severity.MEDIUM, frozenset(), Decision.AUTHORITY),
        (Severity.HIGH, frozenset(), Decision.PERSONS),
        (Severity.VERY_HIGH, frozenset(), Decision.PERSONS),
        # art. 34(3)(a): nobody can read it, so the people need not be told
        (Severity.VERY_HIGH, HIDDEN, Decision.AUTHORITY),
    ],
)
def test_the_advice_follows_the_severity(
    severity: Severity, flags: frozenset[SeverityFlag], expected: Decision
) -> None:
    assert advised_decision(SeverityAdvice(Decimal(1), severity, flags)) is expected


@pytest.mark.parametrize(
    ("decision", "advised", "expected"),
    [
        (Decision.RECORD, Decision.RECORD, False),
        (Decision.RECORD, Decision.AUTHORITY, True),
        (Decision.PERSONS, Decision.RECORD, True),  # more than advised is explained too
        (Decision.NO_LEAK, Decision.PERSONS, False),  # its reason says it all
        (Decision.RECORD, None, False),
    ],
)
def test_a_decision_that_differs_is_explained(
    decision: Decision, advised: Decision | None, expected: bool
) -> None:
    assert must_explain(decision, advised) is expected


def test_what_is_missing_is_named() -> None:
    assert missing_for_decision(Decision.RECORD, set(Part)) == ()
    assert missing_for_decision(Decision.AUTHORITY, set(Part) - {Part.WHO}) == (Part.WHO,)
    assert missing_for_decision(Decision.NO_LEAK, {Part.WHAT}) == ()
    assert missing_for_decision(Decision.NO_LEAK, ()) == (Part.WHAT,)


def test_a_letter_has_every_element_of_article_34() -> None:
    whole = dict.fromkeys(LetterPart, "Iets.")
    assert missing_in_letter(whole) == ()
    assert missing_in_letter(whole | {LetterPart.CONTACT: " "}) == (LetterPart.CONTACT,)
    assert missing_in_letter({}) == tuple(LetterPart)


def test_late_is_after_the_moment_itself() -> None:
    assert not needs_grounds_for_delay(DUE, DUE)
    assert needs_grounds_for_delay(DUE + timedelta(seconds=1), DUE)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-72 * 60, 72), (-61, 1), (-60, 1), (-59, 0), (0, 0), (1, -1)]
)
def test_hours_are_rounded_down(minutes: int, expected: int) -> None:
    assert hours_left(DUE, DUE + timedelta(minutes=minutes)) == expected
