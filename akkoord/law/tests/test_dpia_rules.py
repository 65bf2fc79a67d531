"""When an assessment is needed, how high a risk is, and what may be decided (art. 35, 36)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from akkoord.law.dpia_rules import (
    ActivityFacts,
    Consultation,
    Criterion,
    Decision,
    Feared,
    Height,
    Listed,
    Part,
    RiskFacts,
    Standing,
    height_of,
    is_needed,
    missing_parts,
    must_ask_authority,
    needs_reason,
    open_decisions,
    seen_criteria,
    standing_of,
)

DAY = date(2026, 11, 26)
WHOLE = RiskFacts("access", "Somebody", "Spam", "A lock", 3, 2, 2, 1)
TEXTS = {"description": "a", "necessity": "b", "rights": "c", "officer": "d", "people": "e"}


def test_nine_criteria_and_seventeen_kinds() -> None:
    assert len(Criterion) == 9
    assert len(Listed) == 17


@pytest.mark.parametrize(
    ("criteria", "listed", "needed"),
    [
        ((), (), False),
        (("monitoring",), (), False),
        (("monitoring", "monitoring"), (), False),
        (("monitoring", "large-scale"), (), True),
        ((), ("cameras",), True),
        (tuple(Criterion), (), True),
        # The three cases of art. 35(3): each meets two.
        (("evaluation", "automated"), (), True),
        (("sensitive", "large-scale"), (), True),
    ],
)
def test_two_criteria_or_anything_of_the_list(
    criteria: tuple[str, ...], listed: tuple[str, ...], needed: bool
) -> None:
    assert is_needed(criteria, listed) is needed


@pytest.mark.parametrize(
    ("facts", "seen"),
    [
        (ActivityFacts(), ()),
        (ActivityFacts(people=9_999), ()),
        (ActivityFacts(people=10_000), ("large-scale",)),
        (ActivityFacts(has_special=True), ("sensitive",)),
        (ActivityFacts(follows=True), ("evaluation", "monitoring")),
        (ActivityFacts(has_children=True), ("vulnerable",)),
        (ActivityFacts(subjects=frozenset({"dpv:Employee"})), ("vulnerable",)),
        (ActivityFacts(subjects=frozenset({"dpv:Customer"})), ()),
    ],
)
def test_what_the_facts_say_by_themselves(facts: ActivityFacts, seen: tuple[str, ...]) -> None:
    assert seen_criteria(facts, DAY) == seen


@pytest.mark.parametrize(
    ("criteria", "listed", "seen", "asked"),
    [
        ((), (), (), False),
        (("sensitive",), (), (), True),
        (("sensitive", "large-scale"), (), ("sensitive",), False),
        ((), (), ("sensitive",), True),
        (("sensitive",), ("health",), (), False),
    ],
)
def test_who_denies_what_is_seen_says_why(
    criteria: tuple[str, ...], listed: tuple[str, ...], seen: tuple[str, ...], asked: bool
) -> None:
    assert needs_reason(criteria, listed, seen) is asked


@pytest.mark.parametrize(
    ("criteria", "listed", "before", "asked"),
    [
        ((), (), ("monitoring", "innovative"), True),
        ((), (), ("monitoring",), True),
        ((), (), ("cameras",), True),
        (("monitoring", "innovative"), (), ("monitoring", "cameras"), True),
        (("monitoring", "innovative"), (), ("monitoring",), False),
        ((), ("cameras", "staff"), ("cameras",), False),
    ],
)
def test_who_takes_back_what_was_said_before_says_why(
    criteria: tuple[str, ...], listed: tuple[str, ...], before: tuple[str, ...], asked: bool
) -> None:
    assert needs_reason(criteria, listed, (), before) is asked


@pytest.mark.parametrize(
    ("severity", "likelihood", "height"),
    [
        *((1, each, Height.LOW) for each in (1, 2)),
        *((2, each, Height.LOW) for each in (1, 2)),
        *((1, each, Height.MIDDLE) for each in (3, 4)),
        *((4, each, Height.MIDDLE) for each in (1, 2)),
        *((3, each, Height.HIGH) for each in (3, 4)),
        *((4, each, Height.HIGH) for each in (3, 4)),
    ],
)
def test_the_map_of_risks(severity: int, likelihood: int, height: Height) -> None:
    assert height_of(severity, likelihood) is height


def test_what_is_still_to_be_filled_in() -> None:
    risks = [replace(WHOLE, feared=each.value) for each in Feared]
    assert missing_parts(TEXTS, risks, has_officer=True) == ()
    assert missing_parts({}, [], has_officer=True) == tuple(Part)
    assert Part.OFFICER not in missing_parts({}, [], has_officer=False)
    assert missing_parts(TEXTS | {"people": "  "}, risks, has_officer=True) == (Part.PEOPLE,)
    half = [replace(WHOLE, measures=""), *risks[1:]]
    assert missing_parts(TEXTS, half, has_officer=True) == (Part.ACCESS,)
    unjudged = [*risks[:2], replace(WHOLE, feared="loss", left_severity=None)]
    assert missing_parts(TEXTS, unjudged, has_officer=True) == (Part.LOSS,)


def test_measures_make_no_risk_greater() -> None:
    assert not WHOLE.grows
    assert replace(WHOLE, left_severity=4).grows
    assert replace(WHOLE, left_likelihood=3).grows
    assert not RiskFacts("access", left_severity=4).grows


def test_a_high_risk_that_stays_goes_to_the_authority_first() -> None:
    high = replace(WHOLE, severity=4, likelihood=4, left_severity=3, left_likelihood=3)
    assert not must_ask_authority([WHOLE, RiskFacts("loss")])
    assert open_decisions([WHOLE]) == tuple(Decision)
    assert must_ask_authority([WHOLE, high])
    assert open_decisions([WHOLE, high]) == (Decision.ASK, Decision.STOP)
    assert open_decisions([WHOLE, high], was_asked=True) == tuple(Decision)


@pytest.mark.parametrize(
    ("asked", "is_over"),
    [
        (Consultation(), False),
        (Consultation(None, DAY, "Do this."), False),
        (Consultation(date(2026, 10, 1)), False),
        (Consultation(date(2026, 10, 1), DAY), False),
        (Consultation(date(2026, 10, 1), DAY, "  "), False),
        (Consultation(date(2026, 10, 1), DAY, "Do this."), True),
        (Consultation(DAY - timedelta(weeks=14)), False),
        (Consultation(DAY - timedelta(weeks=14, days=1)), True),
    ],
)
def test_after_an_answer_or_fourteen_weeks_it_may_begin(asked: Consultation, is_over: bool) -> None:
    assert asked.is_over(DAY) is is_over


@pytest.mark.parametrize(
    ("asked", "answered", "wrong"),
    [
        (None, None, ""),
        (DAY, DAY, ""),
        (DAY + timedelta(days=1), None, "asked_on"),
        (DAY, DAY + timedelta(days=1), "answered_on"),
        (DAY, DAY - timedelta(days=1), "answered_on"),
        (None, DAY, "answered_on"),
    ],
)
def test_an_answer_follows_a_question(
    asked: date | None, answered: date | None, wrong: str
) -> None:
    assert Consultation(asked, answered).wrong_day(DAY) == wrong


@pytest.mark.parametrize(
    ("needed", "decision", "changed", "review", "standing"),
    [
        (None, "", False, None, Standing.UNSEEN),
        (False, "", False, None, Standing.NOT_NEEDED),
        (False, "", True, None, Standing.OLD),
        (False, "go", False, DAY, Standing.NOT_NEEDED),
        # A decision against it is not undone by needing none.
        (False, "ask", False, date(2027, 1, 1), Standing.ASK),
        (False, "stop", True, date(2027, 1, 1), Standing.STOPPED),
        (True, "", False, None, Standing.TO_MAKE),
        (True, "go", False, date(2027, 1, 1), Standing.DONE),
        (True, "go", False, None, Standing.DONE),
        (True, "go", False, DAY, Standing.OLD),
        (True, "go", True, date(2027, 1, 1), Standing.OLD),
        (True, "ask", False, date(2027, 1, 1), Standing.ASK),
        (True, "stop", False, date(2027, 1, 1), Standing.STOPPED),
    ],
)
def test_how_an_activity_stands(
    needed: bool | None, decision: str, changed: bool, review: date | None, standing: Standing
) -> None:
    found = standing_of(
        needed=needed, decision=decision, changed_since=changed, review_on=review, on=DAY
    )
    assert found is standing
