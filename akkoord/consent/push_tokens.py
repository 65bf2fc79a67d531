"""Links of devices for push messages. As in `tokens`: identifiers and a signature, no data.

- device (`/p/v/`): the page of one device; comes in a message that only it can open, or is given
  to who shows the device's own secret; expires, but can stop for ever;
- renewal: kept by the browser, for when its end-point changes;
- linking (`/p/koppel/`): from the preference centre of a mailbox, for a day;
- joining (`/p/samen/`): mailed to a mailbox, names the device as well, for a day.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from akkoord.consent.tokens import withdrawal_token
from akkoord.datamap.keys import read_token, sign_token

DEVICE = "push-device"
RENEWAL = "push-renewal"
LINKING = "push-link"
JOINING = "push-join"
ONE_DAY = timedelta(days=1)
DEVICE_TERM = timedelta(days=30)  # as a preference link, so that an old message shows nothing
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DevicePlace:
    """Whose page it is, and since when; `other_id` is the mailbox that a joining link names."""

    point_id: UUID
    issued_at: datetime
    other_id: UUID | None = None

    def is_expired(self, *, at: datetime, term: timedelta = DEVICE_TERM) -> bool:
        """Whether it can no longer show or grant."""
        return at > self.issued_at + term


def device_token(*, point_id: UUID, at: datetime) -> str:
    """A token for the page of a device."""
    return sign_token(DEVICE, point_id.bytes + _minutes(at))


def device_link(*, point_id: UUID, at: datetime) -> str:
    """The address of the page of a device."""
    return f"{settings.BASE_URL}/p/v/{device_token(point_id=point_id, at=at)}/"


def read_device(token: str) -> DevicePlace | None:
    """Whose device page this is, expired or not; None: forged."""
    return _read(DEVICE, token)


def stop_link(*, point_id: UUID, purpose_id: UUID, message_id: UUID | None = None) -> str:
    """Where a notification's own button posts to stop one topic, for ever."""
    token = withdrawal_token(point_id=point_id, purpose_id=purpose_id, message_id=message_id)
    return f"{settings.BASE_URL}/p/stop/{token}/"


def renewal_token(point_id: UUID) -> str:
    """What a browser keeps to say that it is still the same."""
    return sign_token(RENEWAL, point_id.bytes)


def read_renewal(token: str) -> UUID | None:
    """Which device it is; None: forged."""
    payload = read_token(RENEWAL, token)
    return UUID(bytes=payload) if payload is not None and len(payload) == 16 else None


def linking_link(*, point_id: UUID, at: datetime) -> str:
    """From the preference centre: put the device that opens this page beside that mailbox."""
    return f"{settings.BASE_URL}/p/koppel/{sign_token(LINKING, point_id.bytes + _minutes(at))}/"


def read_linking(token: str) -> DevicePlace | None:
    """Which mailbox a device would be put beside; None: forged."""
    return _read(LINKING, token)


def joining_link(*, device_id: UUID, mailbox_id: UUID, at: datetime) -> str:
    """Mailed: put this very device beside this very mailbox."""
    payload = device_id.bytes + _minutes(at) + mailbox_id.bytes
    return f"{settings.BASE_URL}/p/samen/{sign_token(JOINING, payload)}/"


def read_joining(token: str) -> DevicePlace | None:
    """Which device and mailbox; None: forged."""
    return _read(JOINING, token, size=36)


def _read(purpose: str, token: str, *, size: int = 20) -> DevicePlace | None:
    payload = read_token(purpose, token)
    if payload is None or len(payload) != size:
        return None
    minutes: int = struct.unpack(">I", payload[16:20])[0]
    return DevicePlace(
        UUID(bytes=payload[:16]),
        _EPOCH + timedelta(minutes=minutes),
        UUID(bytes=payload[20:]) if size > 20 else None,
    )


def _minutes(at: datetime) -> bytes:
    return struct.pack(">I", int((at - _EPOCH).total_seconds() // 60))
