"""A mail server that takes everything and keeps nothing, on loopback, for the benchmarks.

Postfix's `smtp-sink` where it is installed; else a small one of our own in a process of its own.
`smtp-sink` shares its port (SO_REUSEPORT): a forgotten second one would silently take half of the
connections, so exactly one listener is demanded.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_OWN = """
import socketserver, sys
class Sink(socketserver.StreamRequestHandler):
    def handle(self):
        say = self.wfile.write
        say(b"220 sink\\r\\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                say(b"250-sink\\r\\n250-PIPELINING\\r\\n250 8BITMIME\\r\\n")
            elif word == b"DATA":
                say(b"354 go on\\r\\n")
                while self.rfile.readline() not in (b".\\r\\n", b""):
                    pass
                say(b"250 2.0.0 taken\\r\\n")
            elif word == b"QUIT":
                say(b"221 bye\\r\\n")
                return
            else:
                say(b"250 ok\\r\\n")
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128
Server(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
"""


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """A sink on a free port; it is stopped afterwards."""
    port = _free_port()
    process = subprocess.Popen(_command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        if (found := _listeners(port)) not in (None, 1):
            raise AssertionError(f"{found} sinks listen on one port")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def has_postfix() -> bool:
    """Whether Postfix's sink and source are installed."""
    return bool(_program("smtp-sink") and _program("smtp-source"))


def source_seconds(port: int, messages: int, *, size: int = 10_240, sessions: int = 10) -> float:
    """How long `smtp-source` takes for so many messages."""
    program = _program("smtp-source")
    if program is None:
        raise AssertionError("smtp-source is not installed")
    command = [program, "-s", str(sessions), "-l", str(size), "-m", str(messages)]
    began = time.perf_counter()
    subprocess.run(
        [*command, "-f", "a@example.nl", "-t", "b@example.nl", f"127.0.0.1:{port}"],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


def _command(port: int) -> list[str]:
    program = _program("smtp-sink")
    if program is None or _program("smtp-source") is None:
        return [sys.executable, "-c", _OWN, str(port)]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    return [program, *user, f"127.0.0.1:{port}", "512"]


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise AssertionError("the sink did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the sink does not answer")


def _listeners(port: int) -> int | None:
    """How many sockets listen on a port; None where the system does not tell."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        return None
    rows = (line.split() for line in table.read_text().splitlines()[1:])
    return sum(row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port for row in rows)
