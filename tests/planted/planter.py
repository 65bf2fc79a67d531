"""A row in every table, and one person's identifiers in every text of it, found by looking.

Nothing here knows a room. Foreign keys and triggers rest while it plants (as on a replica); what
a CHECK refuses, it refuses here too, and then something smaller is planted.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from akkoord.datamap.ids import uuid7
from tests.planted.catalogue import LISTS, Catalogue, Place, read_catalogue
from tests.planted.identity import Identity

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SEED, TRIES = 3, 1500
# Words that a check may ask for, where no choices tell which.
WORDS = (
    "x",
    "",
    "nl",
    "NL",
    "0" * 64,
    "a" * 64,
    "email",
    "person",
    "https://example.org/x",
    "0",
    "B" * 87,
    "1011",
    "access",
)


@dataclass(slots=True)
class Planted:
    """Where something was planted, what was refused, and the key of the row in each table."""

    places: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    keys: dict[str, Any] = field(default_factory=dict)


class Planter:
    """Makes the rows first, then plants in their columns."""

    def __init__(self, identity: Identity, known: dict[str, Any]) -> None:
        """`known`: rows that stand already, by table."""
        self.identity = identity
        self.catalogue: Catalogue = read_catalogue()
        self.done = Planted(keys=dict(known))
        self.dice = random.Random(SEED)
        self.models = {each._meta.db_table: each for each in apps.get_models()}

    def make_rows(self) -> None:
        """One row per table; what stands already is taken as it is."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, places in self.catalogue.tables.items():
                self._choose_key(cursor, table, places)
            for table, places in self.catalogue.tables.items():
                if table not in self._standing:
                    self._insert(cursor, table, places)

    _standing: set[str] = set()

    def _choose_key(self, cursor: Any, table: str, places: list[Place]) -> None:
        key = key_of(places)
        if table in self.done.keys or key is None:
            self._standing = self._standing | ({table} if table in self.done.keys else set())
            return
        cursor.execute(
            sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.Identifier(key.name), _table(table))
        )
        if row := cursor.fetchone():
            self.done.keys[table] = row[0]
            self._standing = self._standing | {table}
        elif not key.target:
            self.done.keys[table] = {"uuid": uuid7()}.get(
                key.type, 30_001 if "int" in key.type else "planted"[: key.longest]
            )

    def _insert(self, cursor: Any, table: str, places: list[Place]) -> None:
        """Try values until every check is content; each refusal says which columns to change."""
        row = {each.name: self._first(each) for each in places if not each.generated}
        by_name = {each.name: each for each in places}
        for _try in range(TRIES):
            try:
                with transaction.atomic():
                    names = sql.SQL(", ").join(map(sql.Identifier, row))
                    values = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                    cursor.execute(
                        sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
                            _table(table), names, values
                        ),
                        [_adapted(each) for each in row.values()],
                    )
                    break
            except DatabaseError as problem:
                last = problem
                self._change(row, by_name, table, problem)
        else:
            raise AssertionError(f"no row in {table}; add a word that fits to WORDS: {last}")
        key = key_of(places)
        if key is not None:
            self.done.keys[table] = row[key.name]

    def _change(self, row: dict[str, Any], by_name: Any, table: str, problem: Any) -> None:
        """Another value in one column that the refusal is about."""
        cause = problem.__cause__
        name = getattr(cause.diag, "constraint_name", None) if cause else None
        about = self.catalogue.checks.get(table, {}).get(name or "", [])
        if isinstance(cause, errors.NotNullViolation):
            about = [cause.diag.column_name]
        if not about:
            raise problem
        # A row that could be somebody else's leads to her all the same.
        about = [each for each in about if (table, each) not in self.identity.leads] or about
        place = by_name[self.dice.choice(about)]
        if place.is_key and "int" in place.type:  # the one row that there may be
            row[place.name] = 1
        elif place.target and not place.is_key:  # who must differ from another points to nobody
            known = [self.done.keys.get(place.target), uuid7() if place.type == "uuid" else 7]
            row[place.name] = self.dice.choice([*known, *[None] * place.nullable])
        elif not place.is_key or place.type == "varchar":
            row[place.name] = self.dice.choice(list(self._candidates(place)))

    def _first(self, place: Place) -> Any:
        if place.target:
            return self.done.keys.get(place.target)
        if place.is_key:
            return self.done.keys[place.table]
        return next(iter(self._candidates(place)))

    def _candidates(self, place: Place) -> Iterator[Any]:
        """Values that may be allowed there, the likeliest first."""
        if place.type == "uuid" and (place.table, place.name) in self.identity.leads:
            yield self.identity.person_id
            return
        yield from self._declared(place)
        yield from self._plain(place)
        if place.nullable:
            yield None

    def _plain(self, place: Place) -> Iterator[Any]:
        """Values of a column's type."""
        yield from {
            "uuid": [uuid7()],
            "bool": [False, True],
            "date": [date(2026, 11, 24), date(2026, 12, 1), date(2025, 1, 1)],
            "timestamptz": [NOW, NOW + timedelta(hours=1), NOW - timedelta(days=400)],
            "time": ["12:00"],
            "interval": [timedelta(hours=1)],
            "numeric": [1, 0, 5],
            "jsonb": [{}, [], ""],
            "json": [{}],
            "bytea": [b"\1" * 32, b"", b"\1" * 16, b"\1" * 64, b"\1" * 12],
            "inet": ["203.0.113.7"],
            "cidr": ["203.0.113.0/24"],
        }.get(place.type, [[]] if place.type.startswith("_") else [])
        if place.type == "float8":
            numbers = [int(each) for each in self.words(place) if each.isdigit() and len(each) < 4]
            yield from (1.0, 0.0, *(each + 1.0 for each in numbers))
        if "int" in place.type and place.type != "interval":
            named = [int(each) for each in self.words(place) if each.isdigit() and len(each) < 5]
            yield from (1, 0, 2, 10, *named)
        if place.type in {"text", "varchar", "bpchar"}:
            yield from self._words_for(place)

    def _words_for(self, place: Place) -> list[str]:
        """Words that fit; those that the checks' own patterns let through come first and often."""
        sized = ["A" * int(each) for each in self.words(place) if each.isdigit() and len(each) < 4]
        words = [
            each
            for each in (*WORDS, *self.words(place), *sized)
            if len(each) <= (place.longest or len(each))
        ]
        asked = self.catalogue.patterns.get((place.table, place.name), [])
        fit = [each for each in words if asked and all(x.search(each) for x in asked)]
        return fit * 9 + words

    def words(self, place: Place) -> list[str]:
        """Words and numbers that the checks of its table name."""
        return self.catalogue.words.get(place.table, [])

    def _declared(self, place: Place) -> list[Any]:
        """The default and the choices of a model's field."""
        model = self.models.get(place.table)
        if model is None:
            return ["todo"] if place.name == "status" else ["defer_job"] * (place.name == "type")
        found = [each for each in model._meta.local_concrete_fields if each.column == place.name]
        if not found:
            return []
        choices = [value for value, _label in found[0].flatchoices]
        first = [found[0].get_default()] if found[0].has_default() else []
        return [each for each in first + choices if each is not None]

    def plant(self, wanted: set[tuple[str, str]]) -> None:
        """Put the person's identifiers into these columns, as much as each takes."""
        for table, places in self.catalogue.tables.items():
            for place in places:
                if place.holds_text and (table, place.name) in wanted:
                    self._plant_in(place, key_of(places))

    def _plant_in(self, place: Place, key: Place | None) -> None:
        for value in self._values(place, key):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                where = sql.SQL(" WHERE {} = {}").format(
                    sql.Identifier(key.name if key else "id"), sql.Placeholder()
                )
                statement = sql.SQL("UPDATE {} SET {} = {}").format(
                    _table(place.table), sql.Identifier(place.name), sql.Placeholder()
                )
                try:
                    with transaction.atomic():
                        cursor.execute(
                            statement + (where if key else sql.SQL("")),
                            [value, *([self.done.keys[place.table]] if key else [])],
                        )
                except DatabaseError:
                    continue
                if not cursor.rowcount:  # its row was taken away: nothing stands there
                    return
                self.done.places.add((place.table, place.name))
                if key is not None and place.is_key:
                    self.done.keys[place.table] = value
                return
        self.done.refused.add((place.table, place.name))

    def _values(self, place: Place, key: Place | None) -> Iterator[Any]:
        """What to try, the most telling first."""
        texts = [each for each in self.identity.texts if len(each) <= (place.longest or len(each))]
        if place.type in LISTS:
            yield list(self.identity.texts)
            yield from ([each] for each in self.identity.texts)
        elif place.type in {"json", "jsonb"}:
            yield from map(Jsonb, self._in_json(self._now(place, key)))
        elif place.type == "bytea":
            yield from self.identity.packed
        else:
            yield from texts

    def _now(self, place: Place, key: Place | None) -> Any:
        with connection.cursor() as cursor:
            statement = sql.SQL("SELECT {}::text FROM {}").format(
                sql.Identifier(place.name), _table(place.table)
            )
            if key:
                statement += sql.SQL(" WHERE {} = %s").format(sql.Identifier(key.name))
            cursor.execute(statement, [self.done.keys[place.table]] if key else [])
            row = cursor.fetchone()
        return json.loads(row[0]) if row and row[0] else None

    def _in_json(self, value: Any) -> Iterator[Any]:
        """The identifiers as keys, as leaves and deep, beside what stood there."""
        texts = list(self.identity.texts)
        deep = {"who": {"deep": [{"list": texts}], texts[1]: texts[2]}}
        if isinstance(value, dict):
            yield {**_replaced(value, texts[0]), **deep}
            yield {**value, **deep}
        yield [deep, *texts]
        yield deep
        yield texts
        yield texts[0]


def key_of(places: list[Place]) -> Place | None:
    """The one column that is the key; None where several are."""
    found = [each for each in places if each.is_key]
    return found[0] if len(found) == 1 else None


def _replaced(value: Any, text: str) -> Any:
    """Every word in a value exchanged."""
    if isinstance(value, dict):
        return {name: _replaced(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, text) for each in value]
    return text if isinstance(value, str) else value


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) or value == [{}] else value


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(name)


__all__ = ["UUID", "Planted", "Planter", "key_of"]
