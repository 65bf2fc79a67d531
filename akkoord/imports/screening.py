"""Looks for what may not be stored before anything is (INV-32): in column names and in cells.

A cell that is kept is looked at always, and left out at once. A column with such a cell is
quarantined: it stays out as a whole until the owner or the privacy officer decides. A column that
is dropped anyway is looked at in its first rows and then now and again, only to be reported.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from akkoord.law.sensitive import (
    NEVER,
    Sensitive,
    classes_in,
    classes_of_header,
    is_column_of_bsns,
    numbers_in,
)

_LOOKED_AT = 2_000  # rows of a dropped column; after that one in a hundred
_NOW_AND_AGAIN = 100
_NUMBERS_KEPT = 200
# A name that is more than a name: the family called Islam or Christen is no category.
_NO_NAME_HAS = re.compile(r"[\d(),:;/=]")
_WORDS_OF_A_NAME = 3
_NAMES = ("first_name", "last_name")
# A business or a place may be called after anything: there only numbers are looked for.
_NAMES_OF_OTHERS = re.compile(
    r"company|bedrijf|firma|organi[sz]ati|address|adres(?!.*mail)|street|straat|city|plaats",
    re.IGNORECASE,
)


def _is_more_than_a_name(text: str) -> bool:
    """Linear in a cell of any length: a million signs without a blank are one word."""
    if _NO_NAME_HAS.search(text):
        return True
    return len(text.split(None, _WORDS_OF_A_NAME)) > _WORDS_OF_A_NAME


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the owner or the privacy officer decided of a column.

    `lets_in`: classes that may come in on a recorded exception; a BSN and criminal data never do.
    With or without them the rest of the column comes in.
    """

    lets_in: frozenset[Sensitive] = frozenset()


@dataclass(slots=True)
class Finding:
    """What was found in one column: classes and numbers of cells, never a cell."""

    column: str
    classes: dict[str, int] = field(default_factory=dict)  # class -> cells; 0: only its name
    is_kept: bool = False  # a column that comes in, or would
    is_quarantined: bool = False

    def as_json(self) -> dict[str, object]:
        """For the report."""
        return {
            "column": self.column,
            "classes": self.classes,
            "kept": self.is_kept,
            "quarantined": self.is_quarantined,
        }


class Screen:
    """Screens the rows of one table; made once per table."""

    def __init__(
        self,
        header: list[str],
        kept: Mapping[str, int],
        dropped: list[int],
        verdicts: Mapping[str, Verdict],
    ) -> None:
        """`kept`: free texts that come in, by what they mean; `verdicts`: by column name."""
        self._header = header
        self._kept = dict(kept)
        self._of_names = {place for key, place in kept.items() if key in _NAMES}
        self._dropped = dropped
        self._verdicts = {name.lower(): verdict for name, verdict in verdicts.items()}
        self._findings: dict[int, Finding] = {}
        self._numbers: dict[int, list[str]] = {place: [] for place in [*kept.values(), *dropped]}
        self._seen = 0
        self.formulas = 0  # kept cells that would be worked out by a spreadsheet, so left out
        # Cells come again: a day, a city, a first name. Forgotten with the table.
        self._classes = lru_cache(maxsize=8_192)(self._look)
        self._announced: dict[int, frozenset[Sensitive]] = {}
        for place in self._numbers:
            announced = classes_of_header(header[place])
            if announced:
                self._announced[place] = announced
                self._finding(place).classes |= dict.fromkeys(map(str, announced), 0)

    def look_at(self, cells: list[str]) -> None:
        """Look at the cells of a row that stay out anyway, for the report."""
        self._seen += 1
        if self._seen > _LOOKED_AT and self._seen % _NOW_AND_AGAIN:
            return
        for place in self._dropped:
            cell = cells[place]
            if cell:
                self._note(place, cell, self._classes(place, cell))

    def sieve(self, cells: list[str]) -> list[str]:
        """All cells of a row, those with sensitive data emptied: nothing else may be spooled.

        A column that announces itself is emptied as a whole.
        """
        self._seen += 1
        if self._seen <= _LOOKED_AT:
            for place, cell in enumerate(cells):
                self._number(place, cell)
        if not self._announced and not classes_in("\n".join(cells)):
            return cells
        return [self._sieved(place, cell) if cell else cell for place, cell in enumerate(cells)]

    def _sieved(self, place: int, cell: str) -> str:
        if place in self._kept.values():
            return self.clean(place, cell)
        classes = self._classes(place, cell)
        self._note(place, cell, classes)
        if (classes | self._announced.get(place, frozenset())) - self._let_in(place):
            return ""
        return cell

    def clean(self, place: int, text: str) -> str:
        """A kept cell, or nothing when it holds what may not be stored."""
        if place in self._of_names and not _is_more_than_a_name(text):
            return text
        classes = self._classes(place, text)
        self._note(place, text, classes)
        return "" if classes - self._let_in(place) else text

    def findings(self) -> list[Finding]:
        """What was found, by column, when all rows have gone by."""
        for place, numbers in self._numbers.items():
            if is_column_of_bsns(numbers):
                self._finding(place).classes.setdefault(Sensitive.BSN, len(numbers))
        for place, finding in self._findings.items():
            finding.is_kept = place in self._kept.values()
            finding.is_quarantined = finding.is_kept and not self._is_decided(place)
        return list(self._findings.values())

    def quarantined(self) -> list[str]:
        """What the columns mean that stay out as a whole."""
        held = {finding.column for finding in self.findings() if finding.is_quarantined}
        return [key for key, place in self._kept.items() if self._header[place] in held]

    def _look(self, place: int, cell: str) -> frozenset[Sensitive]:
        header = self._header[place]
        if _NAMES_OF_OTHERS.search(header):
            return numbers_in(cell, header=header)
        return classes_in(cell, header=header)

    def _note(self, place: int, cell: str, classes: frozenset[Sensitive]) -> None:
        if classes:
            counts = self._finding(place).classes
            for each in classes:
                counts[each] = counts.get(each, 0) + 1
        self._number(place, cell)

    def _number(self, place: int, cell: str) -> None:
        """Remember numbers of a column: without a word beside them, only many tell a BSN."""
        if cell[:1].isdigit():
            numbers = self._numbers.setdefault(place, [])
            if len(numbers) < _NUMBERS_KEPT:
                numbers.append(cell)

    def _finding(self, place: int) -> Finding:
        return self._findings.setdefault(place, Finding(self._header[place]))

    def _is_decided(self, place: int) -> bool:
        verdict = self._verdicts.get(self._header[place].lower())
        return verdict is not None

    def _let_in(self, place: int) -> frozenset[Sensitive]:
        verdict = self._verdicts.get(self._header[place].lower())
        return (verdict.lets_in if verdict else frozenset()) - NEVER
