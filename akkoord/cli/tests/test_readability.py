"""`akkoord readability` on files: text, HTML, and what is no text."""

import json
from pathlib import Path

from click.testing import CliRunner

from akkoord.cli.readability import command


def test_a_text_and_a_page_are_measured_alike(tmp_path: Path) -> None:
    plain, page = tmp_path / "tekst.txt", tmp_path / "pagina.html"
    plain.write_text("Wij bewaren uw adres niet lang. U kunt altijd stoppen!")
    page.write_text(
        "<p>Wij bewaren uw adres niet lang.</p><script>1</script><p>U kunt altijd stoppen!"
    )
    found = [
        json.loads(CliRunner().invoke(command, [str(file), "--json"]).stdout)
        for file in (plain, page)
    ]
    assert found[0] == found[1]
    wanted = {"flesch_douma": 86.69, "brouwer": 85.0, "words": 10, "sentences": 2, "syllables": 15}
    assert wanted.items() <= found[0].items()
    told = CliRunner().invoke(command, [str(plain)])
    assert "87 of 100 (easy)" in told.stdout


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "foto.txt"
    for content, reason in ((b"\xff\xfe\x00\x81", "bad-encoding"), (b" 12 \n", "empty")):
        file.write_bytes(content)
        result = CliRunner().invoke(command, [str(file), "--json"])
        assert result.exit_code == 1
        assert json.loads(result.stdout)["reason"] == reason
