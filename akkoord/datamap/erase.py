"""Erasure from the declarations: rows go, are blanked, or stay on a ground (art. 17 GDPR).

Names no model. Stores that need no code of their own go in one statement: it sees them all as
they were before, so the order matters only around a store with its own eraser.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
from akkoord.datamap.prepared import prepared


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
    _may_blank(str(run_id))
    _remove_files_after_commit(list(_files_of(stores, ids)))
    outcomes: list[StoreOutcome] = []
    for eraser, group in groupby(stores, key=lambda each: each.custom_erase):
        if eraser:
            outcomes += [_erase_by(eraser, each, ids, run_id) for each in group]
        else:
            outcomes += _erase_together(tuple(group), ids)
    _may_blank("")
    return [each for each in outcomes if each.removed or each.blanked or each.kept]


def _may_blank(run: str) -> None:
    """Let append-only tables be blanked on behalf of this run, until it is taken back or the
    transaction ends."""
    prepared("SELECT set_config('akkoord.erasing', %(run)s, true)", {"run": run})


def changed_tables() -> list[str]:
    """The tables in which this transaction changed or removed rows, however it came about.

    By the database's own count: what another store's eraser, a cascade or an emptied text touched
    is on no list of ours, and its old bytes lie in the pages all the same.
    """
    return [name for (name,) in prepared(_CHANGED, {})]


# What the view pg_stat_xact_user_tables counts, without its look at every index.
_CHANGED = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
   AND pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) > 0
 ORDER BY relname
"""


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


def _erase_together(stores: tuple[Declaration, ...], ids: list[UUID]) -> Iterator[StoreOutcome]:
    """Erase several stores in one statement."""
    statement, blanks = _statement(stores)
    [numbers] = prepared(statement, {"people": ids, **blanks})
    return map(_outcome, stores, numbers)


@lru_cache(maxsize=32)  # what is declared does not change while a process lives
def _statement(stores: tuple[Declaration, ...]) -> tuple[str, Mapping[str, Any]]:
    """The SQL that does to these stores what they declare, and the values that it blanks with."""
    blanks: dict[str, Any] = {}
    steps = [_step(store, blanks) for store in stores]
    parts = ", ".join(f"s{place} AS ({step})" for place, step in enumerate(steps))
    counts = ", ".join(f"(SELECT count(*) FROM s{place})" for place in range(len(steps)))
    return f"WITH {parts} SELECT {counts}", blanks


def _step(store: Declaration, blanks: dict[str, Any]) -> str:
    """The SQL that does to one store what it declares; adds the values that it blanks with."""
    table, people = quoted(store.table), subject_condition(store)
    if store.erase is OnErasure.DELETE:
        return f"DELETE FROM {table} WHERE {people} RETURNING 1"
    if store.erase is OnErasure.KEEP:
        return f"SELECT 1 FROM {table} WHERE {people}"
    emptied = []
    for name, column in store.columns.items():
        value = f"blank{len(blanks)}"
        blanks[value] = Jsonb(column.blank) if isinstance(column.blank, dict) else column.blank
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


def _files_of(stores: tuple[Declaration, ...], ids: list[UUID]) -> Iterator[Path]:
    """The files under the data folder that go with these stores' rows."""
    if question := _question_for_files(stores):
        for (path,) in prepared(question, {"people": ids}):
            yield _inside_data_folder(path)


@lru_cache(maxsize=8)
def _question_for_files(stores: tuple[Declaration, ...]) -> str:
    """The SQL that reads the paths of those files; empty when no store has any."""
    return " UNION ALL ".join(
        f"SELECT {quoted(name)} FROM {quoted(store.table)}"
        f" WHERE {quoted(name)} <> '' AND {subject_condition(store)}"
        for store in stores
        if store.erase is not OnErasure.KEEP
        for name in store.files
    )


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
