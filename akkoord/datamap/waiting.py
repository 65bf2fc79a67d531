"""Files that wait for somebody: rows of people in the data folder that no table knows yet.

A room that lets such files wait declares their folder, how to read them and how to drop one. An
erasure then drops the files in which its people stand, and the scan reads them also when they are
sealed: nobody's file stands in the way of a certificate for longer than the erasure itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from akkoord.datamap.judging import Judge
from akkoord.datamap.many import judge_of
from akkoord.datamap.needles import Needles


@dataclass(frozen=True, slots=True)
class WaitingFiles:
    """A folder under the data folder with files that wait.

    `read`: dotted path of `(path) -> Iterator[str]`, what stands in a file, in pieces that cut no
    word; raises OSError or ValueError when it cannot be read. `drop`: dotted path of
    `(path) -> bool`, run in the erasure's transaction: the file and what waits for it go; False
    when somebody is at work on it.
    """

    store: str
    folder: str
    read: str
    drop: str


_declared: dict[str, WaitingFiles] = {}


def declare_waiting_files(files: WaitingFiles) -> None:
    """Enter a folder; the same one twice changes nothing."""
    _declared[files.folder] = files


def drop_files_of(needles: Needles) -> dict[str, int]:
    """Drop the waiting files in which these people stand; how many per store.

    In the caller's transaction. A file that cannot be read is left to the scan, which says so.
    """
    judge = judge_of(needles)
    dropped: dict[str, int] = {}
    for each in _declared.values():
        drop: Callable[[Path], bool] = import_string(each.drop)
        for path in sorted((Path(settings.DATA_DIR) / each.folder).glob("*")):
            if path.is_file() and _names_somebody(path, judge, each) and drop(path):
                dropped[each.store] = dropped.get(each.store, 0) + 1
    return dropped


def reader_of(path: Path) -> Callable[[Path], Iterator[str]] | None:
    """How to read a file that waits; None for any other file."""
    for each in _declared.values():
        if path.parent == Path(settings.DATA_DIR) / each.folder:
            reader: Any = import_string(each.read)
            return reader  # type: ignore[no-any-return]
    return None


def _names_somebody(path: Path, judge: Judge, files: WaitingFiles) -> bool:
    read: Callable[[Path], Iterator[str]] = import_string(files.read)
    try:
        return any(judge.kinds_in(text) for text in read(path))
    except (OSError, ValueError):
        return False
