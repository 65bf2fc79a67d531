"""Looking through a register from a file, cell by cell, before anything is written.

A row with a cell that cannot be is left out as a whole, with the reason at the cell. What a file
does not mention, or leaves empty, stays as it is. What Akkoord performs itself is never written
from a file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element
from akkoord.law.terms import law_day
from akkoord.register.activity_values import shaped_values
from akkoord.register.cells import lines_in, published_words, reasons_in, safe_cell, subject_terms
from akkoord.register.columns_known import basis_of
from akkoord.register.companies import blocked_now
from akkoord.register.completeness import empty_sentence
from akkoord.register.hand import OWN
from akkoord.register.models import ProcessingActivity, Recipient, language_now
from akkoord.register.nobody import sentences_about
from akkoord.register.reading import Sheet
from akkoord.register.refused import RegisterRefused
from akkoord.register.said_by_itself import said_of_terms, said_of_transfers
from akkoord.register.table import LISTS

_TEXTS = ("name", "purpose", "proof", "source", "transfers", "term", "security")
_UNREAD = ("key", "clients", "state")  # codes, words of ours, and names that art. 30(2)(a) asks for


@dataclass
class Judged:
    """One row: what will happen with it, and what is wrong in which cell."""

    row: int
    key: str
    name: str
    values: dict[str, Any]
    companies: set[str] | None  # None: the row does not speak of who receives it
    outcome: str = "new"  # new, changed, unchanged, kept, refused
    publishes: bool = False
    faults: list[tuple[str, str]] = field(default_factory=list)  # head, sentence


@dataclass(frozen=True)
class Outcome:
    """What came of a file."""

    judged: Sequence[Judged]
    columns: Mapping[str, str]

    def count(self, outcome: str) -> int:
        """How many rows had an outcome."""
        return sum(1 for each in self.judged if each.outcome == outcome)


def judge(sheet: Sheet, targets: Sequence[str] | None = None) -> Outcome:
    """What each row is, without writing anything. `targets`: what each column was taken for."""
    targets = list(targets or sheet.targets)
    heads = dict(reversed([*zip(targets, sheet.heads, strict=False)]))
    known = _known()
    rows = [(number, _cells(cells, targets)) for number, cells in sheet.rows]
    about = sentences_about(
        cell.text for _number, given in rows for name, cell in given.items() if name not in _UNREAD
    )
    judged = [_judge_row(number, given, heads, known, about) for number, given in rows]
    _refuse_doubles(judged, heads)
    return Outcome(judged, dict(zip(sheet.heads, targets, strict=False)))


@dataclass(frozen=True)
class _Known:
    """What stands already; read once for the whole file."""

    recipients: Mapping[str, Recipient]  # as a cell has it
    blocked: Collection[str]  # keys of companies that may receive nothing yet
    activities: Mapping[str, ProcessingActivity]
    transfers: Collection[str]  # what the register says of transfers by itself
    terms: Mapping[str, Collection[str]]  # of each activity, what its rules say of its term

    def companies_of(self, key: str) -> set[str]:
        """The companies that an activity names now."""
        return {each.key for each in self.recipients.values() if key in each.activity_keys}


def _known() -> _Known:
    found = list(Recipient.objects.filter(valid_to=None))
    return _Known(
        {f"{each.name} ({each.country})": each for each in found},
        blocked_now(found, law_day(timezone.now())),
        {each.key: each for each in ProcessingActivity.objects.filter(valid_to=None)},
        said_of_transfers(found),
        said_of_terms(),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says, and what is wrong with it as a cell."""

    text: str
    fault: str


def _cells(cells: Sequence[str], targets: Sequence[str]) -> dict[str, _Cell]:
    """The cells of a row that say something, by what their column was taken for."""
    found: dict[str, _Cell] = {}
    for target, cell in zip(targets, cells, strict=False):
        if target and cell:
            text, fault = safe_cell(cell)
            if (other := found.get(target)) is not None:  # two columns with one meaning (JOINED)
                text, fault = f"{other.text}\n{text}", other.fault or fault
            found[target] = _Cell(text, fault)
    return found


def _judge_row(
    number: int,
    cells: Mapping[str, _Cell],
    heads: Mapping[str, str],
    known: _Known,
    about: Mapping[str, str],
) -> Judged:
    faults: list[tuple[str, str]] = []
    for name, cell in cells.items():
        fault = cell.fault or ("" if name in _UNREAD else about[cell.text])
        if fault:
            faults.append((heads[name], fault))
    given = {name: cell.text for name, cell in cells.items()}
    values, companies = _values(given, heads, known, faults)
    key = given.get("key", "")
    judged = Judged(number, key, given.get("name", ""), values, companies, faults=faults)
    judged.publishes = given.get("state", "") in published_words()
    if not judged.name:
        judged.faults.append((heads.get("name", _("Activity")), _("Give it a name.")))
    _set_outcome(judged, known, heads)
    return judged


def _values(
    given: Mapping[str, str],
    heads: Mapping[str, str],
    known: _Known,
    faults: list[tuple[str, str]],
) -> tuple[dict[str, Any], set[str] | None]:
    """The row as values of an activity, in the reader's language; what is unclear is a fault."""
    values: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    _drop_said(values, given, known)
    standing = known.activities.get(given.get("key", ""))
    companies: set[str] | None = None
    for name in LISTS:
        if name in given:
            values[name] = [line.strip(" -•\t") for line in lines_in(given[name])]
    if "receivers" in values:
        named = [known.recipients[e] for e in values["receivers"] if e in known.recipients]
        companies = {each.key for each in named}
        values["receivers"] = [e for e in values["receivers"] if e not in known.recipients]
        faults += _blocked(named, given.get("key", ""), heads["receivers"], known)
    if "subjects" in values:
        terms = subject_terms()
        values["subjects"] = [terms.get(each.lower(), each) for each in values["subjects"]]
    if given.get("legal_basis"):
        values["legal_basis"] = basis_of(given["legal_basis"])
        if not values["legal_basis"]:
            faults.append((heads["legal_basis"], _("We do not know this ground.")))
    _take_role(values, given, standing)
    clients = values.get("clients") or (standing.clients if standing else [])
    if values.get("role") == "processor" and not clients:
        faults.append((heads.get("clients", ""), _("Say for which clients you do this.")))
    if "blanks" in given:
        values["blanks"] = reasons_in(given["blanks"])
    return values, companies


def _drop_said(values: dict[str, Any], given: Mapping[str, str], known: _Known) -> None:
    """Take out what the register says by itself: of companies, and of rules that clear."""
    if "transfers" in values:
        lines = [each for each in lines_in(given["transfers"]) if each not in known.transfers]
        values["transfers"] = "\n".join(lines)
    if "term" in values and (ruled := known.terms.get(given.get("key", ""))):
        lines = [each for each in given["term"].split("\n") if each.strip() not in ruled]
        values["term"] = "\n".join(lines)


def _take_role(
    values: dict[str, Any], given: Mapping[str, str], standing: ProcessingActivity | None
) -> None:
    """The role as the row has it; a new activity without one is the organisation's own."""
    if "role" in given:
        is_for_others = given["role"].lower() in ("verwerker", "processor")
        values["role"] = "processor" if is_for_others else "controller"
    elif standing is None:
        values["role"] = "controller"


def _blocked(
    named: Sequence[Recipient], key: str, head: str, known: _Known
) -> list[tuple[str, str]]:
    """A fault for each company that may receive nothing yet (INV-42); one that has it keeps it."""
    words = _("%(name)s may receive nothing yet: its contract or ground is lacking.")
    return [
        (head, words % {"name": each.name})
        for each in named
        if each.key in known.blocked and key not in each.activity_keys
    ]


def _set_outcome(judged: Judged, known: _Known, heads: Mapping[str, str]) -> None:
    standing = known.activities.get(judged.key)
    if standing is not None and not judged.key.startswith(OWN):
        judged.outcome = "kept"
        judged.faults.clear()
        return
    if not judged.faults:
        _refuse_long(judged, standing, heads)
        _refuse_purpose(judged, standing, heads)
        _refuse_unsaid(judged, standing, heads)
    if judged.faults:
        judged.outcome = "refused"
    elif standing is not None:
        judged.outcome = "changed" if _differs(judged, standing, known) else "unchanged"


def _refuse_long(
    judged: Judged, standing: ProcessingActivity | None, heads: Mapping[str, str]
) -> None:
    kept = {"clients": standing.clients} if standing else {}
    try:
        shaped_values(kept | with_tails(judged.values, None))
    except RegisterRefused as refusal:
        judged.faults.append((heads.get(refusal.field, refusal.field), refusal.sentence))


def _refuse_purpose(
    judged: Judged, standing: ProcessingActivity | None, heads: Mapping[str, str]
) -> None:
    """Another purpose of what was published asks questions that a file does not answer (6(4))."""
    if standing is None or standing.published_at is None or "purpose" not in judged.values:
        return
    if judged.values["purpose"] != getattr(standing, f"purpose_{language_now()}"):
        words = _("This changes what the data is for. Change it in the register: it asks why.")
        judged.faults.append((heads.get("purpose", ""), words))


def _refuse_unsaid(
    judged: Judged, standing: ProcessingActivity | None, heads: Mapping[str, str]
) -> None:
    """What was published gets no receivers in words of whom nobody says where they are (INV-29)."""
    if standing is None or standing.published_at is None or not judged.values.get("receivers"):
        return
    had_them = standing.receivers_nl and not standing.transfers_nl
    blanks = judged.values.get("blanks", standing.blanks)
    said = judged.values.get("transfers") or standing.transfers_nl or blanks.get(Element.TRANSFERS)
    if not said and not had_them:
        judged.faults.append((heads["receivers"], empty_sentence(Element.TRANSFERS)))


def _differs(judged: Judged, standing: ProcessingActivity, known: _Known) -> bool:
    tail = language_now()
    for name, value in judged.values.items():
        column = f"{name}_{tail}" if hasattr(standing, f"{name}_{tail}") else name
        if getattr(standing, column) != value:
            return True
    companies = judged.companies
    return companies is not None and companies != known.companies_of(standing.key)


def _refuse_doubles(judged: Sequence[Judged], heads: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for each in judged:
        if each.key and each.key in seen and each.outcome != "kept":
            each.outcome = "refused"
            each.faults.append((heads.get("key", ""), _("This code stands in the file twice.")))
        seen.add(each.key)


def with_tails(values: Mapping[str, Any], standing: ProcessingActivity | None) -> dict[str, Any]:
    """Texts in the reader's language; the other one follows where it was the same or empty."""
    tail = language_now()
    other = "en" if tail == "nl" else "nl"
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in (*_TEXTS, "data", "receivers"):
            found[name] = value
            continue
        here = getattr(standing, f"{name}_{tail}", None) if standing else None
        there = getattr(standing, f"{name}_{other}", None) if standing else None
        found[f"{name}_{tail}"] = value
        found[f"{name}_{other}"] = there if there and there != here else value
    return found
