"""Terms: what may be chosen, what the law fixes, and when something ends (art. 5(1)(e))."""

from __future__ import annotations

from datetime import date

import pytest

from akkoord.law.parameters import PARAMETERS
from akkoord.law.retention_rules import (
    PRESETS,
    Effect,
    Ending,
    RuleFault,
    Term,
    Trigger,
    contradicts,
    faults_of_rule,
    preset_of,
    preset_source,
    preset_term,
)

TODAY = date(2026, 11, 26)
YEARS_3, YEARS_7 = Term(months=36), Term(months=84)


@pytest.mark.parametrize(
    ("key", "term"),
    [
        ("customers", YEARS_3),
        ("books", YEARS_7),
        ("proof", Term(months=60)),
        ("requests", Term(months=24)),
        ("questions", Term(months=12)),
        ("audit-trail", Term(months=24)),
        ("topic-nieuws", Term(days=30)),
        ("import-to-be-judged", Term(days=60)),
        ("backups", Term(days=30)),
        ("something-own", YEARS_3),
        ("suppression", Term()),
    ],
)
def test_the_ready_made_terms(key: str, term: Term) -> None:
    assert preset_term(key, TODAY) == term
    assert preset_source(key, TODAY)


def test_silence_is_that_of_a_prospect() -> None:
    assert preset_term("topic-nieuws", TODAY, Trigger.LAST_SIGN) == Term(months=24)
    assert "convention" in preset_source("topic-nieuws", TODAY, Trigger.LAST_SIGN)


def test_every_preset_has_a_parameter_of_the_law_table() -> None:
    known = {each.key for each in PARAMETERS}
    assert {each.parameter for each in PRESETS.values()} - known == {""}


@pytest.mark.parametrize(
    ("term", "since", "end"),
    [
        (Term(months=36), date(2024, 2, 29), date(2027, 2, 28)),
        (Term(days=30), date(2026, 11, 1), date(2026, 12, 1)),
        (Term(months=1, days=1), date(2026, 1, 31), date(2026, 3, 1)),
        (Term(), date(2026, 1, 31), None),
    ],
)
def test_a_term_ends_as_the_law_counts(term: Term, since: date, end: date | None) -> None:
    assert term.end(since) == end


@pytest.mark.parametrize(
    ("key", "trigger", "term", "effect", "reason", "faults"),
    [
        ("customers", Trigger.LAST_PURCHASE, YEARS_3, Effect.ERASE, "", []),
        ("customers", Trigger.LAST_PURCHASE, Term(months=12), Effect.BLANK, "", []),
        ("customers", Trigger.END_OF_BOOK_YEAR, YEARS_3, Effect.RESTRICT, "", []),
        (
            "customers",
            Trigger.LAST_PURCHASE,
            YEARS_7,
            Effect.ERASE,
            " ",
            [RuleFault.NEEDS_REASON],
        ),
        ("customers", Trigger.LAST_PURCHASE, YEARS_7, Effect.ERASE, "Garantie van 7 jaar", []),
        ("customers", Trigger.WITHDRAWAL, YEARS_3, Effect.ERASE, "", [RuleFault.TRIGGER]),
        ("customers", "no-such", YEARS_3, Effect.ERASE, "", [RuleFault.TRIGGER]),
        ("customers", Trigger.LAST_PURCHASE, Term(), Effect.ERASE, "", [RuleFault.NO_TERM]),
        (
            "customers",
            Trigger.LAST_PURCHASE,
            Term(months=601),
            Effect.ERASE,
            "x",
            [RuleFault.TOO_LONG],
        ),
        (
            "customers",
            Trigger.LAST_PURCHASE,
            YEARS_3,
            Effect.PSEUDONYMISE,
            "",
            [RuleFault.EFFECT],
        ),
        (
            "books",
            Trigger.END_OF_BOOK_YEAR,
            Term(months=83),
            Effect.ERASE,
            "korter is beter",
            [RuleFault.SHORTER_THAN_LAW],
        ),
        ("books", Trigger.END_OF_BOOK_YEAR, Term(months=120), Effect.ERASE, "Grond", []),
        (
            "import-to-be-judged",
            Trigger.IMPORT,
            Term(days=61),
            Effect.ERASE,
            "meer tijd",
            [RuleFault.LONGER_THAN_PROMISED],
        ),
        ("import-to-be-judged", Trigger.IMPORT, Term(days=30), Effect.ERASE, "", []),
        ("suppression", Trigger.MARKETING_ENDS, Term(), Effect.ERASE, "", []),
    ],
)
def test_what_a_rule_may_say(
    key: str, trigger: str, term: Term, effect: str, reason: str, faults: list[RuleFault]
) -> None:
    """What the law fixes is not shortened; what is longer than usual needs a reason."""
    found = faults_of_rule(key, trigger=trigger, term=term, effect=effect, reason=reason, on=TODAY)
    assert list(found) == faults


def test_the_first_choice_is_the_preset() -> None:
    assert preset_of("customers").triggers[0] is Trigger.LAST_PURCHASE
    assert all(each.effects and each.triggers for each in PRESETS.values())


@pytest.mark.parametrize(
    ("part", "whole", "wrong"),
    [
        (("last-purchase", 36, "erase"), ("last-purchase", 24, "erase"), True),
        (("last-purchase", 36, "restrict"), ("last-purchase", 24, "erase"), True),
        (("last-purchase", 24, "erase"), ("last-purchase", 24, "erase"), False),
        (("last-purchase", 6, "blank"), ("last-purchase", 24, "erase"), False),
        (("end-of-book-year", 36, "erase"), ("last-purchase", 24, "erase"), False),
        (("last-purchase", 36, "erase"), ("last-purchase", 24, "blank"), False),
        (("last-purchase", None, "erase"), ("last-purchase", 24, "erase"), True),
    ],
)
def test_a_part_does_not_outlive_everything(
    part: tuple[str, int | None, str], whole: tuple[str, int | None, str], wrong: bool
) -> None:
    """Counted from the same moment, and only where everything goes (art. 5(1)(e))."""
    endings = [Ending(trigger, Term(months=n), effect) for trigger, n, effect in (part, whole)]
    assert contradicts(*endings) is wrong
