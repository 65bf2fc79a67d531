"""Single mails: refused without evidence, sent once, tried again when that is safe."""

import uuid
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as mail_policy

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from akkoord.delivery.handover import LEASE, send_one, sweep
from akkoord.delivery.jobs import send_outbox
from akkoord.delivery.models import MailboxMessage, OutboxMail
from akkoord.delivery.outbox import EvidenceMissing, UnfitMail, build_mail, enqueue_mail
from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.transports import MailboxTransport, MemoryTransport
from akkoord.law.message_kinds import KINDS, MessageKind

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def put(**changed: object) -> OutboxMail:
    values: dict[str, object] = {
        "kind": MessageKind.CONFIRMATION,
        "recipient": "zoe@example.org",
        "subject": "Bevestig uw aanmelding, één klik",
        "text": "Hallo,\n\nDruk op de knop: https://example.nl/b/abc\n",
        "at": AT,
    }
    return enqueue_mail(**values | changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].needs_evidence])
def test_inv01_a_kind_that_needs_evidence_is_refused_without(kind: str) -> None:
    with pytest.raises(EvidenceMissing):
        put(kind=kind)
    assert not OutboxMail.objects.exists()
    put(kind=kind, evidence=uuid.uuid4())


def test_inv02_an_unknown_kind_is_refused() -> None:
    with pytest.raises(EvidenceMissing):
        put(kind="promotion", evidence=uuid.uuid4())


def test_inv01_the_database_refuses_too() -> None:
    mail = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.filter(id=mail.id).update(kind="campaign")


def test_row_and_job_commit_together_and_the_job_names_nobody() -> None:
    mail = put()
    job = ProcrastinateJob.objects.get(task_name="akkoord.delivery.jobs.send_outbox")
    assert job.args == {"mail_id": str(mail.id)}
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert OutboxMail.objects.count() == 1
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"recipient": "a@example.nl\r\nBcc: b@example.nl"},
        {"recipient": "nobody"},
        {"subject": "x\r\nBcc: b@example.nl"},
        {"subject": " "},
        {"headers": {"Reply-To": "a@example.nl\nBcc: b@example.nl"}},
        {"headers": {"Bcc": "b@example.nl"}},
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(UnfitMail):
        put(**changed)


def test_the_bytes_of_a_mail() -> None:
    mail = put(
        recipient="zoe@exämple.nl",
        html="<p>Hallo één</p>",
        headers={"From": "De Fietsenmakerij <nieuws@example.nl>", "Reply-To": "info@example.nl"},
    )
    raw = build_mail(mail)
    assert raw.isascii()
    message = message_from_bytes(raw, policy=mail_policy)
    assert message["subject"] == "Bevestig uw aanmelding, één klik"
    assert message["to"] == "zoe@xn--exmple-cua.nl"
    assert message["auto-submitted"] == "auto-generated"
    assert message["message-id"] == f"<{mail.id.hex}@example.nl>"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "https://example.nl/b/abc" in plain.get_content()


def test_sending_empties_the_row_and_happens_once() -> None:
    mail, transport = put(), MemoryTransport()
    assert send_one(mail.id, transport=transport, at=AT) == "sent"
    assert send_one(mail.id, transport=transport, at=AT) == ""
    assert len(transport.handed_over) == 1
    mail.refresh_from_db()
    assert (mail.text, mail.html, mail.state) == ("", "", "sent")


@pytest.mark.parametrize("kind", [OutcomeKind.DEFERRED, OutcomeKind.NOT_HANDED])
def test_what_may_go_again_goes_again_with_back_off(kind: OutcomeKind) -> None:
    mail = put()
    closed = MemoryTransport({"zoe@example.org": (kind, "451 4.7.1")})
    assert send_one(mail.id, transport=closed, at=AT) == "due"
    mail.refresh_from_db()
    assert mail.next_try_at == AT + timedelta(minutes=1)
    assert send_one(mail.id, transport=closed, at=AT) == ""  # not before its time
    assert send_one(mail.id, transport=closed, at=AT + timedelta(minutes=1)) == "due"
    mail.refresh_from_db()
    assert mail.next_try_at == AT + timedelta(minutes=6)
    opened = MemoryTransport()
    assert send_one(mail.id, transport=opened, at=AT + timedelta(minutes=6)) == "sent"
    assert len(opened.handed_over) == 1


@pytest.mark.parametrize(
    ("kind", "state"), [(OutcomeKind.REJECTED, "failed"), (OutcomeKind.UNCERTAIN, "uncertain")]
)
def test_what_may_not_go_again_does_not(kind: OutcomeKind, state: str) -> None:
    mail = put()
    transport = MemoryTransport({"zoe@example.org": (kind, "550")})
    assert send_one(mail.id, transport=transport, at=AT) == state
    assert send_one(mail.id, transport=transport, at=AT + timedelta(hours=1)) == ""


def test_a_mail_past_its_time_does_not_leave() -> None:
    mail, transport = put(), MemoryTransport()
    assert send_one(mail.id, transport=transport, at=AT + timedelta(days=2)) == "failed"
    assert transport.handed_over == []


@pytest.mark.parametrize("kind", [OutcomeKind.SENT, OutcomeKind.UNCERTAIN, OutcomeKind.REJECTED])
def test_the_certificate_of_erasure_is_gone_at_hand_over(kind: OutcomeKind) -> None:
    mail = put(kind=MessageKind.ERASURE_CERTIFICATE)
    transport = MemoryTransport({"zoe@example.org": (kind, "x")})
    send_one(mail.id, transport=transport, at=AT)
    assert not OutboxMail.objects.exists()


def test_what_a_dead_worker_held_is_uncertain_and_never_sent_again() -> None:
    mail, certificate = put(), put(kind=MessageKind.ERASURE_CERTIFICATE)
    OutboxMail.objects.update(state="claimed", claimed_at=AT)
    late = AT + LEASE + timedelta(seconds=1)
    assert sweep(at=late)["uncertain"] == 1
    transport = MemoryTransport()
    assert send_one(mail.id, transport=transport, at=late) == ""
    assert send_one(certificate.id, transport=transport, at=late) == ""
    assert transport.handed_over == []
    assert not OutboxMail.objects.filter(id=certificate.id).exists()


def test_the_sweep_finds_mails_without_a_job_and_clears_old_rows() -> None:
    mail = put()
    ProcrastinateJob.objects.all()  # the first job is there; another is deferred at most once
    later = AT + timedelta(minutes=10)
    assert sweep(at=later)["deferred"] == 1
    assert sweep(at=later)["deferred"] == 0
    send_one(mail.id, transport=MailboxTransport(), at=later)
    MailboxMessage.objects.update(received_at=AT)
    assert sweep(at=AT + timedelta(days=31))["removed"] == 2


def test_the_job_sends_to_the_mailbox_when_there_is_no_server(
    settings: Settings,
) -> None:
    settings.SMTP_URL = ""
    person = uuid.uuid4()
    mail = put(subject_id=person)
    OutboxMail.objects.update(expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    send_outbox(str(mail.id))
    kept = MailboxMessage.objects.get()
    assert (kept.recipient, kept.subject_id) == ("zoe@example.org", person)
    assert kept.subject == "Bevestig uw aanmelding, één klik"
