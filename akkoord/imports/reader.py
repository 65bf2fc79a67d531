"""Reads a table from a CSV file as it comes: encoding, delimiter and header are found out.

Memory stays flat: one line at a time, and a line may hold at most a megabyte.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from akkoord.law.reasons import Reason

MAX_LINE = 1_000_000  # characters
_SAMPLE = 256 * 1024  # bytes looked at to find out encoding and delimiter
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t", "|")


class UnreadableFile(Exception):
    """The file cannot be read as a table; `reason` is a code of the law's closed list."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


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


def open_table(source: Path | BinaryIO) -> Table:
    """Open a CSV file; refuses what is empty or binary.

    UTF-8 and UTF-16 by their mark, else UTF-8 when it decodes, else Windows-1252, as Excel in
    the Netherlands writes it.
    """
    stream = source.open("rb") if isinstance(source, Path) else source
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    if not sample.strip():
        raise UnreadableFile(Reason.MALFORMED_ROW)
    encoding = _encoding_of(sample, is_whole=len(sample) < _SAMPLE)
    if encoding != "utf-16" and b"\0" in sample:
        raise UnreadableFile(Reason.BAD_ENCODING)
    text = TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    lines = _lines(text)
    first = next(lines, None)
    if first is None or first.text is None:
        raise UnreadableFile(Reason.LINE_TOO_LONG if first else Reason.MALFORMED_ROW)
    delimiter = _delimiter_of(first.text)
    header = [cell.strip() for cell in next(csv.reader([first.text], delimiter=delimiter))]
    return Table(encoding, delimiter, header, _rows(lines, delimiter, len(header)), text.close)


def _encoding_of(sample: bytes, *, is_whole: bool) -> str:
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, is_whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter_of(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str | None  # None: longer than allowed, passed over


def _readline(text: TextIOWrapper) -> str:
    """A line, or a megabyte of it; closes the file at its end."""
    line = text.readline(MAX_LINE)
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


class _Feed:
    """Gives the csv module its lines and remembers where the row in hand began."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self.began = 0
        self.too_long: list[int] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        for line in self._lines:
            if line.text is None:
                self.too_long.append(line.number)
                continue
            self.began = self.began or line.number
            return line.text
        raise StopIteration


def _rows(lines: Iterator[_Line], delimiter: str, width: int) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.began = 0
        cells: list[str] | None
        try:
            cells = next(reader, None)
            refused = None
        except csv.Error:
            cells, refused = [], Reason.MALFORMED_ROW
        while feed.too_long:
            yield Row(feed.too_long.pop(0), [], Reason.LINE_TOO_LONG)
        if cells is None:
            return
        if refused is None and not any(cells):
            continue
        if len(cells) != width:
            refused = Reason.MALFORMED_ROW
        yield Row(feed.began, cells, refused)
