"""A second worker process for the benchmark of sending, as `akkoord serve` has one on two cores.

It is there before the clock runs, as a worker is: it reads the number of a dispatch from a line,
works at it, and answers with how many letters it sent and its memory.
"""

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from akkoord.delivery.cores import usable_cores
from akkoord.delivery.signing import signer_for
from akkoord.delivery.smtp import SmtpPool
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Message

ADDRESS = "AKKOORD_BENCH_SECOND"  # in the environment of the second process: where the sink is
_READY = "ready"


class Second:
    """The other process, seen from the benchmark."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """Wait until it is ready."""
        self._process = process
        self.memory = 0  # its peak, in kilobytes, as of its last answer
        self._answer()

    def begin(self, dispatch_id: UUID, *, limit: int | None, connections: int) -> None:
        """Have it work at a dispatch, with the key that this process signs with."""
        assert self._process.stdin is not None  # noqa: S101 - asked for
        key = settings.DKIM_KEY_FILE or ""
        print(dispatch_id, limit or 0, connections, key, file=self._process.stdin, flush=True)

    def finish(self) -> int:
        """How many letters it sent, waited for."""
        sent, memory = self._answer().split()
        self.memory = int(memory)
        return int(sent)

    def _answer(self) -> str:
        assert self._process.stdout is not None  # noqa: S101 - asked for
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError("the second worker is gone")
        return line


@contextlib.contextmanager
def second_worker(url: str) -> Iterator[Second | None]:
    """Another process on the same database; None on a machine with one core."""
    if usable_cores() < 2:
        yield None
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "akkoord", "bench", "send"],
        env={**os.environ, ADDRESS: url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Second(process)
    finally:
        process.terminate()
        process.wait(10)


def serve(url: str) -> None:
    """What the second process does until its lines end."""
    print(_READY, flush=True)
    for line in sys.stdin:
        dispatch_id, limit, connections, key = line.rstrip("\n").split(" ", 3)
        settings.DKIM_KEY_FILE = Path(key) if key else None
        signer_for.cache_clear()
        transport = SmtpPool(url, connections=int(connections))
        try:
            report = run_dispatch(
                UUID(dispatch_id),
                worker_id=uuid4(),
                transport=transport,
                until=stop_after(UUID(dispatch_id), int(limit) or None),
            )
        finally:
            transport.close()
        print(report.sent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


def stop_after(dispatch_id: UUID, limit: int | None) -> Callable[[], bool] | None:
    """A way to stop a worker once so many were sent."""
    if limit is None:
        return None

    def stop() -> bool:
        found = Message.objects.filter(dispatch_id=dispatch_id, state=Message.State.SENT)
        return found.count() >= limit

    return stop
