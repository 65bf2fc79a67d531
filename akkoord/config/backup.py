"""A backup: database and uploads in one sealed file, and how it is put back.

The file is a tar of the database's dump (`pg_dump`, in pieces) and of the uploads, sealed under a
key of its own. Not in it: the keys, and the journal of nos. So a thief of the file reads nothing,
and what was forgotten or stopped since is known after it is put back (INV-36).
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from django.conf import settings
from django.db import connection

from akkoord import __version__
from akkoord.config import embedded, folders_aside, readiness
from akkoord.config.environment import environment
from akkoord.datamap import keys
from akkoord.datamap.sealed_stream import FRAME, NotWhole, SealedWriter, opened
from akkoord.trail.backups import MAGIC
from akkoord.trail.nos import known_line

_USE: Final = b"akkoord backup"
_PIECE: Final = 8 * 1024 * 1024
_MANIFEST, _DUMP = "manifest.json", "database"
_FOLDERS: Final = folders_aside.FOLDERS
_BEFORE: Final = readiness.BEFORE  # the schema that was there, until the new one stands
# Who was logged in and what a worker had in hand ends with a backup; both are made again.
_LEFT_OUT: Final = ("django_session", "procrastinate_jobs", "procrastinate_events")
# What a newer pg_restore says to a server that does not know it yet; nothing rests on it.
_HARMLESS: Final = 'unrecognized configuration parameter "transaction_timeout"'


class BackupProblem(Exception):
    """A backup cannot be made or put back; says why and what to do. Nothing was changed."""

    def __init__(self, sentence: str, *, why: str = "") -> None:
        super().__init__(sentence)
        self.why = why  # of `trail.models.Backup.Why`, when it could not be made


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    version: str
    made_at: str
    migrations: list[list[str]]
    people: int
    backup: str = ""  # its record in the database; none in a backup of before there were records
    line: int = -1  # the last line of the journal that it knows for certain; -1: it does not say


_KNOWN: Final = frozenset(each.name for each in fields(Manifest))


class _Joined(io.RawIOBase):
    """The frames of a sealed file as one stream."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames, self._rest = frames, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._frames, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


class _Sealing(io.RawIOBase):
    """Gathers what tar writes into frames."""

    def __init__(self, sealed: SealedWriter, tell: Callable[[int], None] | None) -> None:
        self._sealed, self._waiting = sealed, bytearray()
        self._tell, self._written = tell, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        if len(self._waiting) >= FRAME:
            self._sealed.write(bytes(self._waiting))
            self._written += len(self._waiting)
            self._waiting.clear()
            if self._tell:
                self._tell(self._written)
        return len(data)

    def finish(self) -> None:
        self._sealed.write(bytes(self._waiting))
        self._sealed.close()


def write_backup(
    path: Path, *, at: datetime, backup: str = "", tell: Callable[[int], None] | None = None
) -> Manifest:
    """Write a new file that only we can read: all of it, or none. Raises BackupProblem.

    `backup`: its record; `tell` hears how many bytes are written, as it goes.

    The database as it is at one moment, then the uploads: a file that went meanwhile is of somebody
    who was forgotten since, which the journal knows.
    """
    manifest = _manifest(at, backup)
    draft = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(MAGIC + keys.fingerprint_of("files").encode() + b"\n")
            sealed = _Sealing(SealedWriter(stream, keys.files_key(), use=_USE), tell)
            with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, _MANIFEST, json.dumps(_plain(manifest)).encode())
                _add_dump(tar)
                for name in _FOLDERS:
                    _add_files(tar, name)
            sealed.finish()
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, path)  # never over a file that is there
    except FileExistsError:
        raise BackupProblem(f"{path} exists already; name a new file.") from None
    except OSError as problem:
        raise BackupProblem(
            f"{path} cannot be written: {problem.strerror}.", why="disk"
        ) from problem
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _manifest(at: datetime, backup: str) -> Manifest:
    from akkoord.people.models import Person

    applied = sorted([list(each) for each in readiness.applied_migrations()])
    return Manifest(__version__, at.isoformat(), applied, Person.objects.count(), backup, _line())


def _line() -> int:
    known = known_line()
    return known.number if known else 0


def _plain(manifest: Manifest) -> dict[str, object]:
    return {
        "version": manifest.version,
        "made_at": manifest.made_at,
        "migrations": manifest.migrations,
        "people": manifest.people,
        "backup": manifest.backup,
        "line": manifest.line,
    }


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _add_dump(tar: tarfile.TarFile) -> None:
    """The dump in pieces: its size is not known before, and nothing plain touches a disk."""
    left_out = [f"--exclude-table-data=public.{name}" for name in _LEFT_OUT]
    command = [
        *("--format=custom", "--compress=6", "--no-owner", "--no-privileges"),
        *("--schema=public", "--no-password", *left_out, _database()["NAME"]),
    ]
    with _said() as said, _running("pg_dump", command, stdout=subprocess.PIPE, said=said) as dump:
        assert dump.stdout is not None  # noqa: S101 - asked for
        number = 0
        while piece := dump.stdout.read(_PIECE):
            _add(tar, f"{_DUMP}/{number:06}", piece)
            number += 1
        if dump.wait() != 0:
            sentence = f"The database could not be read: {_last_words(said)}"
            raise BackupProblem(sentence, why="database")


def _add_files(tar: tarfile.TarFile, name: str) -> None:
    folder = Path(settings.DATA_DIR) / name
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):
            _add(tar, f"{name}/{path.relative_to(folder)}", path.read_bytes())


def read_manifest(path: Path) -> Manifest:
    """Read a backup to its end: is it whole, ours, of a version we know? Else BackupProblem."""
    manifest, pieces = None, 0
    with _members(path) as members:
        for member, content in members:
            if member.name == _MANIFEST:
                found = json.loads(content.read())  # a newer one may say more
                manifest = Manifest(**{name: found[name] for name in found if name in _KNOWN})
            pieces += member.name.startswith(f"{_DUMP}/")
    if manifest is None or not pieces:
        raise BackupProblem(f"{path} is not whole. Take another backup.")
    unknown = {(app, name) for app, name in manifest.migrations} - readiness.migrations_on_disk()
    if unknown:
        raise BackupProblem(
            f"{path} was made by Akkoord {manifest.version}, which is newer than this one "
            f"({__version__}). Install that version first."
        )
    return manifest


@contextlib.contextmanager
def _members(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """The files in a backup, one after the other; BackupProblem for what cannot be read."""
    try:
        with path.open("rb") as stream:
            _check_head(path, stream)
            frames = opened(stream, keys.files_key(), use=_USE)
            joined = io.BufferedReader(_Joined(frames), FRAME)
            with tarfile.open(fileobj=joined, mode="r|") as tar:
                yield _files(tar)
            for _rest in frames:
                continue  # to the very end: a file that was cut off says so there
    except (NotWhole, tarfile.TarError, EOFError):
        raise BackupProblem(f"{path} is not whole, or was changed. Take another backup.") from None
    except OSError as problem:
        raise BackupProblem(f"{path} cannot be read: {problem.strerror}.") from problem


def _files(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isfile() else None
        if content is not None:
            yield member, content


def _check_head(path: Path, stream: BinaryIO) -> None:
    if stream.read(len(MAGIC)) != MAGIC:
        raise BackupProblem(f"{path} is no backup of Akkoord.")
    made_with = stream.readline(200).strip().decode("ascii", "replace")
    try:
        is_ours = made_with == keys.fingerprint_of("files")
    except keys.KeyProblem:  # a new data folder has none yet
        is_ours = False
    if not is_ours:
        raise BackupProblem(
            f"{path} was made with other keys. Put these in place first: `akkoord keys import`."
        )


def put_back(path: Path, *, replace: bool) -> None:
    """Put database and uploads in the place of what is there: all of it, or nothing.

    Nobody else may use the database meanwhile. Without `replace` only an empty one is filled. The
    journal is not asked here: `readiness.make_ready` does that, before anything else may.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise BackupProblem("Akkoord runs. Stop it first, its workers too.")
        if readiness.restore_was_cut_off():  # what was there before is whole, what is here is not
            folders_aside.exchange_back()
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
            cursor.execute(f"ALTER SCHEMA {_BEFORE} RENAME TO public")
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        is_empty = not cursor.fetchone()[0]
        if not is_empty and not replace:
            raise BackupProblem(
                "There is a database here already. With --replace the backup takes its place; what "
                "came in since the backup is gone then."
            )
        folders_aside.drop()  # of a restore that was killed at its very end: older than ours
        cursor.execute(f"ALTER SCHEMA public RENAME TO {_BEFORE}")  # the dump brings its own
    connection.close()
    new = Path(settings.DATA_DIR) / "put-back"
    shutil.rmtree(new, ignore_errors=True)
    try:
        _fill(path, new)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
            cursor.execute(f"ALTER SCHEMA {_BEFORE} RENAME TO public")
        shutil.rmtree(new, ignore_errors=True)
        raise
    for name in _FOLDERS:
        folders_aside.exchange(new / name)
    new.rmdir()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {_BEFORE} CASCADE")
    folders_aside.drop()
    connection.close()  # an embedded server may start again before it is made ready


def _fill(path: Path, new: Path) -> None:
    """The dump into the empty schema, the files into a new folder."""
    command = [
        *("--no-owner", "--no-privileges", "--no-password"),
        *("--dbname", _database()["NAME"]),
    ]
    for name in _FOLDERS:
        (new / name).mkdir(mode=0o700, parents=True)
    with (
        _said() as said,
        _running("pg_restore", command, stdin=subprocess.PIPE, said=said) as restoring,
    ):
        assert restoring.stdin is not None  # noqa: S101 - asked for
        with _members(path) as members:
            for member, content in members:
                if member.name.startswith(f"{_DUMP}/"):
                    with contextlib.suppress(BrokenPipeError):  # it says why when it ends
                        shutil.copyfileobj(content, restoring.stdin)
                elif member.name.split("/")[0] in _FOLDERS:
                    _take_out(member, content, new)
        with contextlib.suppress(BrokenPipeError):
            restoring.stdin.close()
        restoring.wait()
        wrong = [each for each in _lines(said) if "error:" in each and _HARMLESS not in each]
        if restoring.returncode != 0 and (wrong or not _lines(said)):
            raise BackupProblem(f"The database refused the backup: {_last_words(said)}")


def _take_out(member: tarfile.TarInfo, content: IO[bytes], new: Path) -> None:
    """One file; a name that leads out of the folder is refused (it is sealed, and still)."""
    target = (new / member.name).resolve()
    if not target.is_relative_to(new.resolve()):
        raise BackupProblem("The backup holds a file that belongs elsewhere.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        shutil.copyfileobj(content, stream)


def _database() -> dict[str, Any]:
    return environment().database


@contextlib.contextmanager
def _running(
    program: str, arguments: Sequence[str], *, said: IO[bytes], **pipes: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A client program of PostgreSQL, connected as we are; ended with us."""
    found = _database()
    surroundings = {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C",
        "PGHOST": str(found.get("HOST") or ""),
        "PGPORT": str(found.get("PORT") or ""),
        "PGUSER": str(found.get("USER") or ""),
        "PGPASSWORD": str(found.get("PASSWORD") or ""),
        **{
            f"PG{name.upper()}": str(value)
            for name, value in found.get("OPTIONS", {}).items()
            if name in ("sslmode", "sslrootcert", "sslcert", "sslkey")
        },
    }
    command = [str(embedded.binaries() / program), *arguments]
    process = subprocess.Popen(
        command, env={k: v for k, v in surroundings.items() if v}, stderr=said, **pipes
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _said() -> Iterator[IO[bytes]]:
    """What a program says on its error stream."""
    with tempfile.TemporaryFile() as said:
        yield said


def _lines(said: IO[bytes]) -> list[str]:
    said.seek(0)
    return [line for line in said.read().decode(errors="replace").splitlines() if line.strip()]


def _last_words(said: IO[bytes]) -> str:
    """The first error in what it said, without values: they could be somebody's."""
    wrong = [each for each in _lines(said) if "error:" in each and _HARMLESS not in each]
    return wrong[0].split("DETAIL")[0][:300] if wrong else "it said nothing"
