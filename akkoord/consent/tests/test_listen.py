"""The door for mails by LMTP, with a real client: reports and answers in, others refused."""

import asyncio
import json
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import connection

from akkoord.cli.mail import command
from akkoord.consent.listen import is_ours, listen
from akkoord.consent.models import IncomingMail, Standing
from akkoord.consent.tests.factories import make_organisation, make_point, make_topic
from akkoord.consent.tokens import return_address, withdrawal_address
from akkoord.people.models import ContactPoint
from akkoord.permission.tests.factories import give
from akkoord.register.queries import organisation

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def door() -> Iterator[int]:
    """The listener in a thread; its port."""
    opened, found = threading.Event(), {}

    def run() -> None:
        async def go() -> None:
            found["loop"], found["over"] = asyncio.get_running_loop(), asyncio.Event()

            def ready(port: int) -> None:
                found["port"] = port
                opened.set()

            await listen("127.0.0.1", 0, ready=ready, over=found["over"])

        asyncio.run(go())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert opened.wait(20)
        yield found["port"]
    finally:
        found["loop"].call_soon_threadsafe(found["over"].set)
        thread.join(20)


@pytest.fixture
def addresses() -> tuple[str, str]:
    """A way out and a return address of one letter."""
    make_organisation()
    topic, point = make_topic(), make_point("anna@example.nl")
    give(point, topic)
    house = organisation()
    assert house is not None
    named = {"point_id": point.id, "purpose_id": topic.id, "domain": house.mail_domain}
    return withdrawal_address(**named), return_address(**named)  # type: ignore[arg-type]


BOUNCE = (
    b"From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    b"Message-ID: <1@mx.example.com>\r\n\r\n<anna@example.nl>: 550 5.1.1 user unknown\r\n"
)


def test_reports_and_answers_come_in_and_others_are_refused(addresses: tuple[str, str]) -> None:
    way_out, own = addresses
    with door() as port, smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        refused = client.sendmail("", [own, "iemand@example.com"], BOUNCE)
        assert refused["iemand@example.com"][0] == 550
        client.sendmail("anna@example.nl", [way_out], b"Subject: stop\r\n\r\nstop\r\n")
        with pytest.raises(smtplib.SMTPRecipientsRefused) as problem:
            client.sendmail("x@example.com", ["info@example.com"], b"Subject: x\r\n\r\nx\r\n")
        assert problem.value.recipients["info@example.com"][0] == 550
    assert ContactPoint.objects.get().undeliverable_why == "5.1.1"
    assert Standing.objects.get().state == "withdrawn"
    outcomes = set(IncomingMail.objects.values_list("outcome", flat=True))
    assert outcomes == {IncomingMail.RETURNED, IncomingMail.STOPPED}


def test_each_recipient_gets_an_answer_of_its_own(addresses: tuple[str, str]) -> None:
    """RFC 2033 4.2: as many replies after the mail as recipients that were taken."""
    with door() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        reader = line.makefile("rb")

        def say(text: str) -> str:
            line.sendall(text.encode() + b"\r\n")
            while True:
                found = reader.readline().decode()
                if found[3:4] != "-":
                    return found

        assert reader.readline().startswith(b"220")
        assert say("EHLO x").startswith("500")  # LMTP is no SMTP
        assert say("LHLO x").startswith("250")
        say("MAIL FROM:<>")
        for each in addresses:
            assert say(f"RCPT TO:<{each}>").startswith("250")
        assert say("DATA").startswith("354")
        assert say("Subject: x\r\n\r\nx\r\n.").startswith("250 2.0.0")
        assert reader.readline().startswith(b"250 2.0.0")
        assert say("QUIT").startswith("221")


@pytest.fixture
def table_away() -> Iterator[None]:
    """The database takes no mail."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consent_incomingmail RENAME TO away")
        yield
        cursor.execute("ALTER TABLE away RENAME TO consent_incomingmail")


@pytest.mark.usefixtures("table_away")
def test_what_cannot_be_kept_stays_with_the_mail_server(addresses: tuple[str, str]) -> None:
    with door() as port, smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        with pytest.raises(smtplib.SMTPDataError) as problem:
            client.sendmail("", [addresses[0]], BOUNCE)
        assert problem.value.smtp_code == 451
    assert ContactPoint.objects.get().undeliverable_at is None


def test_only_addresses_of_ours(addresses: tuple[str, str]) -> None:
    house = organisation()
    assert house is not None
    domain = house.mail_domain
    for address in (*addresses, f"Uitschrijven@{domain.upper()}", f"retour@{domain}"):
        assert is_ours(address)
    assert is_ours(house.sender_email)
    for address in ("", "@", f"root@{domain}", "uitschrijven+x@example.com", f"x+retour@{domain}"):
        assert not is_ours(address)


@pytest.mark.parametrize(
    ("address", "reason"),
    [("0.0.0.0:8024", "not-loopback"), ("8024", "no-address"), ("127.0.0.1:x", "no-address")],
)
def test_other_machines_are_not_let_in_by_accident(address: str, reason: str) -> None:
    found = CliRunner().invoke(command, ["listen", "--lmtp", address, "--json"])
    assert found.exit_code != 0
    assert json.loads(found.stdout)["reason"] == reason
