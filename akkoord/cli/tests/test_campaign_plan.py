"""`akkoord campaign send --at --spread`, and what `status` says of a plan."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.plan import start_planned
from akkoord.cli.campaign import command
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(3, topic)
    text = CampaignText(name="Winter", subject="De winter", body="Dag.")
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.system())


def call(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--json"])


def status(campaign: Campaign) -> dict[str, object]:
    found: dict[str, object] = json.loads(call("status", str(campaign.id)).stdout)
    return found


def test_planned_missed_and_started(campaign: Campaign) -> None:
    assert status(campaign)["state"] == "draft"
    day = (timezone.now() + timedelta(days=30)).date()
    answer = call("send", str(campaign.id), "--at", f"{day}T09:00", "--spread", "4h")
    assert json.loads(answer.stdout)["state"] == "scheduled"
    plan = Plan.objects.get()
    assert plan.spread_minutes == 240
    start_planned(at=plan.starts_at + timedelta(hours=3))
    assert status(campaign)["state"] == "missed"
    call("send", str(campaign.id), "--spread", "90m")
    assert Dispatch.objects.get().spread_minutes == 90
    found = status(campaign)
    assert (found["state"], found["waiting"], found["waits_for"]) == ("running", {}, "")


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2031-02-30T09:00", "no-such-day"),
        ("2027-03-28T02:30", "time-does-not-exist"),
        ("2027-10-31T02:30", "time-comes-twice"),
        ("2020-01-01T09:00", "time-is-past"),
        ("2020-01-01T09:00+01:00", "time-is-past"),
        ("2091-01-01T09:00", "time-is-far"),
        ("morgen", "no-such-day"),
        ("2027-01-01", "no-such-time"),
    ],
)
def test_a_moment_that_is_none_is_refused_by_name(
    campaign: Campaign, moment: str, reason: str
) -> None:
    answer = call("send", str(campaign.id), "--at", moment)
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["reason"] == reason
    assert not Plan.objects.exists()


@pytest.mark.parametrize("more", [["--spread", "100h"], ["--spread", "x"], ["--at", "x", "--wait"]])
def test_what_cannot_be_used_is_a_wrong_argument(campaign: Campaign, more: list[str]) -> None:
    assert call("send", str(campaign.id), *more).exit_code == 2
    assert not Dispatch.objects.exists()
