"""Reads a table from a CSV file as it comes: encoding, delimiter and header are found out.

Each can also be said (`ReadAs`). Memory stays flat: one line at a time, and a line may hold at
most a megabyte.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
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
ENCODINGS = ("utf-8", "cp1252", "utf-16")
DELIMITERS = (",", ";", "\t", "|")
_EXCEL_NOTE = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)  # Excel's own first line


class UnreadableFile(Exception):
    """The file cannot be read as a table; `reason` is a code of the law's closed list."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


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
    """Open a CSV file; refuses what is empty or binary.

    UTF-8 and UTF-16 by their mark, else UTF-8 when it decodes, else Windows-1252, as Excel in
    the Netherlands writes it.
    """
    read_as = read_as or ReadAs()
    text, encoding = _open_text(source, read_as.encoding)
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


def decoded_lines(source: Path | BinaryIO) -> Iterator[str]:
    """The lines of a text file, without their ends; refuses what is binary."""
    text, _ = _open_text(source, "")
    for line in _lines(text):
        yield (line.text or "").rstrip("\r\n")


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
        name = " ".join(cell.split())[:120] or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def fit(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Rows of the header's width; empty cells too many at the end do not count."""
    for row in rows:
        cells = row.cells
        if row.refused is None and len(cells) != width:
            if len(cells) > width and not any(cells[width:]):
                yield Row(row.line, cells[:width])
            else:
                yield Row(row.line, cells, Reason.MALFORMED_ROW)
            continue
        yield row


def _open_text(source: Path | BinaryIO, wanted: str) -> tuple[TextIOWrapper, str]:
    stream = source.open("rb") if isinstance(source, Path) else source
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    encoding = wanted or _encoding_of(sample, is_whole=len(sample) < _SAMPLE)
    reason = Reason.NOT_A_TABLE if not sample.strip() else None
    if not encoding.startswith("utf-16") and b"\0" in sample:
        reason = Reason.BAD_ENCODING
    if reason:
        if isinstance(source, Path):
            stream.close()
        raise UnreadableFile(reason)
    return TextIOWrapper(stream, encoding=encoding, errors="replace", newline=""), encoding


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
    return max(DELIMITERS, key=header.count)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str | None  # None: longer than allowed, passed over


def _readline(text: TextIOWrapper) -> str:
    """A line, or a megabyte of it; closes the file at its end."""
    try:
        line = text.readline(MAX_LINE)
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


def _rows(lines: Iterator[_Line], delimiter: str) -> Iterator[Row]:
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
        yield Row(feed.began, cells, refused)
