"""What no backup can ask for goes from the journal, and the chain holds from there (INV-36)."""

import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from akkoord.datamap.keys import check_keys
from akkoord.law.terms import law_day
from akkoord.trail import backups, journal_lines, trim
from akkoord.trail.actions import Actor
from akkoord.trail.journal_lines import (
    JournalProblem,
    Stand,
    base_of,
    journal_file,
    lines,
    write_lines,
)
from akkoord.trail.models import JournalMark
from akkoord.trail.nos import append, last_line, mark_known, move_mark, not_known
from akkoord.trail.second_place import copy_is_whole, copy_state, second_place, take_the_copy
from akkoord.trail.trim import trim_journal

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own, and a second place."""
    settings.DATA_DIR = tmp_path / "data"
    settings.JOURNAL_COPY = tmp_path / "copy"
    settings.DATA_DIR.mkdir()
    settings.JOURNAL_COPY.mkdir()
    check_keys()
    return Path(settings.DATA_DIR)


def say(*numbers: int, days_ago: int) -> None:
    """Lines of so many days ago, known to the database and in the second place."""
    entries = [{"kind": "no", "event": str(n)} for n in numbers]
    move_mark(write_lines(journal_file(), entries, on=law_day(NOW - timedelta(days=days_ago))))
    from akkoord.trail.second_place import copy_on

    copy_on()


def events(path: Path | None = None) -> list[int]:
    return [int(each.body.get("event", 0)) for each in lines(path or journal_file())]


def test_lines_of_before_the_oldest_backup_go_in_both_places() -> None:
    say(1, 2, days_ago=60)
    say(3, days_ago=32)
    say(4, days_ago=31)  # the last day that a backup of thirty days ago can ask for
    say(5, days_ago=1)
    assert trim_journal(at=NOW) == 3
    assert events() == [4, 5]
    assert events(second_place()) == [4, 5]
    assert copy_is_whole()
    assert oct(journal_file().stat().st_mode & 0o777) == "0o600"
    assert trim_journal(at=NOW) == 0, "what went does not go twice"
    # The chain goes on behind the anchor, and the database knows its place as before.
    assert not_known() == []
    append([{"kind": "no", "event": "6"}])
    assert events() == events(second_place()) == [4, 5, 6]
    assert not_known() == []
    assert [each.number for each in lines(journal_file())] == [4, 5, 6]


def test_everything_may_go_and_the_next_line_still_hangs_on_the_chain() -> None:
    say(1, 2, days_ago=90)
    assert trim_journal(at=NOW) == 2
    assert events() == []
    last = last_line()
    assert last is not None
    assert last.number == 2
    append([{"kind": "no", "event": "3"}])
    assert [(each.number, each.body["event"]) for each in lines(journal_file())] == [(3, "3")]
    assert not_known() == []
    assert copy_is_whole()


def test_a_backup_that_may_still_exist_keeps_what_it_must_hear() -> None:
    """The journal itself says so: this database may have been put back and know it no more."""
    backups.change_setting(keep=300, remind=7, at=NOW, actor=Actor.system())
    say(1, days_ago=200)
    until = law_day(NOW) + timedelta(days=1)
    note = {"kind": "backup", "until": until.isoformat()}
    move_mark(write_lines(journal_file(), [note], on=law_day(NOW - timedelta(days=150))))
    say(2, days_ago=140)
    backups.change_setting(keep=30, remind=7, at=NOW, actor=Actor.system())
    assert trim_journal(at=NOW) == 1
    assert events() == [0, 2]
    assert trim_journal(at=NOW + timedelta(days=2)) == 2  # it is past its day


def test_making_a_backup_notes_how_long_it_may_exist() -> None:
    backup = backups.begin_backup(file_name="a.akkoord", at=timezone.now())
    [line] = lines(journal_file())
    assert line.body["kind"] == "backup"
    assert line.body["until"] == backup.kept_until.isoformat()


def test_nothing_goes_that_the_database_does_not_know_or_while_it_is_not_believed() -> None:
    say(1, days_ago=90)
    known = last_line()
    say(2, days_ago=90)
    mark_known(known)  # put back: it must hear the second
    assert trim_journal(at=NOW) == 1
    assert events() == [2]
    JournalMark.objects.update(locked_why="lost", line=2)
    assert trim_journal(at=NOW) == 0
    JournalMark.objects.update(locked_why="")
    journal_file().write_bytes(journal_file().read_bytes().replace(b'"2"', b'"7"'))
    assert trim_journal(at=NOW) == 0, "a journal that was changed is not tidied"
    assert len(journal_file().read_bytes().splitlines()) == 2


def test_a_database_older_than_the_journal_reaches_back_is_told_so() -> None:
    say(1, days_ago=90)
    known = last_line()
    say(2, 3, days_ago=60)
    say(4, days_ago=2)
    newest = last_line()
    trim_journal(at=NOW)
    mark_known(known)
    with pytest.raises(JournalProblem) as problem:
        not_known()
    assert problem.value.stand is Stand.TOO_OLD
    mark_known(None)
    with pytest.raises(JournalProblem) as problem:
        not_known()
    assert problem.value.stand is Stand.TOO_OLD
    mark_known(newest)
    assert not_known() == []


@pytest.mark.parametrize("harm", ["forged", "older", "gone"])
def test_nobody_without_the_key_cuts_the_journal(harm: str) -> None:
    say(1, 2, 3, days_ago=90)
    say(4, 5, days_ago=1)
    trim_journal(at=NOW)
    text = journal_file().read_bytes().splitlines(keepends=True)
    if harm == "forged":  # the anchor says that one more line went
        text[0] = text[0].replace(b'"anchor": 3', b'"anchor": 4')
        del text[1]
    elif harm == "older":  # a line behind a true anchor is taken out
        del text[1]
    else:
        del text[0]
    journal_file().write_bytes(b"".join(text))
    with pytest.raises(JournalProblem) as problem:
        assert not_known() == list(lines(journal_file()))
    assert problem.value.stand in (Stand.CHANGED, Stand.LOST)


def test_a_second_place_that_was_away_catches_up(settings: Any, tmp_path: Path) -> None:
    say(1, 2, days_ago=90)
    place = settings.JOURNAL_COPY
    settings.JOURNAL_COPY = Path("/proc/nowhere")
    say(3, days_ago=60)
    say(4, days_ago=1)
    assert trim_journal(at=NOW) == 3
    settings.JOURNAL_COPY = place  # it is back, and what it lacks is gone here
    assert copy_state().behind == 2
    append([{"kind": "no", "event": "5"}])
    assert events(second_place()) == [4, 5]
    assert copy_is_whole()
    # One that is level but longer is whole as well, and is cut the next night.
    settings.JOURNAL_COPY = None
    assert trim_journal(at=timezone.now() + timedelta(days=40)) == 2
    settings.JOURNAL_COPY = place
    assert copy_is_whole()
    assert events(second_place()) == [4, 5]
    trim_journal(at=timezone.now() + timedelta(days=40))
    assert events(second_place()) == []
    journal_file().unlink()
    assert take_the_copy()
    assert not_known() == []


def _die(*_arguments: object) -> None:
    os._exit(9)


def _die_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def after(*arguments: Any) -> None:
        function(*arguments)
        os._exit(9)

    return after


def cut_and_die(moment: str, line: Any) -> None:
    """In a process of its own: cut the journal, and be killed at that moment."""
    if moment == "written":
        os.fsync = _die
    elif moment == "before":
        journal_lines.Path.replace = _die  # type: ignore[method-assign, assignment]
    else:
        journal_lines.Path.replace = _die_after(Path.replace)  # type: ignore[method-assign]
    trim._cut(journal_file(), line)
    os._exit(0)


@pytest.mark.parametrize("moment", ["written", "before", "after"])
def test_killed_while_cutting_leaves_the_old_or_the_new_one(moment: str) -> None:
    say(1, 2, 3, days_ago=90)
    say(4, days_ago=1)
    line = list(lines(journal_file()))[2]
    worker = multiprocessing.get_context("fork").Process(target=cut_and_die, args=(moment, line))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 9
    assert events() == ([4] if moment == "after" else [1, 2, 3, 4])
    assert not_known() == []
    append([{"kind": "no", "event": "5"}])
    trim_journal(at=NOW)
    assert events() == events(second_place()) == [4, 5]
    assert copy_is_whole()


def write_on(stop: str) -> None:
    """In a process of its own: lines, one after the other, until told."""
    number = 100
    while not Path(stop).exists():
        number += 1
        write_lines(journal_file(), [{"kind": "no", "event": str(number)}], on=law_day(NOW))
    Path(f"{stop}-{os.getpid()}").write_text(str(number - 100))
    os._exit(0)


def test_who_writes_while_it_is_cut_loses_no_line(tmp_path: Path) -> None:
    """A writer that waited for a file which was replaced meanwhile must not write into that one."""
    stop = tmp_path / "stop"
    fork = multiprocessing.get_context("fork")
    say(*range(1, 30), days_ago=90)
    writers = [fork.Process(target=write_on, args=(str(stop),)) for _each in range(2)]
    for each in writers:
        each.start()
    old = list(lines(journal_file()))[:29]
    for line in old:
        trim._cut(journal_file(), line)
    stop.touch()
    for each in writers:
        each.join(60)
        assert each.exitcode == 0
    found = [each.number for each in lines(journal_file())]
    assert found == list(range(30, 30 + len(found)))
    written = sum(int(each.read_text()) for each in tmp_path.glob("stop-*"))
    assert len(found) == written > 2
    assert base_of(journal_file()).number == 29
