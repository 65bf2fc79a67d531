"""`akkoord campaign create --channel push`, and what `akkoord doctor` says of push."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from akkoord.campaigns.models import Campaign
from akkoord.cli.campaign import command
from akkoord.config import health
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.consent.tests.test_devices import allow, make_page


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "bericht.txt"
    path.write_text("Vandaag gratis gemonteerd.\n")
    return path


def create(body: Path, *more: str) -> Any:
    words = ["create", "--topic", "newsletter", "--subject", "Winterbanden", "--body", str(body)]
    return CliRunner().invoke(command, [*words, "--channel", "push", *more, "--json"])


@pytest.mark.django_db
def test_a_push_message_is_made_and_checked(body: Path) -> None:
    make_organisation()
    allow(make_page(make_topic(channels=("push",))))
    made = create(body, "--link", "https://fietsen.example.nl/winter")
    assert made.exit_code == 0, made.output
    campaign = Campaign.objects.get(id=json.loads(made.stdout)["id"])
    assert (campaign.channel, campaign.body) == ("push", "Vandaag gratis gemonteerd.")
    found = CliRunner().invoke(command, ["preflight", str(campaign.id), "--json"])
    assert json.loads(found.stdout)["may_be_mailed"] == 1


@pytest.mark.django_db
def test_refused_with_the_reason(body: Path) -> None:
    make_organisation()
    topic = make_topic()
    assert create(body, "--link", "https://fietsen.example.nl/").exit_code == 1
    topic.channels = ["email", "push"]
    topic.save()
    without_link = create(body)
    assert without_link.exit_code == 1
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("base_url", "loopback", "state"),
    [
        ("https://mail.example.nl", False, "good"),
        ("http://127.0.0.1:8000", False, "warning"),
        ("http://winkel.example.nl", False, "warning"),
        ("https://mail.example.nl", True, "warning"),
    ],
)
def test_the_doctor_says_whether_browsers_allow_push(
    monkeypatch: pytest.MonkeyPatch, base_url: str, loopback: bool, state: str
) -> None:
    from akkoord.config.environment import read_environment

    values = {"AKKOORD_BASE_URL": base_url, "AKKOORD_PUSH_LOOPBACK": "1" if loopback else ""}
    monkeypatch.setattr(health, "environment", lambda: read_environment(values))
    assert health.check_push().state.value == state
