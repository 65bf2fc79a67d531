"""From rows of a file to staged rows: normalised, judged, IP addresses cut short.

Nothing of a row leaves this module but what may be kept. IP addresses are truncated here,
before they touch a disk or a log.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.layouts import Columns, Kind
from akkoord.imports.reader import Row
from akkoord.law.import_rules import ImportVerdict, judge_mailchimp_row, judge_timed_row, read_time
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.law.states import PermissionState

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that stays out: line, reason, and the column where one is to blame."""

    line: int
    reason: Reason
    column: str = ""


@dataclass(frozen=True, slots=True)
class Judging:
    """What all rows of a file are judged by."""

    columns: Columns
    at: datetime
    is_wording_declared: bool
    default_language: str = "nl"


def judge_rows(rows: Iterator[Row], judging: Judging) -> Iterator[StagedRow | Refusal]:
    """Each row as what it brings, or as a refusal with its line and reason."""
    columns = judging.columns
    cut = lru_cache(maxsize=65_536)(truncate_ip)
    for row in rows:
        if row.refused is not None:
            yield Refusal(row.line, row.refused)
            continue
        value = row.cells[columns.email].strip()
        if not value:
            yield Refusal(row.line, Reason.NO_ADDRESS, "email")
            continue
        try:
            normalised = normalise_email(value)
        except BadIdentifier:
            yield Refusal(row.line, Reason.BAD_ADDRESS, "email")
            continue
        yield _staged(row, value, normalised, judging, cut)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None else ""


def _name(cells: list[str], place: int | None) -> str:
    """A name as text: a cell that begins like a formula is no name (CSV injection)."""
    text = _cell(cells, place)
    if text[:1] in ("=", "+", "-", "@", "\t"):
        return ""
    return " ".join(text.split())[:MAX_NAME]


def _staged(
    row: Row,
    value: str,
    normalised: str,
    judging: Judging,
    cut: Callable[[str], str | None],
) -> StagedRow:
    cells, columns = row.cells, judging.columns
    raw = {role: cells[place].strip() for role, place in columns.evidence.items()}
    language = _cell(cells, columns.language).lower()[:2]
    state, happened_at, reason = _grant(raw, judging)
    stop_state, stopped_at, cleaned_at = _stop(raw, judging)
    return StagedRow(
        line=row.line,
        value=value,
        normalised=normalised,
        keyed_hash=keyed_hash(normalised),
        given_name=_name(cells, columns.first_name),
        family_name=_name(cells, columns.last_name),
        language=language if language in ("nl", "en") else judging.default_language,
        state=state,
        happened_at=happened_at,
        stop_state=stop_state,
        stopped_at=stopped_at,
        cleaned_at=cleaned_at,
        evidence=_evidence(raw, row.line, cut),
        reason=reason,
    )


def _grant(raw: dict[str, str], judging: Judging) -> tuple[str, datetime | None, str]:
    """State, time and the reason why it proves nothing.

    Where only the wording is missing the evidence is kept beside the reason, so that declaring
    the wording later is enough.
    """
    if not raw:
        return "", None, Reason.NO_EVIDENCE
    verdict = _judge(raw, judging, is_wording_declared=judging.is_wording_declared)
    if verdict.decision.reason == Reason.WORDING_NOT_DECLARED:
        proven = _judge(raw, judging, is_wording_declared=True)
        return proven.state or "", proven.happened_at, Reason.WORDING_NOT_DECLARED
    return verdict.state or "", verdict.happened_at, verdict.decision.reason or ""


def _judge(raw: dict[str, str], judging: Judging, *, is_wording_declared: bool) -> ImportVerdict:
    if "optin_time" in raw:
        return judge_mailchimp_row(
            optin_time=raw["optin_time"],
            optin_ip=raw.get("optin_ip", ""),
            confirm_time=raw.get("confirm_time", ""),
            confirm_ip=raw.get("confirm_ip", ""),
            at=judging.at,
            is_wording_declared=is_wording_declared,
        )
    return judge_timed_row(
        time=raw.get("time", ""), at=judging.at, is_wording_declared=is_wording_declared
    )


def _stop(raw: dict[str, str], judging: Judging) -> tuple[str, datetime | None, datetime | None]:
    """A withdrawal or objection, and since when an address does not work.

    A no always counts, also with a time that cannot be read: then it counts from now.
    """
    if judging.columns.kind is Kind.UNSUBSCRIBED:
        moment, _ = read_time(raw.get("stopped_time", ""), at=judging.at)
        is_complaint = "SPAM" in raw.get("stopped_reason", "").upper()
        state = PermissionState.OBJECTED if is_complaint else PermissionState.WITHDRAWN
        return state, moment or judging.at, None
    if judging.columns.kind is Kind.CLEANED:
        moment, _ = read_time(raw.get("cleaned_time", ""), at=judging.at)
        return "", None, moment or judging.at
    return "", None, None


def _evidence(raw: dict[str, str], line: int, cut: Callable[[str], str | None]) -> str:
    kept: dict[str, str | int] = {"row": line}
    for role, text in raw.items():
        if not text or role == "stopped_reason":
            continue
        if role.endswith("_ip"):
            short = cut(text)
            if short:
                kept[role] = short
        else:
            kept[role] = text[:40]
    return json.dumps(kept, separators=(",", ":"))
