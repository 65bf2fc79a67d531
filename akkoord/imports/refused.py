"""The rows that a file leaves out, however many, in a fixed amount of memory.

A file of a million bad rows must not fill the memory with its refusals: they go to a file without
a name, a thousand at a time and sorted, and are merged when they are read. On that disk stand
numbers only: a line and which reason, nothing of a row.
"""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from operator import itemgetter
from os import SEEK_END
from struct import Struct
from typing import IO
from weakref import finalize

from akkoord.imports.judge import Refusal
from akkoord.law.reasons import Reason

IN_MEMORY = 4_096  # refusals before they go to the disk
_READ = 64  # of one sorted run at a time
_ROW = Struct("<IIHH")  # table, line, reason, column
_Row = tuple[int, int, int, int]


class Refusals:
    """Refusals by table (in the order of the file) and line; grows on disk, not in memory."""

    def __init__(self) -> None:
        self._parts: dict[str, int] = {}
        self._reasons: dict[Reason, int] = {}
        self._columns: dict[str, int] = {}
        self._recent: list[_Row] = []
        self._runs = 0
        self._file: IO[bytes] | None = None  # made for the first that go to the disk

    def append(self, refusal: Refusal) -> None:
        """Add one."""
        self._recent.append(
            (
                self._parts.setdefault(refusal.part, len(self._parts)),
                refusal.line,
                self._reasons.setdefault(refusal.reason, len(self._reasons)),
                self._columns.setdefault(refusal.column, len(self._columns)),
            )
        )
        if len(self._recent) == IN_MEMORY:
            self._put_away()

    def extend(self, refusals: Iterable[Refusal]) -> None:
        """Add all of them."""
        for each in refusals:
            self.append(each)

    def __len__(self) -> int:
        return self._runs * IN_MEMORY + len(self._recent)

    def __iter__(self) -> Iterator[Refusal]:
        """In the order of the file. Nothing may be added meanwhile."""
        runs = [self._run(each) for each in range(self._runs)]
        names = [list(each) for each in (self._parts, self._columns)]
        reasons = list(self._reasons)
        rows = heapq.merge(*runs, sorted(self._recent), key=itemgetter(0, 1))
        for part, line, reason, column in rows:
            yield Refusal(line, reasons[reason], names[1][column], names[0][part])

    def _put_away(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - goes with this object
            finalize(self, self._file.close)
        self._file.seek(0, SEEK_END)
        self._file.write(b"".join(_ROW.pack(*each) for each in sorted(self._recent)))
        self._recent.clear()
        self._runs += 1

    def _run(self, number: int) -> Iterator[_Row]:
        """One sorted run, a few rows at a time."""
        if self._file is None:
            return
        for first in range(0, IN_MEMORY, _READ):
            self._file.seek((number * IN_MEMORY + first) * _ROW.size)
            yield from _ROW.iter_unpack(self._file.read(_READ * _ROW.size))
