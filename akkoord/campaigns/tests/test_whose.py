"""A mail server of another company gets no address without its contract in the register."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
from akkoord.campaigns.provider_entry import enter_account, say_whose
from akkoord.campaigns.whose import whose_rows
from akkoord.config.finding import State
from akkoord.config.mail_health import check_contracts
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OwnServer
from akkoord.delivery.server_actions import ServerRefused
from akkoord.delivery.servers import relays
from akkoord.law.sending_rules import is_own_network_host
from akkoord.messages.contracts import servers_of_whom
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, check_way_back, start_dispatch
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.pauses import pause_sentence
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.register.models import Recipient
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ME = Actor.system()
ROOT = "/campagnes/versturen/"


@pytest.fixture(autouse=True)
def elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"
    settings.SMTP_URL = "smtps://mail.example.org:465"


@pytest.fixture
def client() -> Client:
    make_organisation()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def refused() -> str:
    try:
        check_way_back()
    except DispatchRefused as refusal:
        return refusal.code
    return ""


def say(**more: Any) -> None:
    say_whose(key=relays()[0].key, at=timezone.now(), actor=ME, **more)


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *[("127.0.0.1", True), ("localhost", True), ("10.0.0.4", True), ("postfix", True)],
        *[("mail.lan", True), ("::1", True), ("mail.example.org", False), ("9.9.9.9", False)],
    ],
)
def test_what_stands_in_our_own_network_is_ours(host: str, is_own: bool) -> None:
    assert is_own_network_host(host) == is_own


def test_inv42_another_company_s_server_gets_nothing_until_its_contract_is_there() -> None:
    make_organisation()
    topic = make_topic()
    make_many(3, topic)
    with translation.override("nl"), pytest.raises(DispatchRefused) as stopped:
        start_dispatch(
            purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
        )
    assert stopped.value.code == "no-contract"
    assert "Van wie is mail.example.org:465?" in stopped.value.sentence
    assert not Dispatch.objects.exists()
    for values in (
        {"company": "Post BV", "has_contract": False},
        {"company": " ", "has_contract": True},
    ):
        with pytest.raises(ServerRefused):
            say(is_own=False, **values)
    assert refused() == "no-contract"
    say(is_own=False, company="Post BV", has_contract=True, leaves_eea=True)
    assert refused() == ""
    found = Recipient.objects.get(key="mail-host-mail-example-org")
    assert (found.name, found.role, found.country) == ("Post BV", "processor", "US")
    assert found.contract_on is not None
    assert "contractual clauses" in found.safeguard


def test_inv42_ended_in_the_register_it_gets_nothing_more_of_a_letter_under_way() -> None:
    make_organisation()
    topic = make_topic()
    make_many(3, topic)
    say(is_own=False, company="Post BV", has_contract=True)
    run = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )
    Recipient.objects.filter(key__startswith="mail-host").update(valid_to=timezone.now())
    run_dispatch(run.id, worker_id=uuid7())
    run.refresh_from_db()
    assert (run.state, run.pause_reason) == ("paused", "no-contract")
    assert not Message.objects.filter(state="sent").exists()


def test_inv42_a_provider_ended_in_the_register_gets_nothing_more(settings: Any) -> None:
    settings.SMTP_URL = ""
    make_organisation()
    enter_account(
        kind="postmark",
        region="",
        name="outbound",
        key="0123abcd-4567-89ef-0123-456789abcdef",
        weight=1,
        has_contract=True,
        is_unmeasured=False,
        at=timezone.now(),
        actor=ME,
    )
    assert refused() == ""
    Recipient.objects.filter(key="mail-postmark").update(valid_to=timezone.now())
    assert refused() == "no-contract"


@pytest.mark.parametrize("worse", [{"safeguard": ""}, {"activity_keys": []}])
def test_inv42_a_contract_without_a_ground_sends_nothing(
    settings: Any, worse: dict[str, Any]
) -> None:
    settings.SMTP_URL = ""
    make_organisation()
    account = {
        "region": "us-east-1",
        "name": "AKIAIOSFODNN7EXAMPLE",
        "key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    }
    enter_account(
        kind="ses",
        **account,
        weight=1,
        has_contract=True,
        is_unmeasured=False,
        at=timezone.now(),
        actor=ME,
    )
    assert refused() == ""
    Recipient.objects.filter(key="mail-ses").update(**worse)
    assert refused() == "no-contract"
    with translation.override("nl"), pytest.raises(DispatchRefused) as stopped:
        check_way_back()
    assert "Amazon" in stopped.value.sentence


def test_a_server_of_our_own_is_said_to_be_and_needs_no_contract() -> None:
    make_organisation()
    say(is_own=True)
    assert refused() == ""
    assert not Recipient.objects.filter(key__startswith="mail-host").exists()
    say(is_own=False, company="Post BV", has_contract=True)
    assert not OwnServer.objects.exists()
    say(is_own=True)
    assert Recipient.objects.get(key__startswith="mail-host").valid_to is not None
    assert refused() == ""


def test_on_the_page(client: Client) -> None:
    shown = client.get(ROOT).content.decode()
    assert "Krijgt nog geen brieven" in shown
    key = relays()[0].key
    answer = client.post(f"{ROOT}server/{key}/van/", {"whose": "other", "company": "Post BV"})
    assert "Spreek eerst" in client.get(ROOT).content.decode()
    typed = {"whose": "other", "company": "Post BV", "has_contract": "on"}
    answer = client.post(f"{ROOT}server/{key}/van/", typed)
    assert answer.status_code == 302
    assert "Post BV, overeenkomst vastgelegd op" in client.get(ROOT).content.decode()
    client.post(f"{ROOT}server/{'0' * 24}/van/", typed)
    client.post(f"{ROOT}server/{key}/van/", {})
    assert Recipient.objects.filter(key__startswith="mail-host").count() == 1


def test_what_was_said_can_be_said_anew_and_what_was_said_before_stays(client: Client) -> None:
    key = relays()[0].key
    at = f"{ROOT}server/{key}/van/"
    client.post(at, {"whose": "own"})
    shown = client.get(ROOT).content.decode()
    assert "Van u" in shown
    assert "Er geldt nu iets anders" in shown
    assert f'action="{at}"' in shown, "the form stands there to say it anew"
    client.post(at, {"whose": "other", "company": "Post BV", "has_contract": "on"})
    client.post(at, {"whose": "other", "company": "Brief BV", "has_contract": "on"})
    [row] = whose_rows()
    assert [each.company for each in row.history] == ["Brief BV", "Post BV", ""]
    assert all(each.by for each in row.history)
    shown = client.get(ROOT).content.decode()
    assert shown.index("van Brief BV") < shown.index("van Post BV") < shown.index("van ons")
    assert Recipient.objects.filter(key__startswith="mail-host").count() == 2
    assert Recipient.objects.get(key__startswith="mail-host", valid_to=None).name == "Brief BV"


def test_the_page_asks_no_more_for_more_servers(
    client: Client, settings: Any, django_assert_max_num_queries: Any
) -> None:
    hosts = [f"smtps://mail{number}.example.org:465" for number in range(4)]
    settings.SMTP_URL = " ".join(hosts)
    for relay in relays():
        say_whose(key=relay.key, is_own=True, at=timezone.now(), actor=ME)
    with django_assert_max_num_queries(6):
        assert [len(each.history) for each in whose_rows()] == [1, 1, 1, 1]


def test_inv42_the_start_page_and_the_doctor_say_what_waits_for_its_contract(
    client: Client,
) -> None:
    shown = client.get("/").content.decode()
    assert "Een mailserver wacht op de overeenkomst" in shown
    assert "mail.example.org:465 krijgt nog geen brieven" in shown
    assert ROOT in shown
    found = check_contracts()
    assert found.state is State.WRONG
    assert "mail.example.org:465" in found.says
    say(is_own=True)
    assert "wacht op de overeenkomst" not in client.get("/").content.decode()
    assert check_contracts().state is State.GOOD


def test_a_server_here_asks_nothing(settings: Any, django_assert_num_queries: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:25"
    with django_assert_num_queries(1):
        assert servers_of_whom() == []


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", ""),
        ("no-contract", "Van wie is mail.example.org"),
        ("content-changed", "goedgekeurd"),
        ("transport-refused", "weigerde alles"),
        ("field-outside-purpose", "dit onderwerp niet meer mag gebruiken"),
        ("login", "weigert de gebruikersnaam"),
        ("something-new", "kan niet meer gebruikt worden"),
    ],
)
def test_why_a_letter_was_paused_is_said_in_words(reason: str, says: str) -> None:
    make_organisation()
    with translation.override("nl"):
        said = pause_sentence(reason)
    assert says in said
    assert not reason or reason not in said


def test_the_page_of_a_paused_letter_says_why(client: Client) -> None:
    topic = make_topic()
    make_many(3, topic)
    text = CampaignText(name="Winter", subject="Winter", body="Dag.")
    campaign = create_campaign(purpose=topic, text=text, at=timezone.now(), actor=ME)
    say(is_own=True)
    send_campaign(campaign_id=campaign.id, at=timezone.now(), actor=ME)
    Dispatch.objects.update(state="paused", pause_reason="transport-refused")
    assert (
        "De andere kant weigerde alles" in client.get(f"/campagnes/{campaign.id}/").content.decode()
    )
