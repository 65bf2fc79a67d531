"""Two records of one person made one, and parted again, from the declarations alone.

Names no model: every column that leads to a person directly is moved, so a new table is covered
by its declaration. What was sealed keeps its reference (`Declaration.keeps`) and follows by alias.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet

from akkoord.datamap.declaration import Identifier, personal_stores
from akkoord.datamap.paths import quoted

Rows = dict[str, list[str]]  # place to keys
Aside = list[dict[str, Any]]  # rows for which there is no room in one record


@dataclass(frozen=True, slots=True)
class Place:
    """A column with a person's id that is moved. `anchor`: the column beside it that says to
    which of somebody's addresses a row belongs. `is_sealed`: its rows hold what is sealed with a
    key of their own, and both must go with the row, so they are never written down elsewhere."""

    model: type[models.Model]
    field: Any
    anchor: str = ""
    is_sealed: bool = False

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model._meta.db_table)

    @property
    def name(self) -> str:
        """How the place is written down."""
        return f"{self.table}.{self.field.column}"


@dataclass(slots=True)
class Moved:
    """What was moved, and which rows were set aside as there can be one of them only."""

    rows: Rows = field(default_factory=dict)
    aside: Aside = field(default_factory=list)

    def count(self) -> int:
        """How many rows were moved."""
        return sum(len(keys) for keys in self.rows.values())


def places(subject: type[models.Model]) -> tuple[Place, ...]:
    """Every column that leads to a person directly, but for those that keep their reference."""
    return tuple(each for store in personal_stores() for each in _places_of(store, subject))


def _places_of(store: Any, subject: type[models.Model]) -> Iterator[Place]:
    model = store.model
    if model is None or model is subject:
        return
    named = {
        name for name, each in store.columns.items() if each.identifier is Identifier.PERSON_ID
    }
    if "__" not in store.subject:
        named.add(store.subject)
    is_sealed = any(each.opened_by for each in store.columns.values())
    for each in model._meta.local_concrete_fields:
        leads = each.is_relation and each.related_model is subject
        if (leads or each.attname in named) and each.attname not in store.keeps:
            yield Place(model, each, _anchor_of(model), is_sealed)


def _anchor_of(model: type[models.Model]) -> str:
    """The column with the address that a row is about."""
    names = {str(each.column) for each in model._meta.local_concrete_fields}
    return "contact_point_id" if "contact_point_id" in names else ""


def holdings(subject: type[models.Model], person_id: UUID) -> dict[str, int]:
    """How many rows each table holds of somebody, in one question."""
    all_places = places(subject)
    counts = " UNION ALL ".join(
        f"SELECT {number}, count(*) FROM {quoted(each.table)}"
        f" WHERE {quoted(str(each.field.column))} = %(person)s"
        for number, each in enumerate(all_places)
    )
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(counts, {"person": person_id})
        for number, count in cursor.fetchall():
            if count:
                table = all_places[number].table
                found[table] = found.get(table, 0) + count
    return found


def _rows(place: Place, person_id: UUID) -> QuerySet[Any]:
    return place.model._base_manager.filter(**{place.field.attname: person_id})


def move(
    subject: type[models.Model], *, old: UUID, new: UUID, points: Collection[UUID] = ()
) -> Moved:
    """Move everything of the one record to the other, in the caller's transaction.

    A row for which the other has one already, where only one may be, is set aside when its column
    is a foreign key, and else stays under the former id, which every path follows. What is sealed
    is let go instead of set aside. With `points` only rows about these addresses.
    """
    moved = Moved()
    for place in places(subject):
        if points and not place.anchor:
            continue
        twice = _twice(place, old=old, new=new)
        if twice and place.field.is_relation and not points:
            aside = set_aside(place.model, twice)
            moved.aside += [] if place.is_sealed else aside
        keys = _move(place, old=old, new=new, but=twice, points=points)
        if keys:
            moved.rows[place.name] = keys
    return moved


def _twice(place: Place, *, old: UUID, new: UUID) -> list[Any]:
    """The rows of the one for which the other has one where only one may be."""
    keys: set[Any] = set()
    for names, condition in _once_only(place):
        others = [name for name in names if name != place.field.attname]
        same = place.model._base_manager.filter(
            **{place.field.attname: new}, **{name: OuterRef(name) for name in others}
        )
        mine = _rows(place, old)
        if condition is not None:
            same, mine = same.filter(condition), mine.filter(condition)
        keys |= set(mine.filter(Exists(same)).values_list("pk", flat=True))
    return sorted(keys, key=str)


def _once_only(place: Place) -> Iterator[tuple[list[str], Any]]:
    """The constraints by which there may be one row per person."""
    meta = place.model._meta
    if place.field.unique:
        yield [place.field.attname], None
    for each in meta.constraints:
        if isinstance(each, models.UniqueConstraint):
            names = [str(getattr(meta.get_field(name), "attname", name)) for name in each.fields]
            if place.field.attname in names:
                yield names, each.condition


def set_aside(model: type[models.Model], keys: Collection[Any]) -> Aside:
    """Take rows out and answer them whole, to be put back by `put_back`."""
    meta = model._meta
    pk = quoted(str(meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quoted(meta.db_table)} t WHERE {pk}::text = ANY(%s)"
            " RETURNING to_jsonb(t)::text",
            [[str(each) for each in keys]],
        )
        return [{"table": meta.db_table, "row": row[0]} for row in cursor.fetchall()]


def put_back(aside: Sequence[Mapping[str, Any]], tables: Collection[str]) -> int:
    """Put rows back that were set aside, where nothing took their place; how many."""
    count = 0
    with connection.cursor() as cursor:
        for each in aside:
            table = str(each["table"])
            if table not in tables:  # only what a declaration names, and nothing sealed
                continue
            name = quoted(table)
            cursor.execute(
                f"INSERT INTO {name} SELECT * FROM jsonb_populate_record(NULL::{name}, %s::jsonb)"
                " ON CONFLICT DO NOTHING",
                [each["row"]],
            )
            count += cursor.rowcount
    return count


def _move(
    place: Place, *, old: UUID, new: UUID, but: Collection[Any], points: Collection[UUID]
) -> list[str]:
    column, pk = quoted(str(place.field.column)), quoted(str(place.model._meta.pk.column))
    about = f" AND {quoted(place.anchor)} = ANY(%(points)s::uuid[])" if points else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(place.table)} SET {column} = %(new)s"
            f" WHERE {column} = %(old)s AND NOT ({pk}::text = ANY(%(but)s)){about}"
            f" RETURNING {pk}::text",
            {
                "new": new,
                "old": old,
                "but": [str(each) for each in but],
                "points": list(points),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def move_back(
    subject: type[models.Model], rows: Mapping[str, Sequence[str]], *, old: UUID, new: UUID
) -> int:
    """Move these rows back, as far as they are still there and still the other's; how many."""
    count = 0
    for place in places(subject):
        keys = rows.get(place.name)
        if not keys:
            continue
        column, pk = quoted(str(place.field.column)), quoted(str(place.model._meta.pk.column))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quoted(place.table)} SET {column} = %s"
                f" WHERE {column} = %s AND {pk}::text = ANY(%s)",
                [old, new, list(keys)],
            )
            count += cursor.rowcount
    return count


def row_of(model: type[models.Model], key: UUID) -> str:
    """One row whole, as JSON."""
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t)::text FROM {quoted(meta.db_table)} t"
            f" WHERE {quoted(str(meta.pk.column))} = %s",
            [key],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else ""
