"""Reading a register from a file: rows of text, whatever the spreadsheet made of them.

Merged cells are spread over the rows that they cover; formulas give no text of their own, for the
file's macros and formulas are never run; a head is looked for below titles and empty rows.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from akkoord.register.columns_known import proposed
from akkoord.register.refused import RegisterRefused

MOST_BYTES = 5_000_000
MOST_ROWS = 1_000
MOST_COLUMNS = 60
LOOK_FOR_HEAD = 20  # rows
FEWEST_HEADS = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the heads, what each is taken for, and the rows with their numbers."""

    heads: list[str]
    targets: list[str]
    rows: list[tuple[int, list[str]]]


def read_register(content: bytes) -> Sheet:
    """The rows of a file. Raises RegisterRefused for what we cannot read or what is too big."""
    if len(content) > MOST_BYTES:
        raise RegisterRefused("file", _("This file is too big. At most 5 MB."))
    is_book = content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0"
    tables = _of_book(content) if is_book else [_of_text(content)]
    for rows in tables:
        if (sheet := _with_head(rows)) is not None:
            if len(sheet.rows) > MOST_ROWS:
                raise RegisterRefused("file", _("These are too many rows. At most 1,000."))
            return sheet
    raise RegisterRefused(
        "file",
        _(
            "We see no register in this file. The first row with names of columns must have at "
            "least two that we know, such as “activity” and “purpose”."
        ),
    )


def _of_book(content: bytes) -> list[list[list[str]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_of_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names[:10]]
    except (CalamineError, OSError, ValueError):
        raise RegisterRefused("file", _("We cannot read this file.")) from None


def _of_sheet(sheet: CalamineSheet) -> list[list[str]]:
    if sheet.height > MOST_ROWS * 3 or sheet.width > MOST_COLUMNS * 3:
        raise RegisterRefused("file", _("These are too many rows. At most 1,000."))
    rows = [
        [_text(cell) for cell in row[:MOST_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left >= MOST_COLUMNS or left != right:
            continue  # merged sideways: a title
        for row in rows[top + 1 : bottom + 1]:
            row[left] = row[left] or rows[top][left]
    return rows


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).replace("\x00", "").replace("_x000D_", "").replace("\r\n", "\n").strip()


def _of_text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise RegisterRefused("file", _("We cannot read this file."))
    first = text[:5000]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise RegisterRefused("file", _("We cannot read this file.")) from None
    return [[cell.strip() for cell in row[:MOST_COLUMNS]] for row in rows]


def _with_head(rows: list[list[str]]) -> Sheet | None:
    """The head is the row of the first twenty that we know most columns of."""
    best, place = 0, -1
    for number, row in enumerate(rows[:LOOK_FOR_HEAD]):
        known = sum(1 for each in proposed(row) if each)
        if known > best:
            best, place = known, number
    if best < FEWEST_HEADS:
        return None
    heads = rows[place]
    below = [
        (number, [*row, *[""] * (len(heads) - len(row))][: len(heads)])
        for number, row in enumerate(rows[place + 1 :], start=place + 2)
        if any(row)
    ]
    return Sheet(heads, proposed(heads), below)
