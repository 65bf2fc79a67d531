"""The journal of nos: on the disk before the press answers, whole, in order, and nobody's name."""

import json
import multiprocessing
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from akkoord.datamap.keys import check_keys
from akkoord.trail.journal_lines import JournalProblem, Stand, journal_file, lines, write_lines
from akkoord.trail.models import JournalMark
from akkoord.trail.nos import append, last_line, mark_known, not_known, remember, waiting_file
from akkoord.trail.second_place import copy_is_whole, take_the_copy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own, and a second place."""
    settings.DATA_DIR = tmp_path / "data"
    settings.JOURNAL_COPY = tmp_path / "copy"
    settings.DATA_DIR.mkdir()
    settings.JOURNAL_COPY.mkdir()
    check_keys()
    return Path(settings.DATA_DIR)


def entry(number: int) -> dict[str, Any]:
    return {"kind": "no", "event": f"{number:032x}"}


def numbers() -> list[int]:
    return [int(each.body["event"], 16) for each in lines(journal_file())]


def take_back(number: int) -> None:
    """Say it, and roll it back."""
    with transaction.atomic():
        remember(entry(number))
        transaction.set_rollback(True)


def test_what_is_said_in_a_transaction_is_noted_when_it_commits() -> None:
    with transaction.atomic():
        remember(entry(1))
        take_back(2)
        remember(entry(3))
        assert not journal_file().exists()
    assert numbers() == [1, 3]
    take_back(4)
    assert numbers() == [1, 3]
    assert not_known() == []
    assert oct(journal_file().stat().st_mode & 0o777) == "0o600"


def test_a_line_that_was_torn_by_a_crash_never_counted() -> None:
    append([entry(1), entry(2)])
    with journal_file().open("ab") as stream:
        stream.write(b'{"kind": "no", "event": "0')
    assert numbers() == [1, 2]
    append([entry(3)])
    assert numbers() == [1, 2, 3]


@pytest.mark.parametrize("harm", ["changed", "taken out", "moved", "added"])
def test_a_line_that_is_not_what_was_written_is_told(harm: str) -> None:
    append([entry(n) for n in range(5)])
    JournalMark.objects.all().delete()  # a database that was put back
    text = journal_file().read_text().splitlines(keepends=True)
    if harm == "changed":
        text[2] = text[2].replace(f"{2:032x}", f"{7:032x}")
    elif harm == "taken out":
        del text[2]
    elif harm == "moved":
        text[2], text[3] = text[3], text[2]
    else:
        text.append(json.dumps({"n": 6, **entry(9), "mac": "0" * 64}) + "\n")
    journal_file().write_text("".join(text))
    with pytest.raises(JournalProblem) as problem:
        not_known()
    assert problem.value.stand is Stand.CHANGED


def test_lines_that_the_database_knows_and_nobody_has_are_lost() -> None:
    append([entry(n) for n in range(5)])
    whole = journal_file().read_bytes()
    journal_file().write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    with pytest.raises(JournalProblem) as problem:
        not_known()
    assert problem.value.stand is Stand.LOST
    journal_file().unlink()
    with pytest.raises(JournalProblem):
        not_known()
    assert take_the_copy()  # the second place has them all
    assert not_known() == []


def test_a_database_that_was_put_back_is_told_what_it_does_not_know() -> None:
    append([entry(1)])
    known = last_line()
    append([entry(2), entry(3)])
    mark_known(known)
    assert [int(each.body["event"], 16) for each in not_known()] == [2, 3]


def test_the_second_place_follows_and_catches_up(settings: Any) -> None:
    append([entry(1)])
    assert copy_is_whole()
    place = settings.JOURNAL_COPY
    settings.JOURNAL_COPY = Path("/proc/nowhere")  # a disk that is away stops nobody's no
    append([entry(2)])
    settings.JOURNAL_COPY = place
    assert copy_is_whole() is False
    append([entry(3)])
    assert copy_is_whole()
    assert numbers() == [1, 2, 3]


def test_while_it_is_not_believed_nothing_is_added_to_it() -> None:
    append([entry(1)])
    JournalMark.objects.update(locked_why="lost")
    append([entry(2)])
    assert numbers() == [1]
    assert len(waiting_file().read_text().splitlines()) == 1


def write_many(folder: str, first: int) -> None:
    """In a process of its own: only the file, which is where they meet."""
    from django.conf import settings

    settings.DATA_DIR = Path(folder)
    for number in range(first, first + 50):
        write_lines(journal_file(), [entry(number)], on=date(2026, 11, 26))
    os._exit(0)


def test_four_writers_at_once_make_one_whole_chain(folder: Path) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=write_many, args=(str(folder), n * 100)) for n in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
        assert each.exitcode == 0
    assert sorted(numbers()) == sorted(n * 100 + each for n in range(4) for each in range(50))
