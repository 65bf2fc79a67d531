"""How bad a data leak is, by ENISA's method: SE = DPC x EI + CB.

Advice only: a person decides whether to notify, with a reason that is recorded (INV-41).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum

from akkoord.law.parameters import parameter


class DataContext(IntEnum):
    """DPC: what kind of data, before anything that makes it lighter or heavier."""

    SIMPLE = 1
    BEHAVIOURAL = 2
    FINANCIAL = 3
    SENSITIVE = 4


class Identification(Enum):
    """EI: how easily the data leads to a person."""

    NEGLIGIBLE = Decimal("0.25")
    LIMITED = Decimal("0.5")
    SIGNIFICANT = Decimal("0.75")
    MAXIMUM = Decimal(1)


class Loss(Enum):
    """One part of CB: how far confidentiality, integrity or availability is lost."""

    NONE = Decimal(0)
    KNOWN = Decimal("0.25")  # to known recipients; recoverable; for a time
    UNKNOWN = Decimal("0.5")  # to anybody; beyond repair; for good


class Severity(StrEnum):
    """ENISA's four levels."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very-high"


class SeverityFlag(StrEnum):
    """What a person must weigh beside the number."""

    MANY_PERSONS = "many-persons"
    UNINTELLIGIBLE = "unintelligible"


@dataclass(frozen=True, slots=True)
class LeakFacts:
    """What is known of a leak at this moment."""

    context: DataContext
    identification: Identification
    confidentiality: Loss
    integrity: Loss
    availability: Loss
    is_malicious: bool
    persons: int
    is_unintelligible: bool = False


@dataclass(frozen=True, slots=True)
class SeverityAdvice:
    """The score, its level and the flags."""

    score: Decimal
    severity: Severity
    flags: frozenset[SeverityFlag]

    @property
    def advises_telling_authority(self) -> bool:
        """Art. 33(1): unless a risk is unlikely, so from medium on."""
        return self.severity is not Severity.LOW

    @property
    def advises_telling_persons(self) -> bool:
        """Art. 34(1): a high risk, and what leaked can be read (34(3)(a))."""
        return (
            self.severity in {Severity.HIGH, Severity.VERY_HIGH}
            and SeverityFlag.UNINTELLIGIBLE not in self.flags
        )


_MALICE = Decimal("0.5")
_LEVELS = (
    (Decimal(2), Severity.LOW),
    (Decimal(3), Severity.MEDIUM),
    (Decimal(4), Severity.HIGH),
)


def severity_advice(facts: LeakFacts, *, on: date) -> SeverityAdvice:
    """Score and level of a leak: below 2 low, below 3 medium, below 4 high, else very high."""
    losses = (facts.confidentiality, facts.integrity, facts.availability)
    circumstances = sum((loss.value for loss in losses), Decimal(0))
    if facts.is_malicious:
        circumstances += _MALICE
    score = facts.context.value * facts.identification.value + circumstances
    flags = set()
    if facts.persons > parameter("breach-many-persons", on):
        flags.add(SeverityFlag.MANY_PERSONS)
    if facts.is_unintelligible:
        flags.add(SeverityFlag.UNINTELLIGIBLE)
    level = next((level for bound, level in _LEVELS if score < bound), Severity.VERY_HIGH)
    return SeverityAdvice(score, level, frozenset(flags))
