"""Accounts at providers on the page about sending: entered, set up, looked at, taken away."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from akkoord.accounts.tests.factories import make_staff
from akkoord.delivery.models import MailServer, OutboxMail, ProviderHook, ServerState
from akkoord.delivery.servers import has_password, hosts_away, relays
from akkoord.delivery.tests.provider_service import (
    ACCESS,
    KEY,
    ProviderService,
    provider_service,
    reply,
)
from akkoord.messages.tests.factories import make_organisation
from akkoord.register.models import Recipient

pytestmark = pytest.mark.django_db
ROOT = "/campagnes/versturen/"
TYPED: dict[str, dict[str, str]] = {
    "ses": {"region": "eu-central-1", "name": ACCESS},
    "mailgun": {"region": "eu", "name": "MG.example.nl"},
    "postmark": {"name": "broadcast"},
    "brevo": {"is_unmeasured": "on"},
}
EVERY = {"key": f" {KEY} ", "weight": "2", "has_contract": "on"}


@pytest.fixture
def client() -> Client:
    make_organisation()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"


@pytest.fixture
def service() -> Iterator[ProviderService]:
    with provider_service() as found:
        yield found


def page(client: Client) -> str:
    return client.get(ROOT).content.decode()


def add(client: Client, kind: str, **typed: str) -> Any:
    said = {**EVERY, **TYPED[kind], **typed}
    return client.post(
        f"{ROOT}aanbieder/{kind}/", {name: each for name, each in said.items() if each}
    )


@pytest.mark.parametrize("kind", list(TYPED))
def test_an_account_is_entered_with_its_place_in_the_register(
    client: Client, kind: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert add(client, kind).status_code == 302
    server = MailServer.objects.get()
    assert (server.kind, server.scheme, server.weight) == (kind, "https", 2)
    assert server.contract_on is not None
    assert has_password(server.id)
    (relay,) = relays()
    assert relay.account is not None
    assert relay.account.key == KEY, "without the blanks around it"
    assert hosts_away() == [server.host], "links must be public before anything leaves"
    processor = Recipient.objects.get(key=f"mail-{kind}")
    assert processor.role == "processor"
    assert processor.contract_on == server.contract_on
    assert bool(processor.safeguard) == (processor.country == "US")
    shown = page(client)
    assert KEY not in shown
    assert "Meldingen instellen" in shown
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{ROOT}server/{server.id}/weg/")
    assert Recipient.objects.get(key=f"mail-{kind}").valid_to is not None
    assert not has_password(server.id)


@pytest.mark.parametrize("kind", list(TYPED))
def test_inv42_without_a_contract_nothing_is_entered(client: Client, kind: str) -> None:
    answer = add(client, kind, has_contract="")
    assert "Zonder contract" in answer.content.decode()
    assert not MailServer.objects.exists()
    assert not Recipient.objects.filter(key=f"mail-{kind}").exists()


def test_inv42_the_database_refuses_it_too() -> None:
    facts = {"kind": "ses", "scheme": "https", "host": "email.eu-west-1.amazonaws.com"}
    with pytest.raises(IntegrityError), transaction.atomic():
        MailServer.objects.create(**facts, port=443, created_at=timezone.now())


def test_inv28_brevo_only_when_its_measuring_is_off(client: Client) -> None:
    assert "volgplaatje" in add(client, "brevo", is_unmeasured="").content.decode()
    assert not MailServer.objects.exists()


def test_outside_the_eea_there_is_a_ground_for_the_transfer(client: Client) -> None:
    add(client, "ses", region="us-east-1")
    found = Recipient.objects.get(key="mail-ses")
    assert found.country == "US"
    assert "2021/914" in found.safeguard


WRONG = [
    ("ses", {"name": "akia"}, "Dit klopt niet"),
    ("ses", {"region": "mars-1"}, "mars-1"),
    ("ses", {"region": "http://169.254.169.254/"}, "169.254"),
    ("mailgun", {"name": "../../v3/x"}, "Dit klopt niet"),
    ("mailgun", {"name": "mg.example.nl/messages?x="}, "Dit klopt niet"),
    ("postmark", {"name": "Stream met spaties"}, "Dit klopt niet"),
    ("postmark", {"key": "kort"}, "geen sleutel"),
    ("brevo", {"key": "sleutel-met\r\nX-Kop: 1"}, "geen sleutel"),
    ("brevo", {"weight": "0"}, "1"),
]


@pytest.mark.parametrize(("kind", "typed", "says"), WRONG)
def test_what_cannot_be_says_so_at_the_field(
    client: Client, kind: str, typed: dict[str, str], says: str
) -> None:
    answer = add(client, kind, **typed)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not MailServer.objects.exists()
    checked = re.search(r'value="(\w+)" class="way-pick" checked', answer.content.decode())
    assert checked is not None
    assert checked[1] == kind


def test_twice_the_same_is_refused(client: Client) -> None:
    add(client, "mailgun")
    assert "staat er al" in add(client, "mailgun").content.decode()
    assert MailServer.objects.count() == 1
    assert client.post(f"{ROOT}aanbieder/duivenpost/", EVERY).status_code == 404


def test_one_press_sets_up_the_reports_and_sends_a_test(
    client: Client, service: ProviderService
) -> None:
    add(client, "brevo")
    client.post(f"{ROOT}meldingen/brevo/instellen/")
    assert ProviderHook.objects.get().set_up_at is not None
    assert OutboxMail.objects.get().server == relays()[0].key
    assert "Wacht op de melding van de proef" in page(client)
    ProviderHook.objects.update(last_event_at=timezone.now())
    assert "laatste melding op" in page(client)
    client.post(f"{ROOT}meldingen/brevo/nakijken/")
    assert "staat goed bij de aanbieder" in page(client)
    service.hooks.clear()
    client.post(f"{ROOT}meldingen/brevo/nakijken/")
    assert "staat niet meer bij de aanbieder" in page(client)


def test_what_a_key_may_not_is_told_step_by_step(client: Client, service: ProviderService) -> None:
    add(client, "ses")
    service.setting = lambda _method, _path: reply(403)
    client.post(f"{ROOT}meldingen/ses/instellen/")
    shown = page(client)
    assert "mag versturen, maar geen instellingen wijzigen" in shown
    assert "sns:CreateTopic" in shown


def test_a_set_aside_account_says_what_to_do_and_another_key_mends_it(client: Client) -> None:
    add(client, "postmark")
    now = timezone.now()
    server, key = MailServer.objects.get(), relays()[0].key
    ServerState.objects.create(
        key=key, failures=1, why="account-key", set_aside_until=now, changed_at=now
    )
    assert "Maak bij uw aanbieder een nieuwe sleutel" in page(client)
    client.post(f"{ROOT}server/{server.id}/sleutel/", {"key": "een-nieuwe-lange-sleutel"})
    assert not ServerState.objects.exists()
    account = relays()[0].account
    assert account is not None
    assert account.key == "een-nieuwe-lange-sleutel"
    client.post(f"{ROOT}server/{server.id}/sleutel/", {"key": "kort"})
    account = relays()[0].account
    assert account is not None
    assert account.key == "een-nieuwe-lange-sleutel"


def test_the_page_stays_cheap(client: Client, django_assert_max_num_queries: Any) -> None:
    for kind in TYPED:
        add(client, kind)
    with django_assert_max_num_queries(40):
        page(client)
