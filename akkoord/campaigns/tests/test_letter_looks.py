"""Looking at a letter on paper that cannot be set: a sentence in its place, never an error page."""

from typing import Any

import pytest
from django.test import Client

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign
from akkoord.campaigns.models import Campaign
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_topic
from akkoord.law.states import Channel
from akkoord.permission.tests.test_post import weigh
from akkoord.web.documents import TypesettingFailed

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(settings: Any) -> Campaign:
    settings.BASE_URL = "https://post.example.nl"
    make_organisation()
    topic = make_topic("aanbod", channels=("email", "post"))
    weigh(topic)
    text = CampaignText(name="Winter", subject="Onderhoud", body="Dag.")
    return create_campaign(purpose=topic, text=text, at=NOW, actor=STAFF, channel=Channel.POST)


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_it_is_shown_and_downloaded(letter: Campaign, client: Client) -> None:
    shown = client.get(f"/campagnes/{letter.id}/brief.png")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert client.get(f"/campagnes/{letter.id}/brief.pdf").content.startswith(b"%PDF")


def test_what_cannot_be_set_says_so(
    letter: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_values: object, **_more: object) -> bytes:
        raise TypesettingFailed("status 1")

    monkeypatch.setattr("akkoord.campaigns.letter_looks.make_pdf", fails)
    shown = client.get(f"/campagnes/{letter.id}/brief.png")
    assert (shown.status_code, shown["Content-Type"]) == (503, "image/svg+xml")
    assert "kan nu niet op papier" in shown.content.decode()
    answer = client.get(f"/campagnes/{letter.id}/brief.pdf", follow=True)
    assert answer.redirect_chain == [(f"/campagnes/{letter.id}/controle/", 302)]
    assert "kan nu niet op papier" in answer.content.decode()
