"""How long what is kept: triggers, terms, effects, what a rule may say (art. 5(1)(e), 13(2)(a)).

The law sets few terms itself (AWR 52(4) does); the others are conventions, which an organisation
may change with a reason. Pure: a rule of the register goes in, its day or its fault comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.parameters import Unit, parameter_entry
from akkoord.law.terms import add_months

LONGEST_MONTHS = 600


class Trigger(StrEnum):
    """What a term counts from."""

    WITHDRAWAL = "withdrawal"  # the end of a yes, in whatever way
    LAST_SIGN = "last-sign-of-life"  # what somebody did themself, known by lawful means
    LAST_PURCHASE = "last-purchase"
    END_OF_RELATION = "end-of-relation"
    END_OF_BOOK_YEAR = "end-of-book-year"
    ANSWERED = "question-answered"
    CLOSED = "request-closed"
    IMPORT = "import"
    RECORDED = "recorded"
    MARKETING_ENDS = "marketing-ends"


class Effect(StrEnum):
    """What becomes of data past its term."""

    ERASE = "erase"  # it goes; who has nothing left is forgotten
    BLANK = "blank"  # the profile is emptied; the address and the proof stay
    PSEUDONYMISE = "pseudonymise"  # the row stays, whom it was about goes
    RESTRICT = "restrict"  # it stays and is used for nothing (art. 18)


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in months and days; both empty: no end of its own."""

    months: int | None = None
    days: int | None = None

    @property
    def is_endless(self) -> bool:
        """Whether nothing ends it but its reason."""
        return self.months is None and self.days is None

    @property
    def weight(self) -> float:
        """A number to compare terms by."""
        if self.is_endless:
            return float("inf")
        return (self.months or 0) * 365.25 / 12 + (self.days or 0)

    def end(self, since: date) -> date | None:
        """The last day on which something may stay; None: no end."""
        if self.is_endless:
            return None
        return add_months(since, self.months or 0) + timedelta(days=self.days or 0)


@dataclass(frozen=True, slots=True)
class Preset:
    """The ready-made rule of a kind of activity.

    `triggers` and `effects`: what may be chosen instead, the first one being the preset.
    `is_floor`: the law demands it, so it may not be shorter. `is_ceiling`: our own promise, so it
    may not be longer.
    """

    triggers: tuple[Trigger, ...]
    parameter: str
    effects: tuple[Effect, ...] = (Effect.ERASE,)
    is_floor: bool = False
    is_ceiling: bool = False


TOPIC, CUSTOMERS, BOOKS, OWN = "topic", "customers", "books", "own"
_SALES = (
    Trigger.LAST_PURCHASE,
    Trigger.END_OF_RELATION,
    Trigger.END_OF_BOOK_YEAR,
    Trigger.LAST_SIGN,
)
PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        TOPIC: Preset(
            (Trigger.WITHDRAWAL, Trigger.LAST_SIGN),
            "after-withdrawal",
            (Effect.ERASE, Effect.BLANK, Effect.RESTRICT),
        ),
        CUSTOMERS: Preset(
            _SALES, "ex-customer-term", (Effect.ERASE, Effect.BLANK, Effect.RESTRICT)
        ),
        BOOKS: Preset((Trigger.END_OF_BOOK_YEAR,), "fiscal-term", is_floor=True),
        "questions": Preset((Trigger.ANSWERED,), "question-term"),
        "proof": Preset((Trigger.WITHDRAWAL,), "consent-evidence-after-end"),
        "suppression": Preset((Trigger.MARKETING_ENDS,), ""),
        "requests": Preset((Trigger.CLOSED,), "request-record-term"),
        "import-to-be-judged": Preset((Trigger.IMPORT,), "import-review-term", is_ceiling=True),
        "audit-trail": Preset((Trigger.RECORDED,), "audit-trail-term", (Effect.PSEUDONYMISE,)),
        "backups": Preset((Trigger.RECORDED,), "backup-cycle", is_ceiling=True),
        OWN: Preset(_SALES, "ex-customer-term", (Effect.ERASE, Effect.BLANK, Effect.RESTRICT)),
    }
)


def preset_of(activity_key: str) -> Preset:
    """The ready-made rule of an activity by its key; an own one goes as that of customers."""
    if activity_key.startswith("topic-"):
        return PRESETS[TOPIC]
    return PRESETS.get(activity_key, PRESETS[OWN])


def preset_term(activity_key: str, on: date, trigger: Trigger | None = None) -> Term:
    """The term that is proposed; for silence that of a prospect."""
    preset = preset_of(activity_key)
    key = "prospect-term" if trigger is Trigger.LAST_SIGN else preset.parameter
    if not key:
        return Term()
    entry = parameter_entry(key, on)
    if entry.unit is Unit.YEARS:
        return Term(months=entry.value * 12)
    if entry.unit is Unit.MONTHS:
        return Term(months=entry.value)
    return Term(days=entry.value)


def preset_source(activity_key: str, on: date, trigger: Trigger | None = None) -> str:
    """Whose number the proposed term is: a law, a guideline, a convention."""
    preset = preset_of(activity_key)
    key = "prospect-term" if trigger is Trigger.LAST_SIGN else preset.parameter
    return parameter_entry(key, on).source if key else "AVG 21(3)"


@dataclass(frozen=True, slots=True)
class Ending:
    """When data goes and what becomes of it: of everything of an activity, or of one category."""

    trigger: str
    term: Term
    effect: str


def contradicts(part: Ending, whole: Ending) -> bool:
    """Whether a part would stay longer than everything that it is a part of (art. 5(1)(e)).

    Only terms that count from the same moment can be compared; where the whole does not go but is
    blanked or frozen, a part may stay longer.
    """
    return (
        part.trigger == whole.trigger
        and whole.effect == Effect.ERASE
        and part.term.weight > whole.term.weight
    )


class RuleFault(StrEnum):
    """Why a rule is refused."""

    TRIGGER = "trigger-does-not-fit"
    EFFECT = "effect-does-not-fit"
    SHORTER_THAN_LAW = "shorter-than-the-law"
    LONGER_THAN_PROMISED = "longer-than-promised"
    NEEDS_REASON = "longer-needs-a-reason"
    NO_TERM = "no-term"
    TOO_LONG = "too-long"


def faults_of_rule(
    activity_key: str, *, trigger: str, term: Term, effect: str, reason: str, on: date
) -> Iterator[RuleFault]:
    """What is wrong with a rule; nothing: it may be entered."""
    preset = preset_of(activity_key)
    if trigger not in preset.triggers:
        yield RuleFault.TRIGGER
        return
    if effect not in preset.effects:
        yield RuleFault.EFFECT
    if term.is_endless and preset.parameter:
        yield RuleFault.NO_TERM
        return
    if not term.is_endless and term.weight > LONGEST_MONTHS * 365.25 / 12:
        yield RuleFault.TOO_LONG
        return
    proposed = preset_term(activity_key, on, Trigger(trigger))
    if preset.is_floor and term.weight < proposed.weight:
        yield RuleFault.SHORTER_THAN_LAW
    if term.weight > proposed.weight:
        if preset.is_ceiling:
            yield RuleFault.LONGER_THAN_PROMISED
        elif not reason.strip():
            yield RuleFault.NEEDS_REASON
