"""INV-32: how well the detectors do on sentences that were labelled by hand, and how fast."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from akkoord.cli.benches.sensitive import HALVES, bench, lines_of, score
from akkoord.cli.sensitive import command
from akkoord.law.sensitive import Sensitive

# What was reached, less a margin: who changes a word list for the worse sees it here.
FLOORS = {"making": (0.97, 0.97), "unseen": (0.91, 0.86)}
LEAST_OF_A_CLASS = {"making": (0.93, 0.93), "unseen": (0.7, 0.6)}


@pytest.mark.parametrize("half", HALVES)
def test_inv32_precision_and_recall_do_not_get_worse(half: str) -> None:
    scores = score(lines_of(half))
    both = scores.pop("")
    assert both.precision >= FLOORS[half][0]
    assert both.recall >= FLOORS[half][1]
    for name, each in scores.items():
        assert each.precision >= LEAST_OF_A_CLASS[half][0], name
        assert each.recall >= LEAST_OF_A_CLASS[half][1], name


def test_the_labelled_sentences_are_many_and_in_one_half_only() -> None:
    making, unseen = (lines_of(half) for half in HALVES)
    assert len(making) + len(unseen) >= 520
    assert not {each.text.lower() for each in making} & {each.text.lower() for each in unseen}
    for lines in (making, unseen):
        assert {each.language for each in lines} == {"nl", "en"}
        assert set(Sensitive) == {one for each in lines for one in each.classes}
        assert sum(not each.classes for each in lines) >= 130  # what only looks like it


def test_the_benchmark_tells_both_halves_and_every_class() -> None:
    results = bench(1_000, at=timezone.now())
    assert len(results) == 2 * 2 * (len(Sensitive) + 1) + 1
    assert all(0 <= each.measured <= 1 for each in results[:-1])
    assert results[-1].unit == "lines per second"


def _big(tmp_path: Path, megabytes: float) -> Path:
    lines = [each.text for half in HALVES for each in lines_of(half)]
    block = "\n".join(lines) + "\n"
    file = tmp_path / f"groot-{megabytes}.txt"
    file.write_text(block * int(megabytes * 1_000_000 / len(block.encode()) + 1))
    return file


def _looked_through(file: Path) -> tuple[float, int]:
    """Seconds, and the most that Python held, without what the test itself collects."""
    tracemalloc.start()
    began = time.perf_counter()
    result = CliRunner().invoke(command, [str(file)])
    taken = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1] - len(result.stdout) * 4
    tracemalloc.stop()
    assert result.exit_code == 0
    assert "health" in result.stdout
    return taken, peak


def test_ten_megabytes_are_looked_through_in_time_and_in_the_same_memory(tmp_path: Path) -> None:
    file = _big(tmp_path, 10)
    began = time.perf_counter()
    assert CliRunner().invoke(command, [str(file)]).exit_code == 0
    assert time.perf_counter() - began < 240  # some 25 s on two busy cores
    small, large = (_looked_through(_big(tmp_path, each))[1] for each in (0.3, 1.2))
    assert large < small + 1_000_000


def test_a_line_of_ten_megabytes_is_read_in_pieces(tmp_path: Path) -> None:
    """Where two pieces meet nothing is lost; nor is it said of a line that nobody read."""
    file = tmp_path / "regel.txt"
    file.write_text("goed " * 13_105 + "bsn 111222333 " + "best " * 400_000 + "\nheeft reuma\n")
    result = CliRunner().invoke(command, [str(file), "--json"])
    assert json.loads(result.stdout) == [
        {"line": 1, "classes": ["bsn"]},
        {"line": 2, "classes": ["health"]},
    ]


def test_a_file_without_findings_answers_a_list_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "leeg.txt"
    file.write_text("graag bellen")
    result = CliRunner().invoke(command, [str(file), "--json"])
    assert json.loads(result.stdout) == [{"line": 1, "classes": []}]
    assert "proves nothing" in CliRunner().invoke(command, [str(file)]).stdout
