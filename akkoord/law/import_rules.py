"""What the evidence columns of other systems prove, and what they do not (INV-7).

A row proves consent only by a time of the person's own act. What cannot be read proves nothing:
the person then stands under "import to be judged" with the reason given here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from ipaddress import ip_address

from akkoord.law.decisions import ALLOWED, Decision, refuse
from akkoord.law.reasons import Reason
from akkoord.law.states import PermissionState

_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
)
_EARLIEST_YEAR = 1995  # before this nobody signed up by e-mail at a form


@dataclass(frozen=True, slots=True)
class ImportVerdict:
    """What a row proves: a decision, and when allowed the state and the time of the act."""

    decision: Decision
    state: PermissionState | None = None
    happened_at: datetime | None = None


def judge_mailchimp_row(
    *,
    optin_time: str,
    optin_ip: str,
    confirm_time: str,
    confirm_ip: str,
    at: datetime,
    is_wording_declared: bool,
    zone: tzinfo = UTC,
) -> ImportVerdict:
    """What the four evidence columns of Mailchimp's layout prove.

    `OPTIN_*` is set by a sign-up form, `CONFIRM_IP` only by the person's own click: both, or
    either pair, is the person's act. `CONFIRM_TIME` alone was an administrator or an import and
    proves nothing. A time that cannot be, or lies ahead, spoils the row. Without a declared
    wording nothing older than Akkoord can be shown to be agreed to (INV-7).
    """
    if not (optin_time.strip() or confirm_time.strip()):
        return _refused(Reason.NO_EVIDENCE)
    times: list[datetime | None] = []
    for text in (optin_time, confirm_time):
        moment, reason = read_time(text, at=at, zone=zone)
        if reason is not None:
            return _refused(reason)
        times.append(moment)
    optin_at, confirmed_at = times
    signed_up = optin_at is not None and _is_ip(optin_ip)
    confirmed = confirmed_at is not None and _is_ip(confirm_ip)
    if not signed_up and not confirmed:
        alone = optin_at is None
        return _refused(Reason.ADDED_BY_ADMINISTRATOR if alone else Reason.NO_EVIDENCE)
    if confirmed and optin_at is not None and confirmed_at is not None and confirmed_at < optin_at:
        return _refused(Reason.IMPOSSIBLE_TIME)
    if not is_wording_declared:
        return _refused(Reason.WORDING_NOT_DECLARED)
    if confirmed:
        return ImportVerdict(ALLOWED, PermissionState.CONFIRMED, confirmed_at)
    return ImportVerdict(ALLOWED, PermissionState.GIVEN, optin_at)


def judge_timed_row(
    *, time: str, at: datetime, is_wording_declared: bool, zone: tzinfo = UTC
) -> ImportVerdict:
    """What one column with the time (or the date) of the person's sign-up proves (INV-7)."""
    if not time.strip():
        return _refused(Reason.NO_EVIDENCE)
    moment, reason = read_time(time, at=at, zone=zone)
    if reason is not None:
        return _refused(reason)
    if not is_wording_declared:
        return _refused(Reason.WORDING_NOT_DECLARED)
    return ImportVerdict(ALLOWED, PermissionState.GIVEN, moment)


def read_time(
    text: str, *, at: datetime, zone: tzinfo = UTC
) -> tuple[datetime | None, Reason | None]:
    """A time from a file as aware UTC; empty: (None, None); unusable: (None, the reason).

    Impossible: not a time, zero, or before anybody had an address. Ahead of `at`: `future-time`.
    """
    text = text.strip()
    if not text:
        return None, None
    for form in _FORMATS:
        try:
            local = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        if local.year < _EARLIEST_YEAR:
            return None, Reason.IMPOSSIBLE_TIME
        moment = local.astimezone(UTC)
        # A minute of grace: two clocks are never equal.
        if moment > at + timedelta(minutes=1):
            return None, Reason.FUTURE_TIME
        return moment, None
    return None, Reason.IMPOSSIBLE_TIME


def _refused(reason: Reason) -> ImportVerdict:
    return ImportVerdict(refuse(reason))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text.strip())
    except ValueError:
        return False
    return True
