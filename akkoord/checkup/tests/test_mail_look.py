"""Mail records and TLS as points and measures: what was not looked at is never good."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.checkup import jobs
from akkoord.checkup.gathered import Gathered
from akkoord.checkup.mail_look import TOO_OLD, look_at_mail, mail_seen, tls_seen
from akkoord.checkup.models import MailLook, Snapshot
from akkoord.delivery.dns_check import NoAnswer
from akkoord.law.duties import State
from akkoord.register.measures import looks_now, note_seen_measures
from akkoord.register.models import Measure
from akkoord.register.tests.factories import NOW, make_organisation
from akkoord.trail.actions import Actor
from akkoord.trail.models import RestoreTry

pytestmark = pytest.mark.django_db
SERVER = "smtp+starttls://mail.provider.example:587"


@pytest.fixture(autouse=True)
def shop(settings: Any) -> Iterator[None]:
    settings.SMTP_URL = SERVER
    make_organisation()
    with translation.override("nl"):
        yield


def no_network(_name: str, _kind: str = "TXT") -> list[str]:
    raise NoAnswer


def no_records(_name: str, _kind: str = "TXT") -> list[str]:
    return []


def measure(name: str) -> bool:
    return dict(looks_now())[name].holds


def test_without_a_network_it_is_not_checked_and_never_good() -> None:
    assert mail_seen(NOW).state is State.ATTENTION
    look = look_at_mail(at=NOW, texts=no_network)
    assert look is not None
    assert look.codes == ["dns-not-checked"]
    seen = mail_seen(NOW)
    assert seen.state is State.ATTENTION
    assert seen.sentences[0].startswith("Niet nagekeken")
    assert not measure("Mail herkenbaar (SPF, DKIM en DMARC)")


@pytest.mark.parametrize("codes", [[], ["spf-missing"]])
def test_one_night_without_a_network_takes_nothing_back(codes: list[str]) -> None:
    look_at_mail(at=NOW, texts=no_records)
    MailLook.objects.update(codes=codes)
    look_at_mail(at=NOW + timedelta(days=1), texts=no_network)
    assert MailLook.objects.values_list("codes", "at").get() == (codes, NOW)
    later = NOW + TOO_OLD + timedelta(hours=1)
    look_at_mail(at=later, texts=no_network)
    seen = mail_seen(later)  # too old to say anything, and the day of it is not lost
    assert (seen.state, seen.at, seen.unreached_at) == (State.ATTENTION, NOW, later)
    assert seen.sentences[0].startswith("Niet nagekeken")
    look_at_mail(at=later, texts=no_records)
    assert mail_seen(later).unreached_at is None


def test_the_day_is_kept_also_when_the_look_at_mail_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_given: Any) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(jobs, "look_at_mail", fails)
    with pytest.raises(OSError, match="no disk"):
        jobs.keep(timestamp=0)
    assert Snapshot.objects.count() == 1


def test_missing_records_are_wrong_and_what_was_right_grows_old() -> None:
    look_at_mail(at=NOW, texts=no_records)
    assert mail_seen(NOW).state is State.WRONG
    with translation.override("en"):
        assert "no SPF record" in " ".join(mail_seen(NOW).sentences)
    MailLook.objects.update(codes=[], sentences={}, at=timezone.now())
    assert mail_seen(timezone.now()).state is State.GOOD
    assert measure("Mail herkenbaar (SPF, DKIM en DMARC)")
    MailLook.objects.update(codes=["spf-not-checked"])
    assert mail_seen(timezone.now()).state is State.ATTENTION
    later = timezone.now() + TOO_OLD + timedelta(hours=1)
    MailLook.objects.update(codes=[])
    assert mail_seen(later).state is State.ATTENTION


@pytest.mark.parametrize(
    ("url", "state"),
    [
        (SERVER, State.GOOD),
        ("smtps://mail.provider.example", State.GOOD),
        ("smtp://mail.provider.example", State.WRONG),
        (f"{SERVER} smtp://other.example", State.WRONG),
        ("smtp://127.0.0.1:2525", State.NONE),
        ("memory://", State.NONE),
    ],
)
def test_letters_go_over_tls_or_it_is_said(settings: Any, url: str, state: State) -> None:
    settings.SMTP_URL = url
    assert tls_seen(Gathered(NOW)).state is state


def test_no_mail_leaves_so_nothing_is_said_of_it(settings: Any) -> None:
    look_at_mail(at=NOW, texts=no_records)
    settings.SMTP_URL = "memory://"
    assert mail_seen(NOW).state is State.NONE
    assert look_at_mail(at=NOW, texts=no_records) is None
    assert not MailLook.objects.exists()
    assert not measure("Mail versleuteld onderweg (TLS)")


def test_what_holds_stands_in_the_register_until_it_does_not() -> None:
    now = timezone.now()
    assert not measure("Terugzetten van een back-up geprobeerd")
    RestoreTry.objects.create(at=now - timedelta(days=30), went_well=True)
    note_seen_measures(at=now, actor=Actor.system())
    standing = Measure.objects.filter(valid_to=None).values_list("key", flat=True)
    assert {"restore-tried", "mail-tls"} <= set(standing)
    assert "backup" not in standing
    RestoreTry.objects.create(at=now, went_well=False)
    note_seen_measures(at=now, actor=Actor.system())
    assert not Measure.objects.filter(key="restore-tried", valid_to=None).exists()


def test_the_page(client: Client, settings: Any) -> None:
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    assert "Niet nagekeken" in client.get("/controle/mail/").content.decode()
    settings.SMTP_URL = "memory://"
    assert client.post("/controle/mail/").status_code == 302
    assert "nog geen mail" in client.get("/controle/mail/").content.decode()


def test_the_page_says_when_the_dns_was_not_reached_and_of_when_the_look_is(client: Client) -> None:
    client.force_login(
        Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="Olga")
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    now = timezone.now()
    look_at_mail(at=now - timedelta(days=1), texts=no_network)
    page = client.get("/controle/mail/").content.decode()
    assert "De DNS gaf geen antwoord" in page
    assert "Akkoord heeft dit nog nooit kunnen nakijken" in page
    look_at_mail(at=now - timedelta(days=3), texts=no_records)
    assert "gaf geen antwoord" not in client.get("/controle/mail/").content.decode()
    look_at_mail(at=now - timedelta(hours=2), texts=no_network)
    page = client.get("/controle/mail/").content.decode()
    seen = timezone.localtime(now - timedelta(days=3))
    assert "De DNS gaf geen antwoord" in page
    assert f"Wat hier staat, is van {seen.day} " in page
    assert "SPF" in page
