"""Where links begin: what was set, else where the web app of this data folder is served."""

from pathlib import Path

import pytest

from akkoord.config.environment import BadEnvironment, note_base_url, read_environment


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


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("smtp://a.example:25", "smtp://a.example:25"),
        (
            "smtp://a.example:25?weight=2, smtps://u:p%2Cq@b.example",
            "smtp://a.example:25?weight=2 smtps://u:p%2Cq@b.example",
        ),
        (
            " smtp://a.example\nsmtp+starttls://b.example ",
            "smtp://a.example smtp+starttls://b.example",
        ),
    ],
)
def test_several_mail_servers_stand_behind_each_other(text: str, kept: str) -> None:
    assert read_environment({"AKKOORD_SMTP_URL": text}).smtp_url == kept


@pytest.mark.parametrize(
    "text",
    [
        "smtp://a.example http://b.example",
        "smtp://a.example, smtp://",
        "smtp://a.example?weight=0",
        "smtp://a.example?weight=101",
        "smtp://a.example?wait=1",
    ],
)
def test_one_bad_mail_server_among_several_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(BadEnvironment, match="AKKOORD_SMTP_URL") as found:
        read_environment({"AKKOORD_SMTP_URL": f"smtp://anna:geheim@z.example {text}"})
    assert "geheim" not in str(found.value)
