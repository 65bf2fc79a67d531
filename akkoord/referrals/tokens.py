"""Links of the room: who may tip, which letter was seen, and the friend's own way out.

None holds personal data; the way out holds the keyed hash that stops a second mail anyway.
"""

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from akkoord.datamap.keys import read_token, sign_token

TIP = "tip"
SEEN = "tip-seen"
NEVER = "tip-never"
_TERM = timedelta(days=1)
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)


def tip_link(*, point_id: UUID, at: datetime) -> str:
    """The page where somebody tips a friend; works a day, behind a fresh link of the mailbox."""
    minutes = struct.pack(">I", int((at - _EPOCH).total_seconds() // 60))
    return f"{settings.BASE_URL}/tip/{sign_token(TIP, point_id.bytes + minutes)}/"


def read_tip(token: str, *, at: datetime) -> UUID | None:
    """The contact point of who may tip; None: forged, or older than a day."""
    payload = read_token(TIP, token)
    if payload is None or len(payload) != 20:
        return None
    since = _EPOCH + timedelta(minutes=struct.unpack(">I", payload[16:])[0])
    return UUID(bytes=payload[:16]) if at <= since + _TERM else None


def seen_mark(point_id: UUID, *, letter: str, friend: str) -> str:
    """The mark that this very letter to this very address was shown to its sender (INV-27)."""
    return sign_token(SEEN, _digest(point_id, letter, friend))


def is_seen(mark: str, point_id: UUID, *, letter: str, friend: str) -> bool:
    """Whether the mark is of this letter and address."""
    return read_token(SEEN, mark) == _digest(point_id, letter, friend)


def _digest(point_id: UUID, letter: str, friend: str) -> bytes:
    parts = (point_id.hex, friend, letter)
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


def never_link(keyed_hash: bytes) -> str:
    """The friend's way out: nothing more from this organisation, without saying who they are."""
    return f"{settings.BASE_URL}/tip/nooit/{sign_token(NEVER, keyed_hash)}/"


def read_never(token: str) -> bytes | None:
    """The keyed hash of the mailbox that wants nothing; None: forged."""
    payload = read_token(NEVER, token)
    return payload if payload is not None and len(payload) == 32 else None
