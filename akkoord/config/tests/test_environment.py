"""Where links begin: what was set, else where the web app of this data folder is served."""

from pathlib import Path

import pytest

from akkoord.config.environment import note_base_url, read_environment


def base_url(folder: Path, **settings: str) -> str:
    return read_environment({"AKKOORD_DATA": str(folder), **settings}).base_url


def test_a_command_makes_links_to_the_port_that_is_served(tmp_path: Path) -> None:
    assert base_url(tmp_path) == "http://127.0.0.1:8000"
    note_base_url(read_environment({"AKKOORD_DATA": str(tmp_path), "PORT": "8123"}))
    assert base_url(tmp_path) == "http://127.0.0.1:8123"
    assert base_url(tmp_path, PORT="9000") == "http://127.0.0.1:9000", "who says it knows better"
    assert base_url(tmp_path, AKKOORD_BASE_URL="https://mail.example.nl") == (
        "https://mail.example.nl"
    )


@pytest.mark.parametrize("note", ["", "javascript:alert(1)", "\u00e9", "http://x/y"])
def test_a_note_that_is_none_is_passed_over(tmp_path: Path, note: str) -> None:
    (tmp_path / "served-at").write_text(note)
    assert base_url(tmp_path) == "http://127.0.0.1:8000"
