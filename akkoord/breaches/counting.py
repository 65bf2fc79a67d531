"""What is kept of the affected people, counted by the declarations of the data map (art. 33(3)(a)).

Counted in the database: neither time nor memory here grows with what Python holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Cast

from akkoord.breaches.models import Breach
from akkoord.breaches.versions import keep_version
from akkoord.datamap.declaration import Declaration, personal_stores
from akkoord.datamap.dpv import CATEGORIES
from akkoord.datamap.labels import store_label
from akkoord.people.models import PersonAlias
from akkoord.trail.actions import Actor

_EMPTY = ("", "{}", "[]", "null")


def count_data(breach_id: UUID, *, at: datetime) -> None:
    """How many people and records per kind of data and per store, by the data map's declarations.

    One statement per kind and store that could hold it, however many people.
    """
    breach = Breach.objects.get(id=breach_id)
    stores = [each for each in personal_stores() if each.model is not None]
    rows = [_count_store(breach, each) for each in stores]
    kinds = [_count_kind(breach, key, stores) for key in _kinds_in(stores)]
    found = [
        *({"store": table, "people": people, "rows": n} for table, people, n in rows if n),
        *({"category": key, "people": people, "rows": n} for key, people, n in kinds if n),
    ]
    records = _records(breach, found)
    Breach.objects.filter(id=breach_id).update(found=found, records=records, counted_at=at)


def _records(breach: Breach, found: Sequence[dict[str, Any]]) -> int:
    """Records of the kinds that leaked; of all while nobody said which."""
    if breach.categories:
        return sum(each["rows"] for each in found if each.get("category") in breach.categories)
    return sum(each["rows"] for each in found if "store" in each)


def _kinds_in(stores: Sequence[Declaration]) -> list[str]:
    return sorted(
        {
            column.category
            for each in stores
            for column in each.columns.values()
            if not column.secret
        }
    )


def _theirs(breach: Breach, store: Declaration) -> models.QuerySet[Any]:
    """The rows of a store that are about the affected, also under a former number."""
    people = breach.affected.values("person_id")
    former = PersonAlias.objects.filter(person_id__in=people).values("old_id")
    path = store.subject
    manager: Any = store.model._default_manager  # type: ignore[union-attr]
    return manager.order_by().filter(  # type: ignore[no-any-return]
        Q(**{f"{path}__in": people}) | Q(**{f"{path}__in": former})
    )


def _count_store(breach: Breach, store: Declaration) -> tuple[str, int, int]:
    counts = _theirs(breach, store).aggregate(
        rows=Count("pk", distinct=True), people=Count(store.subject, distinct=True)
    )
    return store.table, counts["people"], counts["rows"]


def _count_kind(
    breach: Breach, category: str, stores: Sequence[Declaration]
) -> tuple[str, int, int]:
    """People of whom a kind of data is there at all, and in how many records it stands."""
    people: models.QuerySet[Any] | None = None
    rows = 0
    for store in stores:
        columns = [
            name
            for name, column in store.columns.items()
            if column.category == category and not column.secret
        ]
        if not columns:
            continue
        filled = _filled(_theirs(breach, store), store, columns)
        rows += filled.values("pk").distinct().count()
        ids = filled.values_list(store.subject, flat=True)
        people = ids if people is None else people.union(ids)
    return category, people.count() if people is not None and rows else 0, rows


def _filled(
    found: models.QuerySet[Any], store: Declaration, columns: Sequence[str]
) -> models.QuerySet[Any]:
    """The rows in which one of these columns says something."""
    fields = {each.column: each for each in store.model._meta.concrete_fields}  # type: ignore[union-attr]
    says = Q()
    for name in columns:
        said = f"said_{name}"
        found = found.annotate(**{said: Cast(fields[name].attname, models.TextField())})
        says |= Q(**{f"{said}__isnull": False}) & ~Q(**{f"{said}__in": _EMPTY})
    return found.filter(says)


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of data, or a store, with its numbers."""

    key: str
    label: str
    people: int
    rows: int
    is_special: bool = False


def kinds_found(breach: Breach) -> list[KindRow]:
    """Numbers per kind of data, most people first."""
    found = [
        KindRow(
            each["category"],
            str(CATEGORIES[each["category"]].label),
            each["people"],
            each["rows"],
            CATEGORIES[each["category"]].special,
        )
        for each in breach.found
        if each.get("category") in CATEGORIES
    ]
    return sorted(found, key=lambda row: (-row.people, row.label))


def stores_found(breach: Breach) -> list[KindRow]:
    """Numbers per store."""
    known = {each.table: each for each in personal_stores()}
    found = [
        KindRow(each["store"], store_label(known[each["store"]]), each["people"], each["rows"])
        for each in breach.found
        if each.get("store") in known
    ]
    return sorted(found, key=lambda row: -row.rows)


@transaction.atomic
def count_records(breach_id: UUID, *, at: datetime, actor: Actor) -> None:
    """How many records it is about, after somebody said which kinds of data leaked."""
    breach = Breach.objects.select_for_update().get(id=breach_id)
    Breach.objects.filter(id=breach_id).update(records=_records(breach, breach.found))
    keep_version(breach_id, "count", at=at, actor=actor)
