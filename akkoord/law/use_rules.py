"""Whether a field that is kept is still needed: how it is used, and what is said of it.

Art. 5(1)(b), (c) and (e), 30 GDPR; INV-31. Pure: facts go in, what is asked or lacking comes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from akkoord.law.parameters import term_end


class UseKind(StrEnum):
    """Where a field is used."""

    FORM = "form"
    GROUP = "group"
    LETTER = "letter"
    SERIES = "series"
    IMPORT = "import"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class FieldUse:
    """One place that uses a field. `last_on`: the last day, None: never yet.

    `is_live`: it goes on by itself, so the field cannot go before it is taken off there.
    """

    kind: UseKind
    name: str
    last_on: date | None = None
    is_live: bool = False
    url: str = ""


def last_use(uses: Iterable[FieldUse]) -> date | None:
    """The last day on which a field was used; None: never."""
    return max((each.last_on for each in uses if each.last_on), default=None)


def is_idle(uses: Iterable[FieldUse], *, known_since: date, today: date) -> bool:
    """Whether a field was used for nothing for so long that it is asked whether it can go."""
    last = last_use(uses)
    begin = known_since if last is None or last < known_since else last
    end = term_end("unused-field-term", begin, today)
    return end is not None and end <= today


class Lack(StrEnum):
    """What nothing says of a field that is kept."""

    CATEGORY = "category"
    PURPOSE = "purpose"
    WHY = "why"
    BASIS = "basis"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """What the register says of one field for one activity."""

    activity_key: str
    why: str
    basis: str
    has_term: bool


def lacks_of(category: str, lines: Iterable[FieldLine]) -> tuple[Lack, ...]:
    """What is lacking before a field may be kept; nothing: it is justified (INV-31)."""
    found = list(lines)
    said = {
        Lack.CATEGORY: bool(category.strip()),
        Lack.PURPOSE: bool(found),
        Lack.WHY: all(each.why.strip() for each in found),
        Lack.BASIS: all(each.basis.strip() for each in found),
        Lack.TERM: all(each.has_term for each in found),
    }
    return tuple(each for each in Lack if not said[each])
