"""`akkoord bench retention`: a night in which many go, and one look everywhere for all of them."""

from datetime import datetime, timedelta

from django.db import connection

from akkoord.cli.benches.filling import analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, median_seconds, seconds, within
from akkoord.datamap.needles import Needles, join_needles
from akkoord.people.models import Person
from akkoord.retention.actions import clean_up
from akkoord.retention.due import people_due
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import look_everywhere
from akkoord.rights.search import gather
from akkoord.trail.seal import seal

STEP = 500


def bench(people: int, *, at: datetime) -> list[Result]:
    """As many people go this night as stay; the night is ended by its certificate."""
    ground = lay_ground(at=at)
    fill(ground, first=1, last=2 * people, at=at)
    seal(at=at)
    _let_be_due(people, at=at)
    analyse()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (id int PRIMARY KEY, n int)")
        cursor.execute("INSERT INTO bench_commit VALUES (1, 0)")
    commit = median_seconds(_commit, 31)
    due = people_due(today=at.date())
    if len(due) != people:
        raise AssertionError(f"{len(due)} of {people} are due")
    needles = join_needles(
        [
            gather([each] for each in due[first : first + STEP])[0]
            for first in range(0, people, STEP)
        ]
    )
    one = gather([due[:1]])[0]
    night = seconds(lambda: clean_up(at=at))
    run = ErasureRun.objects.get()
    if (run.state, run.people, Person.objects.count()) != (ErasureRun.State.CLEAN, people, people):
        raise AssertionError(f"{run.people} of {people} went, and the run is {run.state}")
    return [
        within(
            f"retention: let {people:,} people go in one night and prove it, each, against one "
            "durable commit",
            night / people,
            commit,
            good=10,
            aim=5,
        ),
        within(
            f"retention: look for {people:,} people everywhere at once, against one of them",
            _look(needles),
            _look(one),
            good=10,
            aim=5,
        ),
    ]


def _look(needles: Needles) -> float:
    return seconds(lambda: look_everywhere(needles))


def _let_be_due(people: int, *, at: datetime) -> None:
    """The first half bought and stopped long ago, and nothing else holds them."""
    long_ago = at - timedelta(days=2700)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE goes AS SELECT id FROM people_person ORDER BY id LIMIT %s", [people]
        )
        cursor.execute(
            "UPDATE people_person SET source = 'form', judge_by = %s WHERE id IN (TABLE goes)",
            [long_ago.date()],
        )
        cursor.execute(
            "UPDATE people_purchase SET bought_on = %s WHERE person_id IN (TABLE goes)",
            [long_ago.date()],
        )
        cursor.execute(
            "UPDATE consent_standing SET state = 'withdrawn', since = %s WHERE contact_point_id IN"
            " (SELECT id FROM people_contactpoint WHERE person_id IN (TABLE goes))",
            [long_ago],
        )


def _commit() -> None:
    """One row changed, durable."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_commit SET n = n + 1")
