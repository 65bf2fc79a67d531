"""An erasure whose connection ends at each of its statements, one after the other (INV-35).

The nearest that one process comes to a kill: the database loses the session before statement n, and
nothing of ours is caught on the way out. Then the next try goes on, and ends one statement later.
A real signal, and changes of files: `test_killed.py`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from akkoord.consent.nos import person_hash
from akkoord.datamap.export import holdings
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.models import ErasurePending, ErasureRun, ErasureSearch
from akkoord.rights.prove import _conclude, look_everywhere
from akkoord.rights.resume import note_again, resume_erasures
from akkoord.rights.search import searches_of
from akkoord.rights.tests.factories import NOW, STAFF, plant_person
from akkoord.rights.tests.test_forget import dump, traces_in
from akkoord.rights.tests.test_killed import is_here
from akkoord.trail.nos import journal_file, lines
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=10)


class _Ended(BaseException):
    """Nobody catches this, as nobody catches a kill."""


def ends_at(number: int, work: Callable[[], Any]) -> bool:
    """Do the work on a connection that is lost before act `number`; whether it came so far."""
    left = number

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            connection.connection.close()
            raise _Ended

    def statement(execute: Callable[..., Any], *asked: Any) -> Any:
        count()
        return execute(*asked)

    commit = connection._commit

    def counted_commit() -> Any:
        count()
        return commit()

    connection.ensure_connection()
    connection._commit = counted_commit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(statement):
            work()
    except (_Ended, DatabaseError):  # letting go of a lock fails on a connection that is gone
        assert left <= 0
        return True
    finally:
        del connection._commit
        connection.close()
        connection.connect()  # whatever the lost one left behind, as in a process of its own
    return False


def endings(work: Callable[[], Any], look: Callable[[], bool]) -> int:
    """End the work at its first act, its second, and so on, until `look` says that it is done."""
    number = 0
    while look():
        number += 1
        assert ends_at(number, work) or not look()
    return number


def test_inv35_whatever_statement_is_the_last_all_is_there_or_nothing_is() -> None:
    person = plant_person()
    ids = all_ids(person.id)
    before = {each.store: each.rows for each in holdings(ids)}

    def begin() -> Any:
        return begin_erasure(person_ids=[person.id], by="staff", actor=STAFF, at=NOW)

    def is_not_begun() -> bool:
        assert is_here(person, ids, before)
        assert ErasurePending.objects.count() == ErasureRun.objects.count()
        return not ErasureRun.objects.exists()

    def is_not_erased() -> bool:
        return is_here(person, ids, before)

    def is_not_proven() -> bool:
        run = ErasureRun.objects.get()
        is_open = run.state == ErasureRun.State.ERASED
        assert is_open == (run.certificate is None) == ErasureSearch.objects.exists()
        return is_open

    assert endings(begin, is_not_begun) > 5
    run = ErasureRun.objects.get()
    erasing = endings(lambda: carry_out(run_id=run.id, actor=STAFF, at=NOW), is_not_erased)
    assert erasing > 40
    run.refresh_from_db()
    needles = searches_of(run)
    assert needles is not None
    note_again(run)  # as whoever takes it up again does
    found = look_everywhere(needles[0])  # it only reads: each ending of the rest begins behind it
    assert endings(lambda: _conclude(run, found, needles[0], at=LATER), is_not_proven) > 5
    _is_forgotten_for_good(person)


def _is_forgotten_for_good(person: Person) -> None:
    resume_erasures(at=LATER)
    run = ErasureRun.objects.get()
    assert (run.state, run.people) == (ErasureRun.State.CLEAN, 1)
    assert not ErasurePending.objects.exists()
    assert traces_in(dump()) == []
    assert verify().ok
    told = [each.body for each in lines(journal_file()) if each.body["kind"] == "forget"]
    assert person_hash(person.id) in {who for each in told for who in each["who"]}
