"""The cores that a process may use, also in a container with a limit."""

import os
from pathlib import Path

import pytest

from akkoord.delivery.cores import usable_cores


@pytest.mark.parametrize(
    ("limit", "cores"),
    [
        ("max 100000\n", 4),
        ("200000 100000\n", 2),
        ("150000 100000\n", 1),
        ("50000 100000\n", 1),
        ("900000 100000\n", 4),
        ("", 4),
    ],
)
def test_a_container_with_a_limit_has_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, cores: int
) -> None:
    """Of 64 in the machine, four are given to this process."""
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2, 3}, raising=False)
    (tmp_path / "cpu.max").write_text(limit)
    assert usable_cores(tmp_path / "cpu.max") == cores
    assert usable_cores(tmp_path / "none") == 4
