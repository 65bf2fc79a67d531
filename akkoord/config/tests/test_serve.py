"""`akkoord serve` as its user meets it: starts, answers, ends, and survives being killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from akkoord.config import embedded

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AKKOORD_")}
    return own | {"AKKOORD_DATA": str(data), "PYTHONPATH": str(ROOT)}


def akkoord(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "akkoord", *arguments],
        env=environment(data),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextlib.contextmanager
def serving(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    log = (data.parent / "serve.log").open("ab")
    server = subprocess.Popen(
        [sys.executable, "-m", "akkoord", "serve", "--port", str(port)],
        env=environment(data),
        cwd=data.parent,
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(lambda: healthy(port) or server.poll() is not None, 120)
        assert server.poll() is None, (data.parent / "serve.log").read_text()
        yield server
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
        log.close()


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(condition: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def children_of(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(each) for each in found.stdout.split()]


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    embedded.stop_when_unused(folder)


def test_serve_from_nothing_to_the_end(data: Path) -> None:
    port = free_port()
    with serving(data, port) as server:
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nergens/", timeout=5)
        assert answer.value.code == 404
        answer.value.close()
        taken = akkoord(data, "serve", "--port", str(port))
        assert taken.returncode == 1
        assert "Choose another one" in taken.stderr
        doctor = akkoord(data, "doctor", "--json")
        assert '"ok": true' in doctor.stdout
        assert (data / "served-at").read_text() == f"http://127.0.0.1:{port}\n"
        old_children = children_of(server.pid)
        # The web process and the worker, and on two cores one that helps it, some seconds later.
        assert 2 <= len(old_children) <= 3
        server.kill()
        server.wait()
    for child in old_children:
        wait_for(lambda pid=child: gone(pid), 30)
    started = time.monotonic()
    with serving(data, port) as server:
        took = time.monotonic() - started
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
    assert not embedded.is_in_use(data)
    assert not (embedded.folders(data).cluster / "postmaster.pid").exists()
    assert took < 30, "a second start takes under 5 seconds on a quiet machine"
    log = (data.parent / "serve.log").read_text()
    assert "/begin/?token=" in log
    assert "Traceback" not in log


def test_other_keys_are_refused(data: Path) -> None:
    assert akkoord(data, "migrate").returncode == 0
    shown = akkoord(data, "keys", "show", "--json").stdout
    saved = data.parent / "saved.json"
    assert akkoord(data, "keys", "export", str(saved)).returncode == 0
    assert akkoord(data, "keys", "export", str(saved)).returncode == 1, "never written over"
    assert saved.stat().st_mode & 0o077 == 0
    (data / "keys" / "suppression").unlink()
    refused = akkoord(data, "migrate")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "akkoord keys import" in refused.stderr
    assert not (data / "keys" / "suppression").exists(), "nothing is made instead"
    assert akkoord(data, "keys", "import", str(saved)).returncode == 0
    assert akkoord(data, "keys", "show", "--json").stdout == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "much"),
        ("AKKOORD_DATABASE_URL", "mysql://x/y"),
        ("AKKOORD_SMTP_URL", "http://mail.example.nl"),
        ("AKKOORD_BASE_URL", "mail.example.nl"),
        ("AKKOORD_DKIM_KEY", "/nergens/key.pem"),
        ("AKKOORD_ALLOWED_HOSTS", "*"),
    ],
)
def test_a_bad_setting_is_named_and_ends_with_2(data: Path, name: str, value: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "akkoord", "doctor"],
        env=environment(data) | {name: value},
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 2
    assert name in answer.stderr
    assert answer.stdout == ""
