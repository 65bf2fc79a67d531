"""The process tree of `akkoord serve`, and the worker.

`serve` holds the database, watches a worker and serves the web app by granian; each child ends
when its parent is gone, also after kill -9, so that no old code keeps running beside new code.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import uuid4

from akkoord.config.logs import LOGGING
from akkoord.delivery.cores import usable_cores

# granian's own lines go the way of all others, which keeps values out of them.
GRANIAN_LOGS: dict[str, Any] = {
    "_granian": {"handlers": [], "propagate": True},
    "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
}
PARENT = "AKKOORD_PARENT"  # the process number of the parent that a child must not outlive
WEB_THREADS = 8
WAITING_REQUESTS = 256
GRACE_SECONDS = 15
SETTLE = 5.0  # seconds before the second worker begins: what people wait for comes first
QUEUES = ["default"]
BESIDE = ["messages.run_beside"]  # what the second worker listens to
HELPER = "akkoord-beside"  # what its connections are called, so that a run knows that it lives


class PortTaken(Exception):
    """Something else listens on this address already."""


def check_port(host: str, port: int) -> None:
    """Refuse an address that is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise PortTaken(
                f"Cannot listen on {host} port {port} ({problem.strerror}). Choose another one "
                "with --port or PORT=."
            ) from problem


def serve_web(host: str, port: int) -> None:
    """Serve the web app until SIGINT or SIGTERM; keeps no log of visits.

    On Linux the web process is a fork of this one, which has everything loaded already; nothing
    that a fork cannot share (a connection, a pool) may be open.
    """
    import multiprocessing

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    multiprocessing.set_start_method("fork" if sys.platform == "linux" else "spawn", force=True)
    os.environ[PARENT] = str(os.getpid())
    Server(
        "akkoord.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        backpressure=WAITING_REQUESTS,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING | {"loggers": {**LOGGING["loggers"], **GRANIAN_LOGS}},
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        process_name=None,
    ).serve()


@contextlib.contextmanager
def watched_workers() -> Iterator[None]:
    """A worker beside the web app, and where there are two cores one that helps it with letters to
    many: Python alone keeps one core busy only (`docs/decisions/0057`)."""
    with contextlib.ExitStack() as both:
        both.enter_context(_watched_worker())
        if usable_cores() > 1:
            both.enter_context(_watched_worker("--beside", "--concurrency", "1", after=SETTLE))
        yield


@contextlib.contextmanager
def _watched_worker(*options: str, after: float = 0.0) -> Iterator[None]:
    """A worker, begun after so many seconds; started again when it ends by itself."""
    stopping = threading.Event()
    current: list[subprocess.Popen[bytes]] = []

    def watch() -> None:
        stopping.wait(after)
        while not stopping.is_set():
            started = time.monotonic()
            child = subprocess.Popen(
                [sys.executable, "-m", "akkoord", "worker", *options],
                env={**os.environ, PARENT: str(os.getpid()), "AKKOORD_POOL_SIZE": "0"},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C ends it through us, once
            )
            current[:] = [child]
            child.wait()
            if time.monotonic() - started < 10:
                stopping.wait(3)

    thread = threading.Thread(target=watch, name="worker-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        for child in current:
            _end(child)
        thread.join(GRACE_SECONDS)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child politely, and at last by force; its jobs are taken up again later."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def end_with_parent() -> None:
    """End this process when the parent that started it is gone; a watching thread does it."""
    expected = os.environ.get(PARENT, "")
    if not expected.isdigit():
        return

    def watch() -> None:
        while os.getppid() == int(expected):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def run_worker(concurrency: int, *, is_beside: bool = False) -> None:
    """Work until SIGINT or SIGTERM; jobs that are running get some seconds to finish.

    `is_beside`: only help with large dispatches, which another worker is at.

    A job that takes long asks `is_stopping` of its context; the library would tell it only when
    those seconds are over.
    """
    import asyncio

    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.jobs import DeleteJobCondition

    if is_beside:
        _call_connections(f"{HELPER}-{uuid4().hex}")
    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        for task in set(working.tasks.values()):
            if not _is_coroutine(task.func):
                task.func = with_own_connection(task.func)
        options = {
            "concurrency": concurrency,
            "queues": BESIDE if is_beside else QUEUES,
            "name": f"worker-{os.getpid()}",
            "shutdown_graceful_timeout": GRACE_SECONDS - 5,
            "delete_jobs": DeleteJobCondition.SUCCESSFUL.value,
        }
        asyncio.run(_work_until_stopped(working, options))


def _call_connections(name: str) -> None:
    """What every connection that this process makes from now on is called in the database."""
    from django.db import connection

    connection.settings_dict["OPTIONS"]["application_name"] = name


async def _work_until_stopped(working: Any, options: dict[str, Any]) -> None:
    """Run the worker; the first signal asks it to stop, a second one ends the process.

    It listens before it opens its connections, and ends only once they are open: who sees one may
    send a signal at once, and a pool that is interrupted while it opens keeps the process for ever.
    """
    import asyncio

    stopping = threading.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    task: asyncio.Task[Any] | None = None

    def stop() -> None:
        for each in signals:
            loop.remove_signal_handler(each)
        stopping.set()
        if task is not None:
            task.cancel()

    for each in signals:
        loop.add_signal_handler(each, stop)
    async with working.open_async():
        if stopping.is_set():
            return
        task = asyncio.ensure_future(
            working.run_worker_async(
                **options,
                install_signal_handlers=False,
                additional_context={"is_stopping": stopping.is_set},
            )
        )
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _is_coroutine(function: Callable[..., Any]) -> bool:
    """Whether a job is asynchronous."""
    import inspect

    return inspect.iscoroutinefunction(function)


def with_own_connection(function: Callable[..., Any]) -> Callable[..., Any]:
    """A job that closes its thread's database connection, so that a broken one is not kept."""
    import functools

    from django.db import close_old_connections

    @functools.wraps(function)
    def run(*arguments: Any, **options: Any) -> Any:
        close_old_connections()
        try:
            return function(*arguments, **options)
        finally:
            close_old_connections()

    return run
