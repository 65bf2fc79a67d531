"""What an entry of the register must say (art. 30), who may receive data (INV-42), and that it
names nobody (INV-30). Pure: a record goes in, what is lacking or wrong in it comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from akkoord.law.sensitive import numbers_in


class Role(StrEnum):
    """In what role the organisation processes."""

    CONTROLLER = "controller"  # art. 30(1)
    PROCESSOR = "processor"  # art. 30(2): for its clients


class Element(StrEnum):
    """A part of an entry: art. 30(1) and (2), and the basis with its proof (art. 5(2), 6)."""

    CONTROLLER = "controller"
    PURPOSE = "purpose"
    BASIS = "basis"
    PROOF = "proof"
    SUBJECTS = "subjects"
    DATA = "data"
    RECIPIENTS = "recipients"
    TRANSFERS = "transfers"
    TERMS = "terms"
    SECURITY = "security"
    CLIENTS = "clients"


OF_CONTROLLER = tuple(each for each in Element if each is not Element.CLIENTS)
# A processor says for whom it works and what it does for them; the rest is its client's register.
OF_PROCESSOR = (
    Element.CONTROLLER,
    Element.CLIENTS,
    Element.PURPOSE,
    Element.TRANSFERS,
    Element.SECURITY,
)
NEVER_BLANK = frozenset({Element.CONTROLLER, Element.PURPOSE, Element.BASIS, Element.CLIENTS})
"""No reason makes up for these: without them the entry says nothing."""
SHORTEST_REASON = 10

_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
EEA = frozenset(_EEA.split())
_ADEQUATE = "AD AR CA CH FO GB GG IL IM JE JP KR NZ UY"
ADEQUATE = frozenset(_ADEQUATE.split())
"""Countries with an adequacy decision (art. 45); the United States only under its framework."""


class Ground(StrEnum):
    """Why data may go outside the EEA (art. 45-49)."""

    ADEQUACY = "adequacy"
    DPF = "dpf"
    CLAUSES = "clauses"
    BINDING_RULES = "binding-rules"
    EXCEPTION = "exception"


def elements_of(role: str) -> tuple[Element, ...]:
    """What an entry in this role must say."""
    return OF_PROCESSOR if role == Role.PROCESSOR else OF_CONTROLLER


def lacking(record: Mapping[str, Any], house: Mapping[str, Any]) -> tuple[Element, ...]:
    """Which elements an entry lacks: empty, without a reason that may stand for it (INV-29)."""
    reasons = record.get("blanks") or {}
    return tuple(
        each
        for each in elements_of(str(record.get("role", "")))
        if not _says(each, record, house) and not _is_excused(each, reasons)
    )


def _is_excused(element: Element, reasons: Mapping[str, str]) -> bool:
    reason = str(reasons.get(element, "")).strip()
    return element not in NEVER_BLANK and len(reason) >= SHORTEST_REASON


def _says(element: Element, record: Mapping[str, Any], house: Mapping[str, Any]) -> bool:
    """Whether an element says something."""
    if element is Element.CONTROLLER:
        return all(_has(house, name) for name in ("name", "address", "contact_email"))
    if element is Element.PURPOSE:
        return _has(record, "purpose_nl") and _has(record, "name_nl")
    if element is Element.PROOF:
        return _is_proven(record)
    if element is Element.TRANSFERS:
        return not transfers_without_ground(record.get("recipients") or ())
    return any(_has(record, name) for name in _STANDS_IN[element])


_STANDS_IN: Mapping[Element, tuple[str, ...]] = {
    Element.BASIS: ("legal_basis",),
    Element.SUBJECTS: ("subjects",),
    Element.DATA: ("fields", "data_nl"),
    Element.RECIPIENTS: ("recipients", "receivers_nl"),
    Element.TERMS: ("terms", "term_nl"),
    Element.SECURITY: ("security_nl",),
    Element.CLIENTS: ("clients",),
}


def _has(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    return bool(value.strip() if isinstance(value, str) else value)


def _is_proven(record: Mapping[str, Any]) -> bool:
    """A weighing for one's own interest; a topic's consent stands in the ledger; else in words."""
    if record.get("legal_basis") == "legitimate-interest" and _has(record, "weighing"):
        return True
    if record.get("legal_basis") == "consent" and _has(record, "topics"):
        return True
    return _has(record, "proof_nl")


def needs_ground(country: str) -> bool:
    """Whether data that goes to this country needs a ground (art. 44)."""
    return country.upper() not in EEA


def transfers_without_ground(recipients: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Names of the recipients outside the EEA for whom no ground is written down."""
    return tuple(
        str(each.get("name", ""))
        for each in recipients
        if needs_ground(str(each.get("country", ""))) and not _has(each, "safeguard")
    )


class Fault(StrEnum):
    """Why a recipient may not receive data, or what is to be mended about it."""

    NO_CONTRACT = "no-contract"
    NO_GROUND = "no-transfer-ground"
    GROUND_UNFIT = "ground-does-not-fit"
    NO_SUBPROCESSORS = "no-subprocessors"  # a warning alone
    REVIEW_DUE = "review-due"  # a warning alone
    CHECK_DUE = "check-due"  # a warning alone


STOPS = frozenset({Fault.NO_CONTRACT, Fault.NO_GROUND, Fault.GROUND_UNFIT})


@dataclass(frozen=True, slots=True)
class Receiving:
    """What decides whether a recipient may receive data."""

    role: str  # processor, independent
    country: str
    ground: str = ""
    contract_on: date | None = None
    is_own: bool = False  # the organisation itself: nobody else receives anything
    has_subprocessors: bool = False
    review_on: date | None = None
    checked_on: date | None = None


def faults_of_recipient(facts: Receiving, on: date) -> tuple[Fault, ...]:
    """What is wrong with a recipient on a day (art. 28, 44-46; INV-42); those in STOPS stop it."""
    if facts.is_own:
        return ()
    found = []
    if facts.role == Role.PROCESSOR and facts.contract_on is None:
        found.append(Fault.NO_CONTRACT)
    if needs_ground(facts.country):
        if not facts.ground.strip():
            found.append(Fault.NO_GROUND)
        elif not ground_fits(facts.ground, facts.country):
            found.append(Fault.GROUND_UNFIT)
        elif facts.ground == Ground.DPF and _is_old(facts.checked_on, on):
            found.append(Fault.CHECK_DUE)
    if facts.role == Role.PROCESSOR and not facts.has_subprocessors:
        found.append(Fault.NO_SUBPROCESSORS)
    if facts.review_on is not None and facts.review_on <= on:
        found.append(Fault.REVIEW_DUE)
    return tuple(found)


def ground_fits(ground: str, country: str) -> bool:
    """Adequacy needs a decision on that country; the framework is that of the United States."""
    if ground == Ground.ADEQUACY:
        return country.upper() in ADEQUATE
    return ground != Ground.DPF or country.upper() == "US"


def _is_old(checked_on: date | None, on: date) -> bool:
    return checked_on is None or (on - checked_on).days > 365


class Trace(StrEnum):
    """What in a text points to a person."""

    MAIL = "mail-address"
    PHONE = "phone-number"
    DOOR = "postal-address"
    NUMBER = "personal-number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Found:
    """A trace of a person in a text: what, and where it begins and ends."""

    trace: Trace
    start: int
    end: int


_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+|00)\d{1,3}[ ().-]*|0)[1-9](?:[ ()./-]{0,2}\d){7,10}(?![\w/])"
)
_DOOR = re.compile(r"(?<!\w)[1-9]\d{3}\s?[A-Z]{2}(?!\w)")
_STREET = re.compile(
    r"(?<!\w)[A-Z][\w'-]*(?:straat|laan|weg|kade|plein|gracht|singel|dijk|hof|steeg|pad)\s+\d{1,5}(?!\d)"
)
# Two to six words that begin with a capital, with what stands between in Dutch names.
_CAPITALS = re.compile(
    r"(?<![\w'-])[^\W\d_a-zà-ÿ][\w'-]*"
    r"(?:\s+(?:(?:van|de|der|den|ten|ter|te|in|het|'t|la|le|el|du|von)\s+)*[^\W\d_a-zà-ÿ][\w'-]*){1,5}"
)


def traces_in(text: str) -> tuple[Found, ...]:
    """What in a text points to a person, names left out: only the database knows who is there."""
    found = [Found(Trace.MAIL, each.start(), each.end()) for each in _MAIL.finditer(text)]
    found += [Found(Trace.PHONE, each.start(), each.end()) for each in _PHONE.finditer(text)]
    found += [
        Found(Trace.DOOR, each.start(), each.end())
        for pattern in (_DOOR, _STREET)
        for each in pattern.finditer(text)
    ]
    if not found and numbers_in(text):
        found.append(Found(Trace.NUMBER, 0, len(text)))
    return tuple(sorted(found, key=lambda each: each.start))


def possible_names(text: str) -> Iterable[tuple[str, int]]:
    """Runs of words that could be a full name: capitals, two words at least; with their place.

    One word is never a name here, for many are words, too (Bakker, Roos, De Jong). Every part of a
    run is given, for a name may stand at the end of a sentence that begins with a capital.
    """
    for run in _CAPITALS.finditer(text):
        words = list(re.finditer(r"\S+", run[0]))
        for first in range(len(words) - 1):
            for last in range(first + 1, min(len(words), first + 7)):
                yield (
                    run[0][words[first].start() : words[last].end()],
                    run.start() + words[first].start(),
                )
