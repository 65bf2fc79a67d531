"""`akkoord person`: the answers that the design promises, and honest statuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from akkoord.cli.person import command
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.people.models import Person
from akkoord.rights.models import RecordNote
from akkoord.rights.tests.factories import NOW
from akkoord.rights.tests.test_answers import no_room
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


@pytest.fixture
def anna() -> Any:
    make_organisation()
    make_topic()
    return make_point("anna@example.nl")


def test_every_answer_has_its_shape(anna: Any, tmp_path: Path) -> None:
    """Show, permissions, export to a file that only we can read."""
    shown = json.loads(run("show", "Anna@Example.nl", "--json").stdout)
    assert shown["addresses"][0]["value"] == "anna@example.nl"
    (answer,) = json.loads(run("permissions", "anna@example.nl", "--json").stdout)
    assert set(answer) == {"purpose", "channel", "allowed", "reason", "rules"}
    assert (answer["purpose"], answer["allowed"]) == ("newsletter", False)
    assert set(answer["rules"][0]) == {"rule", "holds", "evidence"}
    lines = run("permissions", "anna@example.nl").stdout.splitlines()
    assert lines[0] == "newsletter, email: no (no-basis)"
    assert "  yes  purpose-live" in lines
    assert "  no   has-basis" in lines
    file = tmp_path / "anna.json"
    assert run("export", "anna@example.nl", "--output", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert "anna@example.nl" in file.read_text()


def test_a_full_disk_leaves_no_file_and_says_to_nobody_that_one_went(
    anna: Any, tmp_path: Path
) -> None:
    """What stood there stays; in the trail nothing left the house (INV-45)."""
    file = tmp_path / "anna.json"
    file.write_text("van gisteren")
    with no_room():
        done = run("export", "anna@example.nl", "--output", str(file))
    assert done.exit_code == 1
    assert "could not be written" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["anna.json"]
    assert file.read_text() == "van gisteren"
    assert not Change.objects.filter(action="person.export").exists()
    file.chmod(0o644)
    assert run("export", "anna@example.nl", "--output", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert Change.objects.filter(action="person.export").count() == 1


def test_the_copy_for_the_person_leaves_out_who_else_is_named(anna: Any) -> None:
    """Art. 15(4); the whole one is for the house."""
    other = make_point("bram@example.nl")
    Person.objects.filter(id=other.person_id).update(given_name="Bram", family_name="de Wit")
    RecordNote.objects.create(
        subject_id=anna.person_id,
        store="people_purchase",
        row_id=anna.id,
        text="Gekocht door bram@example.nl.",
        written_at=NOW,
    )
    whole = run("export", "anna@example.nl").stdout
    own = run("export", "anna@example.nl", "--for-person").stdout
    assert "bram@example.nl" in whole
    assert "bram@example.nl" not in own
    assert "anna@example.nl" in own


def test_forget_answers_the_certificate_and_then_knows_nobody(anna: Any) -> None:
    """Status 1 with the reason the second time."""
    done = run("forget", "anna@example.nl", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert set(answer) == {"reference", "erased", "kept", "scan", "physical"}
    assert set(answer["scan"]) == {"tables", "columns", "files", "hits"}
    assert set(answer["physical"]) == {"due", "done", "by"}
    assert not Person.objects.exists()
    for name in ("show", "export", "permissions", "forget"):
        gone = run(name, "anna@example.nl")
        assert gone.exit_code == 1
        assert "Nobody" in gone.stderr
