"""Bytes sealed in frames: nothing of them can be read, changed, moved or cut off unnoticed.

Every writing derives a key of its own by a random salt at its head, so that no nonce ever comes
twice under one key (NIST SP 800-38D, 8). Frames are counted, and the last one says that it is the
last.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"akkoord-sealed-1\n"  # how a file begins that nobody can read without its key
FRAME = 256 * 1024  # plain bytes in one sealed frame
_LARGEST = 64 * 1024 * 1024  # what a head may claim; a damaged one asks for more memory than that
_HEAD = 5  # whether it is the last frame, and its length
_SALT = 16
_TAG = 16


class NotWhole(Exception):
    """The stream was cut off or changed, or belongs to another key."""


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take them all."""


class SealedWriter:
    """Seals frames into a stream. Without `close` what was written does not open."""

    def __init__(self, stream: Sink, key: bytes, *, use: bytes) -> None:
        """`key`: 32 bytes; `use`: what the bytes are for, so that two uses share no key."""
        salt = os.urandom(_SALT)
        self._stream, self._cipher, self._number = stream, _cipher(key, salt, use), 0
        stream.write(salt)

    def write(self, plain: bytes) -> int:
        """One frame; never an empty one."""
        if plain:
            self._seal(plain, is_last=False)
        return len(plain)

    def close(self) -> None:
        """The last frame."""
        self._seal(b"", is_last=True)

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        head = bytes([is_last]) + (len(plain) + _TAG).to_bytes(_HEAD - 1)
        self._stream.write(head + self._cipher.encrypt(_nonce(self._number), plain, head))
        self._number += 1


def opened(stream: BinaryIO, key: bytes, *, use: bytes) -> Iterator[bytes]:
    """The frames, opened, as they were written. Raises NotWhole, at the latest at the end."""
    cipher, number, is_last = _cipher(key, stream.read(_SALT), use), 0, False
    while not is_last:
        head = stream.read(_HEAD)
        length = int.from_bytes(head[1:])
        if len(head) < _HEAD or length > _LARGEST:
            raise NotWhole
        try:
            plain = cipher.decrypt(_nonce(number), stream.read(length), head)
        except InvalidTag:
            raise NotWhole from None
        number, is_last = number + 1, head[0] == 1
        if plain:
            yield plain


def _cipher(key: bytes, salt: bytes, use: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, use).derive(key))


def _nonce(number: int) -> bytes:
    """A key is used for one writing only, so that counting is enough."""
    return number.to_bytes(12)
