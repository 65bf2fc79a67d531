"""The columns that somebody can be found by, read from every declared store in one statement."""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from akkoord.datamap.declaration import Column, Declaration
from akkoord.datamap.paths import quoted, subject_condition
from akkoord.datamap.prepared import prepared


def identifying_rows(
    stores: tuple[Declaration, ...], person_ids: Sequence[UUID]
) -> Iterator[tuple[UUID | None, list[tuple[Column, Any]]]]:
    """Per row, whose it is, and the identifying columns and their values; one statement.

    Whose a row is counts for names and doors only; a store of those that is further away than one
    column would need its path walked back (a test holds that there is none).
    """
    question, columns = _question(stores)
    if not columns:
        return
    for place, who, *by_type in prepared(question, {"people": list(person_ids)}):
        values = [value for each in by_type for value in each]
        yield who, [pair for pair in zip(columns[place], values, strict=True) if pair[1]]


@lru_cache(maxsize=8)  # what is declared does not change while a process lives
def _question(stores: tuple[Declaration, ...]) -> tuple[str, tuple[tuple[Column, ...], ...]]:
    """The SQL that reads the identifying columns of all these stores at once, and those columns.

    A row holds the store's place, whose it is, and an array per type: ids, bytes and texts.
    """
    parts: list[str] = []
    columns: list[tuple[Column, ...]] = []
    for store in stores:
        of_type = _identifying(store)
        if not any(of_type.values()):
            continue
        arrays = ", ".join(
            f"ARRAY[{', '.join(f'{quoted(name)}::{kind}' for name, _column in found)}]::{kind}[]"
            for kind, found in of_type.items()
        )
        whose = quoted(store.subject) if _is_named_by_id(store) else "NULL::uuid"
        parts.append(
            f"SELECT {len(columns)}, {whose}, {arrays} FROM {quoted(store.table)}"
            f" WHERE {subject_condition(store)}"
        )
        columns.append(tuple(column for found in of_type.values() for _name, column in found))
    return " UNION ALL ".join(parts), tuple(columns)


def _identifying(store: Declaration) -> dict[str, list[tuple[str, Column]]]:
    """The identifying columns of a store by their type: what has no identifier and is neither an
    id nor bytes leads to nobody."""
    found: dict[str, list[tuple[str, Column]]] = {"uuid": [], "bytea": [], "text": []}
    for name, column in store.columns.items():
        if column.identifier or column.category == "pd:Identifier":
            kind = _type_of(store, name)
            if kind in ("uuid", "bytea"):
                found[kind].append((name, column))
            elif column.identifier:
                found["text"].append((name, column))
    return found


def _type_of(store: Declaration, name: str) -> str:
    """The database's type of a column; of a table without a model the id is its person's."""
    if store.model is None:
        return "uuid" if name == store.subject else "text"
    field = next(each for each in store.model._meta.concrete_fields if each.column == name)
    return str(field.db_type(connection))


def _is_named_by_id(store: Declaration) -> bool:
    """Whether a row itself says by an id whose it is."""
    return names_own_person(store) and _type_of(store, store.subject) == "uuid"


def names_own_person(store: Declaration) -> bool:
    """Whether a row itself says whose it is, in the column that the declaration names."""
    if store.model is None:
        return "__" not in store.subject
    return any(each.column == store.subject for each in store.model._meta.concrete_fields)
