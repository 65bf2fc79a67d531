"""Reads a list of people to forget: a file or pasted lines become what could tell who is meant.

Of a table with a header the columns count that say what they hold; of bare lines the one cell. What
stands in other columns is not looked at: a house number is nobody's customer number.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import chain
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.datamap.identifiers import BadIdentifier, normalise_email, normalise_phone
from akkoord.imports.opening import open_source
from akkoord.imports.order import ImportRefused, unreadable
from akkoord.imports.reader import ReadAs, Row, Table, UnreadableFile

IN_ONE = 20_000
"""Lines of one list. A longer file becomes several: the people of a list are looked for everywhere
in one pass, and what they are known by lies in memory for as long as that takes."""
MOST_LINES = 100_000
"""Of one file: as many as one request looks up, and one yes begins, without keeping others waiting.
"""


class Cell(StrEnum):
    """What a cell is, that tells who is meant."""

    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    REFERENCE = "reference"


Clue = tuple[Cell, str]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line, by its number in the file, and what it says; nothing: it cannot be read.

    `is_one`: the clues are what a single cell could be, not several things that must agree.
    """

    line: int
    clues: tuple[Clue, ...]
    is_one: bool = False


class ListRefused(Exception):
    """A list that cannot be taken; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# Whole names only: an “e-mail of the adviser” is somebody else's.
_HEADERS: dict[Cell, str] = {
    Cell.EMAIL: " email emailadres emailaddress mail mailadres mailaddress ",
    Cell.PHONE: " telefoon telefoonnummer telefoonnr tel telnr telnummer telephone telephonenumber"
    " phone phonenumber mobiel mobielnummer mobielnr mobile mobilephone mobilenumber gsm gsmnummer"
    " gsmnr ",
    Cell.NUMBER: " klantnr klantnummer klantcode klantid customerno customernr customernumber"
    " customercode customerid debiteurnr debiteurnummer debiteurennummer ",
    Cell.REFERENCE: " id kenmerk referentie referentienummer reference personid persoonid ",
}
_REFERENCE = re.compile(r"AK-[0-9A-Z]{4}-[0-9A-Z]{4}")


def read_pasted(text: str) -> list[ListLine]:
    """The lines of a pasted list; one address or number each, or a table with a header."""
    if "\0" in text:
        raise ListRefused(_("This is not a list that we can read."))
    return list(read_file(BytesIO(text.encode()), has_tabs="\t" in text))


def read_file(source: BinaryIO, *, has_tabs: bool = False) -> Iterator[ListLine]:
    """The lines of a CSV, Excel or ZIP file, read as they are asked for: memory stays flat.

    Refuses at once what is no table, holds no column that tells who is meant, or nobody; and on the
    way what cannot be read on, or is too long.
    """
    lines = _lines_of(source, has_tabs=has_tabs)
    first = next(lines, None)
    if first is None:
        raise ListRefused(_("There is nobody on this list."))
    return chain([first], lines)


def _lines_of(source: BinaryIO, *, has_tabs: bool) -> Iterator[ListLine]:
    try:
        opened = open_source(source, ReadAs(delimiter="\t" if has_tabs else "", has_header=False))
        with opened.close:
            lines = (line for table in opened.tables for line in _read_table(table))
            for count, line in enumerate(lines, 1):
                if count > MOST_LINES:
                    raise ListRefused(
                        _(
                            "This list has more than a hundred thousand lines. Divide it over "
                            "several files."
                        )
                    )
                yield line
    except UnreadableFile as problem:
        raise ListRefused(unreadable(problem.reason).sentence) from None
    except ImportRefused as problem:
        raise ListRefused(problem.sentence) from None


def _read_table(table: Table) -> Iterator[ListLine]:
    rows = iter(table.rows)
    first = next(rows, None)
    if first is None:
        return
    roles = _roles(first.cells)
    if roles is None:
        yield _bare_line(first)
    for row in rows:
        if any(cell.strip() for cell in row.cells) or row.refused:
            if roles:
                yield ListLine(row.line, tuple(_clues_by_role(row.cells, roles)))
            else:
                yield _bare_line(row)


def _bare_line(row: Row) -> ListLine:
    clues = tuple(_clues_of_bare(row.cells))
    return ListLine(row.line, clues, is_one=all(cell is not Cell.EMAIL for cell, _text in clues))


def _roles(header: Sequence[str]) -> dict[int, Cell] | None:
    """Which columns tell who is meant; None: the first line is a person already."""
    words = [re.sub(r"[\W_]+", "", cell.lower()) for cell in header]
    roles = {
        place: cell
        for place, word in enumerate(words)
        for cell, names in _HEADERS.items()
        if word and f" {word} " in names
    }
    if len(set(roles.values())) < len(roles):
        raise ListRefused(
            _(
                "Two columns of this file hold the same kind of thing, so it is not sure who is "
                "meant. Leave one of them out."
            )
        )
    if roles:
        return roles
    if list(_clues_of_bare(header)):
        return None
    if len([word for word in words if word]) > 1:
        raise ListRefused(
            _(
                "No column of this file says who is meant. Name one “e-mail”, “telephone”, "
                "“customer number” or “reference”."
            )
        )
    return None


def _clues_by_role(cells: Sequence[str], roles: dict[int, Cell]) -> Iterator[Clue]:
    for place, cell in roles.items():
        text = cells[place].strip() if place < len(cells) else ""
        if text and (clue := _as(cell, text)) is not None:
            yield clue


def _clues_of_bare(cells: Iterable[str]) -> Iterator[Clue]:
    """Without a header: an address in any cell; else the only cell that is filled."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    addresses = [clue for cell in filled if (clue := _as(Cell.EMAIL, cell)) is not None]
    if addresses or len(filled) != 1:
        yield from addresses
        return
    for cell in (Cell.REFERENCE, Cell.NUMBER, Cell.PHONE):
        clue = _as(cell, filled[0])
        if cell is Cell.PHONE and not filled[0].lstrip("( ").startswith(("0", "+")):
            continue  # any number of nine digits could be a telephone without its zero
        if clue is not None and (cell is Cell.REFERENCE or any(map(str.isdigit, filled[0]))):
            yield clue


def _as(cell: Cell, text: str) -> Clue | None:
    """A cell in the form in which it is looked up; None: it is nothing of the kind."""
    if len(text) > 320:
        return None
    if cell is Cell.NUMBER:
        return (cell, text) if len(text) <= 60 else None
    if cell is Cell.REFERENCE:
        if _REFERENCE.fullmatch(text.upper()):
            return cell, text.upper()
        with suppress(ValueError):
            return cell, str(UUID(text))
        return None
    with suppress(BadIdentifier):
        return cell, normalise_email(text) if cell is Cell.EMAIL else normalise_phone(text)
    return None
