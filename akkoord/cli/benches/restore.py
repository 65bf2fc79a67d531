"""`akkoord bench restore`: what a database that was put back must do again, before it opens.

The database stands as a backup of before all of it: the journal knows whom to forget and who said
no since, and the database does not.
"""

import statistics
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from akkoord.cli.benches.filling import Ground, analyse, fill, lay_ground
from akkoord.cli.benches.results import MANY, Result, median_seconds, quicker, seconds, within
from akkoord.consent.nos import NO, RESTRICT, person_hash
from akkoord.datamap.ids import uuid7
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Person
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.journal import FORGET, Settled, settle
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import prove
from akkoord.trail.journal_lines import journal_file, write_lines
from akkoord.trail.nos import last_line, mark_known
from akkoord.trail.seal import seal

SHARE = 10  # one in so many is forgotten when nobody says how many


def bench(people: int, *, at: datetime, erased: int | None = None) -> list[Result]:
    """Replay of erasures, and of half as many nos and a tenth of freezes, with the proof."""
    erased = erased or people // SHARE
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    seal(at=at)
    analyse()
    commit = _commit_seconds()
    ids = list(Person.objects.order_by("id").values_list("id", flat=True))
    one_by_one = _one_by_one(ids[:MANY], ground, at=at)
    gone = ids[MANY : MANY + erased]
    rest = ids[MANY + erased :]
    stopped, frozen = rest[: erased // 2], rest[erased // 2 : erased // 2 + erased // 10]
    _write_journal(gone, stopped, frozen, ground, at=at)
    done: list[Settled] = []
    took = seconds(lambda: done.append(settle(at=at, is_put_back=True)))
    _check(done[0], gone, stopped, frozen)
    what = f"restore: {erased:,} of {people:,} people forgotten again, {len(stopped):,} stopped"
    return [
        within(
            f"{what}, per person forgotten, against one durable commit",
            took / erased,
            commit,
            good=10,
            aim=5,
        ),
        quicker(
            f"{what}, with one look everywhere, against one erasure with its own look each",
            took,
            one_by_one * erased,
            good=50,
            aim=200,
        ),
    ]


def _commit_seconds() -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (id int PRIMARY KEY, n int)")
        cursor.execute("INSERT INTO bench_commit VALUES (1, 0)")

    def commit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bench_commit SET n = n + 1")

    return median_seconds(commit, 31)


def _one_by_one(chosen: Sequence[UUID], ground: Ground, *, at: datetime) -> float:
    """One erasure with its own proof, as anybody asks for it."""
    took = []
    for person_id in chosen:
        run = begin_erasure(
            person_ids=[person_id], by=ErasureRun.By.STAFF, actor=ground.actor, at=at
        )
        took.append(
            seconds(partial(carry_out, run_id=run.id, actor=ground.actor, at=at))
            + seconds(partial(prove, run_id=run.id, at=at))
        )
    return statistics.median(took)


def _write_journal(
    gone: Sequence[UUID],
    stopped: Sequence[UUID],
    frozen: Sequence[UUID],
    ground: Ground,
    *,
    at: datetime,
) -> None:
    """What the journal would hold of all that, one run per person as they ask for it."""
    entries: list[dict[str, Any]] = [
        {"kind": FORGET, "run": uuid7().hex, "who": [person_hash(each)]} for each in gone
    ]
    points = ContactPoint.objects.filter(person_id__in=stopped, channel="email", ended_at=None)
    entries += [
        {
            "kind": NO,
            "event": uuid7().hex,
            "hash": bytes(digest).hex(),
            "channel": "email",
            "purpose": ground.topic.id.hex,
            "state": "withdrawn",
            "basis": "consent",
            "method": "one-click",
            "actor": "person",
            "at": at.isoformat(),
        }
        for digest in points.values_list("keyed_hash", flat=True)
    ]
    entries += [
        {"kind": RESTRICT, "who": person_hash(each), "at": at.isoformat()} for each in frozen
    ]
    before = last_line()
    write_lines(journal_file(), entries, on=law_day(at))
    mark_known(before)


def _check(
    done: Settled, gone: Sequence[UUID], stopped: Sequence[UUID], frozen: Sequence[UUID]
) -> None:
    """A replay that leaves something out is no replay."""
    if (done.forgotten, done.hits, done.restricted) != (len(gone), 0, len(frozen)):
        raise AssertionError(f"not everything was done again: {done}")
    if Person.objects.filter(id__in=gone).exists() or done.stopped < len(stopped):
        raise AssertionError(f"somebody is back: {done}")
