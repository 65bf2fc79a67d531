"""Single values sealed in their row: with a key of their own, wrapped by one outside the database.

Like attachments (`datamap.attachments`), but small enough to stand in a column. Who has the
database or its backup alone reads nothing; when the row goes, so does the key of this value.
"""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from akkoord.datamap.keys import files_key

NONCE = 12
KEY_BITS = 256


class ValueGone(Exception):
    """The value was changed, belongs to another row, or was sealed with another key."""


@dataclass(frozen=True, slots=True)
class SealedValue:
    """What the row keeps: the value and its own key, both unreadable."""

    sealed: bytes
    wrapped_key: bytes


def seal_value(text: str, *, row_id: UUID) -> SealedValue:
    """Seal a value (AES-256-GCM); it is bound to its row, so that none can pass for another's."""
    key = AESGCM.generate_key(KEY_BITS)
    nonce, wrap = os.urandom(NONCE), os.urandom(NONCE)
    return SealedValue(
        nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound("value", row_id)),
        wrap + AESGCM(files_key()).encrypt(wrap, key, _bound("key", row_id)),
    )


def open_value(sealed: bytes | memoryview, wrapped_key: bytes | memoryview, *, row_id: UUID) -> str:
    """The value. Raises ValueGone."""
    value, wrapped = bytes(sealed), bytes(wrapped_key)
    try:
        key = AESGCM(files_key()).decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound("key", row_id))
        return AESGCM(key).decrypt(value[:NONCE], value[NONCE:], _bound("value", row_id)).decode()
    except (InvalidTag, ValueError):
        raise ValueGone from None


def _bound(what: str, row_id: UUID) -> bytes:
    """What is authenticated beside the content."""
    return b"akkoord sealed " + what.encode() + b" v1\0" + row_id.bytes
