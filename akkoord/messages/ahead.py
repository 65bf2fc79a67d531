"""Database work beside a hand-over: one thread that borrows the caller's own connection.

Borrowed, not opened: the worker's advisory lock belongs to that session, and two sessions would
see each other's work later. Only one of the two threads uses it at any moment: the caller leaves
the database alone until it has asked for the result.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

T = TypeVar("T")


class Ahead(Generic[T]):
    """One piece of work beside one's own; without `is_beside` it is done when asked for.

    Between `start` and `result` the caller keeps off the database.
    """

    def __init__(self, *, is_beside: bool) -> None:
        """Start no thread yet."""
        self.is_beside = is_beside
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead") if is_beside else None
        self._work: Callable[[], T] | None = None
        self._future: Future[T] | None = None

    def start(self, work: Callable[[], T]) -> None:
        """Begin."""
        if self._pool is None:
            self._work = work
            return
        ours = connections[DEFAULT_DB_ALIAS]
        ours.inc_thread_sharing()

        def borrowed() -> T:
            connections[DEFAULT_DB_ALIAS] = ours
            try:
                return work()
            finally:
                ours.dec_thread_sharing()

        self._future = self._pool.submit(borrowed)

    def result(self) -> T:
        """What came of it, waited for; raises what it raised."""
        work, self._work = self._work, None
        future, self._future = self._future, None
        if future is not None:
            return future.result()
        assert work is not None, "nothing was started"  # noqa: S101 - a mistake of ours
        return work()

    def leave(self) -> T | None:
        """What came of work that nobody asked the result of; what was not begun is let go."""
        return self.result() if self._future is not None else None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the thread go."""
        if self._pool is not None:
            self._pool.shutdown()
