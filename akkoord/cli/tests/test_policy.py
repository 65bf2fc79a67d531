"""`akkoord policy build`: made, written to a file, published, and refused with what is missing."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from akkoord.cli.policy import command
from akkoord.policy.models import PolicyVersion
from akkoord.register.models import RetentionRule
from akkoord.register.tests.factories import NOW, make_organisation, make_topic

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> Any:
    return CliRunner().invoke(command, ["build", *arguments, "--json"])


def test_it_is_made_published_and_written_to_a_file(tmp_path: Path) -> None:
    make_organisation()
    make_topic()
    drafted = json.loads(call().stdout)
    assert drafted["version"] is None
    assert drafted["missing"] == []
    file = tmp_path / "privacy.md"
    done = json.loads(call("--publish", "--output", str(file)).stdout)
    assert (done["version"], done["published"]) == (1, True)
    assert file.read_text().startswith("# Uw gegevens bij ons")
    assert "Versie 1" in file.read_text()
    again = call("--publish")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["reason"] == "alike"
    pdf = tmp_path / "privacy.pdf"
    call("--output", str(pdf), "--language", "en")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert call("--output", str(tmp_path / "privacy.docx")).exit_code == 2


def test_inv43_what_is_missing_is_said() -> None:
    make_organisation()
    make_topic()
    RetentionRule.objects.filter(activity_key="topic-nieuwsbrief").update(valid_to=NOW)
    refused = call("--publish")
    assert refused.exit_code == 1
    answer = json.loads(refused.stdout)
    assert answer["reason"] == "incomplete"
    assert answer["missing"][0]["element"] == "term"
    assert not PolicyVersion.objects.exists()
