"""What an entry of the register must say (art. 30), and who may receive data (INV-42).

Pure: a record goes in, what is lacking or wrong in it comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from akkoord.law.person_traces import has_contact


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
        return not transfers_without_ground(record.get("recipients") or ()) and (
            _has(record, "transfers_nl") or not _has(record, "receivers_nl")
        )
    if element is Element.CLIENTS:
        clients = record.get("clients") or ()
        return bool(clients) and all(has_contact(str(each)) for each in clients)
    return any(_has(record, name) for name in _STANDS_IN[element])


_STANDS_IN: Mapping[Element, tuple[str, ...]] = {
    Element.BASIS: ("legal_basis",),
    Element.SUBJECTS: ("subjects",),
    Element.DATA: ("fields", "data_nl"),
    Element.RECIPIENTS: ("recipients", "receivers_nl"),
    Element.TERMS: ("terms", "term_nl"),
    Element.SECURITY: ("security_nl",),
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
