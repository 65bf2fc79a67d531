"""The points of the check-up: what is looked at, for which duty, and how it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from akkoord.checkup.gathered import Gathered
from akkoord.law.duties import Duty, Judged, State


@dataclass(frozen=True, slots=True)
class Finding:
    """How a point stands: a sentence with what was seen, and the page where it is mended."""

    state: State
    evidence: str
    url: str = ""
    action: str = ""


def good(evidence: str) -> Finding:
    """Nothing is to be done, and this was seen."""
    return Finding(State.GOOD, evidence)


@dataclass(frozen=True, slots=True)
class Point:
    """Something that is looked at by the system itself.

    `title`: a state that is good, said as such; `why`: why it is looked at, in one plain sentence.
    """

    key: str
    duty: Duty
    weight: int
    title: Any
    why: Any
    article: str
    look: Callable[[Gathered], Finding]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only people know. `months`: how long an answer counts."""

    key: str
    duty: Duty
    weight: int
    title: Any
    why: Any
    article: str
    months: int = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """A point or question as it stands now."""

    key: str
    duty: Duty
    weight: int
    title: Any
    why: Any
    article: str
    finding: Finding
    is_question: bool = False

    @property
    def judged(self) -> Judged:
        """What the score is made of."""
        return Judged(self.duty, self.finding.state, self.weight)
