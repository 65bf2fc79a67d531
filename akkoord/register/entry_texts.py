"""The texts of an entry that people wrote, looked through before it is published (INV-30)."""

from collections.abc import Iterable, Mapping
from typing import Any

from akkoord.law.register_rules import Element
from akkoord.register.records import Record

_TAILS = ("nl", "en")


def texts_of(record: Record) -> dict[str, list[str]]:
    """Every text of an entry by the element that it stands in, in both languages.

    Left out is what names firms by right: clients (art. 30(2)(a)) and companies that receive data.
    """
    weighing = record.get("weighing") or {}
    topics, terms = record.get("topics") or (), record.get("terms") or ()
    found = {
        "name": _both(record, "name"),
        Element.PURPOSE: [*_both(record, "purpose"), *_of_each(topics, "name", "description")],
        Element.PROOF: [
            *_both(record, "proof"),
            *(str(weighing.get(step, "")) for step in ("interest", "necessity", "balance")),
        ],
        Element.SUBJECTS: [str(each) for each in record.get("subjects") or ()],
        Element.DATA: [
            *_both(record, "data", "source"),
            *_of_each(record.get("fields") or (), "name", "why"),
            *(str(each) for each in record.get("forms") or ()),
        ],
        Element.RECIPIENTS: _both(record, "receivers"),
        Element.TRANSFERS: _both(record, "transfers"),
        Element.TERMS: [
            *_both(record, "term"),
            *_of_each(terms, "criterion"),
            *(str(each.get("reason", "")) for each in terms),
        ],
        Element.SECURITY: _both(record, "security"),
    }
    for element, reason in (record.get("blanks") or {}).items():
        found.setdefault(element, []).append(str(reason))
    return {str(element): [text for text in texts if text] for element, texts in found.items()}


def _both(record: Mapping[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        for tail in _TAILS:
            said = record.get(f"{name}_{tail}") or ()
            found += [said] if isinstance(said, str) else [str(each) for each in said]
    return found


def _of_each(rows: Iterable[Mapping[str, Any]], *names: str) -> list[str]:
    return [text for row in rows for text in _both(row, *names)]
