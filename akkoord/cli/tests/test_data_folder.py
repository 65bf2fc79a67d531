"""`akkoord --data DIR` as its user types it: the command works there and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from akkoord.config import embedded

ROOT = Path(__file__).resolve().parents[3]


def environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AKKOORD_")}
    return own | {"PYTHONPATH": str(ROOT)} | more


def akkoord(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "akkoord", *arguments],
        env=environment(**more),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_command_works_in_the_folder_that_was_named(tmp_path: Path) -> None:
    named = tmp_path / "named"
    try:
        done = akkoord(tmp_path, "--data", str(named), "ledger", "verify")
        assert done.returncode == 0, done.stderr
        assert embedded.folders(named).cluster.exists()
        assert not (tmp_path / "data").exists(), "the default folder was made instead"
    finally:
        embedded.stop_when_unused(named)
        embedded.stop_when_unused(tmp_path / "data")


def test_the_named_folder_comes_before_the_environment(tmp_path: Path) -> None:
    named, other = tmp_path / "named", tmp_path / "other"
    seen = akkoord(tmp_path, "--data", str(named), "sensitive", "--help", AKKOORD_DATA=str(other))
    assert seen.returncode == 0, seen.stderr
    assert named.exists()
    assert not other.exists()
