"""Opens a file that comes in, whatever it is: CSV, XLSX, or a ZIP of those.

The kind is found by what stands in the file, never by its name.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from akkoord.datamap.naming import plain_title
from akkoord.imports.order import no_such_sheet
from akkoord.imports.packed import LIMITS, Limits, check_declared, check_real, check_sheets
from akkoord.imports.reader import ReadAs, Table, UnreadableFile, open_table
from akkoord.imports.sheets import open_sheets
from akkoord.law.reasons import Reason

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx with a password
_MARK_UP = b"<"
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


@dataclass(slots=True)
class Opened:
    """The tables of a file, one after the other, and what in it is no table."""

    tables: Iterator[Table]
    ignored: list[str] = field(default_factory=list)
    close: ExitStack = field(default_factory=ExitStack)


def open_source(
    source: Path | BinaryIO, read_as: ReadAs | None = None, limits: Limits = LIMITS
) -> Opened:
    """Open a file; refuses what is no table, what is locked, and what would fill the memory."""
    read_as = read_as or ReadAs()
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        tables, ignored = _tables(stream, read_as, limits)
        return Opened(tables, ignored, stack.pop_all())
    raise AssertionError("unreachable")  # the stack swallows nothing


def only(opened: Opened, names: Sequence[str]) -> Opened:
    """The tables of these names alone; none named: all of them.

    What was named and is not there is refused when the file has been read to its end, with the
    names that there are.
    """
    if names:
        opened.tables = _named(opened.tables, names)
    return opened


def _named(tables: Iterator[Table], names: Sequence[str]) -> Iterator[Table]:
    missing = {each.casefold(): each for each in names}
    wanted, there = frozenset(missing), []
    for table in tables:
        there.append(table.name)
        if not table.name or table.name.casefold() in wanted:
            missing.pop(table.name.casefold(), None)
            if not table.name:
                missing.clear()  # the only table there is
            yield table
        else:
            table.close()
    if missing:
        raise no_such_sheet(list(missing.values()), there)


def _tables(stream: BinaryIO, read_as: ReadAs, limits: Limits) -> tuple[Iterator[Table], list[str]]:
    start = stream.read(8)
    stream.seek(0)
    if start.startswith(_OLD_OFFICE):
        raise UnreadableFile(Reason.FILE_LOCKED)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_MARK_UP):
        raise UnreadableFile(Reason.NOT_A_TABLE)  # an invoice, a page: not people in rows
    if not start.startswith((_ZIP, _EMPTY_ZIP)):
        return iter([open_table(stream, read_as)]), []
    archive = _archive(stream, limits)
    if "xl/workbook.xml" in archive.namelist():
        return iter(_book(stream, archive, read_as, limits)), []
    wanted = [each for each in archive.infolist() if not each.is_dir() and not _is_litter(each)]
    tables = [each for each in wanted if each.filename.lower().endswith(_TABLES)]
    if not tables:
        raise UnreadableFile(Reason.NOT_A_TABLE)
    check_real(archive, limits)
    ignored = [_short(each) for each in wanted if each not in tables]
    return _members(archive, tables, read_as, limits), ignored


def _archive(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFile(Reason.NOT_A_TABLE) from None
    check_declared(archive, limits)
    return archive


def _book(
    stream: BinaryIO, archive: zipfile.ZipFile, read_as: ReadAs, limits: Limits
) -> list[Table]:
    check_sheets(archive, limits)
    stream.seek(0)
    return open_sheets(stream, read_as)


def _members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], read_as: ReadAs, limits: Limits
) -> Iterator[Table]:
    """The tables of a ZIP; each is opened when its turn comes."""
    for member in members:
        if member.filename.lower().endswith((".xlsx", ".xlsm")):
            if member.file_size > limits.sheet_bytes:
                raise UnreadableFile(Reason.FILE_TOO_LARGE)
            stream = io.BytesIO(archive.read(member))
            for table in _book(stream, _archive(stream, limits), read_as, limits):
                table.name = f"{_short(member)} {table.name}".strip()
                yield table
        else:
            table = open_table(cast("BinaryIO", archive.open(member)), read_as)
            table.name = _short(member)
            yield table


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """What a Mac packs along."""
    return member.filename.startswith("__MACOSX/") or _short(member).startswith(".")


def _short(member: zipfile.ZipInfo) -> str:
    """A member's own name; folders, addresses and signs that steer a terminal stay behind."""
    return plain_title(member.filename, 120)
