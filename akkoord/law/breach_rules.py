"""What a record of a data leak needs, and what follows from it (art. 33 and 34 GDPR).

Advice only: a person decides, says why, and says why otherwise when the decision differs from the
advice (INV-41).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from akkoord.law.severity import SeverityAdvice


class Nature(StrEnum):
    """What was lost (EDPB 9/2022): several may be so at once."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Cause(StrEnum):
    """How it came about, as the form of the AP asks it."""

    WRONG_RECIPIENT = "wrong-recipient"
    LOST = "lost"
    STOLEN = "stolen"
    PHISHING = "phishing"
    HACKED = "hacked"
    MALWARE = "malware"
    SNOOPING = "snooping"
    PUBLISHED = "published"
    PROCESSOR = "processor"
    FAULT = "fault"
    OTHER = "other"


class System(StrEnum):
    """Where the data stood."""

    AKKOORD = "akkoord"
    MAILBOX = "mailbox"
    COMPUTER = "computer"
    PHONE = "phone"
    STORAGE = "storage"
    PAPER = "paper"
    WEBSITE = "website"
    PROCESSOR = "processor"
    OTHER = "other"


class Decision(StrEnum):
    """What was decided, from nothing to everything."""

    NO_LEAK = "no-leak"
    RECORD = "record"
    AUTHORITY = "authority"
    PERSONS = "persons"


class Part(StrEnum):
    """What must be known before anybody can decide; each is a question of the form."""

    WHAT = "what"
    NATURES = "natures"
    SYSTEMS = "systems"
    WHO = "who"
    SEVERITY = "severity"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"


class LetterPart(StrEnum):
    """What art. 34(2) wants in a letter to the people, and what they can do themselves."""

    NATURE = "nature"
    CONTACT = "contact"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"
    YOURSELF = "yourself"


TELLS_AUTHORITY = frozenset({Decision.AUTHORITY, Decision.PERSONS})


def advised_decision(advice: SeverityAdvice) -> Decision:
    """What the severity points to: people too, the authority, or the own record alone."""
    if advice.advises_telling_persons:
        return Decision.PERSONS
    return Decision.AUTHORITY if advice.advises_telling_authority else Decision.RECORD


def must_explain(decision: Decision, advised: Decision | None) -> bool:
    """Whether the decision differs from the advice, so that it must say why."""
    return advised is not None and decision is not advised and decision is not Decision.NO_LEAK


def missing_for_decision(decision: Decision, known: Collection[Part]) -> tuple[Part, ...]:
    """What must still be filled in; of something that was no leak only what happened."""
    needed = (Part.WHAT,) if decision is Decision.NO_LEAK else tuple(Part)
    return tuple(part for part in needed if part not in known)


def missing_in_letter(parts: Mapping[LetterPart, str]) -> tuple[LetterPart, ...]:
    """Which elements of art. 34(2) the letter does not have."""
    return tuple(part for part in LetterPart if not parts.get(part, "").strip())


def needs_grounds_for_delay(filed_at: datetime, due_at: datetime) -> bool:
    """Whether a first notice came so late that it says why (art. 33(1), last sentence)."""
    return filed_at > due_at


def hours_left(due_at: datetime, now: datetime) -> int:
    """Whole hours until the notice is due, rounded down; negative: so many too late, begun ones
    counted."""
    return int((due_at - now).total_seconds() // 3600)
