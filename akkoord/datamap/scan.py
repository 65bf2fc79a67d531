"""The logical scan: every column of every table and every file, for every needle (INV 35).

It trusts no declaration about where data stands, only the declarations of what may lawfully stay.
A false certificate is worse than none: any other hit, and any format that cannot be read, blocks.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from the catalogue

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.module_loading import import_string

from akkoord.datamap.cells import Cell, Rows, as_shown, sealed_cells
from akkoord.datamap.census import LiveColumn, live_columns
from akkoord.datamap.declaration import OnErasure, Whose, declarations
from akkoord.datamap.judging import Judge
from akkoord.datamap.many import is_many, judge_of
from akkoord.datamap.needles import Kind, Needles, portions_of
from akkoord.datamap.paths import quoted
from akkoord.datamap.reading import UnknownFormat, begins_readable, texts_of
from akkoord.datamap.sieve import row_conditions
from akkoord.datamap.sift import Sifter, sifted_rows
from akkoord.datamap.waiting import reader_of

FILES = "files"
_WINDOW = 32 * 1024 * 1024
_OVERLAP = 4096
_ROWS = 500
_LARGE_ROWS = 20  # of whole files

# The planner takes comparing texts for free and many rows for certain, and stays on one core.
_PLANNING = """
SET LOCAL parallel_tuple_cost = 0; SET LOCAL parallel_setup_cost = 0; SET LOCAL jit = off
"""

# Question: which bytes are no text? (Short ones are hashes, salts and keys.)
_UNTEXT = """
SELECT {name} FROM {store}
 WHERE octet_length({name}) > 96
   AND (substr({name}, 1, 2) IN ('\\x1f8b', '\\x504b', '\\x2550')
        OR position('\\x00'::bytea IN {name}) > 0 OR position('\\x01'::bytea IN {name}) > 0
        OR position('\\x02'::bytea IN {name}) > 0)
"""


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A column where something may lawfully stay; `until` is a parameter's key in `law`."""

    store: str
    column: str
    ground: str
    until: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, where and how often; never what it was. `place`: a column, or a file."""

    store: str
    place: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A column that holds bytes that nobody can read, and in how many rows."""

    store: str
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was looked through, and what was found.

    `kept`: hits in cells that may stay. `unknown_formats`: files that could not be read;
    `unread`: columns in which bytes stand that could not, with their rows. `is_clean`: nothing
    outside the kept list, and nothing unread.
    """

    tables: int
    columns: int
    files: int
    hits: tuple[Hit, ...]
    kept: tuple[Hit, ...]
    unknown_formats: tuple[str, ...]
    unread: tuple[UnreadCell, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether a certificate may be given."""
        return not (self.hits or self.unknown_formats or self.unread)


_files_of_hashes: dict[str, KeptCell] = {}


def declare_hashes(name: str, *, ground: str, until: str) -> None:
    """A file of the data folder that holds keyed hashes, and may: those only (INV-40)."""
    _files_of_hashes[name] = KeptCell(FILES, name, ground, until)


def kept_cells() -> tuple[KeptCell, ...]:
    """What may stay, by declaration: stores that KEEP, columns and files of keyed hashes."""
    return tuple(_files_of_hashes.values()) + tuple(
        KeptCell(each.table, column, each.ground, each.until)
        for each in declarations()
        for column in (
            each.columns
            if each.erase is OnErasure.KEEP and each.whose is not Whose.NOBODY
            else each.hashes
        )
    )


def scan(
    needles: Needles,
    roots: Iterable[Path] = (),
    *,
    kept: Collection[KeptCell] | None = None,
    opaque: Collection[Path] = (),
) -> ScanResult:
    """Look for the needles in every table of the database and every file under `roots`.

    `kept`: what may stay (default: what is declared). `opaque`: files and folders whose store
    answers for it that nobody can be read from them (encrypted, with the key gone). A database
    cluster's own folder is passed by: its tables are read through SQL. Run it after the
    erasure's commit, outside a transaction.
    """
    judge, sealed = judge_of(needles), sealed_cells()
    rows = Rows(needles, judge, sealed)
    look = _look_for_many(needles, rows) if is_many(needles) else _look_for_few(needles, rows)
    live = live_columns(connection)
    found: Counter[tuple[str, str, Kind]] = Counter()
    unknown: list[str] = []
    unread: Counter[Cell] = Counter()
    tables = [list(group) for _store, group in groupby(live, key=lambda each: each.store)]
    tables = [columns for columns in tables if columns[0].kind != "p"]  # partitions hold the rows
    for columns in tables:
        found += look(columns)
        unread += _cannot_be_read(columns, sealed)
    unread |= rows.unread  # a row that both met is one
    for place, kinds in _in_sealed_values(judge):
        found.update((*place, kind) for kind in kinds)
    if _has_large_objects():
        unknown.append("pg_largeobject")
    files = 0
    for root, path in _files(roots, opaque):
        files += 1
        name = str(path.relative_to(root)) if path != root else path.name
        kinds, is_read = _scan_file(path, name, judge)
        found.update((FILES, name, kind) for kind in kinds)
        if not is_read:
            unknown.append(name)
    cells = {(each.store, each.column) for each in (kept_cells() if kept is None else kept)}

    def may_stay(hit: Hit) -> bool:
        known = (hit.store, hit.place) in cells
        return known and (hit.store != FILES or hit.kind is Kind.KEYED_HASH)

    hits = [Hit(*place, count) for place, count in sorted(found.items())]
    return ScanResult(
        tables=len(tables),
        columns=sum(map(len, tables)),
        files=files,
        hits=tuple(each for each in hits if not may_stay(each)),
        kept=tuple(each for each in hits if may_stay(each)),
        unknown_formats=tuple(unknown),
        unread=tuple(UnreadCell(*cell, count) for cell, count in sorted(unread.items())),
    )


def _in_sealed_values(judge: Judge) -> Iterator[tuple[tuple[str, str], set[Kind]]]:
    """What stands in columns of sealed values, opened: the database itself cannot look there."""
    for store in declarations():
        for name, column in store.columns.items():
            if column.opened_by:
                opener: Any = import_string(column.opened_by)
                for _row_id, text in opener(None):
                    yield (store.table, name), judge.kinds_in(text)


Look = Callable[[Sequence[LiveColumn]], Counter[tuple[str, str, Kind]]]


def _look_for_few(needles: Needles, rows: Rows) -> Look:
    """The database is asked, once for so many needles as a statement carries."""
    parts = [(part, rows.of(part)) for part in portions_of(needles)]

    def look(columns: Sequence[LiveColumn]) -> Counter[tuple[str, str, Kind]]:
        found: Counter[tuple[str, str, Kind]] = Counter()
        for part, judged in parts:
            found += _scan_table(columns, part, judged)
        return found

    return look


def _look_for_many(needles: Needles, rows: Rows) -> Look:
    """Every row is read once, for all needles together."""
    sifter = Sifter(needles)

    def look(columns: Sequence[LiveColumn]) -> Counter[tuple[str, str, Kind]]:
        found: Counter[tuple[str, str, Kind]] = Counter()
        for row in sifted_rows(columns, sifter):
            for column, kind in rows.kinds_in(columns, row):
                found[columns[0].store, column, kind] += 1
        return found

    return look


def _scan_table(
    columns: Sequence[LiveColumn], needles: Needles, judged: Rows
) -> Counter[tuple[str, str, Kind]]:
    """One statement brings the rows that could name somebody; the judge looks at those."""
    conditions = list(row_conditions(columns, needles))
    found: Counter[tuple[str, str, Kind]] = Counter()
    if not conditions:
        return found
    shown = ", ".join(as_shown(column) for column in columns)
    where = " OR ".join(sql for sql, _values in conditions)
    store = columns[0].store
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLANNING)
        cursor.execute(
            f"SELECT {shown} FROM {quoted(store)} WHERE {where}",
            [value for _sql, values in conditions for value in values],
        )
        while rows := cursor.fetchmany(_ROWS):
            for row in rows:
                for column, kind in judged.kinds_in(columns, row):
                    found[store, column, kind] += 1
    return found


def _cannot_be_read(columns: Sequence[LiveColumn], sealed: set[Cell]) -> Counter[Cell]:
    """Looks at the bytes of a table that are no text, whoever is looked for: what nobody can read
    is no proof. They have a zero or another sign that no text has, or begin as packed files do.
    A few rows at a time: a column of large files would not fit in memory.
    """
    rows = Rows(Needles(), judge_of(Needles()), sealed)
    for column in columns:
        if column.type != "bytea" or (column.store, column.name) in sealed:
            continue
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(_UNTEXT.format(name=quoted(column.name), store=quoted(column.store)))
            while found := cursor.fetchmany(_LARGE_ROWS):
                for row in found:
                    rows.kinds_in([column], row)
    return rows.unread


def _has_large_objects() -> bool:
    """Whether somebody put large objects into the database; no column shows what they hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_largeobject_metadata)")
        return bool((cursor.fetchone() or (False,))[0])


def _files(roots: Iterable[Path], opaque: Collection[Path]) -> Iterator[tuple[Path, Path]]:
    """Every regular file under the roots, with its root; links are not followed."""
    for root in roots:
        if root.is_file():
            yield root, root
        for folder, folders, names in os.walk(root):
            here = Path(folder)
            if here in opaque or "PG_VERSION" in names:
                folders.clear()
                continue
            for name in sorted(names):
                path = here / name
                if path.is_file() and not path.is_symlink() and path not in opaque:
                    yield root, path


def _scan_file(path: Path, name: str, judge: Judge) -> tuple[set[Kind], bool]:
    """What of the people stands in a file or in its name, and whether all of it could be read."""
    found = judge.kinds_in(f"{name} {path.stem}")  # an address before ".txt" ends there
    is_read = True
    read = reader_of(path)
    try:
        if read is not None:
            for text in read(path):
                found |= judge.kinds_in(text)
            if not begins_readable(path):  # sealed, as such a file should be
                return found, True
        for data in _windows(path):
            found |= judge.is_named_by(data)
            try:
                for text in texts_of(data):
                    found |= judge.kinds_in(text)
            except UnknownFormat:
                is_read = False
    except FileNotFoundError:
        pass  # gone while we looked: nothing stays
    except (OSError, ValueError):  # ValueError: a waiting file that is not what it should be
        is_read = False
    return found, is_read


def _windows(path: Path) -> Iterator[bytes]:
    """A file in one piece, or a large one in pieces that overlap by more than any needle."""
    if path.stat().st_size <= _WINDOW:
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        if file.read(4).startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
            yield path.read_bytes()
            return
        file.seek(0)
        kept = b""
        while data := file.read(_WINDOW):
            yield kept + data
            kept = data[-_OVERLAP:]
