"""The journal of nos does not grow for ever: what no backup can ask for any more goes.

A line is for a database that was put back. So one that was written before the oldest backup that
may still exist tells nobody anything new (art. 5(1)(e)). How long a backup may exist is the
organisation's setting, and stands in the journal with each backup that was made.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import connection

from akkoord.law.terms import law_day
from akkoord.trail.backups import NOTE, keep_days
from akkoord.trail.journal_lines import (
    NOTED,
    JournalProblem,
    Line,
    alone,
    anchor_after,
    base_in,
    base_of,
    holds,
    journal_file,
    last_in,
    lines,
    replace_file,
)
from akkoord.trail.models import JournalMark
from akkoord.trail.nos import known_line
from akkoord.trail.second_place import copy_on, second_place

logger = logging.getLogger(__name__)

_PIECE: Final = 1024 * 1024
_TRIMMING: Final = 0x7472696D  # one process trims at a time; "trim"


def trim_journal(*, at: datetime) -> int:
    """Take out the lines that no backup can ask for any more, here and in the second place; how
    many went here. Nothing goes while the journal is not believed, or not level with the database.

    A file is replaced as a whole: who is killed leaves the old one or the new one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TRIMMING])
        try:
            return _trim(at=at)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TRIMMING])


def _trim(*, at: datetime) -> int:
    if JournalMark.objects.filter(id=1).exclude(locked_why="").exists():
        return 0
    path, gone = journal_file(), 0
    try:
        cut = _last_to_go(path, today=law_day(at), days=keep_days(at))
        if cut is not None:
            gone = cut.number - base_of(path).number
            _cut(path, cut)
        copy_on()
        _cut_copy()
    except JournalProblem:
        logger.error("the journal of nos cannot be believed, so nothing of it goes")
    except OSError:
        logger.warning("the journal of nos could not be written anew")
    return gone


def _last_to_go(path: Path, *, today: date, days: int) -> Line | None:
    """The last line of the part that may go; None when nothing may.

    Every line is checked. A line without a day (older than this rule) goes with a later one.
    """
    known, last = known_line(), None
    first_kept = today - timedelta(days=days + 1)
    for line in lines(path):
        noted = str(line.body.get(NOTED, ""))
        if noted and date.fromisoformat(noted) >= first_kept:
            break
        if line.body.get("kind") == NOTE and date.fromisoformat(line.body["until"]) >= today:
            break
        if known is None or line.number > known.number:
            break
        if noted:
            last = line
    return last


def _cut(path: Path, cut: Line) -> None:
    """Put an anchor in the place of this line and all before it; nobody writes meanwhile."""
    with alone(path) as stream:
        last_in(stream)  # a torn end goes
        if not holds(path, cut):
            return
        shift = base_in(stream).shift

        def content() -> Iterator[bytes]:
            yield anchor_after(cut)
            stream.seek(cut.end + shift)
            while piece := stream.read(_PIECE):
                yield piece

        replace_file(path, content())


def _cut_copy() -> None:
    """The second place as ours; when its disk is away, the next night."""
    target, base = second_place(), base_of(journal_file())
    if target is None or base.line is None or not target.exists():
        return
    if base_of(target).number < base.number:
        _cut(target, base.line)
