"""Who is affected: found by the ways that staff chose, counted by the data map (art. 33(3)(a)).

The list can be made anew at any time. Who was told or may have been, or was added by hand, stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.log import note
from akkoord.breaches.models import Affected, Breach, BreachScope
from akkoord.breaches.scopes import people_sql
from akkoord.datamap.declaration import Declaration, personal_stores
from akkoord.datamap.dpv import CATEGORIES
from akkoord.datamap.labels import store_label
from akkoord.people.models import Person, PersonAlias
from akkoord.people.queries import person_by_email
from akkoord.trail.actions import Actor

COUNT_JOB = "breaches.count"
AT_ONCE = 2_000  # so many are counted while one waits; more by the worker
PAGE = 50
# Former numbers are followed; who is no more is not there.
_ADD = """
INSERT INTO breaches_affected (id, breach_id, person_id)
SELECT akkoord_uuid7_at({moment}, row_number() OVER ()), {breach}, found.id FROM (
  SELECT DISTINCT coalesce(a.person_id, p.id) AS id
    FROM ({people}) AS who (id)
    LEFT JOIN people_personalias a ON a.old_id = who.id
    LEFT JOIN people_person p ON p.id = who.id
   WHERE coalesce(a.person_id, p.id) IS NOT NULL) AS found
ON CONFLICT (breach_id, person_id) DO NOTHING
"""
_EMPTY = ("", "{}", "[]", "null")


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """A way in which people were affected, as staff choose it."""

    kind: str
    value: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@transaction.atomic
def add_scope(*, breach_id: UUID, facts: ScopeFacts, at: datetime, actor: Actor) -> BreachScope:
    """Add the people of one way, and count anew. Refuses one that stands there already, a period
    to come or the wrong way round, and a closed leak."""
    breach = _open(breach_id)
    for name, moment in (("since", facts.since), ("until", facts.until)):
        if moment and moment > at:
            raise BreachRefused(name, _("This moment is still to come."))
    if facts.since and facts.until and facts.until < facts.since:
        raise BreachRefused("until", _("This is before it began."))
    try:
        with transaction.atomic():
            scope = BreachScope.objects.create(
                breach=breach,
                kind=facts.kind,
                value=facts.value,
                since=facts.since,
                until=facts.until,
                added_at=at,
                added_by=actor.id,
            )
    except IntegrityError:
        raise BreachRefused("", _("You chose this already.")) from None
    find_anew(breach, at=at)
    note(breach, "scope-add", at=at, actor=actor, fields=(facts.kind,))
    return scope


@transaction.atomic
def remove_scope(*, scope_id: UUID, at: datetime, actor: Actor) -> Breach | None:
    """Take the people of one way out, but for those whom another finds or who were told."""
    scope = BreachScope.objects.filter(id=scope_id).first()
    if scope is None:
        return None
    breach = _open(scope.breach_id)
    kind = scope.kind
    scope.delete()
    find_anew(breach, at=at)
    note(breach, "scope-remove", at=at, actor=actor, fields=(kind,))
    return breach


@transaction.atomic
def add_person(*, breach_id: UUID, address: str, at: datetime, actor: Actor) -> Affected:
    """Somebody whom no way finds, by their mail address. Refuses one whom nobody knows here."""
    breach = _open(breach_id)
    person = person_by_email(address.strip())
    if person is None:
        raise BreachRefused("address", _("Nobody in Akkoord has this address."))
    found, _made = Affected.objects.get_or_create(
        breach=breach, person_id=person.id, defaults={"is_by_hand": True}
    )
    Affected.objects.filter(id=found.id).update(is_by_hand=True)
    _count_soon(breach, at=at)
    note(breach, "person-add", at=at, actor=actor)
    return found


def find_anew(breach: Breach, *, at: datetime) -> int:
    """Make the list anew from its ways, in the caller's transaction; how many people.

    One statement per way. Who was told stays: that is the proof of art. 34. So does whoever stands
    in a file of letters by post, with its stamp: that file may be on its way to the post.
    """
    breach.affected.filter(is_by_hand=False, told_by="", print_run=None, is_for_post=False).delete()
    for scope in breach.scopes.order_by("id"):
        scope.people = _add(breach, scope, at)
        scope.save(update_fields=["people"])
    _count_soon(breach, at=at)
    return breach.persons


def _add(breach: Breach, scope: BreachScope, at: datetime) -> int:
    """Statements of our own have named parameters; those of a group come by their place."""
    people, values = people_sql(scope, at=at)
    moment = int(at.timestamp() * 1000)
    with connection.cursor() as cursor:
        if isinstance(values, dict):
            sql = _ADD.format(people=people, moment="%(moment)s", breach="%(breach)s")
            cursor.execute(sql, {**values, "moment": moment, "breach": breach.id})
        else:
            sql = _ADD.format(people=people, moment="%s", breach="%s")
            cursor.execute(sql, [moment, breach.id, *values])
        return int(cursor.rowcount)


def _count_soon(breach: Breach, *, at: datetime) -> None:
    """People at once; their data too when they are few, else by the worker."""
    breach.persons = breach.affected.count()
    breach.counted_at = None
    breach.changed_at = at
    breach.save(update_fields=["persons", "counted_at", "changed_at"])
    if breach.persons <= AT_ONCE:
        count_data(breach.id, at=at)
        breach.refresh_from_db()
        return
    try:
        with transaction.atomic():
            app.configure_task(COUNT_JOB, queueing_lock=f"breach-{breach.id}").defer(
                breach_id=str(breach.id)
            )
    except AlreadyEnqueued:
        return


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


@dataclass(frozen=True, slots=True)
class AffectedPage:
    """Fifty affected people, and the key of the next."""

    rows: list[tuple[Affected, Person]]
    next_key: str


def affected_page(breach: Breach, *, after: str = "") -> AffectedPage:
    """The list, paged by key: two statements (art. 34: who must be told)."""
    found = breach.affected.order_by("id")
    if after:
        try:
            found = found.filter(id__gt=UUID(after))
        except ValueError:
            found = found.none()
    rows = list(found[: PAGE + 1])
    people = Person.objects.in_bulk([each.person_id for each in rows[:PAGE]])
    shown = [(each, people[each.person_id]) for each in rows[:PAGE] if each.person_id in people]
    return AffectedPage(shown, str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def _open(breach_id: UUID) -> Breach:
    breach = Breach.objects.select_for_update().get(id=breach_id)
    if breach.state == Breach.State.CLOSED:
        raise BreachRefused("", _("This leak is closed. Open it again first."))
    return breach


def count_records(breach_id: UUID) -> None:
    """How many records it is about, after somebody said which kinds of data leaked."""
    breach = Breach.objects.get(id=breach_id)
    Breach.objects.filter(id=breach_id).update(records=_records(breach, breach.found))
