"""Before sending: links and DNS are looked at beside the page; empty fields are counted."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from akkoord.accounts.tests.factories import make_staff
from akkoord.campaigns.actions import CampaignText, create_campaign, findings_outside
from akkoord.campaigns.models import Campaign
from akkoord.delivery.dns_check import NoAnswer
from akkoord.delivery.models import MailServer
from akkoord.delivery.signing import signer_for
from akkoord.delivery.tests.test_spam_score import program
from akkoord.messages.dispatch import compile_for
from akkoord.messages.outside import look_outside
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import Person
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    cache.clear()
    return make_topic()


@pytest.fixture
def site() -> Iterator[str]:
    """A site on loopback on which only /fine is there; it counts what is asked."""
    asked: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path == "/fine" else 404)
            self.end_headers()

        do_GET = do_HEAD  # noqa: N815 - as http.server calls it

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.asked = asked  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def letter(topic: Purpose, body: str) -> Campaign:
    text = CampaignText(name="Herfst", subject="Herfst", body=body)
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.system())


def codes(campaign: Campaign) -> list[str]:
    return [each.code for each in findings_outside(campaign)]


def test_a_broken_link_is_named_and_a_good_one_not(
    topic: Purpose, site: str, settings: Settings
) -> None:
    settings.PUSH_LOOPBACK = True
    found = findings_outside(letter(topic, f"[a]({site}/fine) [b]({site}/gone) [b]({site}/gone)"))
    assert [(each.code, site + "/gone" in each.sentence) for each in found] == [
        ("link-broken", True),
        ("dns-not-checked", False),
    ]


def test_nobody_is_asked_twice_in_ten_minutes(
    topic: Purpose, site: str, settings: Settings
) -> None:
    settings.PUSH_LOOPBACK = True
    campaign = letter(topic, f"[a]({site}/fine)")
    assert codes(campaign) == ["dns-not-checked"]
    settings.PUSH_LOOPBACK = False  # asked again, it would be a link inside
    assert codes(campaign) == ["dns-not-checked"]


def test_a_link_into_our_own_network_is_never_asked(topic: Purpose, site: str) -> None:
    found = findings_outside(letter(topic, f"[a]({site}/fine) [b](http://169.254.169.254/latest)"))
    assert [each.code for each in found] == ["link-inside", "link-inside", "dns-not-checked"]


def test_records_are_asked_only_of_mail_that_leaves(topic: Purpose, settings: Settings) -> None:
    asked: list[str] = []

    def texts(name: str, _kind: str = "TXT") -> list[str]:
        asked.append(name)
        return []

    source = make_source()
    compiled = compile_for(topic, source)
    settings.SMTP_URL = "smtp://127.0.0.1:25"
    found = look_outside(source, compiled, texts=texts)
    assert [each.code for each in found] == ["dns-not-checked"], "never a silent pass"
    assert asked == []
    settings.SMTP_URL = "smtp://mail.example.org:25"
    found = look_outside(source, compiled, texts=texts)
    assert [each.code for each in found] == ["spf-missing", "dkim-not-checked", "dmarc-missing"]
    assert all("fietsen.example.nl" in each.sentence for each in found)


def server(**more: Any) -> MailServer:
    made = {"scheme": "smtps", "host": "mail.example.org", "port": 465, "user": "anna"} | more
    return MailServer.objects.create(created_at=timezone.now(), **made)


@pytest.mark.parametrize(
    ("url", "entered"),
    [
        ("", {}),
        (
            "",
            {
                "kind": "postmark",
                "scheme": "https",
                "host": "api.postmarkapp.com",
                "port": 443,
                "user": "broadcast",
                "contract_on": "2026-01-01",
            },
        ),
        ("smtp://127.0.0.1:25", {}),
        ("smtp://mail.example.org:25 smtp://mail2.example.org:2525?weight=2", None),
        ("smtp://127.0.0.1:25, smtp://mail.example.org:2525", None),
    ],
)
def test_records_are_asked_whichever_server_the_mail_leaves_by(
    topic: Purpose, settings: Settings, url: str, entered: dict[str, Any] | None
) -> None:
    settings.SMTP_URL = url
    if entered is not None:
        server(**entered)
    source = make_source()
    found = look_outside(source, compile_for(topic, source), texts=lambda _name, _kind="TXT": [])
    assert {"spf-missing", "dmarc-missing"} <= {each.code for each in found}
    assert "dns-not-checked" not in {each.code for each in found}


def test_what_to_publish_is_said(topic: Purpose, settings: Settings) -> None:
    domain = "fietsen.example.nl"
    zone = {domain: ["v=spf1 mx -all"], f"_dmarc.{domain}": ["v=DMARC1; p=none; aspf=s"]}
    settings.SMTP_URL = ""
    server(host="smtp.postmarkapp.com")
    amazon = {"scheme": "https", "port": 443, "contract_on": "2026-01-01", "kind": "ses"}
    server(host="email.eu-west-1.amazonaws.com", user="AKIAXXXXXXXXXXXXXXXX", **amazon)
    source = make_source()
    found = look_outside(
        source,
        compile_for(topic, source),
        texts=lambda name, kind="TXT": zone.get(name, []) if kind == "TXT" else [],
    )
    said = {each.code: each.sentence for each in found}
    assert set(said) == {"spf-names-not", "dkim-not-checked", "spf-not-aligned"}
    assert "v=spf1 include:spf.mtasv.net mx -all" in said["spf-names-not"]
    assert domain in said["dkim-not-checked"]
    assert "email.eu-west-1.amazonaws.com" in said["spf-not-aligned"]


def test_a_key_that_cannot_sign_is_no_reason_for_green(
    topic: Purpose, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("no key")
    settings.DKIM_KEY_FILE = tmp_path / "key"
    signer_for.cache_clear()
    settings.SMTP_URL = "smtp://mail.example.org:25"
    compiled = compile_for(topic, make_source())
    found = look_outside(make_source(), compiled, texts=lambda _name, _kind="TXT": [])
    signer_for.cache_clear()
    assert [each.code for each in found] == ["dns-not-checked"]


@pytest.mark.parametrize("body", ["Dag.", "Dag {{ nonsense }}"])
def test_what_nobody_looked_at_is_never_green(topic: Purpose, body: str) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    campaign = letter(topic, "Dag.")
    Campaign.objects.update(body=body)
    part = client.get(f"/campagnes/{campaign.id}/buiten/").content.decode()
    assert "Niet nagekeken" in part
    assert "callout good" not in part
    assert "niets mis" not in part


def test_a_letter_that_spamassassin_takes_for_spam(
    topic: Purpose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = "X-Spam-Status: Yes, score=7.1 required=5.0 tests=SUBJ_ALL_CAPS autolearn=no\n\nDag.\n"
    monkeypatch.setenv("PATH", str(Path(program(tmp_path, answer)).parent) + ":/usr/bin:/bin")
    found = findings_outside(letter(topic, "Dag."))
    assert [each.code for each in found] == ["dns-not-checked", "spam-score"]
    assert "SUBJ_ALL_CAPS" in found[1].sentence


def test_no_network_is_said_and_never_a_silent_pass(topic: Purpose, settings: Settings) -> None:
    def texts(name: str, _kind: str = "TXT") -> list[str]:
        raise NoAnswer(name)

    settings.SMTP_URL = "smtp://mail.example.org:25"
    source = make_source()
    found = look_outside(source, compile_for(topic, source), texts=texts)
    assert [each.code for each in found] == ["dns-not-checked"]


def test_the_page_does_not_wait_for_the_world(
    topic: Purpose, site: str, settings: Settings
) -> None:
    settings.PUSH_LOOPBACK = True
    make_many(1, topic)
    campaign = letter(topic, f"[a]({site}/gone)")
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert f'hx-get="/campagnes/{campaign.id}/buiten/"' in page
    assert "Niet nagekeken" not in page
    assert "leidt nergens" not in page
    part = client.get(f"/campagnes/{campaign.id}/buiten/").content.decode()
    assert "Deze link werkt niet" in part
    assert "hx-get" not in part, "it would ask for ever"


@pytest.mark.parametrize(
    ("without", "said"),
    [(0, ""), (1, "1 persoon"), (2, "2 mensen")],
)
def test_for_how_many_a_field_is_empty(topic: Purpose, without: int, said: str) -> None:
    make_many(4, topic)
    nameless = Person.objects.order_by("id").values_list("id", flat=True)[:without]
    Person.objects.filter(id__in=list(nameless)).update(given_name="")
    campaign = letter(topic, "Dag {{ first_name }}.")
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/campagnes/{campaign.id}/controle/").content.decode()
    assert ("first_name” is leeg" in page or "“first_name” leeg" in page) == bool(said)
    assert said in page
