"""The terms of leaks: who was affected goes a year after closing, the record after five years.

An exercise leaves no list of people past its closing day.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from akkoord.breaches.models import Affected, Breach
from akkoord.datamap.holds import held_people
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day

STEP = 5000


def forget_affected(*, at: datetime) -> int:
    """Who was affected and how they were told; in steps. Who is held for a claim stays (art.
    17(3)(e)). One that was never closed goes with the term of the record itself."""
    today = law_day(at)
    closed = Q(closed_at__date__lt=oldest("breach-people-term", today))
    drill = Q(is_drill=True, closed_at__lt=at - timedelta(days=1))
    never = Q(begun_at__date__lt=oldest("breach-record-term", today))
    leaks = Breach.objects.filter(closed | drill | never).values("id")
    found = Affected.objects.filter(breach__in=leaks).exclude(person_id__in=held_people())
    return _in_steps(found)


def forget_breaches(*, at: datetime) -> int:
    """Leaks whose record nobody needs any more (art. 33(5), 5(1)(e))."""
    before = oldest("breach-record-term", law_day(at))
    old = Breach.objects.filter(state=Breach.State.CLOSED, closed_at__date__lt=before)
    old = old.exclude(affected__isnull=False)  # somebody in it is held for a claim
    count = 0
    for each in old:
        each.delete()
        count += 1
    return count


def _in_steps(found: QuerySet[Affected]) -> int:
    gone = 0
    while ids := list(found.values_list("id", flat=True)[:STEP]):
        gone += Affected.objects.filter(id__in=ids).delete()[0]
    return gone


def oldest(key: str, today: date) -> date:
    """The first day that a term of the law's table, counted back from today, still covers."""
    day = today
    for _step in range(2):  # months are not all as long: once more for the rest
        end = term_end(key, day, today)
        assert end is not None  # noqa: S101 - these terms all have an end
        day -= end - today
    return day
