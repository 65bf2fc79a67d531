"""Fields that can go by themselves while their person stays: where they stand, and how they go.

Made from the data map's catalogue: a text of a person's own tables is emptied, an own field's row
goes. Sales go with the proof of the relation that rests on them. What a record cannot do without
(its language, where it came from) goes with the person.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, models

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.fields import CatalogueField, catalogue
from akkoord.datamap.paths import quoted
from akkoord.people.erase import erase_purchases
from akkoord.people.models import OwnFieldValue, PostalAddress, Purchase, Relation

OWN = OwnFieldValue._meta.db_table
SALES = Purchase._meta.db_table
ADDRESS = PostalAddress._meta.db_table
NOT_BY_THEMSELVES = frozenset({"language", "source", "country"})
# A street is nothing without its number, and the other way round.
TOGETHER = {(ADDRESS, "street"): ("street", "house_number")}


def emptied_columns() -> dict[str, CatalogueField]:
    """The catalogue's fields that are a text of the person's own row, and may be empty."""
    found = {}
    for key, field in catalogue().items():
        store = declaration_of(field.table)
        if key in NOT_BY_THEMSELVES or store is None or store.model is None:
            continue
        column = next(
            each for each in store.model._meta.local_concrete_fields if each.column == field.column
        )
        is_text = isinstance(column, models.CharField | models.TextField)
        if is_text and field.table not in (OWN, SALES) and "__" not in field.path:
            found[key] = field
    return {key: field for key, field in found.items() if not _is_address(field)}


def _is_address(field: CatalogueField) -> bool:
    """An e-mail address or number is what a choice was about: it goes with its proof."""
    store = declaration_of(field.table)
    return store is not None and "keyed_hash" in store.named


def present_sql(*, some: bool) -> str:
    """Who has a value of which field: rows of person_id and field."""

    def those(column: str) -> str:
        return f" AND {column} = ANY(%(people)s::uuid[])" if some else ""

    parts = []
    for key, field in sorted(emptied_columns().items()):
        person = quoted(field.path)
        parts.append(
            f"SELECT {person} AS person_id, '{key}' AS field FROM {quoted(field.table)}"
            f" WHERE {quoted(field.column)} <> ''{those(person)}"
        )
    parts.append(
        f"SELECT v.person_id, f.key FROM {OWN} v JOIN register_personaldatafield f"
        f" ON f.id = v.field_id WHERE true{those('v.person_id')}"
    )
    parts.append(
        f"SELECT person_id, 'last_purchase' FROM {SALES}"
        f" WHERE person_id IS NOT NULL{those('person_id')}"
    )
    return "\nUNION ALL ".join(parts)


def empty_field(key: str, people: Sequence[UUID], *, run_id: UUID) -> int:
    """Let one field of these people go; how many rows. In the caller's transaction."""
    ids = list(people)
    if key == "last_purchase":
        return _drop_sales(ids, run_id)
    field = emptied_columns().get(key)
    if field is None:
        return OwnFieldValue.objects.filter(person_id__in=ids, field__key=key).delete()[0]
    columns = TOGETHER.get((field.table, field.column), (field.column,))
    put = ", ".join(f"{quoted(name)} = ''" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quoted(field.table)} SET {put}"
            f" WHERE {quoted(field.path)} = ANY(%s) AND {quoted(field.column)} <> ''",
            [ids],
        )
        count = int(cursor.rowcount)
    if field.table == ADDRESS:
        PostalAddress.objects.filter(person_id__in=ids, street="", postcode="", city="").delete()
    return count


def _drop_sales(ids: list[UUID], run_id: UUID) -> int:
    """Sales, and being a customer, which rests on them; the books keep theirs without the person
    (AWR 52(4))."""
    done = erase_purchases(ids, run_id)
    Relation.objects.filter(person_id__in=ids, kind=Relation.Kind.CUSTOMER).delete()
    return done.removed + done.kept
