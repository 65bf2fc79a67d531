"""The page about sending: how much is enough, and the mail servers."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from akkoord.accounts.tests.factories import make_staff
from akkoord.datamap.ids import uuid7
from akkoord.delivery.hook_secrets import hook_secret
from akkoord.delivery.models import (
    MailServer,
    OutboxMail,
    ProviderHook,
    ServerProvider,
    ServerState,
)
from akkoord.delivery.servers import relays
from akkoord.messages.dispatch import cancel_dispatch, start_dispatch
from akkoord.messages.models import SendingRules
from akkoord.messages.tests.factories import (
    make_many,
    make_organisation,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db
SERVER = {"host": "mail.example.nl", "scheme": "smtp+starttls", "port": "", "weight": "2"}


@pytest.fixture
def client() -> Client:
    make_organisation()
    found = Client(headers={"accept-language": "nl"})
    found.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def page(client: Client) -> str:
    return client.get("/campagnes/versturen/").content.decode()


def test_how_much_is_enough(client: Client) -> None:
    client.post("/campagnes/versturen/genoeg/", {"messages": "2", "days": "7"})
    found = SendingRules.objects.get()
    assert (found.cap_messages, found.cap_days) == (2, 7)
    assert 'value="2"' in page(client)
    client.post("/campagnes/versturen/genoeg/", {"messages": "", "days": "7"})
    assert SendingRules.objects.get().cap_messages is None


@pytest.mark.parametrize("typed", [{"messages": "0", "days": "7"}, {"messages": "2", "days": "90"}])
def test_what_is_no_limit_is_refused_at_its_field(client: Client, typed: dict[str, str]) -> None:
    answer = client.post("/campagnes/versturen/genoeg/", typed)
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not SendingRules.objects.exists()


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("smtp.example.nl:587", "smtp.example.nl", 587),
        ("smtp.example.nl:2525", "smtp.example.nl", 2525),
        ("127.0.0.1", "127.0.0.1", 587),
        ("::1", "::1", 587),
    ],
)
def test_a_server_as_people_type_it(client: Client, typed: str, host: str, port: int) -> None:
    client.post("/campagnes/versturen/server/", {**SERVER, "host": typed})
    server = MailServer.objects.get()
    assert (server.host, server.port) == (host, port)


@pytest.mark.parametrize(
    "typed",
    ["::::", "127.0.0.1:99999", "mail.example.nl:", "smtp://mail.example.nl", "a..nl", "-a.nl"],
)
def test_what_is_no_server_is_refused_at_its_field(client: Client, typed: str) -> None:
    answer = client.post("/campagnes/versturen/server/", {**SERVER, "host": typed})
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not MailServer.objects.exists()


def test_one_bad_server_stops_no_other(client: Client) -> None:
    client.post("/campagnes/versturen/server/", SERVER)
    bad = MailServer.objects.get()
    bad.id, bad.host = uuid7(), "smtp.example.nl:587"
    bad.save(force_insert=True)
    assert [each.label for each in relays()] == ["mail.example.nl:587"]
    assert client.get("/campagnes/versturen/").status_code == 200


def test_the_last_server_stays_while_a_letter_is_under_way(client: Client) -> None:
    topic = make_topic()
    make_many(2, topic)
    client.post("/campagnes/versturen/server/", {**SERVER, "host": "127.0.0.1", "port": "1"})
    dispatch = start_dispatch(
        purpose=topic, source=make_source(), segment="", approved_by=None, at=timezone.now()
    )
    away = f"/campagnes/versturen/server/{MailServer.objects.get().id}/weg/"
    assert "nog een brief onderweg" in client.post(away, follow=True).content.decode()
    assert MailServer.objects.count() == 1
    cancel_dispatch(dispatch_id=dispatch.id, at=timezone.now())
    client.post(away)
    assert not MailServer.objects.exists()


def test_a_server_is_added_tried_and_removed(client: Client) -> None:
    typed = {**SERVER, "user": "anna", "password": "heel geheim"}
    assert client.post("/campagnes/versturen/server/", typed).status_code == 302
    server = MailServer.objects.get()
    assert (server.port, server.weight) == (587, 2)
    text = page(client)
    assert "mail.example.nl:587" in text
    assert "heel geheim" not in text
    key = relays()[-1].key
    client.post(f"/campagnes/versturen/server/{key}/proef/")
    mail = OutboxMail.objects.get()
    assert (mail.server, mail.kind) == (key, "test-to-staff")
    assert "Onderweg" in page(client)
    client.post(f"/campagnes/versturen/server/{server.id}/weg/")
    assert not MailServer.objects.exists()


def test_a_user_name_needs_its_password(client: Client) -> None:
    answer = client.post("/campagnes/versturen/server/", {**SERVER, "user": "anna"})
    assert "Vul het wachtwoord in" in answer.content.decode()
    assert not MailServer.objects.exists()


def test_a_server_that_is_set_aside_says_why_here_and_at_the_start(
    client: Client, settings: object
) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1 smtp://127.0.0.1:2"  # type: ignore[attr-defined]
    assert "doet even niet mee" not in client.get("/").content.decode()
    ServerState.objects.create(
        key=relays()[0].key,
        why="login-535",
        set_aside_until=timezone.now(),
        changed_at=timezone.now(),
    )
    assert "weigert de gebruikersnaam" in page(client)
    assert "doet even niet mee" in client.get("/").content.decode()


def test_the_address_for_reports_is_shown_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client.post("/campagnes/versturen/server/", SERVER)
    key = relays()[-1].key
    client.post(f"/campagnes/versturen/server/{key}/aanbieder/", {"provider": "postmark"})
    assert ServerProvider.objects.get().provider == "postmark"
    assert "nog geen adres" in page(client)
    made = client.post("/campagnes/versturen/meldingen/postmark/").content.decode()
    found = re.search(r"/hooks/postmark/([\w-]{32})/", made)
    assert found is not None
    assert found.group(1) not in page(client)
    assert "/hooks/postmark/•" in page(client)
    again = client.post("/campagnes/versturen/meldingen/postmark/").content.decode()
    assert found.group(1) not in again  # the old one stopped
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/campagnes/versturen/meldingen/postmark/weg/")
    assert "nog geen adres" in page(client)
    assert hook_secret("postmark") is None


def test_after_a_hundred_letters_without_a_report_it_says_so(client: Client) -> None:
    client.post("/campagnes/versturen/server/", SERVER)
    key = relays()[-1].key
    client.post(f"/campagnes/versturen/server/{key}/aanbieder/", {"provider": "brevo"})
    client.post("/campagnes/versturen/meldingen/brevo/")
    ServerProvider.objects.update(letters=99)
    assert "Nog niets ontvangen" not in page(client)
    ServerProvider.objects.update(letters=100)
    assert "Nog niets ontvangen" in page(client)
    ProviderHook.objects.update(last_event_at=timezone.now())
    assert "Nog niets ontvangen" not in page(client)
    assert "Meldingen komen binnen" in page(client)
    client.post(f"/campagnes/versturen/server/{MailServer.objects.get().id}/weg/")
    assert not ServerProvider.objects.exists()


def test_what_a_provider_signs_with_is_looked_at(client: Client) -> None:
    client.post("/campagnes/versturen/server/", SERVER)
    key = relays()[-1].key
    client.post(f"/campagnes/versturen/server/{key}/aanbieder/", {"provider": "ses"})
    client.post("/campagnes/versturen/meldingen/ses/")
    way = "/campagnes/versturen/meldingen/ses/bewijs/"
    answer = client.post(way, {"proof": "mijn onderwerp"})
    assert "arn:aws:sns" in answer.content.decode()
    assert 'class="error"' in answer.content.decode()
    assert "Nog niet klaar" in page(client)
    topic = "arn:aws:sns:eu-west-1:123456789012:meldingen"
    assert client.post(way, {"proof": f" {topic} "}).status_code == 302
    assert "Nog niet klaar" not in page(client)
    kept = hook_secret("ses")
    assert kept is not None
    assert kept.proof == topic


def test_a_provider_that_nobody_knows_is_refused(client: Client) -> None:
    client.post("/campagnes/versturen/server/", SERVER)
    key = relays()[-1].key
    client.post(f"/campagnes/versturen/server/{key}/aanbieder/", {"provider": "duivenpost"})
    client.post(f"/campagnes/versturen/server/{'0' * 24}/aanbieder/", {"provider": "ses"})
    client.post("/campagnes/versturen/meldingen/own/")
    client.post("/campagnes/versturen/meldingen/postmark/bewijs/", {"proof": "x"})
    assert not ServerProvider.objects.exists()
    assert not ProviderHook.objects.exists()


@pytest.mark.parametrize("form", ["genoeg", "tempo", "server", "server/built-in/proef"])
def test_the_address_of_a_form_reloaded_leads_to_the_page(client: Client, form: str) -> None:
    answer = client.get(f"/campagnes/versturen/{form}/")
    assert answer.status_code == 302
    assert answer.url == "/campagnes/versturen/"  # type: ignore[attr-defined]
    assert not SendingRules.objects.exists()
