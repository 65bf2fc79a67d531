"""Faults of the engine: killed anywhere, no database, a greylist, a clock that jumps, no disk.

After each: sent + failed + skipped + uncertain = everybody, and nobody has it twice. The SMTP
server is a real one that counts.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from akkoord.datamap.ids import uuid7
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import SmtpServer, smtp_server
from akkoord.messages import closing, deliver
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.messages.tests.test_deliver import (
    all_counted,
    received,
    run,
    start_process,
    started,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, REFUSED = 120, 12

# Kills this very process at the n-th call of a function, before or after its work.
_KILLED = """
import os, signal, sys, django; django.setup()
from importlib import import_module
from uuid import UUID
from akkoord.datamap.ids import uuid7
from akkoord.messages import deliver
deliver.HAND_OVER, deliver.FIRST, deliver.STEP, deliver.LIST = 20, 20, 40, 30
room, name, when, number = sys.argv[2:6]
module = import_module(room)
work, calls = getattr(module, name), [0]
def until_then(*values, **named):
    calls[0] += 1
    if when == "before" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    done = work(*values, **named)
    if when == "after" and calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(module, name, until_then)
deliver.run_dispatch(UUID(sys.argv[1]), worker_id=uuid7())
"""
STAGES = [
    ("akkoord.messages.deliver", "_list", "before", 1),
    ("akkoord.messages.deliver", "_list", "after", 1),
    ("akkoord.messages.deliver", "_list", "before", 2),
    ("akkoord.messages.deliver", "_list", "after", 2),
    ("akkoord.messages.claims", "take", "before", 2),
    ("akkoord.messages.claims", "take", "after", 2),
    ("akkoord.messages.claims", "begin", "before", 2),
    ("akkoord.messages.claims", "begin", "after", 2),
    ("akkoord.messages.deliver", "_hand_over", "after", 2),
    ("akkoord.messages.claims", "record", "before", 2),
    ("akkoord.messages.claims", "record", "after", 2),
    ("akkoord.messages.closing", "finish", "before", 1),
]


def ended_well(found: DispatchFigures, server: SmtpServer) -> None:
    """Everybody has one fate, nobody two letters, and who counts as sent has it."""
    assert found.state == "finished"
    assert (found.due, found.claimed) == (0, 0)
    assert all_counted(found)
    assert found.audience == PEOPLE
    assert found.skipped == {"withdrawn": REFUSED}
    assert max(received(server).values(), default=1) == 1
    assert found.sent <= len(received(server)) <= found.sent + found.uncertain


@pytest.mark.parametrize(("room", "name", "when", "number"), STAGES)
def test_killed_at_any_stage(
    room: str, name: str, when: str, number: int, settings: object
) -> None:
    dispatch = started(PEOPLE, refused=REFUSED)
    data = Path(settings.DATA_DIR)  # type: ignore[attr-defined]
    with smtp_server() as server:
        worker = start_process(
            ["-c", _KILLED, str(dispatch.id), room, name, when, str(number)], server, data
        )
        assert worker.wait(60) == -signal.SIGKILL, "it must die at that very place"
        lost = closing.release_lost(at=timezone.now())
        assert lost["uncertain"] <= 40, "no more in doubt than the two in hand"
        ended_well(run(dispatch, server), server)


class Between:
    """A port in front of the database's socket; while `gone` is set there is no database."""

    def __init__(self, target: str) -> None:
        """`target`: the path of the socket."""
        self.gone, self._ended = threading.Event(), threading.Event()
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> "Between":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._ended.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            if self.gone.is_set():
                return
            server.connect(self._target)
            other = {client: server, server: client}
            while not self.gone.is_set() and not self._ended.is_set():
                for ready in select.select(list(other), [], [], 0.05)[0]:
                    try:
                        data = ready.recv(65536)
                        other[ready].sendall(data)
                    except OSError:
                        return
                    if not data:
                        return


@pytest.mark.parametrize("away", [5, pytest.param(30, marks=pytest.mark.slow)])
def test_the_database_is_away_for_a_while(away: int, settings: object) -> None:
    """The worker outlives it, or is begun again by `serve`; what it does then is the same."""
    found = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('unix_socket_directories'), current_setting('port')")
        folders, number = cursor.fetchone()
    host = str(found["HOST"])
    target = f"{host if host.startswith('/') else folders.split(',')[0]}/.s.PGSQL.{number}"
    dispatch = started(PEOPLE, refused=REFUSED)
    reached = threading.Event()

    def slowly(_recipient: str, count: int) -> str:
        time.sleep(0.01)
        if count == 30:
            reached.set()
        return "250 ok"

    with smtp_server(content=slowly) as server, Between(target) as way:
        login = f"{found['USER']}:{quote(str(found['PASSWORD']))}"
        own = {key: value for key, value in os.environ.items() if not key.startswith("AKKOORD_")}
        command = ["-m", "akkoord", "worker"]
        environment = own | {
            "AKKOORD_DATA": str(settings.DATA_DIR),  # type: ignore[attr-defined]
            "AKKOORD_DATABASE_URL": f"postgresql://{login}@127.0.0.1:{way.port}/{found['NAME']}",
            "AKKOORD_SMTP_URL": server.url,
        }
        worker = subprocess.Popen([sys.executable, *command], env=environment)
        try:
            assert reached.wait(60)
            way.gone.set()
            time.sleep(away)
            way.gone.clear()
            late = time.monotonic() + 60
            while time.monotonic() < late:
                if worker.poll() is not None:  # as `serve` does with a worker that ended
                    worker = subprocess.Popen([sys.executable, *command], env=environment)
                if Dispatch.objects.get(id=dispatch.id).state == "finished":
                    break
                time.sleep(0.5)
        finally:
            worker.terminate()
            worker.wait(30)
        ended_well(dispatch_figures(dispatch.id), server)


def test_a_greylist_lets_everybody_in_the_second_time() -> None:
    dispatch = started(PEOPLE, refused=REFUSED)
    seen: set[str] = set()

    def grey(recipient: str, _count: int) -> str:
        if recipient in seen:
            return "250 ok"
        seen.add(recipient)
        return "451 4.7.1 greylisted, come back later"

    with smtp_server(rcpt=grey) as server:
        first = run(dispatch, server)
        assert (first.sent, first.due) == (0, PEOPLE - REFUSED)
        assert all_counted(first)
        for hour in range(1, 25):  # the provider is asked gently, and more as it says yes
            run_at(dispatch, server, timedelta(hours=hour))
            if Dispatch.objects.get(id=dispatch.id).state == "finished":
                break
        ended_well(dispatch_figures(dispatch.id), server)
        assert dispatch_figures(dispatch.id).sent == PEOPLE - REFUSED


def run_at(dispatch: Dispatch, server: SmtpServer | str, later: timedelta) -> None:
    """A worker whose clock stands so much later."""
    pool = SmtpPool(server if isinstance(server, str) else server.url, connections=3)
    try:
        run_dispatch(
            dispatch.id,
            worker_id=uuid7(),
            transport=pool,
            clock=lambda: timezone.now() + later,
        )
    finally:
        pool.close()


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_jumps_between_batches(hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Summer time done wrong, a machine that slept: nobody twice, nobody lost."""
    monkeypatch.setattr(deliver, "HAND_OVER", 20)
    monkeypatch.setattr(deliver, "FIRST", 20)
    dispatch = started(PEOPLE, refused=REFUSED)
    shift = [timedelta()]

    def jump(_recipient: str, count: int) -> str:
        if count == 30:
            shift[0] = timedelta(hours=hours)
        return "250 ok"

    with smtp_server(content=jump) as server:
        for now in (None, None, timedelta()):  # what a jump puts off waits for its time
            shift[0] = shift[0] if now is None else now
            pool = SmtpPool(server.url, connections=3)
            try:
                run_dispatch(
                    dispatch.id,
                    worker_id=uuid7(),
                    transport=pool,
                    clock=lambda: timezone.now() + shift[0],
                )
            finally:
                pool.close()
        ended_well(dispatch_figures(dispatch.id), server)


def test_no_room_on_the_disk_of_the_database(settings: object) -> None:
    """Outcomes that cannot be written are in doubt, and nobody gets a second letter."""
    dispatch = started(PEOPLE, refused=REFUSED)
    full = (
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' "
        "USING ERRCODE = 'disk_full'; END $$; "
        "CREATE TRIGGER no_room BEFORE UPDATE ON messages_message FOR EACH STATEMENT "
        "EXECUTE FUNCTION no_room();"
    )
    reached = threading.Event()

    def fill(_recipient: str, count: int) -> str:
        if count == 30 and not reached.is_set():
            with connection.cursor() as cursor:
                cursor.execute(full)
            connection.close()
            reached.set()
        return "250 ok"

    try:
        with smtp_server(content=fill) as server:
            with pytest.raises(OperationalError):
                run(dispatch, server)
            with connection.cursor() as cursor:
                cursor.execute("DROP FUNCTION no_room() CASCADE")
            closing.release_lost(at=timezone.now() + timedelta(hours=1))
            ended_well(run(dispatch, server), server)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS no_room() CASCADE")
