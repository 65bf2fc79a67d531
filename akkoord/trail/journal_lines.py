"""The file of the journal of nos: lines of JSON, each chained to the one before by a keyed hash.

A line's `end` is its place in the whole journal, counted as if nothing had ever gone. What was too
old to matter is replaced by one line at the head (an anchor): the number, the hash and the place of
the last line that went, under a keyed hash of its own. So the chain holds from there, and whoever
has no key can cut nothing off.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings

from akkoord.datamap.keys import keyed_hash

Entry = Mapping[str, Any]
NOTED: Final = "noted"  # the day on which a line was written
_START: Final = "0" * 64  # what the first line is chained to
TAIL: Final = 128 * 1024


class Stand(StrEnum):
    """How journal and database lie to each other."""

    LEVEL = "level"
    BEHIND = "behind"  # the database does not know the newest lines
    LOST = "lost"  # lines that the database knows are not there
    CHANGED = "changed"  # a line is not what was written
    TOO_OLD = "too-old"  # the database is older than the journal reaches back


class JournalProblem(Exception):
    """The journal cannot be believed, or does not reach back far enough."""

    def __init__(self, stand: Stand, line: int = 0) -> None:
        super().__init__(f"{stand} at line {line}")
        self.stand, self.line = stand, line


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, what it says, its keyed hash, and where it ends."""

    number: int
    body: dict[str, Any]
    mac: str
    end: int


@dataclass(frozen=True, slots=True)
class Base:
    """What a file begins with: the last line that is not in it any more, and its anchor's size."""

    number: int = 0
    mac: str = _START
    place: int = 0
    size: int = 0

    @property
    def shift(self) -> int:
        """From a place in the journal to one in the file."""
        return self.size - self.place

    @property
    def line(self) -> Line | None:
        """The last line that went."""
        return Line(self.number, {}, self.mac, self.place) if self.size else None


def journal_file() -> Path:
    """Where the journal is."""
    return Path(settings.DATA_DIR) / "journal" / "nos.jsonl"


def write_lines(path: Path, entries: Sequence[Entry], *, on: date) -> Line:
    """Write lines, on the disk before this returns; answers the last one."""
    with alone(path) as stream:
        last = last_in(stream)
        shift = base_in(stream).shift
        number, mac = (last.number, last.mac) if last else (0, _START)
        body: dict[str, Any] = {}
        texts = []
        for entry in entries:
            number += 1
            body = {**entry, NOTED: on.isoformat()}
            mac = _mac(mac, _plain(number, body))
            texts.append(json.dumps({"n": number, **body, "mac": mac}, sort_keys=True) + "\n")
        stream.seek(0, os.SEEK_END)
        stream.write("".join(texts).encode())
        stream.flush()
        os.fsync(stream.fileno())
        return Line(number, body, mac, stream.tell() - shift)


@contextmanager
def alone(path: Path) -> Iterator[BinaryIO]:
    """The file, for reading and writing, while nobody else writes; made when it is not there.

    A file that was replaced while we waited for it is let go: what is written there is lost.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            if _is_still(path, stream):
                yield stream
                return


def _is_still(path: Path, stream: BinaryIO) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def base_in(stream: BinaryIO) -> Base:
    """What the file begins with. Raises JournalProblem when the anchor is not what was written."""
    stream.seek(0)
    text = stream.readline(4096)
    if not text.startswith(b'{"anchor"') or not text.endswith(b"\n"):
        return Base()
    try:
        found = json.loads(text)
        base = Base(int(found["anchor"]), str(found["before"]), int(found["place"]), len(text))
        if found["mac"] == _anchor_mac(base):
            return base
    except (ValueError, KeyError, TypeError):
        pass
    raise JournalProblem(Stand.CHANGED)


def anchor_after(line: Line) -> bytes:
    """The head of a journal from which this line and all before it went."""
    base = Base(line.number, line.mac, line.end)
    return (
        json.dumps(
            {
                "anchor": base.number,
                "before": base.mac,
                "place": base.place,
                "mac": _anchor_mac(base),
            }
        )
        + "\n"
    ).encode()


def _anchor_mac(base: Base) -> str:
    return keyed_hash(f"journal anchor {base.number} {base.mac} {base.place}").hex()


def base_of(path: Path) -> Base:
    """What a file begins with; of one that is not there: nothing went."""
    if not path.exists():
        return Base()
    with path.open("rb") as stream:
        return base_in(stream)


def last_in(stream: BinaryIO) -> Line | None:
    """The last whole line; what stands behind it was torn, and is cut off."""
    end = stream.seek(0, os.SEEK_END)
    whole = end_of_last_line(stream, end)
    if whole < end:
        stream.truncate(whole)
    return _line_before(stream, whole)


def last_of(path: Path) -> Line | None:
    """The last whole line of a file that is not ours to mend; None when it holds none.

    Raises OSError when its folder is away, which is no empty journal.
    """
    if not path.exists():
        path.parent.stat()
        return None
    with path.open("rb") as stream:
        return _line_before(stream, end_of_last_line(stream, stream.seek(0, os.SEEK_END)))


def _line_before(stream: BinaryIO, whole: int) -> Line | None:
    base = base_in(stream)
    if whole <= base.size:
        return base.line
    start = end_of_last_line(stream, whole - 1)
    stream.seek(start)
    return _line(stream.read(whole - start), whole - base.shift)


def end_of_last_line(stream: BinaryIO, before: int) -> int:
    """Where the last line break before this place ends; 0 when there is none."""
    while before > 0:
        start = max(0, before - TAIL)
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


def lines(path: Path, *, after: Line | None = None) -> Iterator[Line]:
    """The lines behind this one (or behind what went), each checked against the one before.

    Raises JournalProblem: `changed` at the first line that does not hold.
    """
    if not path.exists():
        return
    with path.open("rb") as stream:
        base = base_in(stream)
        before = after or Line(base.number, {}, base.mac, base.place)
        number, mac, end = before.number, before.mac, before.end
        stream.seek(end + base.shift)
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


def holds(path: Path, known: Line) -> bool:
    """Whether this very line stands at its place, or is the last that went."""
    if not path.exists():
        return False
    with path.open("rb") as stream:
        base = base_in(stream)
        if known.number <= base.number:
            return (known.number, known.mac) == (base.number, base.mac)
        place = known.end + base.shift
        start = end_of_last_line(stream, place - 1)
        stream.seek(start)
        text = stream.read(place - start)
    if not text.endswith(b"\n"):
        return False
    found = _line(text, known.end)
    return (found.number, found.mac) == (known.number, known.mac)


def replace_file(path: Path, content: Iterator[bytes]) -> None:
    """Put this in the place of a file: all of it, or what was there stays."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        for piece in content:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
