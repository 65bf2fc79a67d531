"""A register that comes in from a file: judged cell by cell, then written in one transaction.

A row with a cell that cannot be is left out as a whole, with the reason at the cell: nothing is
half in. What Akkoord performs itself is never written from a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element, lacking
from akkoord.register import hand
from akkoord.register.columns_known import basis_of
from akkoord.register.entry_words import SUBJECTS
from akkoord.register.models import ProcessingActivity, Recipient, language_now
from akkoord.register.nobody import sentence_about
from akkoord.register.reading import Sheet
from akkoord.register.records import entry_now
from akkoord.register.refused import RegisterRefused
from akkoord.register.table import LISTS
from akkoord.trail.actions import Actor, record_change

_TEXTS = ("name", "purpose", "proof", "source", "term", "security")
_WRITTEN = (*_TEXTS, "clients", "subjects", "data", "receivers", "legal_basis", "role", "blanks")


@dataclass
class Judged:
    """One row: what will happen with it, and what is wrong in which cell."""

    row: int
    key: str
    name: str
    values: dict[str, Any]
    companies: set[str]
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
    heads = dict(zip(targets, sheet.heads, strict=False))
    known = _known()
    judged = [_judge_row(number, cells, targets, heads, known) for number, cells in sheet.rows]
    _refuse_doubles(judged, heads)
    return Outcome(judged, dict(zip(sheet.heads, targets, strict=False)))


@dataclass(frozen=True)
class _Known:
    recipients: Mapping[str, str]  # as a cell has it -> key
    activities: Mapping[str, ProcessingActivity]


def _known() -> _Known:
    found = Recipient.objects.filter(valid_to=None)
    return _Known(
        {f"{each.name} ({each.country})": each.key for each in found},
        {each.key: each for each in ProcessingActivity.objects.filter(valid_to=None)},
    )


def _judge_row(
    number: int,
    cells: Sequence[str],
    targets: Sequence[str],
    heads: Mapping[str, str],
    known: _Known,
) -> Judged:
    given: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    for target, cell in zip(targets, cells, strict=False):
        if not target or not cell:
            continue
        text, fault = _safe(cell)
        if not fault and target not in ("key", "clients", "state"):
            fault = sentence_about(text)
        if fault:
            faults.append((heads[target], fault))
        given[target] = text
    values, companies = _values(given, heads, known, faults)
    key = given.get("key", "")
    judged = Judged(number, key, given.get("name", ""), values, companies, faults=faults)
    judged.publishes = given.get("state", "") in _published_words()
    if not judged.name:
        judged.faults.append((heads.get("name", _("Activity")), _("Give it a name.")))
    _set_outcome(judged, known, heads)
    return judged


def _safe(cell: str) -> tuple[str, str]:
    """A cell without the mark of our own files; what is a formula is refused."""
    if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r"):
        return cell[1:], ""
    if cell[:1] in ("=", "@") or (cell[:1] == "+" and not cell[1:2].isspace()):
        return cell, _("This is a formula, not a text.")
    if cell.startswith("#") and cell.rstrip("!?").isupper() and " " not in cell:
        return cell, _("This cell holds an error of the spreadsheet.")
    return cell, ""


def _published_words() -> set[str]:
    words = set()
    for language in ("nl", "en"):
        with translation.override(language):
            words.add(_("Complete"))
    return words


def _values(
    given: Mapping[str, str],
    heads: Mapping[str, str],
    known: _Known,
    faults: list[tuple[str, str]],
) -> tuple[dict[str, Any], set[str]]:
    """The row as values of an activity, in the reader's language; what is unclear is a fault."""
    values: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    companies: set[str] = set()
    for name in LISTS:
        if name in given:
            values[name] = [line.strip(" -•\t") for line in _lines(given[name])]
    if "receivers" in values:
        companies = {known.recipients[e] for e in values["receivers"] if e in known.recipients}
        values["receivers"] = [e for e in values["receivers"] if e not in known.recipients]
    if "subjects" in values:
        terms = _subject_terms()
        values["subjects"] = [terms.get(each.lower(), each) for each in values["subjects"]]
    if given.get("legal_basis"):
        values["legal_basis"] = basis_of(given["legal_basis"])
        if not values["legal_basis"]:
            faults.append((heads["legal_basis"], _("We do not know this ground.")))
    values["role"] = (
        "processor" if given.get("role", "").lower() in ("verwerker", "processor") else "controller"
    )
    if values["role"] == "processor" and not values.get("clients"):
        faults.append((heads.get("clients", ""), _("Say for which clients you do this.")))
    if "blanks" in given:
        values["blanks"] = _reasons(given["blanks"])
    return values, companies


def _lines(text: str) -> list[str]:
    parts = text.split("\n") if "\n" in text else text.split(";")
    return [each for each in (part.strip() for part in parts) if each]


def _subject_terms() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {str(words).lower(): key for key, words in SUBJECTS.items()}
    return found


def _reasons(text: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.split("\n"))
    known = {str(each) for each in Element}
    return {name: reason for name, _colon, reason in pairs if name in known and reason}


def _set_outcome(judged: Judged, known: _Known, heads: Mapping[str, str]) -> None:
    standing = known.activities.get(judged.key)
    if standing is not None and not judged.key.startswith(hand.OWN):
        judged.outcome = "kept"
        judged.faults.clear()
        return
    if not judged.faults:
        _refuse_long(judged, heads)
    if judged.faults:
        judged.outcome = "refused"
    elif standing is not None:
        judged.outcome = "changed" if _differs(judged, standing) else "unchanged"


def _refuse_long(judged: Judged, heads: Mapping[str, str]) -> None:
    try:
        hand.checked_values(_with_tails(judged.values, None))
    except RegisterRefused as refusal:
        judged.faults.append((heads.get(refusal.field, refusal.field), refusal.sentence))


def _differs(judged: Judged, standing: ProcessingActivity) -> bool:
    tail = language_now()
    for name, value in judged.values.items():
        column = f"{name}_{tail}" if hasattr(standing, f"{name}_{tail}") else name
        if getattr(standing, column) != value:
            return True
    entry = entry_now(standing.key)
    has = {each["key"] for each in entry.content["recipients"]} if entry else set()
    return has != judged.companies


def _refuse_doubles(judged: Sequence[Judged], heads: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for each in judged:
        if each.key and each.key in seen and each.outcome != "kept":
            each.outcome = "refused"
            each.faults.append((heads.get("key", ""), _("This code stands in the file twice.")))
        seen.add(each.key)


def _with_tails(values: Mapping[str, Any], standing: ProcessingActivity | None) -> dict[str, Any]:
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


@transaction.atomic
def bring_in(outcome: Outcome, *, at: datetime, actor: Actor) -> Outcome:
    """Write the rows that can be; the others stay out whole. One transaction, one trail line."""
    reason = _("Brought in from a file.")
    for each in outcome.judged:
        if each.outcome == "new":
            key = each.key if each.key.startswith(hand.OWN) else ""
            values = _with_tails(each.values, None)
            made = hand.make_activity(values=values, key=key, at=at, actor=actor)
            _settle(each, made.key, at=at, actor=actor)
        elif each.outcome == "changed":
            standing = ProcessingActivity.objects.get(key=each.key, valid_to=None)
            values = _with_tails(each.values, standing)
            hand.change_activity(key=each.key, values=values, reason=reason, at=at, actor=actor)
            _settle(each, each.key, at=at, actor=actor)
    record_change(
        actor=actor,
        action="register.import",
        object_kind="register",
        object_id=None,
        at=at,
    )
    hand.because(reason)
    return outcome


def _settle(each: Judged, key: str, *, at: datetime, actor: Actor) -> None:
    """Its companies; and in the register when it was there and is complete."""
    hand.choose_recipients(key=key, wanted=each.companies, at=at, actor=actor)
    entry = entry_now(key)
    if each.publishes and entry is not None and not lacking(entry.content, entry.house):
        hand.publish_activity(key=key, at=at, actor=actor)
