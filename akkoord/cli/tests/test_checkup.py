"""`akkoord checkup` answers one document."""

import json

import pytest
from click.testing import CliRunner

from akkoord.cli.checkup import command
from akkoord.register.tests.factories import make_organisation, make_topic

pytestmark = pytest.mark.django_db


def test_the_score_the_duties_and_what_to_do_next() -> None:
    make_organisation()
    make_topic()
    result = CliRunner().invoke(command, ["--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found) == {"score", "duties", "actions"}
    assert len(found["duties"]) == 7
    assert len(found["actions"]) == 3
    assert found["actions"][0]["state"] == "wrong"
    assert "Next:" in CliRunner().invoke(command).output
