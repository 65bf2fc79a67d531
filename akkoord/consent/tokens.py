"""Links in mails. A token holds identifiers and a signature, never personal data.

- withdrawal (`/u/`): for ever; can stop one topic, cannot read or grant anything (RFC 8058);
- preferences (`/v/`), in every mail: for ever; can stop, pause and lessen, shows nothing of
  anybody and grants nothing, so that a forwarded or an old mail gives no stranger power;
- fresh (`/v/`), mailed to the mailbox when asked: opens the whole preference centre for a day;
- why (`/waarom/`): shows the text that was agreed to; expires as the preferences do;
- details (`/kloppen/`): shows what is kept, to confirm or correct it, for its term;
- renewal (`/ja/`): carries one living yes on, while it counts;
- confirmation (`/b/`): confirms one sign-up, within its term;
- parent (`/ouder/`): a parent's yes or no to one sign-up, within its term;
- trial (`/proefadres/`): says yes or no to tests of letters, until that is gone;
- parent's stop (`/ouder/stop/`): for ever; takes back what a parent agreed to, shows nothing.

A token whose contact point is gone answers that nothing is sent any more.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from akkoord.datamap.keys import read_token, sign_token
from akkoord.law.parameters import duration

WITHDRAWAL = "withdrawal"
PREFERENCES = "preferences"
FRESH = "fresh"
MAILTO = "mailto"
WHY = "why"
DETAILS = "details"
RENEWAL = "renewal"
CONFIRMATION = "confirmation"
PARENT = "parent"
PARENT_STOP = "parent-stop"
TRIAL = "trial"

RETURN_LOCAL = "retour"  # the local part of a letter's own return address

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_TAIL = 5
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StopPlace:
    """What a withdrawal link can stop, and the message it stood in if any."""

    point_id: UUID
    purpose_id: UUID
    message_id: UUID | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link belongs: a contact point, a purpose, and the message it stood in if any."""

    point_id: UUID
    purpose_id: UUID | None
    message_id: UUID | None
    issued_at: datetime


def withdrawal_token(*, point_id: UUID, purpose_id: UUID, message_id: UUID | None = None) -> str:
    """A token that can stop one purpose at one contact point, for ever."""
    payload = point_id.bytes + purpose_id.bytes + (message_id.bytes if message_id else b"")
    return sign_token(WITHDRAWAL, payload)


def withdrawal_link(*, point_id: UUID, purpose_id: UUID, message_id: UUID | None = None) -> str:
    """The https address of the unsubscribe header and the visible link."""
    token = withdrawal_token(point_id=point_id, purpose_id=purpose_id, message_id=message_id)
    return f"{settings.BASE_URL}/u/{token}/"


def withdrawal_address(*, point_id: UUID, purpose_id: UUID, domain: str) -> str:
    """The mail address of the unsubscribe header (RFC 2369): its tag carries a token.

    A local part holds 64 characters (RFC 5321), so of the purpose stand the last five bytes only:
    random ones, enough to tell an organisation's topics apart.
    """
    token = sign_token(MAILTO, point_id.bytes + purpose_id.bytes[-_TAIL:])
    return f"uitschrijven+{token}@{domain}"


def return_address(*, point_id: UUID, purpose_id: UUID, domain: str) -> str:
    """The envelope sender of one letter (VERP): whatever comes back there, tells which it was."""
    token = sign_token(MAILTO, point_id.bytes + purpose_id.bytes[-_TAIL:])
    return f"{RETURN_LOCAL}+{token}@{domain}"


def read_withdrawal_tag(token: str) -> tuple[UUID, bytes] | None:
    """The contact point and the last bytes of the purpose in a tag; None: forged, or cut off."""
    payload = read_token(MAILTO, token)
    if payload is None or len(payload) != 16 + _TAIL:
        return None
    return UUID(bytes=payload[:16]), payload[16:]


def read_withdrawal(token: str) -> StopPlace | None:
    """Where a withdrawal token belongs; None: forged, or cut off."""
    payload = read_token(WITHDRAWAL, token)
    if payload is None or len(payload) not in (32, 48):
        return None
    return StopPlace(
        point_id=UUID(bytes=payload[:16]),
        purpose_id=UUID(bytes=payload[16:32]),
        message_id=UUID(bytes=payload[32:]) if len(payload) == 48 else None,
    )


def preference_token(*, point_id: UUID, at: datetime) -> str:
    """A token that can stop, pause and lessen at one contact point, for ever; it shows nothing."""
    return sign_token(PREFERENCES, point_id.bytes + _minutes(at))


def preference_link(*, point_id: UUID, at: datetime) -> str:
    """The preference link that every mail carries; whoever holds the mail can only take away."""
    return f"{settings.BASE_URL}/v/{preference_token(point_id=point_id, at=at)}/"


def fresh_token(*, point_id: UUID, at: datetime) -> str:
    """A token that opens the whole preference centre for its term (`fresh-link-term`)."""
    return sign_token(FRESH, point_id.bytes + _minutes(at))


def fresh_link(*, point_id: UUID, at: datetime) -> str:
    """The whole preference centre: for the person's own mailbox, or who came from it just now."""
    return f"{settings.BASE_URL}/v/{fresh_token(point_id=point_id, at=at)}/"


def read_fresh(token: str) -> Place | None:
    """Where a fresh token belongs, expired or not; None: forged, or of another kind."""
    payload = read_token(FRESH, token)
    if payload is None or len(payload) != 20:
        return None
    return Place(UUID(bytes=payload[:16]), None, None, _moment(payload[16:]))


def is_stale(place: Place, *, at: datetime) -> bool:
    """Whether a fresh link is past its term: it then shows and grants nothing any more."""
    return at > place.issued_at + duration("fresh-link-term", at.date())


def read_preference(token: str) -> Place | None:
    """Where a preference token belongs, expired or not; None: forged."""
    payload = read_token(PREFERENCES, token)
    if payload is None or len(payload) != 20:
        return None
    return Place(UUID(bytes=payload[:16]), None, None, _moment(payload[16:]))


def why_link(
    *, point_id: UUID, purpose_id: UUID, at: datetime, message_id: UUID | None = None
) -> str:
    """The address that answers "why do I get this?"."""
    payload = point_id.bytes + purpose_id.bytes + (message_id or _NOBODY).bytes + _minutes(at)
    return f"{settings.BASE_URL}/waarom/{sign_token(WHY, payload)}/"


def read_why(token: str) -> Place | None:
    """Where a why token belongs, expired or not; None: forged."""
    payload = read_token(WHY, token)
    if payload is None or len(payload) != 52:
        return None
    message = UUID(bytes=payload[32:48])
    return Place(
        UUID(bytes=payload[:16]),
        UUID(bytes=payload[16:32]),
        None if message == _NOBODY else message,
        _moment(payload[48:]),
    )


def details_link(*, point_id: UUID, at: datetime) -> str:
    """The link in the yearly question: it shows what is kept, so it ends (`details-link-term`)."""
    return f"{settings.BASE_URL}/kloppen/{sign_token(DETAILS, point_id.bytes + _minutes(at))}/"


def read_details(token: str) -> Place | None:
    """Where a details token belongs, expired or not; None: forged, or of another kind."""
    payload = read_token(DETAILS, token)
    if payload is None or len(payload) != 20:
        return None
    return Place(UUID(bytes=payload[:16]), None, None, _moment(payload[16:]))


def is_over(place: Place, *, at: datetime) -> bool:
    """Whether a details link is past its term."""
    return at > place.issued_at + duration("details-link-term", at.date())


def renewal_link(*, point_id: UUID, purpose_id: UUID, at: datetime) -> str:
    """The button of a mail that asks anew: it carries a living yes on, and begins none."""
    # To the microsecond: pressed twice in the minute of the mail, it still renews once.
    asked = struct.pack(">Q", (at - _EPOCH) // _MICROSECOND)
    payload = point_id.bytes + purpose_id.bytes + asked
    return f"{settings.BASE_URL}/ja/{sign_token(RENEWAL, payload)}/"


def read_renewal(token: str) -> Place | None:
    """Where a renewal token belongs; None: forged. Whether it still counts, the standing knows."""
    payload = read_token(RENEWAL, token)
    if payload is None or len(payload) != 40:
        return None
    asked_at = _EPOCH + struct.unpack(">Q", payload[32:])[0] * _MICROSECOND
    return Place(UUID(bytes=payload[:16]), UUID(bytes=payload[16:32]), None, asked_at)


def confirmation_link(sign_up_id: UUID) -> str:
    """The address in the one confirmation mail of a sign-up."""
    return f"{settings.BASE_URL}/b/{sign_token(CONFIRMATION, sign_up_id.bytes)}/"


def trial_link(trial_id: UUID) -> str:
    """Where the owner of a test address says yes or no, and stops."""
    return f"{settings.BASE_URL}/proefadres/{sign_token(TRIAL, trial_id.bytes)}/"


def trial_address(trial_id: UUID, *, domain: str) -> str:
    """The mail address of a test's unsubscribe header: whoever mails there ends the tests."""
    return f"uitschrijven+{sign_token(TRIAL, trial_id.bytes)}@{domain}"


def read_trial(token: str) -> UUID | None:
    """The test address that a link belongs to; None: forged. Its row knows the term."""
    payload = read_token(TRIAL, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


def parent_link(sign_up_id: UUID) -> str:
    """The address in the one mail to a parent, which asks whether they agree."""
    return f"{settings.BASE_URL}/ouder/{sign_token(PARENT, sign_up_id.bytes)}/"


def read_parent(token: str) -> UUID | None:
    """The sign-up that a parent is asked about; None: forged."""
    payload = read_token(PARENT, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


def parent_stop_link(point_id: UUID) -> str:
    """The address with which a parent takes their yes back, for ever; it shows nothing."""
    return f"{settings.BASE_URL}/ouder/stop/{sign_token(PARENT_STOP, point_id.bytes)}/"


def read_parent_stop(token: str) -> UUID | None:
    """The contact point for which a parent may stop; None: forged, or of another kind."""
    payload = read_token(PARENT_STOP, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


def read_confirmation(token: str) -> UUID | None:
    """The sign-up that a confirmation token belongs to; None: forged. Its row knows the term."""
    payload = read_token(CONFIRMATION, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


def is_expired(place: Place, *, at: datetime) -> bool:
    """Whether a why link is past its term (law parameter)."""
    return at > place.issued_at + duration("preference-link-term", at.date())


def _minutes(at: datetime) -> bytes:
    return struct.pack(">I", int((at - _EPOCH).total_seconds() // 60))


def _moment(packed: bytes) -> datetime:
    minutes: int = struct.unpack(">I", packed)[0]
    return _EPOCH + timedelta(minutes=minutes)
