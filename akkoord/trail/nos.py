"""The journal of what no backup may bring back: `DATA/journal/nos.jsonl`.

Erasures, withdrawals, objections and restrictions are noted outside the database and outside its
backup, so that a restored one forgets and stops again (INV-36). Keyed hashes and ledger positions
only: without the suppression key, which no backup holds, a line says nothing about anybody.

The lines are chained (`journal_lines`); the database knows the last line that it has seen
(`JournalMark`). A database that knows fewer lines than there are was put back, or lost a moment:
the lines behind its mark are what it must do again. One that knows lines which are not there has
lost its journal. One that is older than the journal reaches back cannot be told what it lacks.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from akkoord.datamap.prepared import prepared
from akkoord.law.terms import law_day
from akkoord.trail.journal_lines import (
    TAIL,
    Entry,
    JournalProblem,
    Line,
    Stand,
    alone,
    base_of,
    holds,
    journal_file,
    last_in,
    lines,
    write_lines,
)
from akkoord.trail.models import JournalMark
from akkoord.trail.second_place import (
    copy_is_whole,
    copy_on,
    copy_state,
    replace_copy,
    second_place,
)


def waiting_file() -> Path:
    """Where lines wait while the journal cannot be believed; `settle` moves them over."""
    return journal_file().with_name("nos-waiting.jsonl")


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
    if prepared(_LOCKED, {}):
        if entries:
            write_lines(waiting_file(), entries, on=law_day(timezone.now()))
        return
    if entries:
        last = write_lines(journal_file(), entries, on=law_day(timezone.now()))
        copy_on()
    else:
        last = last_line()
    move_mark(last, height=height)


def last_line() -> Line | None:
    """The last whole line of the journal; None when there is none."""
    path = journal_file()
    if not path.exists():
        return None
    with alone(path) as stream:
        return last_in(stream)


def known_line() -> Line | None:
    """The last line that the database knows; None when it knows none."""
    mark = JournalMark.objects.filter(id=1).first()
    if mark is None or not mark.line:
        return None
    return Line(mark.line, {}, bytes(mark.mac).hex(), mark.place)


def not_known() -> list[Line]:
    """The lines that the database does not know, checked; empty when the two are level.

    Raises JournalProblem when lines are missing that it does know (`lost`), were changed, or went
    before it knew them (`too-old`): who said no in those is not known any more.
    """
    known = known_line()
    path = journal_file()
    base = base_of(path)
    if base.number > (known.number if known else 0):
        raise JournalProblem(Stand.TOO_OLD, base.number)
    if known is not None and not holds(path, known):
        raise JournalProblem(Stand.LOST, known.number)
    return list(lines(path, after=known))


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


_LOCKED = "SELECT 1 FROM trail_journalmark WHERE id = 1 AND locked_why <> ''"
_MOVE = """
INSERT INTO trail_journalmark AS m (id, line, place, mac, height)
SELECT 1, %(line)s::bigint, %(place)s::bigint, %(mac)s::bytea, coalesce(%(height)s::bigint, 0)
 WHERE CASE WHEN %(lazily)s::bool THEN set_config('synchronous_commit', 'off', true) IS NOT NULL
            ELSE true END
    ON CONFLICT (id) DO UPDATE SET
       place = CASE WHEN m.line < excluded.line THEN excluded.place ELSE m.place END,
       mac = CASE WHEN m.line < excluded.line THEN excluded.mac ELSE m.mac END,
       line = greatest(m.line, excluded.line),
       height = greatest(m.height, excluded.height)
"""


def move_mark(last: Line | None, *, height: int | None = None) -> None:
    """The database knows the lines up to this one.

    Only forwards: another process may have written later lines and marked them before us. By
    itself it does not wait for the disk: the lines are there already, and who loses the mark in a
    crash does again at the next start what is done, which changes nothing.
    """
    prepared(
        _MOVE,
        {
            "line": last.number if last else 0,
            "place": last.end if last else 0,
            "mac": bytes.fromhex(last.mac) if last else b"",
            "height": height,
            "lazily": height is None and not connection.in_atomic_block,
        },
    )


def copy_now() -> bool:
    """Bring the second place up to date at once; whether it has every line then.

    What stands there is replaced when it is not what was written, but only by a journal of ours
    that the database believes: a bad one never takes the place of a good one.
    """
    copy_on()
    if copy_is_whole() is False and _is_believed():
        replace_copy()
    return bool(copy_is_whole()) and copy_state().is_good


def _is_believed() -> bool:
    """Whether our own journal holds from its first line to the one that the database knows."""
    try:
        not_known()
        return all(lines(journal_file()))
    except JournalProblem:
        return False


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
        stream.seek(max(0, end - TAIL))
        found = set()
        for text in stream.read().splitlines():
            try:
                found.add(str(json.loads(text).get("event", "")))
            except ValueError:
                continue  # the first one is cut in two
        return found
