"""Texts that others chose and that may happen to name somebody: what a file is called, or a column.

No path leads from such a text to a person. So the declaration names the columns (`may_name`), and
an erasure looks for its people in them, also by first and last name, and empties what names them.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from django.db import connection

from akkoord.datamap.census import LiveColumn
from akkoord.datamap.declaration import Column, Declaration, declarations
from akkoord.datamap.judging import Judge
from akkoord.datamap.keys import keyed_hash
from akkoord.datamap.many import is_many, judge_of
from akkoord.datamap.needles import Needles, fold
from akkoord.datamap.paths import quoted
from akkoord.datamap.prepared import prepared
from akkoord.datamap.sieve import both_ways, row_patterns
from akkoord.datamap.sift import Sifter, sifted_rows

LEFT_OUT = "…"
Name = tuple[str, str]  # first and last


def empty_texts_naming(needles: Needles, names: Sequence[Name] = ()) -> dict[str, int]:
    """Empty the loose texts that name these people; how many rows per store.

    In the caller's transaction. A first name alone is anybody's: only both names count. A text in
    JSON is emptied by itself, the rest of the value stays.
    """
    judge = judge_of(needles)
    wanted = [pair for pair in (_words(each) for each in names) if pair]
    stores = tuple(each for each in declarations() if each.may_name)
    rows = {(store, key): cells for store, key, cells in _rows_that_could(stores, needles, wanted)}
    done: dict[str, int] = {}
    for (store, key), cells in rows.items():
        if _empty(store, key, cells, judge, wanted):
            done[store.table] = done.get(store.table, 0) + 1
    return done


def _words(name: Name) -> Name | None:
    given, family = (_plain(part) for part in name)
    return (given, family) if given and family else None


def _plain(text: str) -> str:
    """The words of a text in small letters, with one blank between them."""
    return " ".join(re.split(r"[\W_]+", fold(text))).strip()


def _rows_that_could(
    stores: tuple[Declaration, ...], needles: Needles, names: Sequence[Name]
) -> Iterator[tuple[Declaration, str, list[str | None]]]:
    """The rows that the coarse question brings up, with their loose texts; one statement, or for
    thousands every table read once."""
    if is_many(needles):
        sifter = Sifter(needles, names)
        for store in stores:
            for key, *cells in sifted_rows(_columns(store), sifter, key="id"):
                yield store, key, cells  # type: ignore[misc]
        return
    if needles == Needles() and not names:  # nobody is looked for: no table need be read
        return
    patterns = [*row_patterns(needles)]
    for given, family in names:
        longest = (max(part.split(), key=len) for part in (given, family))
        patterns += both_ways(*longest)
    for place, key, cells in prepared(_question(stores), {"patterns": patterns}):
        yield stores[place], key, cells


@lru_cache(maxsize=8)
def _question(stores: tuple[Declaration, ...]) -> str:
    """The SQL that reads the loose texts of the rows in which a pattern stands."""
    parts = []
    for place, store in enumerate(stores):
        texts = ", ".join(f"{quoted(name)}::text" for name in store.may_name)
        parts.append(
            f"SELECT {place}, id::text, ARRAY[{texts}] FROM {quoted(store.table)}"
            f" WHERE lower(concat_ws(' ', {texts})) LIKE ANY(%(patterns)s::text[])"
        )
    return " UNION ALL ".join(parts)


def _columns(store: Declaration) -> list[LiveColumn]:
    """The loose columns as the coarse question wants them: a text, or JSON."""
    fields = {each.column: each for each in store.model._meta.local_concrete_fields}  # type: ignore[union-attr]
    return [
        LiveColumn(
            store=store.table,
            kind="r",
            name=name,
            type="jsonb" if fields[name].get_internal_type() == "JSONField" else "text",
            type_category="",
            element="",
            is_partition=False,
        )
        for name in store.may_name
    ]


def _empty(
    store: Declaration, key: Any, cells: Sequence[Any], judge: Judge, names: Sequence[Name]
) -> bool:
    """Empty what names somebody in one row; whether something did."""
    changed = _changed(store, cells, judge, names)
    if not changed:
        return False
    put = ", ".join(f"{quoted(name)} = %s" for name in changed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(store.table)} SET {put} WHERE id = %s", [*changed.values(), key]
        )
    return True


def _changed(
    store: Declaration, cells: Sequence[Any], judge: Judge, names: Sequence[Name]
) -> dict[str, Any]:
    """The cells of a row that name somebody, as they are to be."""
    changed: dict[str, Any] = {}
    for name, cell in zip(store.may_name, cells, strict=True):
        is_json = _is_json(store, name)
        value = _value(cell, is_json)
        emptied = _emptied(value, lambda text: _names_somebody(text, judge, names))
        if emptied != value:
            changed[name] = json.dumps(emptied) if is_json else emptied
    return changed


def _value(cell: Any, is_json: bool) -> Any:
    """What a cell holds: JSON comes from the database as its text."""
    return json.loads(cell) if is_json and isinstance(cell, str) else cell


def _is_json(store: Declaration, name: str) -> bool:
    return next(each.type for each in _columns(store) if each.name == name) == "jsonb"


def _emptied(value: Any, must_go: Callable[[str], bool]) -> Any:
    """A value without the texts that must go, in the same shape."""
    if isinstance(value, str):
        return LEFT_OUT if must_go(value) else value
    if isinstance(value, list):
        return [_emptied(each, must_go) for each in value]
    if isinstance(value, dict):
        return {_emptied(k, must_go): _emptied(v, must_go) for k, v in value.items()}
    return value


def _names_somebody(text: str, judge: Judge, names: Sequence[Name]) -> bool:
    """An address may also end before the suffix of a file."""
    if judge.kinds_in(f"{text} {PurePath(text).stem}"):
        return True
    plain = f" {_plain(text)} "
    return any(
        f" {given} {family} " in plain or f" {family} {given} " in plain for given, family in names
    )


class CannotEmpty(Exception):
    """A column whose texts cannot be emptied one by one: not a text, or not told apart by an id."""


def cells_naming(needles: Needles, *, store: str, column: str) -> dict[str, list[str]]:
    """The ids of the rows of which this column names these people, each with the keyed digests of
    the texts that do. Raises CannotEmpty.

    For a column that was declared to hold nobody, and does: no erasure looks there by itself.
    """
    alone = _alone(store, column)
    judge = judge_of(needles)
    is_json = _is_json(alone, column)
    found = {}
    for _store, key, (cell,) in _rows_that_could((alone,), needles, ()):
        texts = _texts_of(_value(cell, is_json))
        if digests := sorted({_digest(x) for x in texts if _names_somebody(x, judge, ())}):
            found[key] = digests
    return found


def empty_cells(needles: Needles, *, store: str, column: str) -> int:
    """Empty what names these people in one column; how many rows. Raises CannotEmpty."""
    alone = _alone(store, column)
    judge = judge_of(needles)
    found = list(_rows_that_could((alone,), needles, ()))
    return sum(_empty(alone, key, cells, judge, ()) for _store, key, cells in found)


def blank_cells(digests: Mapping[str, Collection[str]], *, store: str, column: str) -> int:
    """Empty the texts with these digests in these rows; how many rows had one. Raises CannotEmpty.

    What was written there since is somebody else's and stays; of JSON the rest of the value too.
    """
    is_json = _is_json(_alone(store, column), column)
    emptied = 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id::text, {quoted(column)} FROM {quoted(store)} WHERE id::text = ANY(%s)"
            " ORDER BY id FOR UPDATE",
            [list(digests)],
        )
        for key, cell in cursor.fetchall():
            value = _value(cell, is_json)
            new = _emptied(value, _is_one_of(digests[key]))
            if new != value:
                cursor.execute(
                    f"UPDATE {quoted(store)} SET {quoted(column)} = %s WHERE id::text = %s",
                    [json.dumps(new) if is_json else new, key],
                )
                emptied += 1
    return emptied


def _is_one_of(digests: Collection[str]) -> Callable[[str], bool]:
    return lambda text: _digest(text) in digests


def _digest(text: str) -> str:
    """By which a text is known again; of nothing else than kept places, so no scan takes it for
    the keyed hash of an address."""
    return keyed_hash(f"kept-place\0{text}").hex()


def _texts_of(value: Any) -> Iterator[str]:
    """Every text in a value, the keys of JSON too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts_of(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts_of(key)
            yield from _texts_of(each)


def _alone(store: str, column: str) -> Declaration:
    """The declaration as if this column alone could name somebody."""
    declared = next((each for each in declarations() if each.table == store), None)
    model = declared.model if declared else None
    field = next(
        (
            each
            for each in (model._meta.local_concrete_fields if model else ())
            if each.column == column
        ),
        None,
    )
    if declared is None or model is None or field is None or column not in _loose(declared):
        raise CannotEmpty
    is_text = field.get_internal_type() in ("CharField", "TextField", "JSONField", "SlugField")
    if not is_text or field.primary_key or model._meta.pk.column != "id":
        raise CannotEmpty
    return replace(declared, may_name={column: Column("pd:Identifier")})


def _loose(declared: Declaration) -> set[str]:
    return {*declared.plain, *declared.may_name}
