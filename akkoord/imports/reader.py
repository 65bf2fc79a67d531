"""Reads a table from a CSV file as it comes: encoding, delimiter and header are found out.

Each can also be said (`ReadAs`). Memory stays flat: one line at a time, and a line may hold at
most a megabyte.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from akkoord.datamap.naming import without_identifiers
from akkoord.imports.decoding import ENCODINGS, UnreadableFile, is_sound, open_text
from akkoord.law.reasons import Reason

__all__ = [
    "ENCODINGS",
    "FOUND_OUT",
    "ReadAs",
    "Row",
    "Table",
    "UnreadableFile",
    "decoded_pieces",
    "fit",
    "open_table",
    "split_header",
]

MAX_LINE = 1_000_000  # characters
PIECE = 65_536  # of a line that is only looked through
_MAX_LINES_OF_A_ROW = 100
DELIMITERS = (",", ";", "\t", "|")
_EXCEL_NOTE = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)  # Excel's own first line
# Bounded as addresses are (RFC 5321, 4.5.3.1), or a long cell would take its length squared.
_ADDRESS = re.compile(r"[^\s@\"]{1,64}@[^\s@\"]{1,255}\.[^\s@\"]{2,63}")


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How staff say that a file must be read; empty or None: found out."""

    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None


FOUND_OUT = ReadAs()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the first line is 1) and its cells, or why it is unusable."""

    line: int
    cells: list[str]
    refused: Reason | None = None


@dataclass(slots=True)
class Table:
    """An opened table: what was found out, the header, and the rows to go through once."""

    encoding: str
    delimiter: str
    header: list[str]
    rows: Iterator[Row]
    close: Callable[[], None]  # for a file that is not read to its end
    name: str = ""  # of the part, when a file holds several tables
    has_header: bool = True


def open_table(source: Path | BinaryIO, read_as: ReadAs | None = None) -> Table:
    """Open a CSV file; refuses what is empty or binary."""
    read_as = read_as or ReadAs()
    text, encoding = open_text(source, read_as.encoding)
    lines = _lines(text)
    first = next(lines, None)
    note = _EXCEL_NOTE.match(first.text) if first and first.text else None
    if note:
        first = next(lines, None)
    if first is None or first.text is None:
        raise UnreadableFile(Reason.LINE_TOO_LONG if first else Reason.NOT_A_TABLE)
    delimiter = read_as.delimiter or (note[1] if note else _delimiter_of(first.text))
    rows = _rows(chain([first], lines), delimiter)
    header, has_header, rows = split_header(rows, read_as.has_header)
    return Table(
        encoding, delimiter, header, fit(rows, len(header)), text.close, has_header=has_header
    )


def decoded_pieces(source: Path | BinaryIO) -> Iterator[tuple[int, str, bool]]:
    """A text file in pieces: the line each stands in, the text, and whether it is all of the line.

    A longer line comes in several pieces, so that memory stays flat. Refuses what is binary.
    """
    text, _encoding = open_text(source)
    number, is_whole = 1, True
    while piece := _readline(text, PIECE):
        ends = piece.endswith(("\n", "\r"))
        is_whole = is_whole and (ends or len(piece) < PIECE)
        yield number, piece.rstrip("\r\n"), is_whole
        if ends:
            number, is_whole = number + 1, True


def split_header(rows: Iterator[Row], wanted: bool | None) -> tuple[list[str], bool, Iterator[Row]]:
    """The names of the columns, whether the file gave them, and the rows beneath.

    A first row with an e-mail address in it is no header, unless staff say so; the columns are
    then numbered.
    """
    first = next(rows, None)
    if first is None or first.refused or not any(first.cells):
        raise UnreadableFile(Reason.NOT_A_TABLE)
    has_header = wanted if wanted is not None else not any("@" in cell for cell in first.cells)
    if has_header:
        return _names(first.cells), True, rows
    return _names([""] * len(first.cells)), False, chain([first], rows)


def _names(cells: Sequence[str]) -> list[str]:
    """Names of columns: each once, none empty."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = without_identifiers(" ".join(cell.split()))[:120] or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def fit(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Rows of the header's width; empty cells too many at the end do not count."""
    for row in rows:
        cells = row.cells
        if row.refused is None and not is_sound("".join(cells)):
            yield Row(row.line, [], Reason.BAD_ENCODING)
            continue
        if row.refused is None and len(cells) != width:
            if len(cells) > width and not any(cells[width:]):
                yield Row(row.line, cells[:width])
            else:
                yield Row(row.line, cells, Reason.MALFORMED_ROW)
            continue
        yield row


def _delimiter_of(header: str) -> str:
    return max(DELIMITERS, key=header.count)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str | None  # None: longer than allowed, passed over


def _readline(text: TextIOWrapper, most: int = MAX_LINE) -> str:
    """A line, or so much of it; closes the file at its end."""
    try:
        line = text.readline(most)
    except UnicodeError:  # UTF-16 was said, and it is not
        raise UnreadableFile(Reason.BAD_ENCODING) from None
    if not line:
        text.close()
    return line


def _lines(text: TextIOWrapper) -> Iterator[_Line]:
    number = 0
    while line := _readline(text):
        number += 1
        if len(line) >= MAX_LINE and not line.endswith(("\n", "\r")):
            while (rest := _readline(text)) and not rest.endswith(("\n", "\r")):
                pass
            yield _Line(number, None)
        else:
            yield _Line(number, line)


class _StrayQuote(Exception):
    """A quote at the start of a cell that nothing closes where it should."""


class _Feed:
    """Gives the csv module its lines and remembers those of the row in hand.

    A cell may hold line ends, so a stray quote would swallow the rows after it. A line that is a
    whole row of its own, with an address in it, is taken for one, and the row that swallowed it is
    refused.
    """

    def __init__(self, lines: Iterator[_Line], delimiter: str) -> None:
        self._lines = lines
        self._again: deque[_Line] = deque()
        self._taken: list[_Line] = []
        self._delimiter = delimiter
        self.width = 0  # of the header; 0: not known yet
        self.too_long: list[int] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        while line := self._again.popleft() if self._again else next(self._lines, None):
            if line.text is None:
                self.too_long.append(line.number)
                continue
            self._taken.append(line)
            if len(self._taken) > 1 and self._is_swallowed(line.text):
                raise _StrayQuote
            return line.text
        raise StopIteration

    def begin(self) -> None:
        """The row in hand is done."""
        self._taken.clear()

    @property
    def began(self) -> int:
        """The line on which the row in hand began."""
        return self._taken[0].number if self._taken else 0

    def give_back(self) -> None:
        """All lines of the row in hand but the first are read again, each as a row."""
        self._again.extendleft(reversed(self._taken[1:]))

    def _is_swallowed(self, text: str) -> bool:
        if not self.width:
            return False
        if len(self._taken) > _MAX_LINES_OF_A_ROW:
            return True
        if "@" not in text or text.count(self._delimiter) < self.width - 1:
            return False
        try:
            cells = next(csv.reader([text], delimiter=self._delimiter), [])
        except csv.Error:
            return False
        while len(cells) > self.width and not cells[-1].strip():
            cells.pop()
        return len(cells) == self.width and any(_ADDRESS.fullmatch(each.strip()) for each in cells)


def _rows(lines: Iterator[_Line], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    feed = _Feed(lines, delimiter)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.begin()
        cells: list[str] | None
        try:
            cells = next(reader, None)
            refused = None
        except (csv.Error, _StrayQuote):
            cells, refused = [], Reason.MALFORMED_ROW
            feed.give_back()
            reader = csv.reader(feed, delimiter=delimiter)
        while feed.too_long:
            yield Row(feed.too_long.pop(0), [], Reason.LINE_TOO_LONG)
        if cells is None:
            return
        if refused is None and not any(cells):
            continue
        feed.width = feed.width or len(cells)
        yield Row(feed.began, cells, refused)
