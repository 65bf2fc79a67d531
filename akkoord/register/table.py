"""The register as a table: one row per activity, the same columns out as in.

What goes out comes back the same: every column that a person fills in is one of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.law.register_rules import Element
from akkoord.register.entry_words import BASES, lines_of, subject_words
from akkoord.register.records import Entry, text_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its head, and how wide it is."""

    key: str
    head: Promise
    width: int = 30


COLUMNS: tuple[Column, ...] = (
    Column("key", gettext_lazy("Code"), 18),
    Column("name", gettext_lazy("Activity"), 26),
    Column("role", gettext_lazy("Role"), 16),
    Column("clients", gettext_lazy("For which clients"), 24),
    Column("purpose", gettext_lazy("What for"), 40),
    Column("legal_basis", gettext_lazy("Why this is allowed"), 26),
    Column("proof", gettext_lazy("Proof of that"), 36),
    Column("subjects", gettext_lazy("Of whom"), 22),
    Column("data", gettext_lazy("Which data"), 36),
    Column("source", gettext_lazy("Where it comes from"), 22),
    Column("receivers", gettext_lazy("Who receives it"), 32),
    Column("transfers", gettext_lazy("Outside Europe"), 28),
    Column("term", gettext_lazy("How long you keep it"), 34),
    Column("security", gettext_lazy("How it is kept safe"), 36),
    Column("blanks", gettext_lazy("Why something is empty"), 28),
    Column("state", gettext_lazy("State"), 12),
)
LISTS = frozenset({"clients", "subjects", "data", "receivers"})


def role_words() -> dict[str, str]:
    """Both roles in the reader's language."""
    return {"controller": _("Controller"), "processor": _("Processor")}


def state_words() -> dict[str, str]:
    """The states in the reader's language."""
    return {
        "published": _("Complete"),
        "lacking": _("Not complete"),
        "draft": _("Draft"),
        "ended": _("Ended"),
    }


def heads(language: str) -> list[str]:
    """The heads of the columns in a language."""
    with translation.override(language):
        return [str(each.head) for each in COLUMNS]


def row_of(entry: Entry, language: str) -> dict[str, str]:
    """One activity as a row: what was filled in by hand as it stands, the rest in words."""
    with translation.override(language):
        record = entry.content
        lines = {each.element: each.parts for each in lines_of(entry)}
        own_data = [str(each) for each in text_of(record, "data") or ()]
        fields = [str(text_of(each, "name")) for each in record.get("fields", ())]
        receivers = [str(each) for each in text_of(record, "receivers") or ()]
        companies = [f"{each['name']} ({each['country']})" for each in record.get("recipients", ())]
        row: dict[str, Any] = {
            "key": entry.key,
            "name": entry.name,
            "role": role_words().get(str(record["role"]), ""),
            "clients": record.get("clients") or (),
            "purpose": entry.purpose,
            "legal_basis": str(BASES.get(str(record["legal_basis"]), record["legal_basis"])),
            "proof": text_of(record, "proof"),
            "subjects": subject_words(record.get("subjects") or ()),
            "data": [*fields, *own_data],
            "source": text_of(record, "source"),
            "receivers": [*companies, *receivers],
            "transfers": lines.get(Element.TRANSFERS, ()),
            "term": lines.get(Element.TERMS, ()),
            "security": text_of(record, "security"),
            "blanks": _blanks(record.get("blanks") or {}),
            "state": state_words()[entry.state],
        }
    return {name: _cell(value) for name, value in row.items()}


def _blanks(reasons: Mapping[str, str]) -> list[str]:
    return [f"{element}: {reason}" for element, reason in sorted(reasons.items())]


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(str(each) for each in value)


def table_of(entries: Sequence[Entry], language: str) -> tuple[list[str], list[list[str]]]:
    """Heads and rows."""
    rows = [row_of(entry, language) for entry in entries]
    return heads(language), [[row[each.key] for each in COLUMNS] for row in rows]
