"""Reads the sheets of an Excel file (XLSX), as texts. Formulas are never worked out.

A sheet is held in memory as a whole, so it was measured before (`packed.check_sheets`); larger
lists come as CSV, of any size.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from akkoord.datamap.naming import without_identifiers
from akkoord.imports.reader import ReadAs, Row, Table, UnreadableFile, fit, split_header
from akkoord.law.reasons import Reason

ENCODING = "xlsx"


def open_sheets(stream: BinaryIO, read_as: ReadAs) -> list[Table]:
    """Every sheet with something in it as a table; refuses a book without any."""
    try:
        book = CalamineWorkbook.from_filelike(stream)
        sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]
    except (CalamineError, ValueError, OSError):
        raise UnreadableFile(Reason.NOT_A_TABLE) from None
    tables = []
    for sheet in sheets:
        if not sheet.height:
            continue
        rows = _rows(sheet.iter_rows())
        header, has_header, rows = split_header(rows, read_as.has_header)
        tables.append(
            Table(
                ENCODING,
                "",
                header,
                fit(rows, len(header)),
                _nothing,
                name=without_identifiers(sheet.name) if len(sheets) > 1 else "",
                has_header=has_header,
            )
        )
    if not tables:
        raise UnreadableFile(Reason.NOT_A_TABLE)
    return tables


def _nothing() -> None:
    """A book has no open file."""


def _rows(rows: Any) -> Iterator[Row]:
    """Rows with their number in the sheet; empty ones are passed over."""
    for line, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield Row(line, texts)


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV file: a time is a time, a whole number has no fraction."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)
