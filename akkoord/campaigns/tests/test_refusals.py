"""What cannot be done is said before or at once, and nothing typed is lost silently."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import (
    CampaignRefused,
    CampaignText,
    create_campaign,
    preflight_campaign,
    send_campaign,
)
from akkoord.campaigns.models import Campaign, Plan
from akkoord.campaigns.plan import plan_campaign
from akkoord.composing.tree import Tree, as_text, new_block
from akkoord.delivery.models import OutboxMail
from akkoord.messages.models import Dispatch
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff() -> Any:
    return make_staff()


@pytest.fixture
def client(staff: Any) -> Client:
    found = Client(headers={"accept-language": "nl"})
    found.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture
def campaign(staff: Any) -> Campaign:
    make_organisation()
    topic = make_topic()
    make_many(2, topic)
    tree = Tree((new_block("heading", {"text": "Dag"}), new_block("text", {"text": "Kom langs."})))
    text = CampaignText(name="Herfst", subject="Herfst", body=as_text(tree), body_kind="blocks")
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.staff(staff.pk))


def plain_letter(campaign: Campaign, **words: str) -> Campaign:
    text = CampaignText(**{"name": "Tekst", "subject": "Tekst", "body": "Dag.", **words})  # type: ignore[arg-type]
    return create_campaign(
        purpose=campaign.purpose, text=text, at=timezone.now(), actor=Actor.system()
    )


def test_a_field_that_was_emptied_is_kept_empty_or_said_not_to_be(
    client: Client, campaign: Campaign
) -> None:
    plain = plain_letter(campaign, preheader="Weg hiermee", sender_name="Anna")
    where = f"/campagnes/{plain.id}/kladblad/"
    values = {"name": "Tekst", "subject": "Tekst", "body": "", "preheader": "", "sender_name": ""}
    answer = client.post(where, values | {"version": plain.version}, headers=HTMX)
    assert "Bewaard om" in answer.content.decode()
    plain.refresh_from_db()
    assert (plain.body, plain.preheader, plain.sender_name) == ("", "", "")
    assert client.get(f"/campagnes/{plain.id}/controle/").status_code == 200
    for name in ("name", "subject"):
        typed = values | {"version": plain.version, "body": "Dag.", name: ""}
        answer = client.post(where, typed, headers=HTMX).content.decode()
        assert "Bewaard om" not in answer
        assert "Niet bewaard" in answer
    plain.refresh_from_db()
    assert (plain.body, plain.subject) == ("", "Tekst")


@pytest.mark.parametrize("is_blocks", [True, False])
def test_a_planned_letter_says_so_instead_of_a_form(
    client: Client, campaign: Campaign, is_blocks: bool
) -> None:
    letter = campaign if is_blocks else plain_letter(campaign)
    soon = timezone.now() + timedelta(hours=3)
    plan_campaign(campaign_id=letter.id, starts_at=soon, at=timezone.now(), actor=Actor.system())
    where = f"/campagnes/{letter.id}/schrijven/"
    page = client.get(where, follow=True).content.decode()
    assert "Deze brief is ingepland" in page
    assert "Alles wordt bewaard" not in page
    if is_blocks:
        page = client.get(f"/campagnes/{letter.id}/blokken/").content.decode()
        assert "Deze brief is ingepland" in page
    answer = client.post(f"/campagnes/{letter.id}/van-de-planning/", {"en": "schrijven"})
    assert answer.url == where
    assert not Plan.objects.exists()
    assert "Alles wordt bewaard" in client.get(where, follow=True).content.decode()


def test_who_may_not_send_sees_whom_to_ask(campaign: Campaign) -> None:
    soon = timezone.now() + timedelta(hours=3)
    plan_campaign(campaign_id=campaign.id, starts_at=soon, at=timezone.now(), actor=Actor.system())
    marketer = Client(headers={"accept-language": "nl"})
    marketer.force_login(
        make_staff("marketer", email="m@example.nl"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = marketer.get(f"/campagnes/{campaign.id}/blokken/").content.decode()
    assert ("Vraag een collega" in page) is ("van-de-planning" not in page)


@pytest.mark.parametrize("is_blocks", [True, False])
def test_a_sent_letter_has_nothing_to_write(
    client: Client, campaign: Campaign, is_blocks: bool
) -> None:
    letter = campaign if is_blocks else plain_letter(campaign)
    send_campaign(campaign_id=letter.id, at=timezone.now(), actor=Actor.system())
    answer = client.get(f"/campagnes/{letter.id}/schrijven/")
    assert answer.status_code == 302
    assert answer.url == f"/campagnes/{letter.id}/"
    typed = {"name": "x", "subject": "y", "body": "Met moeite getypt.", "language": "nl",
             "body_kind": "markdown", "version": letter.version}  # fmt: skip
    late = client.post(f"/campagnes/{letter.id}/schrijven/", typed)
    assert is_blocks or "Met moeite getypt." in late.content.decode()


def test_clicks_are_counted_or_not_as_the_head_of_the_blocks_says(
    client: Client, campaign: Campaign
) -> None:
    assert "Klikken tellen" in client.get(f"/campagnes/{campaign.id}/blokken/").content.decode()
    where = f"/campagnes/{campaign.id}/kop/"
    values = {"subject": "Herfst", "name": "Herfst", "language": "nl"}
    for typed, counts in (({}, False), ({"count_clicks": "on"}, True)):
        campaign.refresh_from_db()
        client.post(where, {"version": campaign.version, **values, **typed}, headers=HTMX)
        campaign.refresh_from_db()
        assert campaign.count_clicks is counts


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", ["newsletter", "offer", "event", "update", "notice"])
def test_a_ready_letter_that_nobody_wrote_is_stopped(
    client: Client, campaign: Campaign, key: str, language: str
) -> None:
    values = {"vanaf": key, "purpose": campaign.purpose.slug, "name": "Nieuw",
              "subject": "Nieuws", "language": language}  # fmt: skip
    client.post(f"/campagnes/nieuw/blokken/?vanaf={key}&taal={language}", values)
    made = Campaign.objects.get(name="Nieuw")
    found = preflight_campaign(made, at=timezone.now())
    assert "still-example" in [each.code for each in found.blocking]
    with pytest.raises(CampaignRefused, match=r"example|voorbeeld"):
        send_campaign(campaign_id=made.id, at=timezone.now(), actor=Actor.system())


def test_one_example_that_stays_is_a_warning_and_own_words_are_none(campaign: Campaign) -> None:
    example = "Zeg in één zin waarom dit fijn is."
    one = (new_block("heading", {"text": "Dag"}), new_block("text", {"text": example}))
    Campaign.objects.filter(id=campaign.id).update(body=as_text(Tree(one)))
    campaign.refresh_from_db()
    found = preflight_campaign(campaign, at=timezone.now())
    assert "still-example" in [each.code for each in found.warnings]
    assert not found.blocking
    Campaign.objects.filter(id=campaign.id).update(body=as_text(Tree(one[:1])))
    campaign.refresh_from_db()
    found = preflight_campaign(campaign, at=timezone.now())
    assert "still-example" not in [each.code for each in found.warnings]
    send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=Actor.system())


def test_a_form_that_is_sent_twice_makes_one_letter(client: Client, campaign: Campaign) -> None:
    where = "/campagnes/nieuw/blokken/?vanaf=season&taal=nl"
    key = re.search(r'name="sleutel" value="([^"]+)"', client.get(where).content.decode())
    assert key is not None
    values = {"vanaf": "season", "purpose": campaign.purpose.slug, "name": "Kerst",
              "subject": "Fijne dagen", "language": "nl", "sleutel": key[1]}  # fmt: skip
    first, second = client.post(where, values), client.post(where, values)
    made = Campaign.objects.get(name="Kerst")
    assert first.url == second.url == f"/campagnes/{made.id}/blokken/"
    text = {"purpose": campaign.purpose.slug, "name": "Tekst", "subject": "Tekst", "body": "Dag.",
            "language": "nl", "body_kind": "markdown"}  # fmt: skip
    where = "/campagnes/nieuw/?hoe=markdown"
    key = re.search(r'name="sleutel" value="([^"]+)"', client.get(where).content.decode())
    assert key is not None
    for _time in range(2):
        client.post("/campagnes/nieuw/", {**text, "sleutel": key[1]})
    assert Campaign.objects.filter(name="Tekst").count() == 1
    client.post("/campagnes/nieuw/", {**text, "sleutel": "geen"})  # a new form makes a new one
    assert Campaign.objects.filter(name="Tekst").count() == 2


# -- what cannot be done is said


def test_a_test_or_a_copy_that_cannot_be_made_says_why(client: Client, campaign: Campaign) -> None:
    half = plain_letter(campaign)
    Campaign.objects.filter(id=half.id).update(body="{{ kapot")
    colleague = {"colleagues": [str(Staff.objects.get().pk)]}
    answer = client.post(f"/campagnes/{half.id}/proef/", colleague, follow=True)
    assert "accolades" in answer.content.decode()
    answer = client.post(f"/campagnes/{half.id}/kopie/", follow=True)
    assert "accolades" in answer.content.decode()
    empty = as_text(Tree((new_block("heading"),)))
    Campaign.objects.filter(id=campaign.id).update(body=empty)
    answer = client.post(f"/campagnes/{campaign.id}/proef/", colleague, follow=True)
    assert answer.status_code == 200
    assert not OutboxMail.objects.exists()
    Purpose.objects.filter(id=campaign.purpose_id).update(ended_at=timezone.now())
    answer = client.post(f"/campagnes/{campaign.id}/kopie/", follow=True)
    assert "Dit onderwerp is gestopt" in answer.content.decode()
    assert Campaign.objects.count() == 2


def test_going_on_where_nobody_could_unsubscribe_says_why(
    client: Client, campaign: Campaign, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=Actor.system())
    client.post(f"/campagnes/{campaign.id}/pauze/")
    server = {"host": "mail.example.nl", "scheme": "smtp+starttls", "port": "", "weight": "2"}
    client.post("/campagnes/versturen/server/", server)
    answer = client.post(f"/campagnes/{campaign.id}/verder/", follow=True)
    assert answer.status_code == 200
    assert "openbaar https-adres" in answer.content.decode()
    assert Dispatch.objects.get().state == "paused"
