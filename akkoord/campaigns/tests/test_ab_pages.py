"""The pages of a letter with two versions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns import ab
from akkoord.campaigns.models import AbTest, Campaign
from akkoord.campaigns.tests.test_ab import judge, make_campaign, press, work
from akkoord.messages.models import Dispatch

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {
    "what": "subject",
    "subject_b": "Koud buiten",
    "percent": "20",
    "hours": "4",
    "measure": "clicks",
    "then": "alone",
    "without_winner": "a",
}


@pytest.fixture
def client() -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def set_up(client: Client, campaign: Campaign, **more: str) -> Any:
    return client.post(f"/campagnes/{campaign.id}/twee-versies/", TYPED | more)


def test_set_up_started_watched_and_judged(client: Client) -> None:
    campaign = make_campaign(100)
    assert "Twee versies" in text(client.get(f"/campagnes/{campaign.id}/controle/"))
    assert "Tweede onderwerp" in text(client.get(f"/campagnes/{campaign.id}/twee-versies/"))
    page = text(client.get(set_up(client, campaign).headers["Location"]))
    assert "De winter" in page
    assert "Koud buiten" in page
    assert "ongeveer 20 mensen" in page
    check = text(client.get(f"/campagnes/{campaign.id}/controle/"))
    assert "Nu versturen" not in check
    assert "Beide versies" in check
    client.post(f"/campagnes/{campaign.id}/vergelijken/start/")
    page = text(client.get(f"/campagnes/{campaign.id}/", follow=True))
    assert "Nog te weinig om iets te zeggen." in page
    work()
    test = AbTest.objects.select_related("other").get()
    press(test.other, 60)
    live = text(
        client.get(f"/campagnes/{campaign.id}/vergelijken/", headers={"HX-Request": "true"})
    )
    assert "<html" not in live
    assert "Op versie B wordt vaker geklikt." in live
    judge(test)
    work()
    page = text(client.get(f"/campagnes/{campaign.id}/vergelijken/"))
    assert "De rest kreeg versie B." in page
    assert "Won" in page
    test = AbTest.objects.select_related("campaign", "other", "rest").get()
    rest = test.rest
    assert rest is not None
    for letter in (test.campaign, test.other, rest):  # the results of each beside the others
        results = text(client.get(f"/inzicht/brieven/{letter.id}/"))
        for other in (test.campaign, test.other, rest):
            assert f"/inzicht/brieven/{other.id}/?dagen=14" in results
    lists = text(client.get("/campagnes/"))
    assert "Koud buiten" not in lists


def test_what_is_wrong_stands_at_its_field(client: Client) -> None:
    campaign = make_campaign(20)
    assert "Schrijf het tweede onderwerp." in text(set_up(client, campaign, subject_b=""))
    assert "geen aankopen" in text(set_up(client, campaign, measure="purchases"))
    assert not AbTest.objects.exists()


def test_a_whole_letter_is_changed_next_and_one_version_again(client: Client) -> None:
    campaign = make_campaign(40)
    answer = set_up(client, campaign, what="content")
    other = AbTest.objects.get().other
    assert answer.headers["Location"] == f"/campagnes/{other.id}/schrijven/"
    assert "Toch één versie" in text(client.get(f"/campagnes/{campaign.id}/vergelijken/"))
    client.post(f"/campagnes/{campaign.id}/vergelijken/een/")
    assert not AbTest.objects.exists()
    assert "Nu versturen" in text(client.get(f"/campagnes/{campaign.id}/controle/"))


def test_staff_choose_or_stop(client: Client) -> None:
    campaign = make_campaign(100)
    set_up(client, campaign, then="ask")
    ab.start_test(campaign_id=campaign.id, at=timezone.now(), actor=ab_actor())
    work()
    ab.judge_tests(at=timezone.now() + timedelta(hours=5))
    assert "Stuur B aan de rest" in text(client.get(f"/campagnes/{campaign.id}/vergelijken/"))
    client.post(f"/campagnes/{campaign.id}/vergelijken/kies-b/")
    assert "U koos versie B" in text(client.get(f"/campagnes/{campaign.id}/vergelijken/"))
    assert Dispatch.objects.count() == 3


def ab_actor() -> Any:
    from akkoord.trail.actions import Actor

    return Actor.system()


def test_the_live_page_asks_a_bounded_number_of_questions(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    campaign = make_campaign(60)
    set_up(client, campaign)
    ab.start_test(campaign_id=campaign.id, at=timezone.now(), actor=ab_actor())
    work()
    with django_assert_max_num_queries(25):
        client.get(f"/campagnes/{campaign.id}/vergelijken/", headers={"HX-Request": "true"})


def test_a_letter_in_two_versions_is_spread_and_begins_from_the_page(client: Client) -> None:
    campaign = make_campaign(60)
    where = f"/campagnes/{campaign.id}/wanneer/"
    set_up(client, campaign)
    page = text(client.get(where))
    assert 'value="spread"' in page
    assert "even gelijkmatig" in page
    campaign.refresh_from_db()
    seen = {"version": campaign.version, "how": "spread", "hours": "2"}
    answer = client.post(where, seen)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/campagnes/{campaign.id}/vergelijken/",
    )
    assert list(Dispatch.objects.values_list("spread_minutes", flat=True)) == [120, 120]
