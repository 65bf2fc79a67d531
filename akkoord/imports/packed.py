"""What is measured of a packed file before anything reads it: a ZIP, also as a spreadsheet.

A bomb is a file of a few kilobytes that unpacks to terabytes, or asks for a sheet of ten million
rows. Sizes are measured twice: as declared, and as they really are, in blocks that are thrown
away.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from akkoord.imports.reader import UnreadableFile
from akkoord.law.reasons import Reason

MEBIBYTE = 1024 * 1024
_BLOCK = MEBIBYTE
_SMALL = 16 * MEBIBYTE  # below this nothing can hurt, however well it packs
_LOCKED = 0x1
_OVERLAP = 256
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,7})(\d{1,15})"')
_MOST_TEXT = 100_000  # bytes in one cell; Excel itself stops at 32,767 characters
_LONG_TEXT = re.compile(rb"[^<]{%d}" % _MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a packed file may hold."""

    unpacked: int = 2048 * MEBIBYTE  # all members together
    members: int = 200
    ratio: int = 250  # text packs 5 to 20 times; only repetition packs more
    sheet_bytes: int = 256 * MEBIBYTE
    rows: int = 200_000  # of a spreadsheet: it is held in memory as a whole
    columns: int = 500
    cells: int = 4_000_000


LIMITS = Limits()


def check_declared(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive by what it says of itself: too many members, too large, locked."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise UnreadableFile(Reason.FILE_TOO_LARGE)
    if sum(each.file_size for each in members) > limits.unpacked:
        raise UnreadableFile(Reason.FILE_TOO_LARGE)
    for each in members:
        if each.flag_bits & _LOCKED:
            raise UnreadableFile(Reason.FILE_LOCKED)
        if each.file_size > _SMALL and each.file_size > limits.ratio * max(each.compress_size, 1):
            raise UnreadableFile(Reason.FILE_TOO_LARGE)


def blocks_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, most: int) -> Iterator[bytes]:
    """A member's bytes as they really are, and never more than `most` of them."""
    size = 0
    try:
        with archive.open(member) as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > most:
                    raise UnreadableFile(Reason.FILE_TOO_LARGE)
                yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise UnreadableFile(Reason.NOT_A_TABLE) from None


def check_real(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Unpack everything once, into nothing: a member that lies about its size is found out."""
    left = limits.unpacked
    for member in archive.infolist():
        for block in blocks_of(archive, member, most=left):
            left -= len(block)


def check_sheets(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a spreadsheet by the rows, columns and cells that its sheets really name.

    The reader makes room for the whole block from the first cell to the last, so one cell at row
    ten million would be enough to fill the memory.
    """
    for member in archive.infolist():
        if not member.filename.endswith(".xml"):
            continue
        is_sheet = member.filename.startswith("xl/worksheets/")
        size = _Size()
        before = b""
        for block in blocks_of(archive, member, most=limits.sheet_bytes):
            text = before + block
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise UnreadableFile(Reason.UNSAFE_DOCUMENT)
            if _LONG_TEXT.search(text):
                raise UnreadableFile(Reason.FILE_TOO_LARGE)
            if is_sheet:
                size.measure(text)
                size.check(limits)
            before = text[-_OVERLAP:]


@dataclass(slots=True)
class _Size:
    """How far a sheet reaches. A cell that stands in two blocks is only looked at twice."""

    row: int = 0
    column: int = 0

    def measure(self, text: bytes) -> None:
        for letters, digits in _CELL.findall(text):
            self.row = max(self.row, int(digits))
            self.column = max(self.column, _column(letters))

    def check(self, limits: Limits) -> None:
        if self.row > limits.rows or self.column > limits.columns:
            raise UnreadableFile(Reason.FILE_TOO_LARGE)
        if self.row * self.column > limits.cells:
            raise UnreadableFile(Reason.FILE_TOO_LARGE)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
