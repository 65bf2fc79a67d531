"""The journal of what no backup may bring back: `DATA/journal/nos.jsonl`.

Erasures, withdrawals, objections and restrictions are noted outside the database and outside its
backup, so that a restored one forgets and stops again (INV-36). Keyed hashes and ledger positions
only: without the suppression key, which no backup holds, a line says nothing about anybody.

Lines are chained by a keyed hash each; the database knows the last line that it has seen
(`JournalMark`). A database that knows fewer lines than there are was put back, or lost a moment:
the lines behind its mark are what it must do again. One that knows lines which are not there has
lost its journal.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import connection, transaction

from akkoord.datamap.keys import keyed_hash
from akkoord.trail.models import JournalMark

logger = logging.getLogger(__name__)

Entry = Mapping[str, Any]
_START: Final = "0" * 64  # what the first line is chained to
_TAIL: Final = 128 * 1024


class Stand(StrEnum):
    """How journal and database lie to each other."""

    LEVEL = "level"
    BEHIND = "behind"  # the database does not know the newest lines
    LOST = "lost"  # lines that the database knows are not there
    CHANGED = "changed"  # a line is not what was written


class JournalProblem(Exception):
    """The journal cannot be believed: lost or changed."""

    def __init__(self, stand: Stand, line: int = 0) -> None:
        super().__init__(f"{stand} at line {line}")
        self.stand, self.line = stand, line


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, what it says, its keyed hash, and where it ends in the file."""

    number: int
    body: dict[str, Any]
    mac: str
    end: int


def journal_file() -> Path:
    """Where the journal is."""
    return Path(settings.DATA_DIR) / "journal" / "nos.jsonl"


def waiting_file() -> Path:
    """Where lines wait while the journal cannot be believed; `settle` moves them over."""
    return journal_file().with_name("nos-waiting.jsonl")


def second_place() -> Path | None:
    """Where it is copied to (`AKKOORD_JOURNAL_COPY`); None when nowhere."""
    folder = getattr(settings, "JOURNAL_COPY", None)
    return Path(folder) / "nos.jsonl" if folder else None


def remember(entry: Entry) -> None:
    """Note this when the transaction commits, together with what it notes besides.

    What was rolled back is not noted. A journal that cannot be written stops nobody's no: it is
    logged, and the next sealing notes what a block holds.
    """
    place = set(connection.savepoint_ids)
    for each in connection.run_on_commit:
        savepoints, function = each[0], each[1]
        if isinstance(function, _Waiting) and savepoints == place:
            function.entries.append(entry)
            return
    transaction.on_commit(_Waiting([entry]), robust=True)


class _Waiting:
    """Entries of one transaction."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def __call__(self) -> None:
        append(self.entries)


def append(entries: Sequence[Entry], *, height: int | None = None) -> None:
    """Write lines, on the disk before this returns; `height`: the block up to which they tell.

    Every process writes at the end, one at a time. A line that was torn by a crash is cut off.
    """
    last: Line | None
    if JournalMark.objects.filter(id=1).exclude(locked_why="").exists():
        if entries:
            _write(waiting_file(), entries)
        return
    if entries:
        last = _write(journal_file(), entries)
        _copy_on()
    else:
        last = last_line()
    move_mark(last, height=height)


def _write(path: Path, entries: Sequence[Entry]) -> Line:
    with _alone(path) as stream:
        last = _last(stream)
        number, mac = (last.number, last.mac) if last else (0, _START)
        lines = []
        for entry in entries:
            number += 1
            text = _plain(number, entry)
            mac = _mac(mac, text)
            lines.append(json.dumps({"n": number, **entry, "mac": mac}, sort_keys=True) + "\n")
        stream.seek(0, os.SEEK_END)
        stream.write("".join(lines).encode())
        stream.flush()
        os.fsync(stream.fileno())
        return Line(number, dict(entries[-1]), mac, stream.tell())


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The file, for reading and writing, while nobody else writes; made when it is not there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream


def _last(stream: BinaryIO) -> Line | None:
    """The last whole line; what stands behind it was torn, and is cut off."""
    end = stream.seek(0, os.SEEK_END)
    whole = _end_of_last_line(stream, end)
    if whole < end:
        stream.truncate(whole)
    if not whole:
        return None
    start = _end_of_last_line(stream, whole - 1)
    stream.seek(start)
    return _line(stream.read(whole - start), whole)


def _end_of_last_line(stream: BinaryIO, before: int) -> int:
    """Where the last line break before this place ends; 0 when there is none."""
    while before > 0:
        start = max(0, before - _TAIL)
        stream.seek(start)
        found = stream.read(before - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        before = start
    return 0


def _line(text: bytes, end: int) -> Line:
    try:
        body = json.loads(text)
        number, mac = int(body.pop("n")), str(body.pop("mac"))
    except (ValueError, KeyError, AttributeError):
        raise JournalProblem(Stand.CHANGED) from None
    return Line(number, body, mac, end)


def _plain(number: int, entry: Entry) -> str:
    return json.dumps({"n": number, **entry}, sort_keys=True)


def _mac(before: str, text: str) -> str:
    """Chained: no line can be changed, moved or taken out of the middle by who has no key."""
    return keyed_hash(f"journal {before} {text}").hex()


def last_line() -> Line | None:
    """The last whole line of the journal; None when there is none."""
    path = journal_file()
    if not path.exists():
        return None
    with _alone(path) as stream:
        return _last(stream)


def lines(path: Path, *, after: Line | None = None) -> Iterator[Line]:
    """The lines behind this one, each checked against the one before.

    Raises JournalProblem: `changed` at the first line that does not hold.
    """
    number, mac, end = (after.number, after.mac, after.end) if after else (0, _START, 0)
    if not path.exists():
        return
    with path.open("rb") as stream:
        stream.seek(end)
        for text in stream:
            if not text.endswith(b"\n"):
                return  # torn by a crash: it never counted
            end += len(text)
            line = _line(text, end)
            number += 1
            mac = _mac(mac, _plain(number, line.body))
            if line.number != number or line.mac != mac:
                raise JournalProblem(Stand.CHANGED, number)
            yield line


def known_line() -> Line | None:
    """The last line that the database knows; None when it knows none."""
    mark = JournalMark.objects.filter(id=1).first()
    if mark is None or not mark.line:
        return None
    return Line(mark.line, {}, bytes(mark.mac).hex(), mark.place)


def not_known() -> list[Line]:
    """The lines that the database does not know, checked; empty when the two are level.

    Raises JournalProblem when lines are missing that it does know (`lost`), or were changed.
    """
    known = known_line()
    path = journal_file()
    if known is not None and not _holds(path, known):
        raise JournalProblem(Stand.LOST, known.number)
    return list(lines(path, after=known))


def _holds(path: Path, known: Line) -> bool:
    """Whether this very line stands at its place."""
    if not path.exists():
        return False
    with path.open("rb") as stream:
        start = _end_of_last_line(stream, known.end - 1)
        stream.seek(start)
        text = stream.read(known.end - start)
    if not text.endswith(b"\n"):
        return False
    found = _line(text, known.end)
    return (found.number, found.mac) == (known.number, known.mac)


def waiting_entries() -> list[Entry]:
    """What was noted while the journal was not believed; the file is gone when this returns."""
    path = waiting_file()
    found: list[Entry] = [each.body for each in lines(path)]
    path.unlink(missing_ok=True)
    return found


def mark_known(last: Line | None) -> None:
    """The database has done what the lines up to this one say; None: a journal begins anew."""
    JournalMark.objects.update_or_create(
        id=1,
        defaults={
            "line": last.number if last else 0,
            "place": last.end if last else 0,
            "mac": bytes.fromhex(last.mac) if last else b"",
        },
    )


def move_mark(last: Line | None, *, height: int | None = None) -> None:
    """The database knows the lines up to this one.

    Only forwards: another process may have written later lines and marked them before us.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trail_journalmark AS m (id, line, place, mac, height)"
            " VALUES (1, %(line)s, %(place)s, %(mac)s, coalesce(%(height)s, 0))"
            " ON CONFLICT (id) DO UPDATE SET"
            "  place = CASE WHEN m.line < excluded.line THEN excluded.place ELSE m.place END,"
            "  mac = CASE WHEN m.line < excluded.line THEN excluded.mac ELSE m.mac END,"
            "  line = greatest(m.line, excluded.line),"
            "  height = greatest(m.height, excluded.height)",
            {
                "line": last.number if last else 0,
                "place": last.end if last else 0,
                "mac": bytes.fromhex(last.mac) if last else b"",
                "height": height,
            },
        )


def _copy_on() -> None:
    """Add to the second place what it does not have yet; a disk that is away stops nothing."""
    target = second_place()
    if target is None:
        return
    try:
        with _alone(target) as copy, journal_file().open("rb") as source:
            source.seek(copy.seek(0, os.SEEK_END))
            copy.write(source.read())
            copy.flush()
            os.fsync(copy.fileno())
    except OSError:
        logger.warning("the second place of the journal cannot be written")


def copy_is_whole() -> bool | None:
    """Whether the second place has every line; None when none is set."""
    target = second_place()
    if target is None:
        return None
    try:
        return target.read_bytes() == journal_file().read_bytes()
    except OSError:
        return not journal_file().exists()


@dataclass(frozen=True, slots=True)
class CopyState:
    """How the second place of the journal does."""

    folder: Path | None  # None: no second place is set
    lines: int = 0
    behind: int = 0  # how many lines it lacks
    at: datetime | None = None  # when it was written to last
    is_read: bool = True  # False: it cannot be read

    @property
    def is_good(self) -> bool:
        """Whether there is one, and it has every line."""
        return self.folder is not None and self.is_read and not self.behind


def copy_state() -> CopyState:
    """How far the second place is, by its last line; cheap, so that every page may ask.

    Whether every byte before it is what was written, `copy_is_whole` tells.
    """
    target, ours = second_place(), last_line()
    if target is None:
        return CopyState(None)
    number = ours.number if ours else 0
    try:
        there = _last_there(target)
        at = datetime.fromtimestamp(target.stat().st_mtime, UTC) if target.exists() else None
    except (OSError, JournalProblem):
        return CopyState(target.parent, behind=number, is_read=False)
    lines_there = there.number if there else 0
    is_same = there is None or ours is None or there.number != number or there.mac == ours.mac
    return CopyState(target.parent, lines_there, max(0, number - lines_there), at, is_read=is_same)


def _last_there(path: Path) -> Line | None:
    """The last whole line of a journal that is not ours to mend."""
    if not path.exists():
        path.parent.stat()  # a folder that is away is an OSError, and no empty journal
        return None
    with path.open("rb") as stream:
        whole = _end_of_last_line(stream, stream.seek(0, os.SEEK_END))
        if not whole:
            return None
        start = _end_of_last_line(stream, whole - 1)
        stream.seek(start)
        return _line(stream.read(whole - start), whole)


def copy_now() -> bool:
    """Bring the second place up to date at once; whether it has every line then.

    What stands there is replaced when it is not what was written, but only by a journal of ours
    that the database believes: a bad one never takes the place of a good one.
    """
    _copy_on()
    if copy_is_whole() is False and _is_believed():
        _replace_copy()
    return bool(copy_is_whole()) and copy_state().is_good


def _is_believed() -> bool:
    """Whether our own journal holds from its first line to the one that the database knows."""
    try:
        not_known()
        return all(lines(journal_file()))
    except JournalProblem:
        return False


def _replace_copy() -> None:
    target = second_place()
    if target is None:
        return
    draft = target.with_suffix(".new")
    try:
        with draft.open("wb") as copy:
            copy.write(journal_file().read_bytes())
            copy.flush()
            os.fsync(copy.fileno())
        draft.chmod(0o600)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        logger.warning("the second place of the journal cannot be written")


def take_the_copy() -> bool:
    """Put the second place's journal where ours is missing; whether there was one."""
    target, path = second_place(), journal_file()
    if path.exists() or target is None or not target.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(target.read_bytes())
    draft.chmod(0o600)
    draft.replace(path)
    return True


def forget_journal() -> None:
    """Remove the journal, here and in the second place: of a demo, which has no real people."""
    for path in (journal_file(), waiting_file(), second_place()):
        if path is not None:
            path.unlink(missing_ok=True)


def recent_events() -> set[str]:
    """The events that the last lines tell of, so that the sealing does not tell them again."""
    path = journal_file()
    if not path.exists():
        return set()
    with path.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - _TAIL))
        found = set()
        for text in stream.read().splitlines():
            try:
                found.add(str(json.loads(text).get("event", "")))
            except ValueError:
                continue  # the first one is cut in two
        return found
