"""What the evidence columns of other systems prove, and what they do not (INV-7).

A row proves consent only by a time of the person's own act. What cannot be read proves nothing:
the person then stands under "import to be judged" with the reason given here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from ipaddress import ip_address

from akkoord.law.decisions import ALLOWED, Decision, refuse
from akkoord.law.reasons import Reason
from akkoord.law.states import PermissionState

_DUTCH = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(.*)", re.DOTALL)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
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


def judge_double_opt_in_row(
    *,
    opt_in: str,
    double_opt_in: str,
    time: str,
    at: datetime,
    is_wording_declared: bool,
    zone: tzinfo = UTC,
) -> ImportVerdict:
    """What Brevo's columns prove: `DOUBLE_OPT-IN` is 1 once the person clicked, 2 when not.

    The contact exists from that click, so the time it was added is the act's. `OPT_IN` alone
    is set by whoever adds a contact and proves nothing; a 0 there contradicts the click.
    """
    if double_opt_in.strip().lower() not in _YES:
        alone = opt_in.strip().lower() in _YES
        return _refused(Reason.ADDED_BY_ADMINISTRATOR if alone else Reason.NO_EVIDENCE)
    if opt_in.strip().lower() in _NO:
        return _refused(Reason.CONTRADICTORY)
    verdict = judge_timed_row(time=time, at=at, is_wording_declared=is_wording_declared, zone=zone)
    if verdict.state is None:
        return verdict
    return ImportVerdict(ALLOWED, PermissionState.CONFIRMED, verdict.happened_at)


def judge_box_row(
    *, box: str, time: str, at: datetime, is_wording_declared: bool, zone: tzinfo = UTC
) -> ImportVerdict:
    """What a box at the checkout proves: ticked by the customer at the time of the order.

    Not ticked, or never asked, proves nothing; a sale is no consent.
    """
    if box.strip().lower() not in _YES:
        return _refused(Reason.NO_EVIDENCE)
    return judge_timed_row(time=time, at=at, is_wording_declared=is_wording_declared, zone=zone)


def judge_form_row(
    *, legal_basis: str, time: str, at: datetime, is_wording_declared: bool, zone: tzinfo = UTC
) -> ImportVerdict:
    """What HubSpot's columns prove: a form filled in, with consent as the basis noted for it.

    The basis alone is what a member of staff chose; the form alone may have asked for anything.
    """
    if "consent" not in legal_basis.lower():
        return _refused(Reason.NO_EVIDENCE)
    if not time.strip():
        return _refused(Reason.ADDED_BY_ADMINISTRATOR)
    return judge_timed_row(time=time, at=at, is_wording_declared=is_wording_declared, zone=zone)


_YES = frozenset({"1", "yes", "ja", "true", "y", "j", "on", "waar"})
_NO = frozenset({"0", "no", "nee", "false", "n", "off", "onwaar"})


class RowStatus(StrEnum):
    """What a row's own status says of the person."""

    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    UNDELIVERABLE = "undeliverable"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN = "unknown"


_STATUSES = {
    RowStatus.ACTIVE: (
        *("actief", "active", "subscribed", "ingeschreven", "aangemeld", "abonnee", "confirmed"),
        *("bevestigd", "opted in", "opted-in", "subscriber"),
    ),
    RowStatus.UNSUBSCRIBED: (
        *("uitgeschreven", "afgemeld", "unsubscribed", "opted out", "opted-out", "opt-out"),
        *("inactief", "inactive", "blacklisted", "blocklisted", "geblokkeerd"),
    ),
    RowStatus.COMPLAINED: ("spam", "complaint", "complained", "klacht", "junk", "spamklacht"),
    RowStatus.UNDELIVERABLE: (
        *("opgeschoond", "cleaned", "bounced", "bounce", "hard bounce", "hardbounce"),
        *("onbezorgbaar", "invalid", "ongeldig"),
    ),
    RowStatus.UNCONFIRMED: (
        *("onbevestigd", "unconfirmed", "pending", "niet bevestigd", "wacht op bevestiging"),
    ),
}
_BY_WORD = {word: status for status, words in _STATUSES.items() for word in words}


def read_status(text: str) -> RowStatus:
    """What a word in a status column means. Unknown words prove nothing (INV-2)."""
    word = text.strip().lower()
    return _BY_WORD.get(word, RowStatus.UNKNOWN) if word else RowStatus.ACTIVE


def is_yes(text: str) -> bool:
    """Whether a cell of a yes-or-no column says yes."""
    return text.strip().lower() in _YES


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
    local = _moment(text)
    if local is None:
        return None, Reason.IMPOSSIBLE_TIME
    if local.year < _EARLIEST_YEAR:
        return None, Reason.IMPOSSIBLE_TIME
    moment = (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    # A minute of grace: two clocks are never equal.
    if moment > at + timedelta(minutes=1):
        return None, Reason.FUTURE_TIME
    return moment, None


def cannot_be_a_time(moment: datetime, *, at: datetime) -> Reason | None:
    """Why nobody can have agreed at this moment: before anybody had an address, or ahead."""
    if moment.year < _EARLIEST_YEAR:
        return Reason.IMPOSSIBLE_TIME
    return Reason.FUTURE_TIME if moment > at + timedelta(minutes=1) else None


def read_day(text: str) -> date | None:
    """The day of a cell, in ISO's or in Dutch order; None when it is none."""
    moment = _moment(text.strip())
    return moment.date() if moment else None


def _moment(text: str) -> datetime | None:
    """ISO 8601, or the Dutch order of a date; with slashes nobody knows which is the month."""
    dutch = _DUTCH.fullmatch(text)
    if dutch:
        day, month, year, rest = dutch.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    if not _ISO.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _refused(reason: Reason) -> ImportVerdict:
    return ImportVerdict(refuse(reason))


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)


def _is_ip(text: str) -> bool:
    if _IPV4.fullmatch(text):  # nearly all of them: a tenth of the time
        return True
    try:
        ip_address(text.strip())
    except ValueError:
        return False
    return True
