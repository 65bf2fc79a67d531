"""The provisional file: sealed, whole or not at all, no keystream twice."""

from pathlib import Path

import pytest

from akkoord.imports import spool
from akkoord.imports.spool import SpoolGone, SpoolWriter, new_key, read_spool

VALUES = [[number, f"rij {number}"] for number in range(50)]


@pytest.fixture
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames of a few values."""
    monkeypatch.setattr(spool, "FRAME", 64)


def write(path: Path, key: bytes) -> bytes:
    with SpoolWriter(path, key) as writer:
        for value in VALUES:
            writer.write(value)
    return path.read_bytes()


@pytest.mark.usefixtures("small_frames")
def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    key = new_key()
    written = write(tmp_path / "a.rows", key)
    assert b"rij" not in written
    assert list(read_spool(tmp_path / "a.rows", key)) == VALUES


@pytest.mark.usefixtures("small_frames")
def test_a_file_that_was_cut_off_anywhere_does_not_open(tmp_path: Path) -> None:
    """Also where a frame ends: half the people would come in, and nobody would know."""
    key, path = new_key(), tmp_path / "a.rows"
    whole = write(path, key)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(SpoolGone):
            list(read_spool(path, key))


def test_two_writings_under_one_key_share_no_keystream(tmp_path: Path) -> None:
    """Equal texts under one key and one nonce would seal to equal bytes (NIST SP 800-38D, 8)."""
    key = new_key()
    first, second = write(tmp_path / "a.table", key), write(tmp_path / "a.rows", key)
    assert len(first) == len(second)
    equal = sum(one == other for one, other in zip(first[21:], second[21:], strict=True))
    assert equal < len(first) / 20


def test_an_empty_file_is_whole_too(tmp_path: Path) -> None:
    key = new_key()
    with SpoolWriter(tmp_path / "a.rows", key):
        pass
    assert list(read_spool(tmp_path / "a.rows", key)) == []
