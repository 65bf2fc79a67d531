"""When a data protection impact assessment is needed, and what it must hold (art. 35, 36 GDPR).

Sources: the nine criteria of the guidelines WP248 rev.01 (III.B.a, taken over by the EDPB): with
two or more it is needed; the list of the Dutch authority of 27 November 2019 (Stcrt. 2019, 64418):
what stands on it needs one in any case; the method and the four levels of the CNIL (PIA, knowledge
bases, 2018). The three cases of art. 35(3) each meet two criteria, so they need no rule of their
own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from akkoord.law.parameters import parameter, term_end


class Criterion(StrEnum):
    """The nine criteria, in the order of WP248."""

    EVALUATION = "evaluation"
    AUTOMATED = "automated"
    MONITORING = "monitoring"
    SENSITIVE = "sensitive"
    LARGE_SCALE = "large-scale"
    COMBINING = "combining"
    VULNERABLE = "vulnerable"
    INNOVATIVE = "innovative"
    EXCLUDING = "excluding"


class Listed(StrEnum):
    """The seventeen kinds of processing on the list of the AP, in its order."""

    COVERT = "covert"
    BLACKLIST = "blacklist"
    FRAUD = "fraud"
    CREDIT = "credit"
    FINANCES = "finances"
    GENETIC = "genetic"
    HEALTH = "health"
    COOPERATION = "cooperation"
    CAMERAS = "cameras"
    MOVING_CAMERAS = "moving-cameras"
    STAFF = "staff"
    LOCATION = "location"
    COMMUNICATION = "communication"
    THINGS = "things"
    PROFILING = "profiling"
    BEHAVIOUR = "behaviour"
    BIOMETRIC = "biometric"


ENOUGH = 2
"""From this number of criteria on it is needed (WP248 rev.01, III.B.a)."""
SHORTEST = 20  # characters of a text: a word or two weighs nothing

_VULNERABLE = frozenset({"dpv:Child", "dpv:Employee", "dpv:JobApplicant", "dpv:Patient"})


def is_needed(criteria: Collection[str], listed: Collection[str]) -> bool:
    """Whether an assessment is needed: two criteria or more, or anything of the list."""
    return len(set(criteria)) >= ENOUGH or bool(listed)


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What is known of a processing activity. `people`: how many; None: nobody can know."""

    has_special: bool = False
    people: int | None = None
    follows: bool = False  # keeps who opens and presses
    has_children: bool = False
    subjects: frozenset[str] = frozenset()


def seen_criteria(facts: ActivityFacts, on: date) -> tuple[Criterion, ...]:
    """The criteria that the facts meet by themselves. What people do with the data it cannot say.

    Who opens what is monitoring, and says what somebody likes: a profile (WP248, criterion 1).
    """
    many = parameter("dpia-large-scale", on)
    met: Mapping[Criterion, bool] = {
        Criterion.EVALUATION: facts.follows,
        Criterion.MONITORING: facts.follows,
        Criterion.SENSITIVE: facts.has_special,
        Criterion.LARGE_SCALE: facts.people is not None and facts.people >= many,
        Criterion.VULNERABLE: facts.has_children or bool(facts.subjects & _VULNERABLE),
    }
    return tuple(each for each in Criterion if met.get(each))


def needs_reason(
    criteria: Collection[str],
    listed: Collection[str],
    seen: Collection[str],
    before: Collection[str] = (),
) -> bool:
    """Whether an answer needs a reason: it denies what is seen, or one criterion is not enough.

    `before`: criteria and kinds of the last answer; to take one back asks for a reason too.
    """
    denies = bool(set(seen) - set(criteria) or set(before) - {*criteria, *listed})
    return denies or (bool(criteria) and not is_needed(criteria, listed))


class Feared(StrEnum):
    """The three things that may happen, after the CNIL."""

    ACCESS = "access"
    CHANGE = "change"
    LOSS = "loss"


class Level(IntEnum):
    """The four levels of the CNIL, of severity and of likelihood."""

    NEGLIGIBLE = 1
    LIMITED = 2
    SIGNIFICANT = 3
    MAXIMUM = 4


class Height(StrEnum):
    """What a risk asks for, by its place on the map of the CNIL."""

    LOW = "low"  # may be taken
    MIDDLE = "middle"  # to be made smaller
    HIGH = "high"  # may not be taken; what stays so goes to the authority first


def height_of(severity: int, likelihood: int) -> Height:
    """Where a risk stands: high when both are significant or more, low when neither is."""
    serious = severity >= Level.SIGNIFICANT
    likely = likelihood >= Level.SIGNIFICANT
    if serious and likely:
        return Height.HIGH
    return Height.MIDDLE if serious or likely else Height.LOW


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """One risk: before and after the measures; None: not judged yet."""

    feared: str
    sources: str = ""
    impacts: str = ""
    measures: str = ""
    severity: int | None = None
    likelihood: int | None = None
    left_severity: int | None = None
    left_likelihood: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every part says something."""
        texts = (self.sources, self.impacts, self.measures)
        levels = (self.severity, self.likelihood, self.left_severity, self.left_likelihood)
        return all(texts) and None not in levels

    @property
    def left(self) -> Height | None:
        """What stays after the measures."""
        if self.left_severity is None or self.left_likelihood is None:
            return None
        return height_of(self.left_severity, self.left_likelihood)

    @property
    def grows(self) -> bool:
        """Whether more is said to stay than there was: measures make no risk greater."""
        pairs = ((self.severity, self.left_severity), (self.likelihood, self.left_likelihood))
        return any(before and after and after > before for before, after in pairs)


class Part(StrEnum):
    """What an assessment holds (art. 35(7), 35(2), 35(9)), in the order in which it is asked."""

    DESCRIPTION = "description"
    NECESSITY = "necessity"
    RIGHTS = "rights"
    ACCESS = "access"
    CHANGE = "change"
    LOSS = "loss"
    OFFICER = "officer"
    PEOPLE = "people"


class Decision(StrEnum):
    """What is decided in the end."""

    GO = "go"
    ASK = "ask"  # the authority is asked first (art. 36)
    STOP = "stop"


def missing_parts(
    texts: Mapping[str, str], risks: Iterable[RiskFacts], *, has_officer: bool
) -> tuple[Part, ...]:
    """What is still to be filled in before anything can be decided.

    An officer's advice is asked of who has one (art. 35(2)).
    """
    whole = {each.feared for each in risks if each.is_whole}
    missing = []
    for part in Part:
        if part.value in set(Feared):
            is_there = part.value in whole
        elif part is Part.OFFICER and not has_officer:
            is_there = True
        else:
            is_there = bool(texts.get(part.value, "").strip())
        if not is_there:
            missing.append(part)
    return tuple(missing)


def must_ask_authority(risks: Iterable[RiskFacts]) -> bool:
    """Whether a high risk stays in spite of the measures: prior consultation (art. 36(1))."""
    return any(each.left is Height.HIGH for each in risks)


def open_decisions(risks: Iterable[RiskFacts], *, was_asked: bool = False) -> tuple[Decision, ...]:
    """What may be decided: with a high risk left it goes ahead only after the authority was asked.

    `was_asked`: the decision before this one was to ask it.
    """
    if must_ask_authority(risks) and not was_asked:
        return (Decision.ASK, Decision.STOP)
    return (Decision.GO, Decision.ASK, Decision.STOP)


@dataclass(frozen=True, slots=True)
class Consultation:
    """When the authority was asked, when it answered, and what it advised (art. 36)."""

    asked_on: date | None = None
    answered_on: date | None = None
    advice: str = ""

    def is_over(self, on: date) -> bool:
        """Whether it may begin after it: the authority answered, or its term passed (36(2))."""
        if self.asked_on is None:
            return False
        if self.answered_on is not None:
            return bool(self.advice.strip())
        last = term_end("prior-consultation", self.asked_on)
        return last is not None and last < on

    def wrong_day(self, on: date) -> str:
        """The name of a day that cannot be: not come yet, or an answer before the question."""
        if self.asked_on is not None and self.asked_on > on:
            return "asked_on"
        answered = self.answered_on
        if answered is not None and (
            answered > on or self.asked_on is None or answered < self.asked_on
        ):
            return "answered_on"
        return ""


class Standing(StrEnum):
    """How an activity stands with art. 35."""

    UNSEEN = "unseen"  # nobody looked whether it is needed
    NOT_NEEDED = "not-needed"
    TO_MAKE = "to-make"  # needed, and not decided
    OLD = "old"  # decided, and the activity or the time moved on (art. 35(11))
    ASK = "ask"  # the authority is to be asked, or was and has not answered
    STOPPED = "stopped"  # decided that it may not happen, and yet it does
    DONE = "done"


def standing_of(
    *, needed: bool | None, decision: str, changed_since: bool, review_on: date | None, on: date
) -> Standing:
    """How it stands. `needed` None: nobody looked; `changed_since`: the register says more now.

    A decision against it stands until another is taken, also when nothing is said to hold any more.
    """
    if needed is None:
        return Standing.UNSEEN
    if decision and decision != Decision.GO:
        return Standing.ASK if decision == Decision.ASK else Standing.STOPPED
    if not needed:
        return Standing.OLD if changed_since else Standing.NOT_NEEDED
    if not decision:
        return Standing.TO_MAKE
    if changed_since or (review_on is not None and review_on <= on):
        return Standing.OLD
    return Standing.DONE
