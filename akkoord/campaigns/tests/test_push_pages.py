"""The staff pages of a push message, from writing to sending."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.consent.tests.test_devices import allow, make_page
from akkoord.law.states import Channel
from akkoord.messages.models import Dispatch
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
TEXT = {
    "name": "Winter",
    "subject": "Winterbanden zijn er",
    "body": "Vandaag gratis gemonteerd.",
    "link": "https://fietsen.example.nl/winter",
    "language": "nl",
    "segment": "",
}


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic(channels=("email", "push"))


@pytest.fixture
def client(topic: Purpose) -> Client:
    found = Client(HTTP_ACCEPT_LANGUAGE="nl")
    staff = create_staff(
        email="m@example.nl", name="M", role="marketer", password="een lange zin hier"
    )
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_written_checked_and_sent(
    client: Client, topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    allow(make_page(topic), at=timezone.now())
    answer = client.post("/campagnes/nieuw/push/", {**TEXT, "purpose": topic.slug})
    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == f"/campagnes/{campaign.id}/controle/"
    assert campaign.channel == "push"
    with django_assert_max_num_queries(30):
        page = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert "1 van 1" in page
    assert "Winterbanden zijn er" in page
    assert "Mijn keuzes" in page
    assert client.get(f"/campagnes/{campaign.id}/beeld/").status_code == 404
    assert client.post(f"/campagnes/{campaign.id}/proef/").status_code == 404
    client.post(f"/campagnes/{campaign.id}/versturen/", {"version": 1})
    dispatch = Dispatch.objects.get()
    assert (dispatch.channel, dispatch.state) == ("push", "running")
    assert client.get(f"/campagnes/{campaign.id}/").status_code == 200
    client.post(f"/campagnes/{campaign.id}/kopie/")
    assert Campaign.objects.filter(channel="push").count() == 2
    assert "Push" in client.get("/campagnes/").content.decode()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"subject": "x" * 51}, "50"),
        ({"body": "x" * 121}, "120"),
        ({"body": "Dag {{ first_name }}"}, "voor iedereen gelijk"),
        ({"link": "http://fietsen.example.nl"}, "begint"),
        ({"link": ""}, "verplicht"),
        ({"segment": "banana is"}, "segment"),
    ],
)
def test_bad_input_is_said_at_its_field(
    client: Client, topic: Purpose, values: dict[str, str], says: str
) -> None:
    answer = client.post("/campagnes/nieuw/push/", {**TEXT, "purpose": topic.slug, **values})
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_topic_that_comes_by_mail_only_gets_no_push(client: Client) -> None:
    by_mail = make_topic("brief")
    answer = client.post("/campagnes/nieuw/push/", {**TEXT, "purpose": by_mail.slug})
    assert answer.status_code == 200
    with pytest.raises(CampaignRefused):
        create_campaign(
            purpose=by_mail,
            text=CampaignText(**TEXT),
            at=timezone.now(),
            actor=Actor.system(),
            channel=Channel.PUSH,
        )
    assert not Campaign.objects.exists()


def test_without_a_push_topic_the_way_to_one_is_shown() -> None:
    make_organisation()
    make_topic("brief")
    found = Client(HTTP_ACCEPT_LANGUAGE="nl")
    staff = create_staff(
        email="m@example.nl", name="M", role="marketer", password="een lange zin hier"
    )
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/campagnes/nieuw/push/", "/formulieren/push/nieuw/"):
        assert "Naar de onderwerpen" in found.get(path).content.decode()


def test_a_push_page_is_made_published_and_closed(client: Client, topic: Purpose) -> None:
    values = {
        "name": "Blijf op de hoogte",
        "topics": [str(topic.id)],
        "intro_nl": "",
        "intro_en": "",
    }
    answer = client.post("/formulieren/push/nieuw/", values)
    place = answer.headers["Location"]
    assert client.get("/p/blijf-op-de-hoogte/").status_code == 410
    client.post(f"{place}publiceren/")
    assert client.get("/p/blijf-op-de-hoogte/").status_code == 200
    page = client.get(place).content.decode()
    assert "/p/blijf-op-de-hoogte/" in page
    form_id = place.rstrip("/").rpartition("/")[2]
    assert client.get(f"/formulieren/{form_id}/").headers["Location"] == place
    assert client.post(f"/formulieren/{form_id}/publiceren/").status_code == 404
    assert client.post(f"{place}wijzigen/", {**values, "name": "Nieuwe naam"}).status_code == 302
    assert "Nieuwe naam" in client.get(place).content.decode()
    client.post(f"/formulieren/{form_id}/sluiten/")
    assert client.get("/p/blijf-op-de-hoogte/").status_code == 410


def test_a_topic_says_over_which_ways_it_comes(client: Client, topic: Purpose) -> None:
    page = client.get(f"/onderwerpen/{topic.slug}/wijzigen/")
    form = page.context["form"]
    assert form.initial["channels"] == ["email", "push"]
    values = {name: form.initial[name] for name in form.initial if name != "channels"}
    answer = client.post(f"/onderwerpen/{topic.slug}/wijzigen/", {**values, "channels": ["email"]})
    assert answer.status_code == 302
    topic.refresh_from_db()
    assert topic.channels == ["email"]
    assert topic.versions.count() == 1  # its words are the same
