"""What may be taken along (art. 20 GDPR): provided or observed, by consent or contract."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.export import StoreExport
from akkoord.law.states import Basis
from akkoord.register.queries import told_activities

BY_CONSENT_OR_CONTRACT = (Basis.CONSENT, Basis.CONTRACT)


def portable_classes() -> frozenset[str]:
    """The purpose classes of what people are told that happens by consent or a contract today.

    A draft does not happen yet; of what is done for a client that client is asked.
    """
    found = [each for each in told_activities() if each.legal_basis in BY_CONSENT_OR_CONTRACT]
    return frozenset(each for activity in found for each in activity.purpose_classes)


def portable_stores(stores: Iterable[StoreExport]) -> list[StoreExport]:
    """Of these stores the columns that may be taken along; stores without any are left out."""
    classes = portable_classes()
    found = []
    for store in stores:
        declared = declaration_of(store.store)
        columns = tuple(
            each
            for each in store.columns
            if declared
            and each.provided
            and each.name in declared.columns
            and classes.intersection(declared.columns[each.name].purposes)
        )
        if columns:
            names = [each.name for each in columns]
            rows = tuple({name: row.get(name) for name in names} for row in store.rows)
            found.append(replace(store, columns=columns, rows=rows))
    return found


def as_csv(store: StoreExport) -> bytes:
    """One store as CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read it well)."""
    out = io.StringIO(newline="")
    names = [each.name for each in store.columns]
    writer = csv.writer(out)
    writer.writerow([each.label for each in store.columns])
    for row in store.rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = ", ".join(_texts(value)) if isinstance(value, list | dict) else str(value)
    if text[:1] == "+" and text[1:].isdigit():  # a telephone number
        return text
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{key}: {each}" for key, each in value.items())
    else:
        yield from map(str, value)
