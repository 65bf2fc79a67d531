"""The table tests of another purpose for the same data (art. 6(4), 9(1) GDPR)."""

import pytest

from akkoord.law.purpose_rules import (
    GOES_ON,
    Answer,
    Data,
    Factor,
    Outcome,
    Weighed,
    judge_change,
    needs_answers,
)

WHY = "Klanten willen dit weten."
CONTRACT, CONSENT = Data(rests_on_consent=False), Data(rests_on_consent=True)
SPECIAL = Data(rests_on_consent=False, is_special=True)
WORDS = {"f": Answer.FOR, "b": Answer.BETWEEN, "a": Answer.AGAINST}


def answered(letters: str, reason: str = WHY) -> Weighed:
    """Link, context, nature, consequences, safeguards: for, between, against."""
    return Weighed(reason, answers=dict(zip(Factor, (WORDS[e] for e in letters), strict=True)))


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("fffff", Outcome.COMPATIBLE),
        ("bfbff", Outcome.COMPATIBLE),
        ("bbbff", Outcome.CONSENT_ANEW),  # too much in between
        ("ffaff", Outcome.CONSENT_ANEW),
        ("affff", Outcome.CONSENT_ANEW),
        ("fffaf", Outcome.CONSENT_ANEW),
        ("ffffa", Outcome.CONSENT_ANEW),
        ("aafff", Outcome.NOT_COMPATIBLE),  # no link, and nobody expects it
        ("fffaa", Outcome.NOT_COMPATIBLE),  # harm, and nothing prevents it
        ("afaaf", Outcome.NOT_COMPATIBLE),  # more against than for
        ("afaff", Outcome.CONSENT_ANEW),
        ("aaaaa", Outcome.NOT_COMPATIBLE),
    ],
)
def test_what_does_not_rest_on_consent_is_weighed(letters: str, expected: Outcome) -> None:
    assert judge_change(CONTRACT, answered(letters)) is expected


@pytest.mark.parametrize("letters", ["fffff", "aaaaa"])
def test_what_people_agreed_to_needs_a_new_yes_whatever_is_answered(letters: str) -> None:
    assert judge_change(CONSENT, answered(letters)) is Outcome.CONSENT_ANEW
    assert judge_change(CONSENT, Weighed(WHY)) is Outcome.CONSENT_ANEW
    assert not needs_answers(CONSENT)


@pytest.mark.parametrize("consent", [True, False])
def test_special_categories_are_never_used_otherwise(consent: bool) -> None:
    data = Data(rests_on_consent=consent, is_special=True)
    assert judge_change(data, answered("fffff")) is Outcome.SPECIAL
    assert Outcome.SPECIAL not in GOES_ON
    assert not needs_answers(data)


@pytest.mark.parametrize("data", [CONTRACT, CONSENT, SPECIAL])
@pytest.mark.parametrize("weighed", [None, Weighed(), Weighed("te kort"), Weighed(" " * 30)])
def test_without_a_reason_nothing_changes(data: Data, weighed: Weighed | None) -> None:
    assert judge_change(data, weighed) is Outcome.UNANSWERED


def test_each_question_must_be_answered() -> None:
    assert judge_change(CONTRACT, Weighed(WHY)) is Outcome.UNANSWERED
    for factor in Factor:
        some = {other: Answer.FOR for other in Factor if other is not factor}
        assert judge_change(CONTRACT, Weighed(WHY, answers=some)) is Outcome.UNANSWERED
    assert needs_answers(CONTRACT)


@pytest.mark.parametrize(("may", "expected"), [(True, Outcome.SAME), (False, Outcome.CONSENT_ANEW)])
def test_other_words_for_the_same_are_no_change_of_purpose(may: bool, expected: Outcome) -> None:
    data = Data(rests_on_consent=True, may_be_same=may)
    assert judge_change(data, Weighed(WHY, is_same=True)) is expected
