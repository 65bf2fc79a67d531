"""From the evidence columns of a row to what it proves, takes back, and keeps.

What is kept of a cell is only what the cell should be: a time, a cut address, a mark, a page
without its question. Any other text in such a column is left behind (INV-31, 32).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from akkoord.imports.layouts import Columns, Kind, Proof
from akkoord.imports.postal import NO_POST, Postal
from akkoord.law.import_rules import (
    ImportVerdict,
    RowStatus,
    is_yes,
    judge_box_row,
    judge_double_opt_in_row,
    judge_form_row,
    judge_mailchimp_row,
    judge_timed_row,
    read_status,
    read_time,
)
from akkoord.law.reasons import Reason
from akkoord.law.states import PermissionState
from akkoord.register.models import FieldException, PersonalDataField

_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{4})[\d\s:TZ+.-]{0,20}")
_MARKS = frozenset({"0", "1", "2", "yes", "no", "ja", "nee", "true", "false"})


@dataclass(frozen=True, slots=True)
class Period:
    """The days for which the wording is declared; open ends are None (INV-7)."""

    first: date | None = None
    last: date | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether an act at this moment lies within."""
        day = moment.date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


ANY_TIME = Period()


@dataclass(frozen=True, slots=True)
class Judging:
    """What all rows of a file are judged by."""

    columns: Columns
    at: datetime
    is_wording_declared: bool
    default_language: str = "nl"
    period: Period = ANY_TIME
    own: Mapping[str, PersonalDataField] = field(default_factory=dict)  # by role
    postal: Postal = NO_POST
    special: Mapping[str, FieldException] = field(default_factory=dict)  # by role


def grant_of(raw: Mapping[str, str], judging: Judging) -> tuple[str, datetime | None, str]:
    """State, time and the reason why it proves nothing.

    Where only the wording is missing, or is declared for other days, the evidence is kept beside
    the reason, so that declaring the wording later is enough.
    """
    if raw.get("status"):
        status = read_status(raw["status"])
        if status is RowStatus.UNCONFIRMED:
            return "", None, Reason.AWAITING_CONFIRMATION
        if status is RowStatus.UNKNOWN:
            return "", None, Reason.UNKNOWN_STATUS
    if not raw:
        return "", None, Reason.NO_EVIDENCE
    proven = _judge(raw, judging)
    if proven.state is None:
        return "", None, proven.decision.reason or ""
    moment = proven.happened_at
    declared = judging.is_wording_declared and moment and judging.period.holds(moment)
    return proven.state, moment, "" if declared else Reason.WORDING_NOT_DECLARED


def _judge(raw: Mapping[str, str], judging: Judging) -> ImportVerdict:
    """By the rule of the layout, as if the wording were declared: that is weighed afterwards."""
    at, zone, proof = judging.at, judging.columns.zone, judging.columns.proof
    if proof is Proof.SIGN_UP:
        return judge_mailchimp_row(
            optin_time=raw.get("optin_time", ""),
            optin_ip=raw.get("optin_ip", ""),
            confirm_time=raw.get("confirm_time", ""),
            confirm_ip=raw.get("confirm_ip", ""),
            at=at,
            is_wording_declared=True,
            zone=zone,
        )
    time = raw.get("time", "")
    if proof is Proof.DOUBLE_OPT_IN:
        return judge_double_opt_in_row(
            opt_in=raw.get("opt_in", ""),
            double_opt_in=raw.get("double_opt_in", ""),
            time=time,
            at=at,
            is_wording_declared=True,
            zone=zone,
        )
    if proof is Proof.BOX:
        box = raw.get("box", "")
        return judge_box_row(box=box, time=time, at=at, is_wording_declared=True, zone=zone)
    if proof is Proof.FORM:
        basis = raw.get("legal_basis", "")
        return judge_form_row(
            legal_basis=basis, time=time, at=at, is_wording_declared=True, zone=zone
        )
    return judge_timed_row(time=time, at=at, is_wording_declared=True, zone=zone)


def stop_of(
    raw: Mapping[str, str], judging: Judging
) -> tuple[str, datetime | None, datetime | None]:
    """A withdrawal or objection, and since when an address does not work.

    A no always counts, also with a time that cannot be read: then it counts from now.
    """
    columns = judging.columns
    if columns.kind is Kind.SUBSCRIBED and not raw.get("status") and not raw.get("stopped"):
        return "", None, None  # a file of people who did not stop
    status = read_status(raw.get("status", ""))
    is_complaint = status is RowStatus.COMPLAINED or "SPAM" in raw.get("stopped_reason", "").upper()
    if (
        columns.kind is Kind.UNSUBSCRIBED
        or is_complaint
        or status is RowStatus.UNSUBSCRIBED
        or is_yes(raw.get("stopped", ""))
    ):
        moment, _ = read_time(raw.get("stopped_time", ""), at=judging.at, zone=columns.zone)
        state = PermissionState.OBJECTED if is_complaint else PermissionState.WITHDRAWN
        return state, moment or judging.at, None
    if columns.kind is Kind.PLAIN and raw.get("stopped_time") and not raw.get("status"):
        moment, _ = read_time(raw["stopped_time"], at=judging.at, zone=columns.zone)
        return PermissionState.WITHDRAWN, moment or judging.at, None
    if (
        columns.kind is Kind.CLEANED
        or status is RowStatus.UNDELIVERABLE
        or raw.get("cleaned", "").lower() not in ("", "0", "no", "false", "nee")
    ):
        moment, _ = read_time(raw.get("cleaned_time", ""), at=judging.at, zone=columns.zone)
        return "", None, moment or judging.at
    return "", None, None


def kept_evidence(
    raw: Mapping[str, str], line: int, cut: Callable[[str], str | None], *, part: str = ""
) -> str:
    """What is kept of a row's evidence, as JSON."""
    kept: dict[str, str | int] = {"row": line}
    if part:
        kept["file"] = part
    for role, text in raw.items():
        if not text:
            continue
        value = cut(text) if role in _ADDRESSES else _KEEPERS[role](text)
        if value:
            kept[role] = value
    return _encode(kept)


def _time(text: str) -> str | None:
    return text if _TIME.fullmatch(text) else None


def _mark(text: str) -> str | None:
    return text if text.lower() in _MARKS else None


def _nothing(_text: str) -> str | None:
    """A free text is not kept."""
    return None


def _basis(text: str) -> str | None:
    return "consent" if "consent" in text.lower() else None


def page_of(text: str) -> str | None:
    """The page of a sign-up without its question and fragment, which may name somebody."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.path:
        return None
    return f"{parts.scheme}://{host}{parts.path}"[:200]


_encode = json.JSONEncoder(separators=(",", ":")).encode
_ADDRESSES = frozenset({"optin_ip", "confirm_ip"})
_KEEPERS: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(("time", "optin_time", "confirm_time", "stopped_time", "cleaned_time"), _time),
    **dict.fromkeys(("opt_in", "double_opt_in", "box", "stopped"), _mark),
    **dict.fromkeys(("stopped_reason", "cleaned"), _nothing),
    "source_url": page_of,
    "status": lambda text: str(read_status(text)),
    "legal_basis": _basis,
}
