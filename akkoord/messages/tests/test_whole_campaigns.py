"""Whole campaigns through trouble: 421 in the middle, two workers and a pause, a full disk, a
topic that ends, Postfix at the other end.

After each: sent + failed + skipped + uncertain = everybody, and nobody has it twice.
"""

import contextlib
import mailbox
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from akkoord.delivery.tests.smtp_server import SmtpServer, smtp_server
from akkoord.messages import closing, deliver
from akkoord.messages.dispatch import pause_dispatch, resume_dispatch
from akkoord.messages.models import Dispatch
from akkoord.messages.queries import dispatch_figures
from akkoord.messages.tests.test_deliver import all_counted, received, run, started
from akkoord.messages.tests.test_faults import PEOPLE, REFUSED, ended_well, run_at
from akkoord.register.actions import end_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, so that trouble comes between them."""
    monkeypatch.setattr(deliver, "HAND_OVER", 20)
    monkeypatch.setattr(deliver, "FIRST", 20)


def until_done(dispatch: Dispatch, server: SmtpServer) -> None:
    """A worker comes back every hour, as long as there is something to do."""
    for hour in range(1, 25):
        if Dispatch.objects.get(id=dispatch.id).state == "finished":
            return
        run_at(dispatch, server, timedelta(hours=hour))


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "content"])
def test_421_in_the_middle(step: str) -> None:
    """The server closes for a while: what it did not take goes later, what it took never again."""
    dispatch = started(PEOPLE, refused=REFUSED)

    def closing(_argument: str, count: int) -> str:
        if 40 <= count < 60:
            return "421 4.3.2 shutting down"
        return "354 go on" if step == "data" else "250 ok"

    answers: dict[str, Callable[[str, int], str]] = {step: closing}
    with smtp_server(**answers) as server:
        first = run(dispatch, server)
        assert all_counted(first)
        assert 0 < first.sent < PEOPLE - REFUSED
        assert first.uncertain == first.failed == 0
        assert first.sent == len(received(server))
        until_done(dispatch, server)
        ended_well(dispatch_figures(dispatch.id), server)
        assert dispatch_figures(dispatch.id).sent == PEOPLE - REFUSED
        assert not [each for _, _, each in server.accepted if b"\nARC-" in each]


def two_workers(dispatch: Dispatch, server: SmtpServer) -> None:
    """Two workers at one dispatch, until both have nothing to do."""
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


def test_two_workers_and_a_pause_together() -> None:
    dispatch = started(PEOPLE, refused=REFUSED)
    pressed: list[int] = []

    def press(_recipient: str, count: int) -> str:
        if count == 45:
            pause_dispatch(dispatch_id=dispatch.id, at=timezone.now())
            connection.close()
            pressed.append(count)
        return "250 ok"

    with smtp_server(content=press) as server:
        two_workers(dispatch, server)
        paused = dispatch_figures(dispatch.id)
        assert pressed
        assert (paused.state, paused.claimed, paused.uncertain) == ("paused", 0, 0)
        assert paused.sent == len(received(server))
        assert paused.sent < PEOPLE - REFUSED, "no later than the batches in hand"
        assert all_counted(paused)
        two_workers(dispatch, server)  # a worker that comes by changes nothing
        assert len(received(server)) == paused.sent
        resume_dispatch(dispatch_id=dispatch.id, at=timezone.now())
        two_workers(dispatch, server)
        ended_well(dispatch_figures(dispatch.id), server)
        assert dispatch_figures(dispatch.id).sent == PEOPLE - REFUSED


def test_a_topic_that_ends_halfway() -> None:
    """Whom the gate has not let through yet gets nothing, and the reason says why (INV-25)."""
    dispatch = started(PEOPLE, refused=REFUSED)
    ended: list[int] = []

    def end(_recipient: str, count: int) -> str:
        if count == 45:
            end_topic(purpose_id=dispatch.purpose_id, at=timezone.now(), actor=Actor.system())
            connection.close()
            ended.append(count)
        return "250 ok"

    with smtp_server(content=end) as server:
        run(dispatch, server)
        found = dispatch_figures(dispatch.id)
        assert ended
        assert found.sent == len(received(server)) < PEOPLE - REFUSED
        assert max(received(server).values()) == 1
        assert (found.due, found.claimed, found.failed, found.uncertain) == (0, 0, 0, 0)
        assert all_counted(found)
        assert (found.state, found.audience) == ("finished", PEOPLE)
        assert found.skipped.get("purpose-ended", 0) > 0, found.skipped


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of three megabytes with the rows of letters on it, as a tablespace."""
    folder = Path(connection_folder()) / "small-disk"
    folder.mkdir(mode=0o700)
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", str(folder)],
            check=False,
            capture_output=True,
        ).returncode
    )
    if not mounted:
        folder.rmdir()
        pytest.skip("a disk of its own cannot be mounted here (only root may)")
    owner = Path(connection_folder()).stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    try:
        with connection.cursor() as cursor:
            # The server reaches its files from the folder of its cluster.
            cursor.execute("SELECT current_setting('data_directory')")
            place = f"{cursor.fetchone()[0]}/small-disk"
            cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            cursor.execute("ALTER TABLE messages_message SET TABLESPACE small")
        yield folder
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE messages_message SET TABLESPACE pg_default")
            cursor.execute("CHECKPOINT")
            cursor.execute("DROP TABLESPACE IF EXISTS small")
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def connection_folder() -> str:
    """The folder of the cluster, as this process reaches it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('data_directory')")
        told = cursor.fetchone()[0]
    return os.path.realpath(f"/proc/{number}/cwd") if "/proc/" in told else str(told)


@pytest.mark.usefixtures("new_files")
def test_a_disk_that_is_really_full() -> None:
    """No block is left for the rows of letters: the kernel says so, and nobody gets a second."""
    dispatch = started(PEOPLE, refused=REFUSED)
    filled: list[int] = []
    with small_disk() as disk:

        def fill(_recipient: str, count: int) -> str:
            if count == 30:
                with contextlib.suppress(OSError), (disk / "full").open("wb", 0) as full:
                    while full.write(b"x" * 4096):
                        pass
                filled.append(count)
            return "250 ok"

        with smtp_server(content=fill) as server:
            with pytest.raises(OperationalError, match="No space left on device"):
                run(dispatch, server)
            assert filled
            assert not shutil.disk_usage(disk).free
            (disk / "full").unlink()
            closing.release_lost(at=timezone.now() + timedelta(hours=1))
            until_done(dispatch, server)
            ended_well(dispatch_figures(dispatch.id), server)


MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = mx.example.nl
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = loopback-only
virtual_mailbox_domains = example.nl
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
smtpd_client_restrictions = check_client_access inline:{{ 127.0.0.1=permit }}
smtpd_recipient_restrictions = check_recipient_access inline:{{ {refusals} }}, reject_unauth_destination
smtpd_client_event_limit_exceptions =
smtpd_client_message_rate_limit = {most}
anvil_rate_time_unit = 1h
"""  # noqa: E501 -- one setting on a line


@contextlib.contextmanager
def postfix(*, refusals: str, most: int) -> Iterator[tuple[Path, int]]:
    """A Postfix of this test alone, that keeps what it takes in one maildir; its folder and port.

    Its folder is its own, not pytest's: every run of pytest closes that one's parent to others, and
    Postfix delivers as another user.
    Its measure is an hour, longer than this test however slow the machine is: after `most` it asks
    for patience, until `an_hour_on` makes it forget.
    """
    if not (shutil.which("postfix") and os.geteuid() == 0):
        pytest.skip("Postfix is not installed, or may not be started by this user")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    home = Path(tempfile.mkdtemp(prefix="akkoord-postfix-"))
    for name in ("etc", "spool", "data", "mail"):
        (home / name).mkdir(parents=True)
    shutil.chown(home / "data", "postfix")
    (home / "mail").chmod(0o777)
    home.chmod(0o755)
    (home / "etc/main.cf").write_text(MAIN.format(home=home, refusals=refusals, most=most))
    (home / "etc/master.cf").write_text(MASTER.format(port=port))
    order = ["postfix", "-c", str(home / "etc")]
    subprocess.run([*order, "start"], check=True, capture_output=True, timeout=30)
    try:
        yield home, port
    finally:
        subprocess.run([*order, "stop"], check=False, capture_output=True, timeout=30)
        shutil.rmtree(home, ignore_errors=True)


def an_hour_on(home: Path) -> None:
    """What Postfix measured is forgotten: its counter stands in one process, `anvil`."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # one that ended meanwhile
            is_counter = (process / "comm").read_text().strip() == "anvil"
            if is_counter and (process / "cwd").resolve() == home / "spool":
                os.kill(int(process.name), signal.SIGTERM)


@pytest.mark.slow
def test_postfix_at_the_other_end() -> None:
    """A real server that takes so many an hour and answers 4xx above, and does not know one."""
    dispatch = started(PEOPLE, refused=REFUSED)
    with postfix(refusals="p7@example.nl=REJECT", most=60) as (home, port):
        url = f"smtp://127.0.0.1:{port}"
        first = run(dispatch, url)
        assert all_counted(first)
        assert 0 < first.sent <= 60, "it slows us down"
        for hour in range(1, 25):
            if Dispatch.objects.get(id=dispatch.id).state == "finished":
                break
            an_hour_on(home)
            run_at(dispatch, url, timedelta(hours=hour))
        found = dispatch_figures(dispatch.id)
        assert (found.state, found.audience) == ("finished", PEOPLE)
        assert (found.failed, found.uncertain, found.due, found.claimed) == (1, 0, 0, 0)
        assert found.skipped == {"withdrawn": REFUSED}
        assert all_counted(found)
        box = mailbox.Maildir(home / "mail/all", create=False)
        late = time.monotonic() + 60
        while len(box) < found.sent and time.monotonic() < late:
            time.sleep(0.2)
        arrived = Counter(str(each["X-Original-To"] or each["Delivered-To"]) for each in box)
    assert sum(arrived.values()) == len(arrived) == found.sent == PEOPLE - REFUSED - 1
    assert "p7@example.nl" not in arrived
