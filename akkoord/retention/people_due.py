"""Who stands behind a number of the plan, with what still keeps each of them, and until when.

Paged by key, in steps over the people: so a page asks a bounded number of statements about a
bounded number of people, also where millions are kept. Whoever looks is in the trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from akkoord.datamap.holds import holds_on
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import ProcessingActivity
from akkoord.retention.due import spans_sql as _spans
from akkoord.retention.due import told_sql, values_of
from akkoord.trail.actions import Actor, record_change

PAGE = 50
STEP = 5_000  # people looked at in one statement
STEPS = 20  # statements a page
GOES = "goes"
KINDS = (GOES, "fields", "waits", "held", "stays")
_EFFECTS = {GOES: ("erase", "blank", "pseudonymise", "restrict")}
_WHO = """
SELECT t.person_id, min(t.due) FROM told t
 WHERE t.activity = %(activity)s AND t.effect = ANY(%(effects)s)
   AND t.due < %(today)s::date + %(days)s
 GROUP BY 1 ORDER BY 1 LIMIT %(limit)s
"""
_KEEPS = """
SELECT s.person_id, s.activity, nullif(max(s.due), 'infinity') FROM span s
 WHERE s.due >= %(today)s GROUP BY 1, 2 ORDER BY 1, 3 DESC NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeps somebody: its name, and until when (None: no end is known)."""

    name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class DuePerson:
    """Somebody behind a number: when their term is over, and what still keeps them."""

    id: UUID
    name: str
    address: str
    due: date | None
    kept: tuple[Kept, ...]
    hold: str
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of them; `next_key`: where to go on, also when this page is empty."""

    people: tuple[DuePerson, ...]
    next_key: str


def due_page(*, activity_key: str, kind: str, days: int, today: date, after: str = "") -> DuePage:
    """The people behind a number of the plan."""
    found: list[tuple[UUID, date]] = []
    last, is_end = _key(after), False
    for _step in range(STEPS):
        some = _next_people(last)
        if not some:
            is_end = True
            break
        found += _due_of(some, activity_key, kind, days, today, PAGE - len(found))
        last = found[-1][0] if len(found) >= PAGE else some[-1]
        if len(found) >= PAGE:
            break
    people = _shown(dict(found), today=today)
    return DuePage(people, "" if is_end else str(last))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _next_people(after: UUID) -> list[UUID]:
    rows = Person.objects.filter(id__gt=after).order_by("id")
    return list(rows.values_list("id", flat=True)[:STEP])


def _due_of(
    some: Sequence[UUID], activity_key: str, kind: str, days: int, today: date, limit: int
) -> list[tuple[UUID, date]]:
    with connection.cursor() as cursor:
        cursor.execute(
            told_sql(some=True) + _WHO,
            {
                **values_of(today, some),
                "activity": activity_key,
                "effects": list(_EFFECTS.get(kind, (kind,))),
                "days": days,
                "limit": limit,
            },
        )
        return [(person, due) for person, due in cursor.fetchall()]


def _shown(due: dict[UUID, date], *, today: date) -> tuple[DuePerson, ...]:
    """Their names and addresses, and what keeps each; five statements."""
    if not due:
        return ()
    keys = list(due)
    kept: dict[UUID, list[Kept]] = {each: [] for each in keys}
    names = {each.key: each.name for each in ProcessingActivity.objects.filter(valid_to=None)}
    with connection.cursor() as cursor:
        cursor.execute(_spans(some=True) + _KEEPS, values_of(today, keys))
        for person, activity, until in cursor.fetchall():
            if person in kept:
                kept[person].append(Kept(names.get(activity, activity), until))
    points = ContactPoint.objects.filter(person_id__in=keys, channel="email", ended_at=None)
    addresses = dict(points.order_by("created_at").values_list("person_id", "value"))
    reasons = {each.person_id: each.reason for each in holds_on(keys)}
    return tuple(
        DuePerson(
            each.id,
            each.full_name or str(_("Without a name")),
            addresses.get(each.id, ""),
            due[each.id],
            tuple(kept[each.id]),
            reasons.get(each.id, ""),
            each.restricted_at is not None,
        )
        for each in Person.objects.filter(id__in=keys).order_by("id")
    )


def note_look(*, activity_key: str, kind: str, at: datetime, actor: Actor) -> None:
    """Who looked at which list of people (INV-45); whom it showed stands apart (`trail.seen`)."""
    record_change(
        actor=actor,
        action="retention.people",
        object_kind="activity",
        fields=(activity_key, kind),
        at=at,
    )
