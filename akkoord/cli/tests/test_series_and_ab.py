"""`akkoord series …`, and a campaign with two subjects."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from akkoord.campaigns.models import AbTest
from akkoord.campaigns.series_actions import SeriesFacts, create_series
from akkoord.campaigns.tests.test_series import own_words
from akkoord.cli.campaign import command as campaign
from akkoord.cli.series import command as series
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic()


def call(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--json"])


def test_a_series_is_listed_turned_on_paused_and_off(topic: Purpose) -> None:
    made = create_series(
        purpose=topic,
        facts=SeriesFacts(name="Welkom", trigger="welcome"),
        at=timezone.now(),
        actor=Actor.system(),
    )
    (found,) = json.loads(call(series, "list").stdout)
    assert (found["state"], found["entered"], len(found["steps"])) == ("draft", 0, 2)
    refused = call(series, "on", str(made.id))
    assert (refused.exit_code, "still-example" in refused.output) == (1, True)
    own_words(made)
    for verb, state in (("on", "on"), ("pause", "paused"), ("on", "on"), ("off", "off")):
        assert json.loads(call(series, verb, str(made.id)).stdout)["state"] == state


def test_what_stands_in_the_way_is_said_with_status_one(topic: Purpose) -> None:
    made = create_series(
        purpose=topic,
        facts=SeriesFacts(name="Terug", trigger="win-back", days=90),
        at=timezone.now(),
        actor=Actor.system(),
    )
    answer = call(series, "on", str(made.id))
    assert answer.exit_code == 1
    assert "field-outside-purpose" in answer.output
    assert call(series, "on", "x").exit_code == 1


def test_two_subjects_are_compared_with_exact_accounting(topic: Purpose, tmp_path: Path) -> None:
    make_many(60, topic, refused=6)
    body = tmp_path / "brief.md"
    body.write_text("Lees [meer](https://www.example.nl/).")
    words = ["--topic", topic.slug, "--subject", "Een", "--body", str(body)]
    made = json.loads(
        call(campaign, "create", *words, "--subject-b", "Twee", "--share", "50").stdout
    )
    found = json.loads(call(campaign, "send", made["id"], "--wait").stdout)
    assert (found["audience"], found["sent"], found["skipped"]) == (60, 54, {"withdrawn": 6})
    assert sum(each["sent"] for each in found["ab"]["versions"]) == 54
    assert found["ab"]["state"] == "running"


def test_a_second_subject_that_is_the_same_makes_nothing(topic: Purpose, tmp_path: Path) -> None:
    body = tmp_path / "brief.md"
    body.write_text("Dag.")
    words = ["--topic", topic.slug, "--subject", "Een", "--body", str(body), "--subject-b", "Een"]
    assert call(campaign, "create", *words).exit_code == 1
    assert not AbTest.objects.exists()
