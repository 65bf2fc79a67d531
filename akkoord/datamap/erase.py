"""Erasure from the declarations: rows go, are blanked, or stay on a ground (art. 17 GDPR).

Names no model. Stores that need no code of their own go in one statement: it sees them all as
they were before, so the order matters only around a store with its own eraser.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from psycopg.types.json import Jsonb

from akkoord.datamap.declaration import Declaration, OnErasure, Whose, personal_stores
from akkoord.datamap.labels import store_label
from akkoord.datamap.paths import quoted, subject_condition


@dataclass(frozen=True, slots=True)
class Erased:
    """What a store's own eraser did, when part of it stays without the person on a ground."""

    removed: int
    kept: int = 0
    ground: str = ""
    until: str = ""


Eraser = Callable[[Sequence[UUID], UUID], int | Erased]


@dataclass(frozen=True, slots=True)
class StoreOutcome:
    """What became of one store. `until` is a parameter's key in `law`."""

    store: str
    label: str
    removed: int = 0
    blanked: int = 0
    kept: int = 0
    ground: str = ""
    until: str = ""


class ErasureRefused(Exception):
    """Erasing was asked outside a transaction, where a fault would leave it half done."""


def erase_people(
    person_ids: Sequence[UUID], *, run_id: UUID, whose: Whose = Whose.PERSON
) -> list[StoreOutcome]:
    """Erase these people (the caller passes every alias too) from every declared store.

    Runs inside the caller's transaction and refuses (ErasureRefused) without one. Set-based: as
    many statements for a thousand people as for one. While it runs, `akkoord.erasing` holds
    `run_id`, so that append-only tables let themselves be blanked. Files that go with rows are
    removed after the commit. Stores that held nothing are left out.
    """
    if not connection.in_atomic_block:
        raise ErasureRefused("an erasure needs a transaction around it")
    ids = list(person_ids)
    stores = personal_stores(whose)
    _remove_files_after_commit([path for each in stores for path in _files_of(each, ids)])
    outcomes: list[StoreOutcome] = []
    for eraser, group in groupby(stores, key=lambda each: each.custom_erase):
        if eraser:
            outcomes += [_erase_by(eraser, each, ids, run_id) for each in group]
        else:
            outcomes += _erase_together(list(group), ids, run_id)
    return [each for each in outcomes if each.removed or each.blanked or each.kept]


def changed_tables() -> list[str]:
    """The tables in which this transaction changed or removed rows, however it came about.

    By the database's own count: what another store's eraser, a cascade or an emptied text touched
    is on no list of ours, and its old bytes lie in the pages all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_upd + n_tup_del > 0"
            " AND schemaname = current_schema() ORDER BY relname"
        )
        return [row[0] for row in cursor.fetchall()]


def _erase_by(eraser: str, store: Declaration, ids: Sequence[UUID], run_id: UUID) -> StoreOutcome:
    """Let a store's own function erase; it answers how many rows it touched, or what stays."""
    function: Eraser = import_string(eraser)
    done = function(ids, run_id)
    if isinstance(done, Erased):
        return StoreOutcome(
            store.table,
            store_label(store),
            removed=done.removed,
            kept=done.kept,
            ground=done.ground,
            until=done.until,
        )
    return _outcome(store, done)


def _erase_together(
    stores: Sequence[Declaration], ids: list[UUID], run_id: UUID
) -> Iterator[StoreOutcome]:
    """Erase several stores in one statement."""
    values: dict[str, Any] = {"people": ids, "run": str(run_id)}
    steps = [_step(store, values) for store in stores]
    parts = ", ".join(f"s{place} AS ({step})" for place, step in enumerate(steps))
    counts = ", ".join(f"(SELECT count(*) FROM s{place})" for place in range(len(steps)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('akkoord.erasing', %(run)s, true)", values)
        cursor.execute(f"WITH {parts} SELECT {counts}", values)
        numbers = cursor.fetchone() or ()
        cursor.execute("SELECT set_config('akkoord.erasing', '', true)")
    return map(_outcome, stores, numbers)


def _step(store: Declaration, values: dict[str, Any]) -> str:
    """The SQL that does to one store what it declares; adds the values that it blanks with."""
    table, people = quoted(store.table), subject_condition(store)
    if store.erase is OnErasure.DELETE:
        return f"DELETE FROM {table} WHERE {people} RETURNING 1"
    if store.erase is OnErasure.KEEP:
        return f"SELECT 1 FROM {table} WHERE {people}"
    emptied = []
    for name, column in store.columns.items():
        value = f"blank{len(values)}"
        values[value] = Jsonb(column.blank) if isinstance(column.blank, dict) else column.blank
        emptied.append(f"{quoted(name)} = %({value})s")
    return f"UPDATE {table} SET {', '.join(emptied)} WHERE {people} RETURNING 1"


def _outcome(store: Declaration, rows: int) -> StoreOutcome:
    """The outcome of a store of which so many rows were touched."""
    label = store_label(store)
    if store.erase is OnErasure.KEEP:
        return StoreOutcome(store.table, label, kept=rows, ground=store.ground, until=store.until)
    if store.erase is OnErasure.BLANK:
        return StoreOutcome(store.table, label, blanked=rows)
    return StoreOutcome(store.table, label, removed=rows)


def _files_of(store: Declaration, ids: list[UUID]) -> Iterator[Path]:
    """The files under the data folder that go with a store's rows."""
    if not store.files or store.erase is OnErasure.KEEP:
        return
    names = ", ".join(quoted(name) for name in store.files)
    sql = f"SELECT {names} FROM {quoted(store.table)} WHERE {subject_condition(store)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"people": ids})
        for row in cursor.fetchall():
            yield from (_inside_data_folder(path) for path in row if path)


def _inside_data_folder(path: str) -> Path:
    """A stored path made whole; refuses one that leads out of the data folder."""
    folder = Path(settings.DATA_DIR).resolve()
    found = (folder / path).resolve()
    if not found.is_relative_to(folder):
        raise ErasureRefused("a stored path leads out of the data folder")
    return found


def _remove_files_after_commit(paths: Sequence[Path]) -> None:
    """Remove files once their rows are surely gone; a file that has gone already is fine."""

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    if paths:
        transaction.on_commit(remove)
