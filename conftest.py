"""The tests' ground: a real PostgreSQL, keys of their own, no network.

The embedded PostgreSQL is started once per run in a temporary folder, shared by all xdist workers,
each with its own database. `AKKOORD_TEST_DATABASE_URL` names another server instead (a role that
may make databases). Settings are read when Django is set up, so the environment is made here,
at import, before pytest-django looks at it.
"""

import atexit
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from akkoord.config import embedded

PREFIX = "akkoord-test-"


def _sweep() -> None:
    """Remove what runs that were killed left behind: their folders and servers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        found = folder.stat()
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


def _prepare_environment() -> None:
    """Give this process the tests' environment; a worker gets the server from its controller."""
    for name in [name for name in os.environ if name.startswith("AKKOORD_")]:
        if not name.startswith("AKKOORD_TEST_"):
            del os.environ[name]
    if not os.environ.get("AKKOORD_TEST_DATABASE_URL"):
        os.environ["AKKOORD_TEST_DATABASE_URL"] = _start_server()
    data = Path(tempfile.mkdtemp(prefix="akkoord-data-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    (data / "keys").mkdir(mode=0o700)
    (data / "keys" / "session").write_text("tests-only-" + secrets.token_hex(16))
    os.environ |= {
        "AKKOORD_DATABASE_URL": os.environ["AKKOORD_TEST_DATABASE_URL"],
        "AKKOORD_DATA": str(data),
        "AKKOORD_BASE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "akkoord.config.settings",
    }


_prepare_environment()


def pytest_configure() -> None:
    """Load the settings now, so that pytest-django sets Django up before tests are collected."""
    from django.conf import settings

    assert settings.DATABASES
