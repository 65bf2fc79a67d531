"""Single mails that waited when a backup was made do not leave again after it is put back."""

from datetime import timedelta

import pytest

from akkoord.consent.tests.factories import make_organisation
from akkoord.delivery.handover import send_one, sweep
from akkoord.delivery.models import OutboxMail
from akkoord.delivery.outbox import enqueue_mail
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import SmtpServer, smtp_server
from akkoord.law.message_kinds import MessageKind
from akkoord.rights.journal import settle
from akkoord.rights.tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def wait(kind: str) -> OutboxMail:
    return enqueue_mail(
        kind=kind, recipient="ann@example.nl", subject="Uw vraag", text="Dag.", at=NOW
    )


def send_all(server: SmtpServer) -> int:
    """What a worker does with everything that waits, on a real line."""
    transport = SmtpPool(server.url)
    sweep(at=NOW + timedelta(minutes=20))
    for key in OutboxMail.objects.values_list("id", flat=True):
        send_one(key, transport=transport, at=NOW + timedelta(minutes=20))
    transport.close()
    return len(server.accepted)


def test_inv36_what_waited_when_the_backup_was_made_does_not_leave_again() -> None:
    """Counted at the mail server: none of before, and the first one of after."""
    make_organisation()
    wait(MessageKind.MAILBOX_CHECK)
    wait(MessageKind.ERASURE_CERTIFICATE)
    taken = wait(MessageKind.MAILBOX_CHECK)
    OutboxMail.objects.filter(id=taken.id).update(state="claimed", claimed_at=NOW)
    assert settle(at=NOW, is_put_back=True).held == 3
    with smtp_server() as server:
        assert send_all(server) == 0
        assert set(OutboxMail.objects.values_list("state", "outcome_code", "text")) == {
            ("uncertain", "put-back", "")
        }
        wait(MessageKind.MAILBOX_CHECK)
        assert send_all(server) == 1


def test_mails_wait_on_when_nothing_was_put_back() -> None:
    """An ordinary start holds nothing."""
    make_organisation()
    wait(MessageKind.MAILBOX_CHECK)
    assert settle(at=NOW).held == 0
    with smtp_server() as server:
        assert send_all(server) == 1
