"""The second place of the journal of nos (`AKKOORD_JOURNAL_COPY`): followed, looked at, taken."""

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from akkoord.trail.journal_lines import (
    JournalProblem,
    alone,
    base_in,
    base_of,
    journal_file,
    last_of,
    lines,
    replace_file,
)

logger = logging.getLogger(__name__)


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


def second_place() -> Path | None:
    """Where it is copied to; None when nowhere."""
    folder = getattr(settings, "JOURNAL_COPY", None)
    return Path(folder) / "nos.jsonl" if folder else None


def copy_on() -> None:
    """Add to the second place what it does not have yet; a disk that is away stops nothing."""
    target = second_place()
    if target is None or not journal_file().exists():
        return
    try:
        if not _add(target):
            replace_file(target, iter([journal_file().read_bytes()]))
    except JournalProblem:
        logger.warning("the second place of the journal is not what was written")
    except OSError:
        logger.warning("the second place of the journal cannot be written")


def _add(target: Path) -> bool:
    """Whether what it lacks could be added: not when that is gone here as too old."""
    with alone(target) as copy, journal_file().open("rb") as source:
        there, here = base_in(copy), base_in(source)
        size = copy.seek(0, os.SEEK_END)
        place = size - there.shift if size else 0
        if not size:
            source.seek(0)
        elif place < here.place:
            return False
        else:
            source.seek(place + here.shift)
        copy.seek(0, os.SEEK_END)
        copy.write(source.read())
        copy.flush()
        os.fsync(copy.fileno())
    return True


def copy_state() -> CopyState:
    """How far the second place is, by its last line; cheap, so that every page may ask.

    Whether every byte before it is what was written, `copy_is_whole` tells.
    """
    target = second_place()
    if target is None:
        return CopyState(None)
    number = 0
    try:
        ours = last_of(journal_file()) if journal_file().exists() else None
        number = ours.number if ours else 0
        there = last_of(target)
        at = datetime.fromtimestamp(target.stat().st_mtime, UTC) if target.exists() else None
    except (OSError, JournalProblem):
        return CopyState(target.parent, behind=number, is_read=False)
    lines_there = there.number if there else 0
    is_same = there is None or ours is None or there.number != number or there.mac == ours.mac
    return CopyState(target.parent, lines_there, max(0, number - lines_there), at, is_read=is_same)


def copy_is_whole() -> bool | None:
    """Whether the second place has every line as it was written; None when none is set.

    One that was not cut shorter when ours was (its disk was away) is whole too.
    """
    target = second_place()
    if target is None:
        return None
    try:
        if base_of(target) == base_of(journal_file()):
            return target.read_bytes() == journal_file().read_bytes()
        return all(lines(target)) and _end(target) == _end(journal_file())
    except JournalProblem:
        return False
    except OSError:
        return not journal_file().exists()


def _end(path: Path) -> tuple[int, str]:
    last = last_of(path)
    return (last.number, last.mac) if last else (0, "")


def replace_copy() -> None:
    """Put ours in the place of what stands there."""
    target = second_place()
    if target is not None:
        try:
            replace_file(target, iter([journal_file().read_bytes()]))
        except OSError:
            logger.warning("the second place of the journal cannot be written")


def take_the_copy() -> bool:
    """Put the second place's journal where ours is missing; whether there was one."""
    target, path = second_place(), journal_file()
    if path.exists() or target is None or not target.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, iter([target.read_bytes()]))
    return True
