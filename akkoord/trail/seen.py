"""Note whom a list showed, in one statement; and let it go when its term is over."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from akkoord.datamap.holds import held_people
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor
from akkoord.trail.seen_models import Seen

STEP = 5000
_NOTE = """
INSERT INTO trail_seen (seen_on, actor_kind, actor_id, place, person_id)
SELECT %s, %s, %s, %s, who FROM unnest(%s::uuid[]) AS who
ON CONFLICT (actor_id, seen_on, person_id) DO NOTHING
"""


def note_seen(*, actor: Actor, place: str, people: Iterable[UUID], at: datetime) -> None:
    """Who stood in a list that this account saw; nothing when nobody stood in it, or nobody acts.

    One statement, however many; who was seen today already is not written again (INV-45).
    """
    ids = list(dict.fromkeys(people))
    if not ids or actor.id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [law_day(at), actor.kind, actor.id, place, ids])


def forget_seen(*, today: date) -> int:
    """Who was seen longer ago than the term of such a log; in steps. Who is held stays."""
    old = Seen.objects.exclude(person_id__in=held_people())
    gone = 0
    first = _oldest(today)
    while True:
        ids = list(old.filter(seen_on__lt=first).values_list("id", flat=True)[:STEP])
        if not ids:
            return gone
        gone += old.filter(id__in=ids).delete()[0]


def _oldest(today: date) -> date:
    """The first day that the term still covers."""
    day = today
    for _step in range(2):  # months are not all as long: once more for the rest
        end = term_end("seen-log-term", day, today)
        assert end is not None  # noqa: S101 - this term has an end
        day -= end - today
    return day
