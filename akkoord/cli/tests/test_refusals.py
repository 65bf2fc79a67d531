"""What is refused on the command: an honest status, and with --json a document with the reason."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from akkoord.cli.campaign import command as campaign
from akkoord.cli.form import command as form
from akkoord.cli.import_file import command as import_command
from akkoord.cli.output import answer, json_option, refuse
from akkoord.cli.person import command as person
from akkoord.cli.setup import command as setup
from akkoord.cli.topic import command as topic
from akkoord.register.tests.factories import make_organisation, make_topic

pytestmark = pytest.mark.django_db
LATIN = "Café, één brief".encode("latin-1")
TOPIC = (
    *("--name-nl", "Nieuws", "--name-en", "News"),
    *("--description-nl", "Wat er is.", "--description-en", "What there is."),
)


def call(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--json"])


def reason_of(result: Result) -> Any:
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    assert result.stderr.strip()
    return document["reason"]


def set_up(folder: Path, email: str = "eigenaar@fietsen.example") -> Result:
    password = folder / "wachtwoord"
    password.write_text("zeven groene fietsen staan\n")
    return call(
        setup,
        *("--organisation", "Fietsen", "--address", "Dam 1", "--owner-email", email),
        *("--contact-email", "info@fietsen.example", "--owner-password-file", str(password)),
    )


def test_setting_up_twice_is_refused(tmp_path: Path) -> None:
    assert set_up(tmp_path).exit_code == 0
    assert reason_of(set_up(tmp_path)) == "already-set-up"
    assert reason_of(set_up(tmp_path, "ander@fietsen.example")) == "already-set-up"


def test_a_weak_password_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kort").write_text("kort")
    result = call(
        setup,
        *("--organisation", "F", "--address", "D", "--owner-email", "a@example.nl"),
        *("--contact-email", "i@example.nl", "--owner-password-file", str(tmp_path / "kort")),
    )
    assert reason_of(result) == "weak-password"


def test_unknown_topics_campaigns_and_people_are_named_as_such(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    file = tmp_path / "p.csv"
    file.write_text("email\na@example.nl\n")
    assert reason_of(call(import_command, str(file), "--topic", "nope")) == "unknown-topic"
    assert reason_of(call(form, "create", "--name", "F", "--topic", "nope")) == "unknown-topic"
    assert reason_of(call(person, "show", "niemand@example.nl")) == "unknown-person"
    assert reason_of(call(campaign, "status", "geen-id")) == "unknown-campaign"
    body = tmp_path / "brief.md"
    body.write_text("Dag")
    made = call(campaign, "create", "--topic", "nope", "--subject", "Dag", "--body", str(body))
    assert reason_of(made) == "unknown-topic"


def test_what_the_register_refuses_says_at_which_field(tmp_path: Path) -> None:
    make_organisation()
    assert reason_of(call(topic, "create", "--slug", "Nieuws Brief", *TOPIC)) == "slug"
    make_topic("nieuws")
    assert reason_of(call(topic, "create", "--slug", "nieuws", *TOPIC)) == "slug"


def test_a_letter_that_does_not_compile_says_where(tmp_path: Path) -> None:
    make_organisation()
    make_topic("nieuws")
    body = tmp_path / "brief.md"
    body.write_text("Dag {{ schoenmaat }}")
    made = call(campaign, "create", "--topic", "nieuws", "--subject", "Dag", "--body", str(body))
    assert reason_of(made) == "body"


@pytest.mark.parametrize("which", ["campaign", "import", "setup"])
def test_a_text_that_is_no_utf8_is_unusable_and_no_traceback(tmp_path: Path, which: str) -> None:
    make_organisation()
    make_topic("nieuws")
    text, file = tmp_path / "tekst.txt", tmp_path / "p.csv"
    text.write_bytes(LATIN)
    file.write_text("email\na@example.nl\n")
    if which == "campaign":
        result = call(
            campaign, "create", "--topic", "nieuws", "--subject", "Dag", "--body", str(text)
        )
    elif which == "import":
        result = call(import_command, str(file), "--wording", str(text))
    else:
        result = call(
            setup,
            *("--organisation", "F", "--address", "D", "--owner-email", "a@example.nl"),
            *("--contact-email", "i@example.nl", "--owner-password-file", str(text)),
        )
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "UTF-8" in result.stderr


def test_there_is_never_a_second_document() -> None:
    @click.command()
    @json_option
    def checked() -> None:
        answer({"ok": False})
        refuse("Something is wrong; see above.")

    result = call(checked)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"ok": False}
