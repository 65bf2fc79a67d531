"""`akkoord bench sensitive`: what the detectors find in sentences that were labelled by hand.

Two halves, by chance of their order: with the first the word lists are made, the second is only
measured. The figures of the second are those that count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from akkoord.cli.benches.results import Result, faster, median_seconds
from akkoord.law.field_rules import announced_by_name
from akkoord.law.sensitive import Sensitive, classes_in

HALVES = ("making", "unseen")
NAME = "name"
_ALL = ""
_A_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or the name of a field, tag, group, column or file, and what it gives away."""

    classes: frozenset[Sensitive]
    language: str
    kind: str
    text: str


@dataclass(slots=True)
class Score:
    """What was found rightly, found wrongly, and missed."""

    found: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Which part of what was found is so."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Which part of what is so was found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


def lines_of(half: str) -> list[Line]:
    """The labelled lines of one half."""
    text = files("akkoord.cli.benches").joinpath(f"labelled/{half}.txt").read_text("utf-8")
    return [_line(each) for each in text.splitlines() if not each.startswith("#")]


def judged(line: Line) -> frozenset[Sensitive]:
    """What the detectors say of it."""
    return announced_by_name(line.text) if line.kind == NAME else classes_in(line.text)


def score(lines: Iterable[Line]) -> dict[str, Score]:
    """Right, wrong and missed, per class; under the empty name of all together."""
    scores = {_ALL: Score()} | {str(each): Score() for each in Sensitive}
    for line in lines:
        found = judged(line)
        for each in found | line.classes:
            for one in (scores[_ALL], scores[str(each)]):
                one.found += each in found and each in line.classes
                one.wrong += each not in line.classes
                one.missed += each not in found
    return scores


def bench(people: int, *, at: datetime) -> list[Result]:
    """Precision and recall of both halves; and how many lines a second are judged."""
    del at
    results = [result for half in HALVES for result in _shares(half)]
    lines = [line.text for half in HALVES for line in lines_of(half)]
    many = [lines[number % len(lines)] for number in range(people)]
    ours = median_seconds(lambda: [classes_in(each) for each in many], times=3)
    plain = median_seconds(lambda: [_A_WORD.findall(each.lower()) for each in many], times=3)
    results.append(
        faster(
            f"sensitive: {people:,} lines, against only taking them apart in words",
            people / ours,
            people / plain,
            good=0.05,
            aim=0.1,
            unit="lines per second",
        )
    )
    return results


def _shares(half: str) -> Iterable[Result]:
    for name, each in score(lines_of(half)).items():
        for what, share in (("precision", each.precision), ("recall", each.recall)):
            yield faster(
                f"sensitive: {what} of {name or 'all classes'}, {half} half",
                share,
                1.0,
                good=0.8,
                aim=0.95,
                unit="share",
            )


def _line(text: str) -> Line:
    classes, language, kind, sentence = text.split(" | ", 3)
    named = () if classes == "-" else classes.split(",")
    return Line(frozenset(map(Sensitive, named)), language, kind, sentence)
