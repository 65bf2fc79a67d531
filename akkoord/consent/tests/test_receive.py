"""Mail that says stop: to the unsubscribe address, as an answer, through a pipe and a mailbox."""

import json
from email.message import EmailMessage
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akkoord.accounts.models import Staff
from akkoord.cli.mail import command
from akkoord.consent.models import IncomingMail, PermissionEvent, Standing
from akkoord.consent.poll import poll_mailbox
from akkoord.consent.receive import (
    KEEP,
    count_to_read,
    forget_received,
    handle_mail,
    receive_mail,
)
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_point, make_topic
from akkoord.consent.tokens import withdrawal_address
from akkoord.delivery.imap import ImapProblem, read_url
from akkoord.delivery.tests.imap_server import imap_server
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.tests.factories import give
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    make_topic("offers")
    return make_topic()


@pytest.fixture
def point(topic: Purpose) -> ContactPoint:
    point = make_point("anna@example.nl")
    for each in Purpose.objects.filter(is_topic=True):
        give(point, each, state="requested")  # a standing to see stopping by
    return point


def mail(
    text: str = "",
    *,
    to: str = "info@fietsen.example.nl",
    sender: str = "anna@example.nl",
    subject: str = "Re: Nieuws",
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = headers.pop("Message_Id", "<1@example.nl>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def address(point: ContactPoint, topic: Purpose) -> str:
    return withdrawal_address(point_id=point.id, purpose_id=topic.id, domain="fietsen.example.nl")


def stopped() -> set[str]:
    return set(Standing.objects.filter(state="withdrawn").values_list("purpose__slug", flat=True))


def test_inv24_the_mailto_of_the_header_stops_its_topic(
    point: ContactPoint, topic: Purpose
) -> None:
    """Whoever the mail comes from, whatever stands in it, however a program made it."""
    raw = mail(
        "x",
        to=address(point, topic),
        sender="other@example.com",
        subject="unsubscribe",
        Auto_Submitted="auto-generated",
    )
    received = receive_mail(raw, at=NOW)
    assert (received.outcome, received.stopped) == ("stopped", 1)
    assert stopped() == {"newsletter"}
    event = PermissionEvent.objects.get(state="withdrawn")
    assert (event.method, event.actor_kind) == ("mailto", "person")
    again = receive_mail(raw, at=NOW)  # a mail server delivers twice
    assert (again.outcome, again.stopped, again.is_double) == ("stopped", 0, True)
    assert PermissionEvent.objects.filter(state="withdrawn").count() == 1


def test_the_tag_counts_from_the_envelope_too(point: ContactPoint, topic: Purpose) -> None:
    raw = mail(to="undisclosed@example.com")
    assert receive_mail(raw, at=NOW, recipients=[address(point, topic)]).stopped == 1


@pytest.mark.parametrize("tag", ["", "+cutoff", "+%00"])
def test_a_tag_that_was_cut_off_falls_back_on_the_sender(point: ContactPoint, tag: str) -> None:
    to = f"uitschrijven{tag}@fietsen.example.nl"
    assert receive_mail(mail(to=to), at=NOW).outcome == "stopped"
    assert stopped() == {"newsletter", "offers"}
    unknown = receive_mail(mail(to=to, sender="nobody@example.com"), at=NOW)
    assert unknown.outcome == "to-read"  # nothing is lost


def test_an_answer_that_says_stop_stops_everything(point: ContactPoint) -> None:
    assert receive_mail(mail("Graag uitschrijven"), at=NOW).outcome == "stopped"
    assert stopped() == {"newsletter", "offers"}
    assert set(
        PermissionEvent.objects.filter(state="withdrawn").values_list("method", flat=True)
    ) == {"reply"}
    assert not IncomingMail.objects.exclude(sender="", words="", contact_point=None).exists()


def test_an_answer_from_html_alone_is_read_without_what_it_quotes(point: ContactPoint) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "anna@example.nl", "i@x.nl", "Re: x"
    message.set_content(
        "<div>Stop</div><div class='gmail_quote'>Op di schreef X: hoe gaat het?</div>", "html"
    )
    assert receive_mail(message.as_bytes(), at=NOW).outcome == "stopped"


@pytest.mark.parametrize(
    ("text", "sender", "headers", "outcome"),
    [
        (
            "Ik ben er niet. Stop.",
            "anna@example.nl",
            {"Auto_Submitted": "auto-replied"},
            "automatic",
        ),
        ("Hoe kan ik mij afmelden?", "anna@example.nl", {}, "to-read"),
        ("uitschrijven", "unknown@example.com", {}, "to-read"),
        ("Hebt u die fiets in het rood?", "anna@example.nl", {}, "to-read"),
    ],
)
def test_who_is_not_sure_stops_nobody_and_loses_nothing(
    point: ContactPoint, text: str, sender: str, headers: dict[str, str], outcome: str
) -> None:
    assert receive_mail(mail(text, sender=sender, **headers), at=NOW).outcome == outcome
    assert stopped() == set()
    kept = IncomingMail.objects.get()
    assert kept.words == (text if outcome == "to-read" else "")
    assert count_to_read() == (outcome == "to-read")


def test_staff_read_it_and_its_words_go(point: ContactPoint) -> None:
    receive_mail(mail("Mijn man is overleden, graag uitschrijven"), at=NOW)
    receive_mail(mail("Is dit spam?", sender="x@example.com"), at=NOW)
    first, second = IncomingMail.objects.order_by("received_at", "id")
    assert handle_mail(mail_id=first.id, stop=True, actor=STAFF, at=NOW) == 2
    assert handle_mail(mail_id=first.id, stop=True, actor=STAFF, at=NOW) == 0
    handle_mail(mail_id=second.id, stop=False, actor=STAFF, at=NOW)
    assert stopped() == {"newsletter", "offers"}
    assert count_to_read() == 0
    assert not IncomingMail.objects.exclude(words="", sender="", subject="").exists()
    assert forget_received(at=NOW + KEEP) == 2


def test_after_an_erasure_the_address_says_that_nobody_is_there(
    point: ContactPoint, topic: Purpose
) -> None:
    to = address(point, topic)
    Person.objects.all().delete()
    assert receive_mail(mail(to=to), at=NOW).outcome == "gone"


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    raw=st.binary(max_size=300),
    head=st.sampled_from([b"", b"From: a@b.nl\r\nTo: ", b"Subject: =?x?q?"]),
)
def test_a_mail_that_was_made_to_hurt_is_kept_or_read_never_lost(
    topic: Purpose, raw: bytes, head: bytes
) -> None:
    received = receive_mail(head + raw, at=NOW)
    assert received.outcome in ("to-read", "automatic")


def test_the_pipe_of_a_mail_server(point: ContactPoint, topic: Purpose) -> None:
    done = CliRunner().invoke(
        command, ["receive", "--json", "--recipient", address(point, topic)], input=mail()
    )
    assert json.loads(done.stdout) == {"outcome": "stopped", "stopped": 1, "seen_before": False}
    assert done.exit_code == 0
    assert CliRunner().invoke(command, ["receive"], input=b"").exit_code == 1


def test_without_a_database_the_mail_server_keeps_the_mail(
    monkeypatch: pytest.MonkeyPatch, topic: Purpose
) -> None:
    def down(*_args: Any, **_options: Any) -> None:
        raise OSError("no database")

    monkeypatch.setattr("akkoord.cli.mail.receive_mail", down)
    done = CliRunner().invoke(command, ["receive"], input=mail("stop"))
    assert done.exit_code == 75


@pytest.mark.parametrize("capabilities", ["UIDPLUS MOVE", "UIDPLUS", ""])
def test_a_mailbox_is_read_and_what_is_done_goes_out_of_it(
    point: ContactPoint, capabilities: str
) -> None:
    with imap_server(capabilities=capabilities) as server:
        server.put(mail("uitschrijven"))
        question = server.put(mail("Hebt u die fiets ook in het rood?", Message_Id="<2@x.nl>"))
        unsure = server.put(mail("Hoe moet ik stoppen?", Message_Id="<3@x.nl>"))
        visit = poll_mailbox(server.url, at=NOW)
        assert (visit.read, visit.stopped, visit.put_away) == (3, 1, 1)
        left = server.folders["INBOX"]
        assert [each.uid for each in left] == [question, unsure]
        assert all(each.flags == {"AkkoordSeen"} for each in left)  # not read: that is theirs
        assert len(server.folders["Akkoord"]) == 1
        assert poll_mailbox(server.url, at=NOW).read == 0
    assert stopped() == {"newsletter", "offers"}
    assert count_to_read() == 1


def test_a_worker_that_died_before_the_move_meets_its_mail_again(point: ContactPoint) -> None:
    raw = mail("uitschrijven")
    receive_mail(raw, at=NOW)
    with imap_server(keywords=False) as server:
        server.put(raw)
        server.put(mail("Dag!", Message_Id="<4@x.nl>"))
        assert poll_mailbox(server.url, at=NOW).put_away == 1
        assert poll_mailbox(server.url, at=NOW).read == 1  # no keywords: known by its digest
    assert PermissionEvent.objects.filter(state="withdrawn").count() == 2


def test_a_mailbox_that_refuses_is_told_without_the_password(topic: Purpose) -> None:
    with imap_server() as server:
        wrong = server.url.replace("geheim%20woord", "verkeerd")
        with pytest.raises(ImapProblem) as refused:
            poll_mailbox(wrong, at=NOW)
        assert "verkeerd" not in str(refused.value)
    with pytest.raises(ImapProblem):
        poll_mailbox(server.url, at=NOW)


@pytest.mark.parametrize("url", ["smtp://a:b@x", "imaps://example.nl/INBOX", "imaps://", "x"])
def test_what_is_no_mailbox_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="mailbox"):
        read_url(url)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(
        Staff.objects.create_user(email="s@example.nl", name="S", password="x", role="marketer")
    )
    return client


def test_staff_pages_of_mails(staff: Client, point: ContactPoint) -> None:
    receive_mail(mail("Ik heb bezwaar <b>tegen</b> dit"), at=NOW)
    page = staff.get("/formulieren/post/").content.decode()
    assert "&lt;b&gt;tegen" in page
    waiting = IncomingMail.objects.get()
    start = staff.get("/").content.decode()
    assert "/formulieren/post/" in start
    assert staff.get(f"/formulieren/post/{waiting.id}/").status_code == 302
    assert count_to_read() == 1
    staff.post(f"/formulieren/post/{waiting.id}/", {"act": "stop"})
    assert stopped() == {"newsletter", "offers"}
    assert "/formulieren/post/" not in staff.get("/").content.decode()


def test_inv24_by_telephone_it_is_two_clicks(staff: Client, point: ContactPoint) -> None:
    """From the person's page: one link that stands open on it, one button that says what."""
    import re

    page = staff.get(f"/mensen/{point.person_id}/").content.decode()
    link = f"/formulieren/mens/{point.person_id}/nee/"
    card = page[page.index("Wat deze persoon wil") - 600 :] if "Wat deze" in page else page
    assert f'href="{link}"' in card
    form = staff.get(link).content.decode()
    assert re.search(r'<input[^>]+value="phone"[^>]+checked', form)
    button = re.search(r'<button[^>]+name="what"[^>]+value="([0-9a-f-]{36})"', form)
    assert button is not None
    answer = staff.post(link, {"what": button.group(1), "method": "phone"})
    assert answer.status_code == 302
    assert len(stopped()) == 1
