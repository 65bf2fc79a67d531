"""One contract for every way out."""

import time
import uuid

import pytest

from akkoord.delivery.models import MailboxMessage
from akkoord.delivery.outgoing import Outcome, OutcomeKind, Outgoing, Transport
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.delivery.transports import (
    MailboxTransport,
    MemoryTransport,
    leaves_machine,
    transport_for,
)

CONTENT = b"From: a@example.nl\r\nSubject: =?utf-8?q?=C3=A9=C3=A9n?=\r\n\r\nHallo\r\n"


def broken() -> bytes:
    raise RuntimeError


def check_contract(transport: Transport) -> None:
    """Every message one outcome; the caller's no counts; nothing old leaves; nothing raises."""
    old = time.monotonic() - 1
    messages = [
        Outgoing("good", "a@example.nl", "good@example.nl", CONTENT),
        Outgoing("made", "a@example.nl", "made@example.nl", lambda: CONTENT),
        Outgoing("broken", "a@example.nl", "broken@example.nl", broken),
        Outgoing("refused", "a@example.nl", "refused@example.nl", CONTENT),
        Outgoing("old", "a@example.nl", "old@example.nl", CONTENT, hand_over_by=old),
    ]
    outcomes: list[Outcome] = []
    report = transport.send_many(
        iter(messages), outcomes.append, lambda message: message.key != "refused"
    )
    transport.close()
    assert {o.key: (o.kind.value, o.code) for o in outcomes} == {
        "good": ("sent", "250"),
        "made": ("sent", "250"),
        "broken": ("rejected", "not-built"),
        "refused": ("not-handed", "stale"),
        "old": ("not-handed", "stale"),
    }
    assert len(outcomes) == 5
    assert report.counts[OutcomeKind.SENT] == 2
    assert report.unavailable == ""


@pytest.mark.django_db
def test_mailbox_keeps_the_contract() -> None:
    check_contract(MailboxTransport())
    assert set(MailboxMessage.objects.values_list("recipient", "subject")) == {
        ("good@example.nl", "één"),
        ("made@example.nl", "één"),
    }


def test_memory_keeps_the_contract() -> None:
    check_contract(MemoryTransport())


def test_smtp_keeps_the_contract() -> None:
    with smtp_server(content=lambda _a, _n: "250 ok") as server:
        check_contract(SmtpPool(server.url, connections=2))


@pytest.mark.django_db
def test_a_copy_in_the_mailbox_says_whose_it_is() -> None:
    person = uuid.uuid4()
    message = Outgoing(1, "a@example.nl", "b@example.nl", CONTENT, subject_id=person)
    MailboxTransport().send_many([message], lambda _outcome: None)
    assert MailboxMessage.objects.get().subject_id == person


def test_which_way_an_address_names() -> None:
    assert transport_for(None).name == "mailbox"
    assert transport_for("").name == "mailbox"
    assert transport_for("memory://").name == "memory"
    assert transport_for("smtps://mail.example.nl").name == "smtp"
    with pytest.raises(ValueError, match="mail server"):
        transport_for("http://example.nl")


def test_when_mail_can_leave_the_machine() -> None:
    assert not leaves_machine(None)
    assert not leaves_machine("smtp://127.0.0.1:2525")
    assert not leaves_machine("smtp://[::1]:2525")
    assert leaves_machine("smtp://mail.example.nl")
