"""Attachments: files of people in the data folder, each sealed with a random key of its own.

The key is wrapped by the files master key and kept in the row that the file belongs to: without
the row nobody can read the file any more. A file is provisional until its row is committed; what
no row names is swept away.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from a declaration in code

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

from akkoord.datamap.declaration import declarations
from akkoord.datamap.keys import files_key
from akkoord.datamap.paths import quoted
from akkoord.datamap.sealed_stream import MAGIC

FOLDER = "attachments"
NONCE = 12
KEY_BITS = 256
ORPHAN_AGE = timedelta(hours=1)
"""How long a file may wait for its row: longer than any request lives."""


class AttachmentGone(Exception):
    """The file is not there, was changed, or was sealed with another key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the row keeps of a file: where it stands, and its key, wrapped."""

    path: str
    wrapped_key: bytes


def seal_file(content: bytes, *, file_id: UUID) -> Sealed:
    """Write a file, encrypted (AES-256-GCM), 0600; provisional until a committed row names it.

    The file's id is bound to key and content: neither can pass for another's.
    """
    key = AESGCM.generate_key(KEY_BITS)
    path = f"{FOLDER}/{file_id.hex[-2:]}/{file_id}.sealed"
    target = Path(settings.DATA_DIR) / path
    target.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    nonce = os.urandom(NONCE)
    sealed = MAGIC + nonce + AESGCM(key).encrypt(nonce, content, _bound("file", file_id))
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # the disk is full: nothing half stays
        target.unlink(missing_ok=True)
        raise
    nonce = os.urandom(NONCE)
    return Sealed(path, nonce + AESGCM(files_key()).encrypt(nonce, key, _bound("key", file_id)))


def open_file(path: str, wrapped_key: bytes | memoryview, *, file_id: UUID) -> bytes:
    """The content of a file. Raises AttachmentGone."""
    wrapped = bytes(wrapped_key)
    target = Path(settings.DATA_DIR) / path
    if not target.resolve().is_relative_to(_folder().resolve()):
        raise AttachmentGone
    try:
        key = AESGCM(files_key()).decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound("key", file_id))
        sealed = target.read_bytes().removeprefix(MAGIC)
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], _bound("file", file_id))
    except (OSError, InvalidTag, ValueError):
        raise AttachmentGone from None


def _bound(what: str, file_id: UUID) -> bytes:
    """What is authenticated beside the content."""
    return b"akkoord attachment " + what.encode() + b" v1\0" + file_id.bytes


def _folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def sealed_files() -> list[Path]:
    """Every sealed file: the scan cannot read them, nor can anybody without their row (INV-35).

    Whether somebody's file is still there is told by its row, which the scan does read. A file in
    the folder that is not sealed is left out, so that the scan looks into it.
    """
    return [path for path in _all_files() if is_sealed(path)]


def _all_files() -> Iterator[Path]:
    yield from (path for path in sorted(_folder().rglob("*")) if path.is_file())


def is_sealed(path: Path) -> bool:
    """Whether a file begins as those do that nobody can read without their key."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def sweep_orphans(*, at: datetime) -> int:
    """Remove files that no committed row names and that are older than an hour; how many."""
    old = [path for path in _all_files() if _is_older(path, at - ORPHAN_AGE)]
    if not old:
        return 0
    named = _named_files()
    gone = 0
    for path in old:
        if str(path.relative_to(settings.DATA_DIR)) not in named:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _is_older(path: Path, moment: datetime) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime < moment.timestamp()
    return False


def _named_files() -> set[str]:
    """The paths that stand in a declared file column of any table."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for store in declarations():
            for column in store.files:
                name = quoted(column)
                cursor.execute(f"SELECT {name} FROM {quoted(store.table)} WHERE {name} <> ''")
                found |= {row[0] for row in cursor.fetchall()}
    return found
