"""Links for the person: one that may ask for a mail, one that came through the mailbox.

Both hold ids and a signature, never personal data, and both expire. Only what came through the
mailbox shows or erases anything (art. 12(6) GDPR: no further proof of identity is asked).
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from akkoord.datamap.keys import read_token, sign_token
from akkoord.law.parameters import duration

ASK = "rights-ask"
DO = "rights-do"
CONFIRM = "rights-confirm"
ANSWER = "rights-answer"
FETCH = "rights-fetch"
ACCESS, ERASURE = "access", "erasure"
KINDS = (ACCESS, ERASURE)

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_ASK_TERM = timedelta(days=1)
_CONFIRM_TERM = timedelta(days=7)  # as long as an unconfirmed request waits
_SIZE = 21


@dataclass(frozen=True, slots=True)
class Place:
    """Whose link it is, for what, and since when."""

    point_id: UUID
    kind: str
    issued_at: datetime


def ask_link(*, point_id: UUID, kind: str, at: datetime) -> str:
    """Where the preference centre leads: a page that mails the real link."""
    return reverse("rights_public:ask", args=[_sign(ASK, point_id, kind, at)])


def mailed_link(*, point_id: UUID, kind: str, at: datetime) -> str:
    """The link in the mail, that shows or erases; works for the term of a mailbox check."""
    path = reverse("rights_public:mine", args=[_sign(DO, point_id, kind, at)])
    return f"{settings.BASE_URL}{path}"


def read_ask(token: str, *, at: datetime) -> Place | None:
    """Whose asking link this is; None: forged or expired."""
    return _read(ASK, token, at, _ASK_TERM)


def read_mailed(token: str, *, at: datetime) -> Place | None:
    """Whose mailed link this is; None: forged or expired."""
    return _read(DO, token, at, duration("mailbox-check-term", at.date()))


def confirm_link(*, request_id: UUID, at: datetime) -> str:
    """The link in the mail that confirms a request; it shows the request's state afterwards.

    It gives no data: whoever it is forwarded to can have a link mailed to the mailbox, no more.
    """
    path = reverse("rights_public:request", args=[_sign(CONFIRM, request_id, ACCESS, at)])
    return f"{settings.BASE_URL}{path}"


def read_confirm(token: str, *, at: datetime) -> UUID | None:
    """The request of this link; None: forged, or older than a request may wait."""
    found = _read(CONFIRM, token, at, _CONFIRM_TERM)
    return found.point_id if found else None


def answer_link(*, request_id: UUID, at: datetime) -> str:
    """The link that says an answer is ready; it gives a mail to the mailbox, and no data."""
    path = reverse("rights_public:answer", args=[_sign(ANSWER, request_id, ACCESS, at)])
    return f"{settings.BASE_URL}{path}"


def read_answer(token: str, *, at: datetime) -> UUID | None:
    """The request of this link; None: forged, or past the days that an answer waits."""
    found = _read(ANSWER, token, at, duration("request-answer-term", at.date()))
    return found.point_id if found else None


def fetch_link(*, request_id: UUID, at: datetime) -> str:
    """The link of an hour behind which the answer stands."""
    path = reverse("rights_public:fetch", args=[_sign(FETCH, request_id, ACCESS, at)])
    return f"{settings.BASE_URL}{path}"


def read_fetch(token: str, *, at: datetime) -> UUID | None:
    """The request of this link; None: forged or older than an hour."""
    found = _read(FETCH, token, at, duration("mailbox-check-term", at.date()))
    return found.point_id if found else None


def _sign(purpose: str, point_id: UUID, kind: str, at: datetime) -> str:
    minutes = int((at - _EPOCH).total_seconds() // 60)
    payload = bytes([KINDS.index(kind)]) + point_id.bytes + struct.pack(">I", minutes)
    return sign_token(purpose, payload)


def _read(purpose: str, token: str, at: datetime, term: timedelta) -> Place | None:
    payload = read_token(purpose, token)
    if payload is None or len(payload) != _SIZE or payload[0] >= len(KINDS):
        return None
    minutes: int = struct.unpack(">I", payload[17:])[0]
    issued_at = _EPOCH + timedelta(minutes=minutes)
    if at > issued_at + term:
        return None
    return Place(UUID(bytes=payload[1:17]), KINDS[payload[0]], issued_at)
