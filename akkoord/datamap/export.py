"""Everything that is kept of somebody, from the declarations alone (art. 15 and 20 GDPR)."""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from akkoord.datamap.column_words import is_technical
from akkoord.datamap.declaration import Declaration, OnErasure, Whose, personal_stores
from akkoord.datamap.labels import column_label, store_label
from akkoord.datamap.paths import quoted, subject_condition


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export.

    `provided`: given by the person, so portable (art. 20). `category` is empty for a column that
    is not personal by itself, like the state of a message; it stands here to make sense of the
    row. `technical`: numbers and fingerprints that say nothing to a reader.
    """

    name: str
    label: str
    category: str
    provided: bool
    technical: bool = False


@dataclass(frozen=True, slots=True)
class StoreExport:
    """The rows of one store that are about these people; values are ready for JSON."""

    store: str
    label: str
    columns: tuple[ExportColumn, ...]
    rows: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """A JSON-ready document of this store."""
        return {
            "store": self.store,
            "label": self.label,
            "columns": [
                {
                    "name": each.name,
                    "label": each.label,
                    "category": each.category,
                    "provided": each.provided,
                    "technical": each.technical,
                }
                for each in self.columns
            ],
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class Holding:
    """How much one store holds of these people, and what an erasure would do with it.

    `why`, `ground` and `until` (a parameter's key in `law`) say why something stays.
    """

    store: str
    label: str
    rows: int
    fate: OnErasure
    why: str
    ground: str
    until: str
    categories: tuple[str, ...]


def export_person(
    person_ids: Sequence[UUID],
    *,
    whose: Whose = Whose.PERSON,
    portable: bool = False,
    opens: bool = False,
) -> list[StoreExport]:
    """Every declared row about these people (a person and their aliases), secrets left out.

    `portable`: only what the person provided (art. 20). `opens`: for the person's own eyes, so
    sealed values are opened (art. 15(3)); else they are left out. One query per store; stores that
    hold nothing are left out.
    """
    found = []
    for declaration in personal_stores(whose):
        columns = _exported_columns(declaration, portable, opens)
        rows = _rows(declaration, columns, person_ids) if columns else ()
        if rows:
            found.append(StoreExport(declaration.table, store_label(declaration), columns, rows))
    return found


@dataclass(frozen=True, slots=True)
class FileExport:
    """A file that is kept of these people, as an export takes it along."""

    store: str
    row_id: str
    media_type: str
    content: bytes


def export_files(
    person_ids: Sequence[UUID], *, whose: Whose = Whose.PERSON
) -> Iterator[FileExport]:
    """The files of these people's own rows, opened, one at a time (art. 15(3)).

    A file that several people stand in belongs to no row of one person, and stays out: the copy
    must not harm others (art. 15(4)).
    """
    for declaration in personal_stores(whose):
        if not declaration.files or not declaration.opened_by:
            continue
        opener: Callable[[Any], tuple[str, bytes]] = import_string(declaration.opened_by)
        key = _key(declaration)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key} FROM {quoted(declaration.table)}"
                f" WHERE {subject_condition(declaration)} ORDER BY {key}",
                {"people": list(person_ids)},
            )
            ids = [row[0] for row in cursor.fetchall()]
        for row_id in ids:
            media_type, content = opener(row_id)
            yield FileExport(declaration.table, str(row_id), media_type, content)


def holdings(person_ids: Sequence[UUID], *, whose: Whose = Whose.PERSON) -> list[Holding]:
    """What we keep of these people per store, and what erasure would do; one query.

    Stores that hold nothing are left out.
    """
    stores = personal_stores(whose)
    if not stores:
        return []
    counts = ", ".join(
        f"(SELECT count(*) FROM {quoted(each.table)} WHERE {subject_condition(each)})"
        for each in stores
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", {"people": list(person_ids)})
        numbers = cursor.fetchone() or ()
    return [
        Holding(
            store=each.table,
            label=store_label(each),
            rows=rows,
            fate=each.erase,
            why=each.why,
            ground=each.ground,
            until=each.until,
            categories=tuple(sorted({column.category for column in each.columns.values()})),
        )
        for each, rows in zip(stores, numbers, strict=True)
        if rows
    ]


def _exported_columns(
    declaration: Declaration, portable: bool, opens: bool
) -> tuple[ExportColumn, ...]:
    """What may be shown: all but secrets; of a portable export only what the person provided."""
    shown = [
        ExportColumn(
            name,
            capfirst(column_label(declaration, name)),
            column.category,
            column.provided,
            is_technical(name),
        )
        for name, column in declaration.columns.items()
        if not column.secret
        and (column.provided or not portable)
        and (opens or not column.opened_by)
    ]
    if not portable:
        shown += [
            ExportColumn(
                name,
                capfirst(column_label(declaration, name)),
                "",
                provided=False,
                technical=is_technical(name),
            )
            for name in declaration.plain
        ]
    return tuple(shown)


def _rows(
    declaration: Declaration, columns: Sequence[ExportColumn], person_ids: Sequence[UUID]
) -> tuple[dict[str, Any], ...]:
    """The rows of one store, oldest key first."""
    key = _key(declaration)
    opened = {
        each.name: _opened(declaration.columns[each.name].opened_by, person_ids)
        for each in columns
        if each.name in declaration.columns and declaration.columns[each.name].opened_by
    }
    # Of a sealed value its row's key is read: its text stands in `opened`.
    names = ", ".join(
        f"{key}::text AS {quoted(each.name)}" if each.name in opened else quoted(each.name)
        for each in columns
    )
    sql = (
        f"SELECT {names} FROM {quoted(declaration.table)}"
        f" WHERE {subject_condition(declaration)} ORDER BY {key}"
    )
    packed = _json_columns(declaration)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"people": list(person_ids)})
        return tuple(
            {
                each.name: opened[each.name].get(str(value), "")
                if each.name in opened
                else _json_value(
                    json.loads(value) if each.name in packed and isinstance(value, str) else value
                )
                for each, value in zip(columns, row, strict=True)
                if not isinstance(value, bytes | memoryview)  # hashes: nobody's to read
            }
            for row in cursor.fetchall()
        )


def _opened(path: str, person_ids: Sequence[UUID]) -> dict[str, str]:
    """The texts of sealed values by their row."""
    opener: Callable[[Sequence[UUID]], Iterator[tuple[UUID, str]]] = import_string(path)
    return {str(row_id): text for row_id, text in opener(person_ids)}


def _json_columns(declaration: Declaration) -> frozenset[str]:
    """Columns that a cursor answers as the text of a JSON document."""
    fields = declaration.model._meta.local_concrete_fields if declaration.model else ()
    return frozenset(str(each.column) for each in fields if isinstance(each, models.JSONField))


def _key(declaration: Declaration) -> str:
    """The column that rows are put in order by: UUIDv7 keys are in order of time."""
    if declaration.model is not None and declaration.model._meta.pk is not None:
        return quoted(str(declaration.model._meta.pk.column))
    return "1"


def _json_value(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, decimals and ids as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_json_value(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _json_value(each) for key, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else str(value)
