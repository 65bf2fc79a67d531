"""The tests' ground: a real PostgreSQL, keys of their own, no network.

The embedded PostgreSQL is started once per run in a temporary folder, shared by all xdist workers,
each with its own database. `AKKOORD_TEST_DATABASE_URL` names another server instead (a role that
may make databases). Settings are read when Django is set up, so the environment is made here,
at import, before pytest-django looks at it.
"""

import atexit
import base64
import hashlib
import ipaddress
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django.conf
import pytest
from hypothesis import HealthCheck, settings

from akkoord.config import embedded

PREFIX = "akkoord-test-"

# `make test` proves the same thing each time; `make explore` draws new examples. How long one
# example takes says how busy the machine is, and nothing about what is tested.
_UNHURRIED: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **_UNHURRIED)
settings.register_profile("explore", print_blob=True, **_UNHURRIED)
settings.load_profile(os.environ.get("AKKOORD_TEST_EXAMPLES", "steady"))


def _sweep() -> None:
    """Remove what runs that were killed left behind: their folders and servers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            found = folder.stat()
        except FileNotFoundError:  # another run ended in between
            continue
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < 120:
            continue
        if embedded.stop_when_unused(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _start_server() -> str:
    """Start the embedded server of this run; answers its address. Stopped and removed at exit."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            handle.release()
            shutil.rmtree(folder, ignore_errors=True)

    handle = embedded.ensure_running(folder, durable=False)
    atexit.register(remove)
    found = embedded.connection_settings(folder)
    host = quote(found["HOST"], safe="")
    return f"postgresql://{found['USER']}:{quote(found['PASSWORD'])}@{host}/{found['NAME']}"


def _write_keys(folder: Path) -> None:
    """The same keys in every run, so that hashes and tokens in a failing test can be compared."""
    folder.mkdir(mode=0o700)
    for name in ("suppression", "tokens", "files", "certificate", "vapid"):
        key = base64.b64encode(hashlib.sha256(f"tests only: {name}".encode()).digest()).decode()
        (folder / name).write_text(f"akkoord-key-v1 {name} {key}\n")
    (folder / "session").write_text("tests only: " + "x" * 50)


def _prepare_environment() -> None:
    """Give this process the tests' environment; a worker gets the server from its controller.

    Each process has a data folder of its own: the jobs of one worker sweep files that its database
    does not know, which would be another's. pytest-django loads the settings before this file
    where the environment names them, so the controller does not hand their name to its workers.
    """
    assert not django.conf.settings.configured, "unset DJANGO_SETTINGS_MODULE: tests have their own"
    for name in [name for name in os.environ if name.startswith("AKKOORD_")]:
        if not name.startswith("AKKOORD_TEST_"):
            del os.environ[name]
    if not os.environ.get("AKKOORD_TEST_DATABASE_URL"):
        os.environ["AKKOORD_TEST_DATABASE_URL"] = _start_server()
    data = Path(tempfile.mkdtemp(prefix="akkoord-data-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    _write_keys(data / "keys")
    os.environ |= {
        "AKKOORD_DATABASE_URL": os.environ["AKKOORD_TEST_DATABASE_URL"],
        "AKKOORD_DATA": str(data),
        "AKKOORD_BASE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "akkoord.config.settings",
    }


_prepare_environment()


def pytest_configure() -> None:
    """Load the settings now, so that pytest-django sets Django up before tests are collected."""
    assert django.conf.settings.DATABASES


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """A controller of workers does not hand on the name of the settings."""
    if session.config.getoption("numprocesses", None):
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The same hash of passwords with little work: nearly every test makes somebody who logs in."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, name, value)
        yield


class NetworkRefused(AssertionError):
    """A test tried to leave the machine."""


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Refuse connections and look-ups that leave the machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            original = getattr(socket.socket, name)

            def guarded(self: socket.socket, address: Any, _original: Any = original) -> Any:
                if self.family != socket.AF_UNIX and not _is_loopback(str(address[0])):
                    raise NetworkRefused(f"connection to {address[0]} refused in tests")
                return _original(self, address)

            patch.setattr(socket.socket, name, guarded)
        look_up = socket.getaddrinfo

        def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name is not None and not _is_loopback(name):
                raise NetworkRefused(f"look-up of {name} refused in tests")
            return look_up(host, *args, **options)

        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _empty_journal(data: Path) -> None:
    """What was noted of a database that is empty now: another test would do it again."""
    for name in ("ledger-head.json", "nos.jsonl", "nos-waiting.jsonl"):
        (data / "journal" / name).unlink(missing_ok=True)


@pytest.fixture(scope="session", autouse=True)
def ledger_may_be_emptied() -> Iterator[None]:
    """Empty every table after a test with real commits, quickly, the append-only ones too.

    The flush runs as a replica does: no trigger refuses it, no foreign key asks for an order. It
    deletes, since TRUNCATE makes new files for some thousand tables and indexes that are empty
    already. Types of content and permissions, which Django would fill anew each time and nobody
    reads, stay empty. The noted head of the ledger goes along.
    """
    from django.conf import settings
    from django.core.management.commands import flush
    from django.db.backends.postgresql.operations import DatabaseOperations

    def sql_flush(self: Any, _style: Any, tables: list[str], **_options: Any) -> list[str]:
        _empty_journal(Path(settings.DATA_DIR))
        as_replica = "SET LOCAL session_replication_role = replica"
        empty = [f"DELETE FROM {self.quote_name(name)}" for name in tables]  # noqa: S608 - names of our tables
        return ["; ".join([as_replica, *empty])]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
        yield


@pytest.fixture
def new_files(transactional_db: None) -> None:  # noqa: ARG001 - it must be there first
    """Every table with a file of its own that is empty, for who looks at files, sizes or plans.

    What other tests deleted lies in the files until a vacuum.
    """
    from django.db import connection, transaction

    names = [each for each in connection.introspection.table_names() if "migrations" not in each]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(map(connection.ops.quote_name, names)))


@pytest.fixture(scope="session", autouse=True)
def no_head_outlives_its_blocks() -> Iterator[None]:
    """The head of the ledger is noted in a data folder of a test's own only.

    In the folder that all tests of a process share, a note would outlive blocks that were rolled
    back, and the next test's ledger would count as cut.
    """
    from django.conf import settings

    from akkoord.trail import seal

    shared, note = Path(settings.DATA_DIR), seal.note_head

    def note_of_ones_own(block: Any) -> None:
        if Path(settings.DATA_DIR) != shared:
            note(block)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "note_head", note_of_ones_own)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Limits on attempts, kept in the cache, count from zero in every test; and no head of the
    ledger stays that a test noted whose blocks were rolled back."""
    from django.conf import settings
    from django.core.cache import cache

    cache.clear()
    _empty_journal(Path(settings.DATA_DIR))


@pytest.hookimpl(trylast=True)  # pytest-django puts its order first
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is long is spread among what asks no database; and with `AKKOORD_TEST_PART=database`
    only what asks the database is left: the rest is the same on another one.

    A worker is handed hundreds of tests ahead while they are quick. Where journeys stood together
    one worker got nearly all of them, and the other had nothing to do at the end.
    """
    if os.environ.get("AKKOORD_TEST_PART") == "database":
        config.hook.pytest_deselected(items=[each for each in items if not _asks_database(each)])
        items[:] = filter(_asks_database, items)
    long = [each for each in items if _is_long(each)]
    quick = [each for each in items if not _asks_database(each) and not _is_long(each)]
    moved = set(long) | set(quick)
    items[:] = [each for each in items if each not in moved] + _spread(long, quick)


def _asks_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or any(
        each in fixtures for each in ("db", "transactional_db")
    )


def _is_long(item: pytest.Item) -> bool:
    """Long, and at home behind tests with real commits, as what rolls back is not."""
    if not any(item.get_closest_marker(each) for each in ("browser", "slow")):
        return False
    marker = item.get_closest_marker("django_db")
    return not _asks_database(item) or bool(marker and marker.kwargs.get("transaction"))


def _spread(few: list[pytest.Item], many: list[pytest.Item]) -> list[pytest.Item]:
    """Both in their order, the few at even distances among the many."""
    places = [((n + 0.5) / len(few), 0, n, each) for n, each in enumerate(few)]
    places += [((n + 0.5) / len(many), 1, n, each) for n, each in enumerate(many)]
    return [each for *_place, each in sorted(places, key=lambda place: place[:3])]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases of bytes by their argument: packed bytes differ from run to run."""
    return argname if isinstance(val, bytes) else None
