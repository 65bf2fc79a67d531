"""From rows of a file to staged rows: normalised, judged, IP addresses cut short.

Nothing of a row leaves this module but what may be kept. IP addresses are truncated here,
before they touch a disk or a log.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from akkoord.datamap.identifiers import BadIdentifier, normalise_email, plain_name
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.besides import besides
from akkoord.imports.evidence import Judging, grant_of, kept_evidence, stop_of
from akkoord.imports.reader import Row
from akkoord.imports.screening import Screen
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason

__all__ = ["Judging", "Refusal", "StagedRow", "judge_rows"]

MAX_NAME = 120


class StagedRow(NamedTuple):
    """What a row brings; the columns of the temp table `import_row`, in order."""

    line: int
    value: str
    normalised: str
    keyed_hash: bytes
    given_name: str
    family_name: str
    language: str
    state: str  # given, confirmed, or empty: proves nothing (yet)
    happened_at: datetime | None
    stop_state: str  # withdrawn, objected, or empty
    stopped_at: datetime | None
    cleaned_at: datetime | None
    evidence: str  # JSON
    reason: str  # why it proves nothing
    besides: str | None = None  # JSON: other fields by what they are


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that stays out: line, reason, and the column where one is to blame."""

    line: int
    reason: Reason
    column: str = ""
    part: str = ""  # the table of a file that holds several


def judge_rows(
    rows: Iterator[Row], judging: Judging, screen: Screen, *, part: str = ""
) -> Iterator[StagedRow | Refusal]:
    """Each row as what it brings, or as a refusal with its line and reason."""
    columns = judging.columns
    cut = lru_cache(maxsize=8_192)(truncate_ip)
    for row in rows:
        if row.refused is not None:
            yield Refusal(row.line, row.refused, part=part)
            continue
        screen.look_at(row.cells)
        value = row.cells[columns.email].strip()
        if not value:
            yield Refusal(row.line, Reason.NO_ADDRESS, "email", part)
            continue
        try:
            normalised = normalise_email(value)
        except BadIdentifier:
            yield Refusal(row.line, Reason.BAD_ADDRESS, "email", part)
            continue
        yield _staged(row, value, normalised, judging, screen, cut, part)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None else ""


def _name(cells: list[str], place: int | None, screen: Screen) -> str:
    """A name as text: a cell that begins like a formula is no name (CSV injection)."""
    text = _cell(cells, place)
    if place is None or not text:
        return ""
    if text[0] in "=+-@\t":
        screen.formulas += 1
        return ""
    return plain_name(screen.clean(place, text))[:MAX_NAME]


def _staged(
    row: Row,
    value: str,
    normalised: str,
    judging: Judging,
    screen: Screen,
    cut: Callable[[str], str | None],
    part: str,
) -> StagedRow:
    cells, columns = row.cells, judging.columns
    raw = {role: cells[place].strip() for role, place in columns.evidence.items()}
    language = _cell(cells, columns.language).lower()[:2]
    given = _name(cells, columns.first_name, screen)
    family = _name(cells, columns.last_name, screen)
    state, happened_at, reason = grant_of(raw, judging)
    stop_state, stopped_at, cleaned_at = stop_of(raw, judging)
    return StagedRow(
        line=row.line,
        value=value,
        normalised=normalised,
        keyed_hash=keyed_hash(normalised),
        given_name=given,
        family_name=family,
        language=language if language in ("nl", "en") else judging.default_language,
        state=state,
        happened_at=happened_at,
        stop_state=stop_state,
        stopped_at=stopped_at,
        cleaned_at=cleaned_at,
        evidence=kept_evidence(raw, row.line, cut, part=part),
        reason=reason,
        besides=besides(cells, columns, judging, screen, (given, family))
        if columns.besides
        else None,
    )
