"""Whether data may be used for another purpose than it was given for (art. 5(1)(b), 6(4), 9 GDPR).

Pure: what is known of the data and what a human answered go in, an outcome comes out. The answers
are a human's; the rule only keeps them from saying yes where the law says no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Factor(StrEnum):
    """What art. 6(4)(a) to (e) asks."""

    LINK = "link"
    CONTEXT = "context"
    NATURE = "nature"
    CONSEQUENCES = "consequences"
    SAFEGUARDS = "safeguards"


class Answer(StrEnum):
    """What somebody answered: it speaks for the change, in between, or against it."""

    FOR = "for"
    BETWEEN = "between"
    AGAINST = "against"


class Outcome(StrEnum):
    """What may be done."""

    SAME = "same"  # other words, the same purpose
    COMPATIBLE = "compatible"
    CONSENT_ANEW = "consent-anew"
    NOT_COMPATIBLE = "not-compatible"
    SPECIAL = "special-category"
    UNANSWERED = "unanswered"


GOES_ON = frozenset({Outcome.SAME, Outcome.COMPATIBLE, Outcome.CONSENT_ANEW})
"""Outcomes with which the change is made; after all others nothing changes."""

SHORTEST_REASON = 10
MOST_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Data:
    """What is known of the data. `may_be_same`: the purpose's words change, not who may use it."""

    rests_on_consent: bool
    is_special: bool = False
    may_be_same: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a human answered, and why."""

    reason: str = ""
    is_same: bool = False
    answers: Mapping[Factor, Answer] = field(default_factory=dict)


def needs_answers(data: Data) -> bool:
    """Whether the five questions help: not where the law leaves no choice (art. 6(4), 9(1))."""
    return not data.is_special and not data.rests_on_consent


def judge_change(data: Data, weighed: Weighed | None) -> Outcome:
    """The outcome. Without a reason or an answer nothing may change.

    What people agreed to goes no further than that: a new purpose needs a new yes (art. 6(4): the
    questions are for data that does not rest on consent). Special categories never (art. 9(1)).
    """
    if weighed is None or len(weighed.reason.strip()) < SHORTEST_REASON:
        return Outcome.UNANSWERED
    if weighed.is_same and data.may_be_same:
        return Outcome.SAME
    if data.is_special:
        return Outcome.SPECIAL
    if data.rests_on_consent:
        return Outcome.CONSENT_ANEW
    if set(weighed.answers) != set(Factor):
        return Outcome.UNANSWERED
    return _weigh(weighed.answers)


_TOGETHER = (
    (Factor.LINK, Factor.CONTEXT),  # nothing to do with it, and nobody expects it
    (Factor.CONSEQUENCES, Factor.SAFEGUARDS),  # it may harm people, and nothing prevents it
)


def _weigh(answers: Mapping[Factor, Answer]) -> Outcome:
    against = {factor for factor, answer in answers.items() if answer is Answer.AGAINST}
    if len(against) > len(Factor) // 2 or any(against.issuperset(pair) for pair in _TOGETHER):
        return Outcome.NOT_COMPATIBLE
    between = sum(answer is Answer.BETWEEN for answer in answers.values())
    if against or between > MOST_BETWEEN:
        return Outcome.CONSENT_ANEW
    return Outcome.COMPATIBLE
