"""Hand-over to a real SMTP server that misbehaves; workers that are killed or meet each other."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dkim
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from akkoord.config import processes
from akkoord.config.processes import GRACE_SECONDS
from akkoord.datamap.ids import uuid7
from akkoord.delivery.signing import signer_for
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import DROP, HANG, SmtpServer, fine, smtp_server
from akkoord.messages import beside, closing, deliver, jobs
from akkoord.messages.claims import Going
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import (
    BESIDE,
    JOB,
    pause_dispatch,
    resume_dispatch,
    start_dispatch,
)
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.queries import DispatchFigures, dispatch_figures
from akkoord.messages.tests.factories import (
    make_many,
    make_organisation,
    make_source,
    make_topic,
    run_job,
)
from akkoord.messages.ways import MailWay, way_of
from akkoord.register.models import Purpose

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db(transaction=True)


def started(count: int, *, refused: int = 0) -> Dispatch:
    return start_to(some_people(count, refused=refused))


def some_people(count: int, *, refused: int = 0) -> Purpose:
    make_organisation()
    topic = make_topic()
    make_many(count, topic, refused=refused)
    return topic


def start_to(topic: Purpose) -> Dispatch:
    return start_dispatch(
        purpose=topic,
        source=make_source(),
        segment="",
        approved_by=None,
        at=timezone.now(),
    )


def run(dispatch: Dispatch, server: SmtpServer | str, **options: float) -> DispatchFigures:
    url = server if isinstance(server, str) else server.url
    pool = SmtpPool(url, connections=3, **options)  # type: ignore[arg-type]
    try:
        run_dispatch(dispatch.id, worker_id=uuid7(), transport=pool)
    finally:
        pool.close()
    return dispatch_figures(dispatch.id)


def all_counted(found: DispatchFigures) -> bool:
    done = found.sent + found.failed + found.uncertain + sum(found.skipped.values())
    return done + found.due + found.claimed == found.audience


def received(server: SmtpServer) -> Counter[str]:
    return Counter(recipient for _sender, recipient, _content in server.accepted)


def test_everybody_gets_it_once() -> None:
    dispatch = started(60, refused=10)
    with smtp_server() as server:
        found = run(dispatch, server)
        assert (found.sent, found.skipped, found.state) == (50, {"withdrawn": 10}, "finished")
        assert set(received(server).values()) == {1}
        assert len(received(server)) == 50


def test_message_ids_are_those_of_the_rows() -> None:
    dispatch = started(3)
    with smtp_server() as server:
        run(dispatch, server)
        for key in Message.objects.values_list("id", flat=True):
            needle = f"Message-ID: <{key.hex}@fietsen.example.nl>".encode()
            assert sum(needle in content for _, _, content in server.accepted) == 1


def test_4xx_waits_and_5xx_fails() -> None:
    dispatch = started(6)

    def answer(recipient: str, _count: int) -> str:
        if recipient.startswith("p0@"):
            return "451 4.7.1 later"
        return "550 5.7.1 no" if recipient.startswith("p1@") else "250 ok"

    with smtp_server(rcpt=answer) as server:
        found = run(dispatch, server)
    assert (found.sent, found.failed, found.due, found.state) == (4, 1, 1, "running")
    waiting = Message.objects.get(state="due")
    assert waiting.attempts == 1
    assert waiting.due_at > timezone.now() + timedelta(minutes=4)
    assert Message.objects.get(state="failed").outcome_code == "550 5.7.1"


def test_a_dropped_connection_after_the_content_is_uncertain() -> None:
    dispatch = started(5)

    def answer(_recipient: str, count: int) -> str:
        return DROP if count == 1 else "250 ok"

    with smtp_server(content=answer) as server:
        found = run(dispatch, server)
        assert found.uncertain == 1
        assert found.sent == 4
        assert max(received(server).values()) == 1
    assert all_counted(found)
    assert found.state == "finished"


def test_a_server_that_hangs_sends_nothing_twice() -> None:
    dispatch = started(4)

    def answer(_recipient: str, count: int) -> str:
        return HANG if count == 0 else "250 ok"

    with smtp_server(content=answer) as server:
        found = run(dispatch, server, timeout=1.0, content_timeout=1.0)
        assert (found.uncertain, found.sent) == (1, 3)
        assert max(received(server).values()) == 1


def test_a_server_that_is_away_leaves_everybody_due() -> None:
    dispatch = started(4)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    found = run(dispatch, f"smtp://127.0.0.1:{port}", timeout=1.0)
    assert (found.due, found.claimed, found.sent, found.state) == (4, 0, 0, "running")
    assert Message.objects.first().attempts == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_inv22_every_letter_of_a_run_is_signed_with_its_ways_out(
    kind: str, tmp_path: Path, settings: Any
) -> None:
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else Ed25519PrivateKey.generate()
    settings.DKIM_KEY_FILE = tmp_path / "dkim.pem"
    settings.DKIM_KEY_FILE.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    signer_for.cache_clear()
    dispatch = started(30)
    try:
        with smtp_server() as server:
            assert run(dispatch, server).sent == 30
        record = signer_for("example.nl").public_record().encode()  # type: ignore[union-attr]
    finally:
        signer_for.cache_clear()
    contents = [content for _sender, _recipient, content in server.accepted]
    for content in contents:
        assert dkim.DKIM(content).verify(dnsfunc=lambda *_a, **_k: record)
        signed = content.partition(b"\th=")[2].partition(b";")[0]
        assert b"list-unsubscribe:" in signed.replace(b"\r\n\t", b"")
        assert b"list-unsubscribe-post" in signed.replace(b"\r\n\t", b"")


def test_a_letter_that_cannot_be_made_stops_no_other(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rsa.generate_private_key(65537, 2048)
    settings.DKIM_KEY_FILE = tmp_path / "dkim.pem"
    settings.DKIM_KEY_FILE.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    signer_for.cache_clear()
    dispatch = started(10)
    make = MailWay._content

    def sometimes(self: MailWay, going: Going, at: datetime) -> bytes:
        if going.address == "p3@example.nl":
            raise ValueError
        return make(self, going, at)

    monkeypatch.setattr(MailWay, "_content", sometimes)
    try:
        with smtp_server() as server:
            found = run(dispatch, server)
    finally:
        signer_for.cache_clear()
    assert (found.sent, found.failed) == (9, 1)


def test_a_server_that_refuses_everything_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "ALL_REFUSED", 5)
    monkeypatch.setattr(deliver, "HAND_OVER", 5)
    dispatch = started(20)
    with smtp_server(rcpt=fine("554 5.7.1 blocked")) as server:
        found = run(dispatch, server)
    assert (found.state, found.pause_reason) == ("paused", "transport-refused")
    assert (found.failed, found.due) == (5, 15)


def test_two_workers_at_once_send_to_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "HAND_OVER", 20)
    dispatch = started(200, refused=20)
    with smtp_server() as server:
        problems: list[BaseException] = []

        def work() -> None:
            try:
                run(dispatch, server)
            except BaseException as problem:
                problems.append(problem)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert not problems
        found = dispatch_figures(dispatch.id)
        assert (found.sent, found.skipped, found.state) == (180, {"withdrawn": 20}, "finished")
        assert set(received(server).values()) == {1}
        assert len(received(server)) == 180


def test_pause_while_mail_leaves_stops_within_one_hand_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliver, "HAND_OVER", 5)
    dispatch = started(40)
    pressed: list[bool] = []

    def answer(_recipient: str, count: int) -> str:
        if count == 7 and not pressed:
            pressed.append(True)
            pause_dispatch(dispatch_id=dispatch.id, at=timezone.now())
            connection.close()
        return "250 ok"

    with smtp_server(content=answer) as server:
        found = run(dispatch, server)
    assert (found.state, found.claimed) == ("paused", 0)
    assert found.sent <= 15
    assert found.sent + found.due == 40


def start_process(arguments: list[str], server: SmtpServer, data: Path) -> subprocess.Popen[bytes]:
    """Python in a process of its own, on this test's database."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    login = f"{found['USER']}:{quote(str(found['PASSWORD']))}"
    port = f":{found['PORT']}" if found["PORT"] else ""
    url = f"postgresql://{login}@{host}{port}/{found['NAME']}"
    own = {key: value for key, value in os.environ.items() if not key.startswith("AKKOORD_")}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=own
        | {
            "AKKOORD_DATA": str(data),
            "AKKOORD_DATABASE_URL": url,
            "AKKOORD_SMTP_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "akkoord.config.settings",
            "PYTHONPATH": str(ROOT),
        },
    )


def worker_process(dispatch: Dispatch, server: SmtpServer, data: Path) -> subprocess.Popen[bytes]:
    """A worker that knows one dispatch only, and hands over in small parts."""
    program = (
        "import sys, django; django.setup()\n"
        "from uuid import UUID\n"
        "from akkoord.datamap.ids import uuid7\n"
        "from akkoord.messages import deliver\n"
        "deliver.HAND_OVER, deliver.BATCH = 20, 60\n"
        "deliver.run_dispatch(UUID(sys.argv[1]), worker_id=uuid7())\n"
    )
    return start_process(["-c", program, str(dispatch.id)], server, data)


def test_a_worker_that_is_asked_to_stop_leaves_nothing_uncertain(settings: object) -> None:
    dispatch = started(1500)
    reached = threading.Event()

    def slowly(_recipient: str, count: int) -> str:
        if count == 50:
            reached.set()
        time.sleep(0.002)
        return "250 ok"

    with smtp_server(content=slowly) as server:
        worker = start_process(
            ["-m", "akkoord", "worker"],
            server,
            Path(settings.DATA_DIR),  # type: ignore[attr-defined]
        )
        assert reached.wait(60)
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert time.monotonic() - asked < GRACE_SECONDS
        found = dispatch_figures(dispatch.id)
        assert (found.claimed, found.uncertain) == (0, 0)
        assert found.sent == len(received(server)) < 1500
        assert found.due == 1500 - found.sent
        assert jobs_that_wait() == [None]  # the rest is for the next worker, at once


@pytest.fixture
def nobody_asked() -> None:
    """No job of an earlier test waits for a helper: the queue's tables are not emptied."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [BESIDE])


@pytest.mark.usefixtures("nobody_asked")
def test_a_second_process_is_asked_for_letters_to_many_by_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dispatch = started(4)
    monkeypatch.setattr(jobs, "SLICE", -1.0)  # the work itself is left for later
    with living_helper():
        for many, asked in ((5, 0), (4, 1), (4, 1)):
            monkeypatch.setattr(jobs, "MANY", many)
            run_job(dispatch.id)
            assert len(helpers_asked()) == asked
    assert helpers_asked() == [(BESIDE, {"dispatch_id": str(dispatch.id)})]
    assert (processes.BESIDE, processes.HELPER) == ([BESIDE], beside.HELPER)
    assert dispatch_figures(dispatch.id).sent == 0


@pytest.mark.usefixtures("nobody_asked")
def test_connections_are_shared_only_with_a_helper_that_lives_and_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None there, or at another run: all connections are this run's, and nobody is asked."""
    dispatch = started(4)
    monkeypatch.setattr(jobs, "SLICE", -1.0)
    monkeypatch.setattr(jobs, "MANY", 4)
    run_job(dispatch.id)
    assert helpers_asked() == []
    with living_helper():
        assert beside.is_helper_free(dispatch.id)
        run_job(dispatch.id)
        assert beside.is_helper_free(dispatch.id)  # that it asked itself is not another's
        assert not beside.is_helper_free(uuid7())
        with living_helper():
            assert beside.is_helper_free(uuid7())
    assert len(helpers_asked()) == 1
    run_job(dispatch.id)  # the helper is gone: what it did not take up is taken back
    assert helpers_asked() == []


@pytest.mark.usefixtures("nobody_asked")
def test_the_second_worker_says_that_it_lives(settings: Any) -> None:
    """And it ends when it is asked to as soon as its first connection is seen."""
    dispatch = started(1)
    with smtp_server() as server:
        worker = start_process(
            ["-m", "akkoord", "worker", "--beside", "--concurrency", "1"],
            server,
            Path(settings.DATA_DIR),
        )
        try:
            end = time.monotonic() + 60
            while not beside.is_helper_free(dispatch.id) and time.monotonic() < end:
                time.sleep(0.01)
            assert beside.is_helper_free(dispatch.id)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(30)
    assert not beside.is_helper_free(dispatch.id)


@contextlib.contextmanager
def living_helper() -> Iterator[None]:
    """A connection as a second worker has it."""
    name = f"{beside.HELPER}-{uuid7().hex}"
    options = connection.get_connection_params() | {"application_name": name}
    with psycopg.connect(**options):
        yield
    end = time.monotonic() + 10
    with connection.cursor() as cursor:  # the server lets go of it a moment later
        while time.monotonic() < end:
            cursor.execute("SELECT FROM pg_stat_activity WHERE application_name = %s", [name])
            if not cursor.rowcount:
                return


def test_a_second_process_works_at_a_run_that_is_not_stopped() -> None:
    dispatch = started(3)
    pause_dispatch(dispatch_id=dispatch.id, at=timezone.now())
    run_job(dispatch.id, jobs.run_beside)
    assert dispatch_figures(dispatch.id).sent == 0
    resume_dispatch(dispatch_id=dispatch.id, at=timezone.now())
    run_job(dispatch.id, jobs.run_beside)
    assert dispatch_figures(dispatch.id).sent == 3


def test_two_processes_open_no_more_connections_than_one(settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    way = way_of(started(1))
    assert _connections(way.open(is_shared=False)) == 10
    assert _connections(way.open(is_shared=True)) == 5


def _connections(transport: Any) -> int:
    (pool,) = transport._pools.values()
    return int(pool.connections)


def helpers_asked() -> list[tuple[str, object]]:
    """The queue and the argument of the jobs for a second process."""
    return list(ProcrastinateJob.objects.filter(task_name=BESIDE).values_list("queue_name", "args"))


def jobs_that_wait() -> list[object]:
    """For when the jobs of dispatches are planned; None: at once."""
    return list(
        ProcrastinateJob.objects.filter(task_name=JOB, status="todo").values_list(
            "scheduled_at", flat=True
        )
    )


def test_a_letter_to_try_later_holds_nothing_up() -> None:
    dispatch = started(1)
    ProcrastinateJob.objects.filter(task_name=JOB).update(status="doing")  # as a worker takes it
    with smtp_server(rcpt=fine("451 4.7.1 later")) as server:
        run(dispatch, server)
    jobs.sweep(0)
    assert jobs_that_wait() == []  # nothing is due yet
    Message.objects.update(due_at=timezone.now())
    jobs.sweep(0)
    assert jobs_that_wait() == [None]


def test_a_slice_ends_and_the_rest_is_queued_at_once(
    monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    dispatch = started(3)
    ProcrastinateJob.objects.filter(task_name=JOB).update(status="doing")
    settings.SMTP_URL = ""  # type: ignore[attr-defined]
    run_job(dispatch.id)
    assert dispatch_figures(dispatch.id).sent == 0
    assert jobs_that_wait() == [None]


def test_a_slow_server_gets_few_at_once_so_that_a_killed_worker_leaves_little_in_doubt() -> None:
    dispatch = started(400)
    seen: list[int] = []

    def slowly(_recipient: str, _count: int) -> str:
        time.sleep(0.03)
        claimed = Message.objects.filter(state="claimed")
        begun = claimed.filter(handing_at__isnull=False).values("claimed_at")
        seen.append(claimed.filter(claimed_at__in=begun).count())
        connection.close()
        return "250 ok"

    with smtp_server(content=slowly) as server:
        found = run(dispatch, server)
    assert found.sent == 400
    assert max(seen) <= deliver.FIRST
    assert max(seen[200:]) < deliver.FIRST, "it was slow, so less is in hand"


def test_kill_9_in_mid_campaign_and_a_new_worker(settings: object) -> None:
    dispatch = started(300, refused=30)

    reached, killed = threading.Event(), threading.Event()

    def until_the_middle(_recipient: str, count: int) -> str:
        if count >= 55:  # in the third hand-over of the first batch
            reached.set()
            killed.wait(60)
        return "250 ok"

    with smtp_server(content=until_the_middle) as server:
        data = Path(settings.DATA_DIR)  # type: ignore[attr-defined]
        worker = worker_process(dispatch, server, data)
        assert reached.wait(60)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        assert len(server.accepted) == 55
        killed.set()
        before = dispatch_figures(dispatch.id)
        assert before.claimed > 0
        assert all_counted(before)
        lost = closing.release_lost(at=timezone.now())  # the sweep of the same minute
        assert lost["uncertain"] > 0
        assert dispatch_figures(dispatch.id).claimed == 0
        found = run(dispatch, server)
        assert found.state == "finished"
        assert found.skipped == {"withdrawn": 30}
        assert found.sent + found.failed + found.uncertain == 270
        assert found.uncertain == lost["uncertain"] <= 40
        assert max(received(server).values()) == 1
        # Whoever counts as sent has it; whoever is uncertain was not sent to again.
        assert found.sent <= len(received(server)) <= found.sent + found.uncertain
