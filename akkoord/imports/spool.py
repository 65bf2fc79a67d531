"""The provisional file of an upload: rows that wait for a press, under a key of their own.

The key stands in the record and dies with it or with the file, at the latest after four hours.
What is written here was screened before: IP addresses cut short, no cell with sensitive data.

An upload has two files, and each may be written again: every writing derives a key of its own from
the upload's by a random salt at its head, so that no nonce ever comes twice under one key. Frames
are counted, and the last one says that it is the last: a file that was cut off does not open.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FRAME = 256 * 1024  # plain bytes in one sealed frame
_HEAD = 5  # whether it is the last frame, and its length
_SALT = 16


class SpoolGone(Exception):
    """The provisional file is not there any more, or is not ours."""


def new_key() -> bytes:
    """A fresh key for the files of one upload."""
    return AESGCM.generate_key(bit_length=256)


class SpoolWriter:
    """Writes JSON values to a new file that only we can read; a context manager.

    A file that is not finished is removed.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = os.urandom(_SALT)
        self._path, self._cipher, self._number = path, _cipher(key, salt), 0
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = os.fdopen(descriptor, "wb")
        self._stream.write(salt)
        self._waiting = bytearray()

    def __enter__(self) -> "SpoolWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _problem: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._seal(is_last=True)
        self._stream.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)

    def write(self, value: Any) -> None:
        """Add one value."""
        self._waiting += json.dumps(value, ensure_ascii=False).encode() + b"\n"
        if len(self._waiting) >= _FRAME:
            self._seal()

    def _seal(self, *, is_last: bool = False) -> None:
        head = _head(len(self._waiting) + 16, is_last=is_last)  # GCM's tag is 16 bytes
        sealed = self._cipher.encrypt(_nonce(self._number), bytes(self._waiting), head)
        self._stream.write(head + sealed)
        self._number += 1
        self._waiting.clear()


def read_spool(path: Path, key: bytes) -> Iterator[Any]:
    """The values of a file, one by one; raises SpoolGone when it is not there or not whole."""
    for plain in opened_frames(path, key):
        for line in plain.splitlines():
            yield json.loads(line)


def opened_frames(path: Path, key: bytes) -> Iterator[bytes]:
    """The frames of a file, opened; none cuts a value in two. Raises SpoolGone."""
    try:
        with path.open("rb") as stream:
            cipher, number, is_last = _cipher(key, stream.read(_SALT)), 0, False
            while not is_last:
                head = stream.read(_HEAD)
                sealed = stream.read(int.from_bytes(head[1:]))
                yield cipher.decrypt(_nonce(number), sealed, head)
                number, is_last = number + 1, head[0] == 1
    except (FileNotFoundError, InvalidTag):
        raise SpoolGone from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"akkoord spool").derive(key))


def _head(length: int, *, is_last: bool) -> bytes:
    return bytes([is_last]) + length.to_bytes(_HEAD - 1)


def _nonce(number: int) -> bytes:
    """A key is used for one writing only, so that counting is enough."""
    return number.to_bytes(12)
