"""`akkoord bench leak`: everybody's data leaked; who they are is found, what is kept is counted."""

from datetime import datetime, timedelta

from akkoord.breaches.actions import begin_breach
from akkoord.breaches.affected import ScopeFacts, add_scope, find_anew
from akkoord.breaches.counting import count_data
from akkoord.breaches.models import Breach
from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.import_memory import peak, set_back
from akkoord.cli.benches.results import Result, seconds, within

FEW = 10  # times as few


def bench(people: int, *, at: datetime) -> list[Result]:
    """The count that the worker makes, of a tenth of the people and of all, each on its own."""
    ground = lay_ground(at=at)
    few = people // FEW
    fill(ground, first=1, last=few, at=at)
    analyse()
    breach = _leak(ground, at)
    add_scope(breach_id=breach.id, facts=ScopeFacts("everybody"), at=at, actor=ground.actor)
    little, low = _counted(breach, few, at)
    fill(ground, first=few + 1, last=people, at=at)
    analyse()
    breach.refresh_from_db()
    found = seconds(lambda: find_anew(breach, at=at))
    much, high = _counted(breach, people, at)
    return [
        within(
            f"leak: count what is kept of {people:,} affected people, each, against {few:,}",
            much / people,
            little / few,
            good=1.5,
            aim=1.1,
        ),
        within(
            f"leak: count what is kept of {people:,} affected people, against finding them",
            much,
            found,
            good=20,
            aim=10,
        ),
        within(
            f"leak: peak memory of the count at {people:,} people, against {few:,}",
            high,
            low,
            good=1.2,
            aim=1.05,
            unit="MiB",
        ),
    ]


def _leak(ground: Ground, at: datetime) -> Breach:
    values = {"what": "Een back-up stond open op het net.", "aware_at": at - timedelta(hours=1)}
    return begin_breach(values=values, at=at, actor=ground.actor)


def _counted(breach: Breach, people: int, at: datetime) -> tuple[float, float]:
    """Seconds and peak memory of one count, which must have seen everybody."""
    set_back()
    took = seconds(lambda: count_data(breach.id, at=at))
    used = peak()
    breach.refresh_from_db()
    stores = {each["store"]: each["people"] for each in breach.found if "store" in each}
    if stores.get("people_person") != people:
        raise AssertionError(f"{stores.get('people_person')} of {people} were counted")
    return took, used
