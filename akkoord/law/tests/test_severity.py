"""ENISA's method: the score, the bounds, the flags."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from akkoord.law.severity import (
    DataContext,
    Identification,
    LeakFacts,
    Loss,
    Severity,
    SeverityFlag,
    severity_advice,
)

TODAY = date(2026, 11, 24)
FACTS = LeakFacts(
    DataContext.SIMPLE, Identification.MAXIMUM, Loss.NONE, Loss.NONE, Loss.NONE, False, 1
)


@pytest.mark.parametrize(
    ("facts", "score", "severity", "authority", "persons"),
    [
        (FACTS, "1", Severity.LOW, False, False),
        (
            replace(FACTS, confidentiality=Loss.UNKNOWN, integrity=Loss.KNOWN),
            "1.75",
            Severity.LOW,
            False,
            False,
        ),
        (replace(FACTS, context=DataContext.BEHAVIOURAL), "2", Severity.MEDIUM, True, False),
        (replace(FACTS, context=DataContext.FINANCIAL), "3", Severity.HIGH, True, True),
        (
            replace(FACTS, context=DataContext.FINANCIAL, is_malicious=True),
            "3.5",
            Severity.HIGH,
            True,
            True,
        ),
        (replace(FACTS, context=DataContext.SENSITIVE), "4", Severity.VERY_HIGH, True, True),
        (
            replace(FACTS, context=DataContext.SENSITIVE, is_unintelligible=True),
            "4",
            Severity.VERY_HIGH,
            True,
            False,
        ),
        (
            LeakFacts(
                DataContext.SENSITIVE,
                Identification.NEGLIGIBLE,
                Loss.KNOWN,
                Loss.KNOWN,
                Loss.UNKNOWN,
                True,
                1,
            ),
            "2.5",
            Severity.MEDIUM,
            True,
            False,
        ),
    ],
)
def test_scores(
    facts: LeakFacts, score: str, severity: Severity, authority: bool, persons: bool
) -> None:
    """The number, the level, and whom it advises to tell."""
    advice = severity_advice(facts, on=TODAY)
    assert (advice.score, advice.severity) == (Decimal(score), severity)
    assert advice.advises_telling_authority is authority
    assert advice.advises_telling_persons is persons


@pytest.mark.parametrize(
    ("persons", "hidden", "flags"),
    [
        (100, False, set()),
        (101, False, {SeverityFlag.MANY_PERSONS}),
        (101, True, {SeverityFlag.MANY_PERSONS, SeverityFlag.UNINTELLIGIBLE}),
    ],
)
def test_flags(persons: int, hidden: bool, flags: set[SeverityFlag]) -> None:
    """More than a hundred people, and what nobody can read."""
    facts = replace(FACTS, persons=persons, is_unintelligible=hidden)
    assert severity_advice(facts, on=TODAY).flags == flags
