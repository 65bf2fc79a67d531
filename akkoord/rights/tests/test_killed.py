"""An erasure that is killed by a real signal, at statements and file operations all along (INV-35).

A child process forgets, and sends itself SIGKILL before its n-th act; the next child goes on as the
job would. Between two of them everything of the person is there, or nothing is.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from akkoord.consent.nos import person_hash
from akkoord.datamap.export import holdings
from akkoord.people.models import Person
from akkoord.people.queries import all_ids
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasurePending, ErasureRun, ErasureSearch
from akkoord.rights.resume import resume_erasures
from akkoord.rights.tests.factories import NOW, STAFF, plant_person
from akkoord.rights.tests.test_forget import dump, traces_in
from akkoord.trail.nos import journal_file, lines
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=10)
ERASING = (1, 3, 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50, 54, 58, 62, 66, 70)
LOOKING = (1, 2, 5, 20, 80, 200, 400)
_FILE_ACTS = {"os.remove", "os.rename", "os.truncate", "os.mkdir"}


class _Acts:
    """Counts statements, commits and changes of files; kills this very process at the n-th."""

    def __init__(self, at: int) -> None:
        self.left = at

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.count()
        return execute(*asked)

    def audit(self, event: str, values: Any) -> None:
        writes = event == "open" and isinstance(values[2], int) and values[2] & os.O_ACCMODE
        if (event in _FILE_ACTS or writes) and str(values[0]).startswith(str(settings.DATA_DIR)):
            self.count()


def child_that_dies(work: Callable[[], Any], *, at: int) -> int:
    """The status of a child process that does the work and dies at its n-th act, or ends by 0."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    acts = _Acts(at)
    try:
        # The parent's connection is left as it is: this process never speaks on it.
        connection.connection = None
        DatabaseWrapper._connection_pools = {}
        commit = connection._commit

        def counted_commit() -> Any:
            acts.count()
            return commit()

        connection._commit = counted_commit
        sys.addaudithook(acts.audit)
        with connection.execute_wrapper(acts.statement):
            work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def is_here(person: Person, ids: list[Any], before: dict[str, int]) -> bool:
    """Whether the person is here with everything; nothing half is accepted."""
    run = ErasureRun.objects.first()
    if run is None or run.state == ErasureRun.State.BEGUN:
        now = {each.store: each.rows for each in holdings(ids)}
        now.pop(ErasurePending._meta.db_table, None)
        assert now == before
        return True
    assert holdings(ids) == []
    assert not Person.objects.filter(id=person.id).exists()
    assert run.state == ErasureRun.State.CLEAN or ErasureSearch.objects.exists()
    assert (run.certificate is not None) == (run.state == ErasureRun.State.CLEAN)
    return False


def test_inv35_kill_9_at_any_statement_and_file(capfd: pytest.CaptureFixture[str]) -> None:
    person = plant_person()
    ids = all_ids(person.id)
    before = {each.store: each.rows for each in holdings(ids)}

    def begin() -> None:
        if ErasureRun.objects.exists():
            resume_erasures(at=LATER)
        else:
            forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)

    deaths = 0
    for at in ERASING:
        died = os.WIFSIGNALED(child_that_dies(begin, at=at))
        deaths += died
        if not is_here(person, ids, before):
            break
    assert deaths > 8
    resumed = [child_that_dies(begin, at=at) for at in LOOKING]
    assert any(map(os.WIFSIGNALED, resumed))
    is_here(person, ids, before)
    resume_erasures(at=LATER)
    run = ErasureRun.objects.get()
    assert (run.state, run.people) == (ErasureRun.State.CLEAN, 1)
    assert not ErasurePending.objects.exists()
    assert not ErasureSearch.objects.exists()
    assert traces_in(dump()) == []
    assert verify().ok
    told = [each.body for each in lines(journal_file()) if each.body["kind"] == "forget"]
    assert person_hash(person.id) in {who for each in told for who in each["who"]}
    assert not list(Path(settings.DATA_DIR).glob("**/*.draft"))
    capfd.readouterr()
