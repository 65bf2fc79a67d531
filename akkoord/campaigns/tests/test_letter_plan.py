"""Letters on paper planned for a day: made that day, of who may get them that day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.plan import plan_campaign, start_planned
from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import STAFF, make_organisation, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Channel
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.models import Dispatch, LetterRun, Message
from akkoord.permission.tests.factories import give
from akkoord.permission.tests.test_post import make_letterbox
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db(transaction=True)


def day_ahead(days: int) -> datetime:
    """Eight o'clock in Amsterdam, winter or summer, so many days ahead."""
    return timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


@pytest.fixture
def topic(settings: Any) -> Purpose:
    settings.BASE_URL = "https://post.example.nl"
    make_organisation()
    return make_topic("aanbod", channels=("email", "post"))


@pytest.fixture
def letter(topic: Purpose) -> Campaign:
    for number in range(3):
        give(make_letterbox(family_name=f"Jansen {number}"), topic)
    text = CampaignText(name="Winter", subject="Onderhoud", body="Dag.")
    return create_campaign(
        purpose=topic, text=text, at=timezone.now(), actor=STAFF, channel=Channel.POST
    )


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def plan_it(letter: Campaign, **more: Any) -> Plan:
    facts = {"starts_at": day_ahead(3), "registers": "not-checked", **more}
    return plan_campaign(campaign_id=letter.id, at=timezone.now(), actor=STAFF, **facts)


def test_inv25_made_on_its_day_of_who_may_get_it_that_day(letter: Campaign) -> None:
    plan = plan_it(letter)
    assert start_planned(at=plan.starts_at - timedelta(hours=1))["started"] == 0
    assert not Dispatch.objects.exists()
    who_left = Standing.objects.filter(channel="post").first()
    assert who_left is not None
    Standing.objects.filter(id=who_left.id).update(state="withdrawn")
    at = plan.starts_at + timedelta(minutes=1)
    assert start_planned(at=at)["started"] == 1
    run = Dispatch.objects.get()
    run_dispatch(run.id, worker_id=uuid7(), clock=lambda: at)
    run.refresh_from_db()
    chosen = LetterRun.objects.get(run=run)
    assert (run.state, chosen.registers) == ("ready", "not-checked")
    assert chosen.dated_on == plan.starts_at.date()
    assert run.messages.filter(state=Message.State.MADE).count() == 2
    assert not Plan.objects.exists()


def test_inv19_the_choice_of_registers_is_asked_when_it_is_planned(letter: Campaign) -> None:
    with pytest.raises(CampaignRefused) as refused:
        plan_it(letter, registers="")
    assert refused.value.codes == ("registers-not-said",)
    for more in ({"spread_minutes": 60}, {"by_own_clock": True}):
        with pytest.raises(CampaignRefused):
            plan_it(letter, **more)
    assert not Plan.objects.exists()


def test_a_day_that_was_missed_asks(letter: Campaign, client: Client) -> None:
    plan = plan_it(letter)
    assert start_planned(at=plan.starts_at + timedelta(hours=3))["missed"] == 1
    assert not Dispatch.objects.exists()
    assert "zouden op" in client.get(f"/campagnes/{letter.id}/controle/").content.decode()


def test_on_the_page(letter: Campaign, client: Client) -> None:
    where = f"/campagnes/{letter.id}/controle/"
    typed = {"version": letter.version, "registers": "not-checked"}
    make = f"/campagnes/{letter.id}/brieven/maken/"
    for wrong, says in (("2027-02-30", "bestaat niet"), ("2020-01-01", "voorbij")):
        assert says in client.post(make, typed | {"day": wrong}, follow=True).content.decode()
    day = day_ahead(3).date().isoformat()
    page = client.post(make, typed | {"day": day}, follow=True).content.decode()
    assert "Op die dag wordt het bestand gemaakt" in page
    plan = Plan.objects.get()
    assert plan.starts_at.astimezone(UTC).date().isoformat() == day
    assert "maakt één pdf van wie hem mag krijgen" in client.get(where).content.decode()
    client.post(f"/campagnes/{letter.id}/van-de-planning/")
    assert not Plan.objects.exists()
