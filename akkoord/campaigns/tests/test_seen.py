"""Who sends or plans a letter sends what stood on the screen; what changed since is refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.editing import Moment, save_draft
from akkoord.campaigns.models import Campaign, Plan
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
TEXT = CampaignText(name="Herfst", subject="Herfst", body="Dag lezer, kom langs.")


@pytest.fixture
def staff() -> Staff:
    return make_staff()


@pytest.fixture
def client(staff: Staff) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def campaign(staff: Staff) -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(2, topic)
    return create_campaign(purpose=topic, text=TEXT, at=timezone.now(), actor=Actor.staff(staff.pk))


def seen_on(page: Any) -> dict[str, str]:
    """What the form of this page sends along."""
    found = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert found is not None
    return {"version": found[1]}


def change(campaign: Campaign, **words: str) -> Staff:
    """A colleague saves other words, in another session."""
    other = make_staff(email="marketer@example.nl", name="Mira")
    save_draft(
        campaign_id=campaign.id,
        values=words,
        moment=Moment(campaign.version, timezone.now(), Actor.staff(other.pk)),
    )
    return other


def test_what_was_changed_since_it_was_seen_is_not_sent(client: Client, campaign: Campaign) -> None:
    where = f"/campagnes/{campaign.id}/controle/"
    seen = seen_on(client.get(where))
    change(campaign, subject="Heel iets anders")
    answer = client.post(f"/campagnes/{campaign.id}/versturen/", seen, follow=True)
    page = answer.content.decode()
    assert not Dispatch.objects.exists()
    assert "Mira wijzigde deze brief om" in page
    assert "Er is niets verstuurd" in page
    client.post(f"/campagnes/{campaign.id}/versturen/", seen_on(answer))
    assert Dispatch.objects.get().template["subject"] == "Heel iets anders"


def test_another_group_is_not_sent_to_either(client: Client, campaign: Campaign) -> None:
    seen = seen_on(client.get(f"/campagnes/{campaign.id}/controle/"))
    change(campaign, segment='language is "en"')
    page = client.post(f"/campagnes/{campaign.id}/versturen/", seen, follow=True)
    assert not Dispatch.objects.exists()
    assert "Deze brief is om" in page.content.decode()  # a group has no version that names anybody


def test_a_page_that_does_not_say_what_it_showed_sends_nothing(
    client: Client, campaign: Campaign
) -> None:
    client.post(f"/campagnes/{campaign.id}/versturen/")
    client.post(f"/campagnes/{campaign.id}/wanneer/", {"how": "now"})
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("how", ["now", "at"])
def test_what_was_changed_since_the_check_is_not_planned(
    client: Client, campaign: Campaign, how: str
) -> None:
    check = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    link = re.search(rf'/campagnes/{campaign.id}/wanneer/[^"]*', check)
    assert link is not None
    change(campaign, subject="Heel iets anders")  # before the next page is opened
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    typed = {"how": how, "day": day, "clock": "09:00", **seen_on(client.get(link[0]))}
    answer = client.post(link[0], typed, follow=True)
    assert "Mira wijzigde deze brief om" in answer.content.decode()
    assert not Dispatch.objects.exists()
    assert not Plan.objects.exists()


def test_the_refusal_of_a_change_names_nobody_who_did_not_change_it(
    client: Client, campaign: Campaign
) -> None:
    change(campaign, segment='language is "en"')
    other = Client(headers={"accept-language": "nl"})
    other.force_login(
        Staff.objects.get(email="marketer@example.nl"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    typed = {"version": "1", "subject": "Winter", "body": "Dag."}
    page = other.post(
        f"/campagnes/{campaign.id}/kladblad/", typed, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Iemand anders wijzigde deze brief" in page
