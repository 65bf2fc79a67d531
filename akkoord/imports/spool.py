"""The provisional file of an upload: rows that wait for a press, under a key of their own.

The key stands in the record and dies with it or with the file, at the latest after four hours.
What is written here was screened before: IP addresses cut short, no cell with sensitive data. An
upload has two files, and each may be written again: see `datamap.sealed_stream`.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from akkoord.datamap.sealed_stream import FRAME, MAGIC, NotWhole, SealedWriter, opened

_USE = b"akkoord spool"


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
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._path, self._stream = path, os.fdopen(descriptor, "wb")
        self._stream.write(MAGIC)
        self._sealed = SealedWriter(self._stream, key, use=_USE)
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
            self._seal()
            self._sealed.close()
        self._stream.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)

    def write(self, value: Any) -> None:
        """Add one value."""
        self._waiting += json.dumps(value, ensure_ascii=False).encode() + b"\n"
        if len(self._waiting) >= FRAME:
            self._seal()

    def _seal(self) -> None:
        self._sealed.write(bytes(self._waiting))
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
            if stream.read(len(MAGIC)) != MAGIC:
                raise NotWhole
            yield from opened(stream, key, use=_USE)
    except (FileNotFoundError, NotWhole):
        raise SpoolGone from None
