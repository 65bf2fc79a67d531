"""The duties of the controller: six principles, and showing that one keeps them (art. 5 GDPR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """A duty, in the order of art. 5."""

    FAIRNESS = "fairness"
    PURPOSE = "purpose"
    MINIMISATION = "minimisation"
    ACCURACY = "accuracy"
    STORAGE = "storage"
    SECURITY = "security"
    ACCOUNTABILITY = "accountability"


DUTIES: Mapping[Duty, str] = {
    Duty.FAIRNESS: "AVG 5(1)(a)",
    Duty.PURPOSE: "AVG 5(1)(b)",
    Duty.MINIMISATION: "AVG 5(1)(c)",
    Duty.ACCURACY: "AVG 5(1)(d)",
    Duty.STORAGE: "AVG 5(1)(e)",
    Duty.SECURITY: "AVG 5(1)(f), 32",
    Duty.ACCOUNTABILITY: "AVG 5(2)",
}


class State(StrEnum):
    """How something stands; the worse ones last."""

    GOOD = "good"
    NONE = "none"  # it does not concern this organisation
    OPEN = "open"  # a question that nobody answered, or whose answer is too old
    ATTENTION = "attention"
    WRONG = "wrong"


_WORTH: Mapping[State, float] = {
    State.GOOD: 1.0,
    State.OPEN: 0.0,
    State.ATTENTION: 0.5,
    State.WRONG: 0.0,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """How one point stands; `weight`: 1 to 3, how much harm it prevents."""

    duty: Duty
    state: State
    weight: int


def score_of(points: Iterable[Judged]) -> int | None:
    """0 to 100: what is good counts whole, what needs attention half, the rest not; by weight.

    What does not concern the organisation does not count. None: nothing counts. It is our own
    measure, a help to choose what to do next: no law knows a score.
    """
    counted = [each for each in points if each.state is not State.NONE]
    whole = sum(each.weight for each in counted)
    if not whole:
        return None
    return round(100 * sum(each.weight * _WORTH[each.state] for each in counted) / whole)


def urgency_of(point: Judged) -> int:
    """What to do first: the greater number; what is good or does not concern is 0."""
    rank = {State.WRONG: 30, State.ATTENTION: 20, State.OPEN: 10}
    base = rank.get(point.state, 0)
    return base + point.weight if base else 0
