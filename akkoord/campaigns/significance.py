"""Whether one version of a letter did better than the other, or whether it may be chance. Pure.

Two shares are compared: by Fisher's exact test where few responded, else by the two-proportion test
with a pooled share. Of presses nobody knows who pressed, and one person may press twice; so they
are counted as fewer people than they are (`as_people`) before anything is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import comb, erfc, floor, isqrt, sqrt

LEVEL = 0.05  # chance alone gives such a difference in one of twenty comparisons
FEWEST = 5  # responses of both together; and never a figure about fewer people
EXPECTED = 5  # fewer expected anywhere in the table: the exact test
# Presses per person are taken to vary as much as a geometric number with a mean of one and a half:
# its mean square is twice its mean, so that many presses tell as much as half as many people.
PRESSES = 2


class Outcome(StrEnum):
    """What can be said of two versions."""

    TOO_FEW = "too-few"
    NO_DIFFERENCE = "no-difference"
    A = "a"
    B = "b"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """The share itself; nobody: nought."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said, with the chance of such a difference if there were none."""

    outcome: Outcome
    p: float
    is_exact: bool = False

    @property
    def one_in(self) -> int:
        """Chance alone would give this difference once in so many tests, at the most."""
        return max(1, floor(1 / self.p)) if self.p > 0 else 10**9


def as_people(presses: int, sent: int) -> int:
    """So many presses as the number of people that they tell as much as; never more than got it."""
    return min(presses // PRESSES, sent)


def compare(a: Share, b: Share, *, level: float = LEVEL) -> Verdict:
    """Which of the two did better, if that can be said."""
    if min(a.of, b.of) < FEWEST or a.hits + b.hits < FEWEST:
        return Verdict(Outcome.TOO_FEW, 1.0)
    is_exact = least_expected(a, b) < EXPECTED
    p = fisher(a, b) if is_exact else two_proportions(a, b)
    if p >= level or a.rate == b.rate:
        return Verdict(Outcome.NO_DIFFERENCE, p, is_exact)
    return Verdict(Outcome.A if a.rate > b.rate else Outcome.B, p, is_exact)


def least_expected(a: Share, b: Share) -> float:
    """The smallest number in the table of four that no difference at all would give."""
    total, hits = a.of + b.of, a.hits + b.hits
    return min(a.of, b.of) * min(hits, total - hits) / total


def two_proportions(a: Share, b: Share) -> float:
    """The two-sided p of the two-proportion test with a pooled share."""
    pooled = (a.hits + b.hits) / (a.of + b.of)
    spread = sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of))
    if not spread:
        return 1.0
    return erfc(abs(a.rate - b.rate) / spread / sqrt(2))


def fisher(a: Share, b: Share) -> float:
    """The two-sided p of Fisher's exact test: every table that is no likelier than this one."""
    hits, total = a.hits + b.hits, a.of + b.of
    ways = comb(total, hits)
    lowest, highest = max(0, hits - b.of), min(hits, a.of)
    here = comb(a.of, a.hits) * comb(b.of, b.hits)
    # In whole numbers: no rounding decides which tables count.
    found = sum(
        each
        for each in (comb(a.of, k) * comb(b.of, hits - k) for k in range(lowest, highest + 1))
        if each <= here
    )
    # Of very large numbers the first digits are enough.
    shift = max(0, ways.bit_length() - 1000)
    return (found >> shift) / (ways >> shift)


def people_needed(rate: float, better: float) -> int:
    """About how many people each version needs, to see this difference four times out of five."""
    if rate == better:
        return 0
    variance = rate * (1 - rate) + better * (1 - better)
    wanted = (1.96 + 0.84) ** 2 * variance / (better - rate) ** 2
    return max(FEWEST, isqrt(floor(wanted) ** 2) + 1)
