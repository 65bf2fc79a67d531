"""The embedded PostgreSQL: closed, silent, shared, and it survives being killed."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from akkoord.config import embedded

ATTACH = """
import sys, time
from pathlib import Path
from akkoord.config import embedded
embedded.ensure_running(Path(sys.argv[1]), durable=False)
print("ready", flush=True)
time.sleep(60)
"""
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder under a parent that others may not pass through."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    folder = closed / "parent" / "data"
    embedded.ensure_running(folder, durable=False).release()
    yield folder
    assert embedded.stop_when_unused(folder)


@pytest.fixture
def handle(data: Path) -> Iterator[embedded.Handle]:
    held = embedded.ensure_running(data, durable=False)
    yield held
    held.release()


def connect(data: Path, **other: str) -> psycopg.Connection[tuple[object, ...]]:
    found = embedded.connection_settings(data)
    return psycopg.connect(
        host=found["HOST"],
        port=found["PORT"],
        user=found["USER"],
        password=other.get("password", found["PASSWORD"]),
        dbname=found["NAME"],
        autocommit=True,
    )


def server(data: Path) -> int | None:
    found = embedded._pid(embedded.folders(data))
    return found[0] if found and embedded._is_alive(found[0]) else None


@contextlib.contextmanager
def another_process(data: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", ATTACH, str(data)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def test_nobody_gets_in_without_the_password(data: Path, handle: embedded.Handle) -> None:
    with connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        connect(data, password="wrong")
    with connect(data) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_folders_are_closed_and_parents_stay_as_they_were(
    data: Path, handle: embedded.Handle
) -> None:
    where = embedded.folders(data)
    for folder in (where.home, where.cluster, where.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert stat.S_IMODE(where.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.parent.parent.stat().st_mode) == 0o700
    world = [
        path
        for path in where.home.rglob("*")
        if not path.is_symlink() and not path.is_socket() and path.stat().st_mode & 0o007
    ]
    assert world == []


def test_root_runs_it_as_another_user(data: Path, handle: embedded.Handle) -> None:
    owner = Path(f"/proc/{server(data)}").stat().st_uid
    assert owner != 0
    if os.geteuid() != 0:
        assert owner == os.geteuid()


def test_its_log_holds_no_values(data: Path, handle: embedded.Handle) -> None:
    needle = "jan.jansen@example.nl"
    with connect(data) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (address text PRIMARY KEY, n int)")
        connection.execute("INSERT INTO t VALUES (%s, 1) ON CONFLICT DO NOTHING", [needle])
        for statement in (
            f"INSERT INTO t VALUES ('{needle}', 1)",
            f"SELECT '{needle}'::uuid",
            f"SELECT '{needle}'::date",
            f"SELECT 1 FROM no_such_table WHERE address = '{needle}'",
            f"DO $$ BEGIN RAISE WARNING '{needle}'; END $$",
        ):
            with contextlib.suppress(psycopg.Error):
                connection.execute(statement)
        with pytest.raises(psycopg.Error):
            connection.execute("INSERT INTO t VALUES (%s, 1)", [needle])
    assert embedded.log_files(data)
    for path in embedded.log_files(data):
        assert "jansen" not in path.read_text()


def test_the_last_one_stops_it(data: Path) -> None:
    first = embedded.ensure_running(data, durable=False)
    pid = server(data)
    with another_process(data):
        first.release()
        assert server(data) == pid, "another process still holds it"
        assert embedded.is_in_use(data)
    second = embedded.ensure_running(data, durable=False)
    assert server(data) == pid, "attached to the server that a killed process left"
    second.release()
    assert server(data) is None


def test_a_killed_server_starts_again(data: Path, handle: embedded.Handle) -> None:
    with connect(data) as connection:
        connection.execute("SET synchronous_commit = on; CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    old = server(data)
    assert old
    os.kill(old, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    handle.release()
    started = time.monotonic()
    again = embedded.ensure_running(data, durable=False)
    assert time.monotonic() - started < 10
    with connect(data) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM kept").fetchone() == (True,)
    again.release()


def test_a_second_start_takes_less_than_a_second(data: Path) -> None:
    started = time.monotonic()
    handle = embedded.ensure_running(data, durable=False)
    took = time.monotonic() - started
    handle.release()
    assert took < 1.0


def test_a_number_used_again_by_another_program_is_no_obstacle(data: Path) -> None:
    where = embedded.folders(data)
    pid_file = where.cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{where.cluster}\n1\n5432\n{where.socket}\n\n0 0\nready\n")
    handle = embedded.ensure_running(data, durable=False)
    with connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    handle.release()


def test_another_major_version_is_refused_with_instructions(data: Path) -> None:
    version = embedded.folders(data).cluster / "PG_VERSION"
    right = version.read_text()
    version.write_text("16\n")
    try:
        with pytest.raises(embedded.DatabaseProblem, match="akkoord backup"):
            embedded.ensure_running(data, durable=False)
    finally:
        version.write_text(right)


def test_a_long_path_gets_a_private_socket_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    where = embedded.folders(deep)
    assert where.socket != where.cluster
    with contextlib.closing(embedded.ensure_running(deep, durable=False)):
        assert stat.S_IMODE(where.socket.stat().st_mode) == 0o700
        with connect(deep) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    where.socket.rmdir()
