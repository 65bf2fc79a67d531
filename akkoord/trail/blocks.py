"""The fixed binary forms of the ledger: a leaf's entry and a block's header. Pure.

Entry: 16 bytes of event id, 32 of commitment; so a leaf cannot be moved to another event, blanked
or not. Header: version 1 (1 byte), height (8), previous hash (32), root (32), size (8), sealed at
in microseconds since 1970 (8), big-endian; the block's hash is SHA-256 over it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import Final

GENESIS: Final = bytes(32)
LARGEST_BLOCK: Final = 65_536
_HEADER: Final = Struct(">BQ32s32sQq")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def header_bytes(
    *, height: int, previous_hash: bytes, root: bytes, size: int, sealed_at: datetime
) -> bytes:
    """The header that a block's hash is taken over."""
    moment = (sealed_at - _EPOCH) // timedelta(microseconds=1)
    return _HEADER.pack(1, height, previous_hash, root, size, moment)


def block_hash(
    *, height: int, previous_hash: bytes, root: bytes, size: int, sealed_at: datetime
) -> bytes:
    """The hash that the next block is chained to."""
    return sha256(
        header_bytes(
            height=height,
            previous_hash=previous_hash,
            root=root,
            size=size,
            sealed_at=sealed_at,
        )
    ).digest()
