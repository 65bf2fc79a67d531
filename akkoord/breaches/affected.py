"""Who is affected: found by the ways that staff chose, counted by the data map (art. 33(3)(a)).

The list can be made anew at any time. Who was told or may have been, or was added by hand, stays.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.breaches.actions import BreachRefused
from akkoord.breaches.counting import count_data
from akkoord.breaches.log import note
from akkoord.breaches.models import Affected, Breach, BreachScope
from akkoord.breaches.scopes import people_sql
from akkoord.people.models import Person
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
