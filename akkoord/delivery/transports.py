"""Ways out for mail: SMTP, the built-in mailbox, and memory for tests."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default as mail_policy
from itertools import islice
from time import monotonic

from django.db import DatabaseError, transaction
from django.utils import timezone

from akkoord.delivery.models import MailboxMessage
from akkoord.delivery.outgoing import (
    MayHandOver,
    OnOutcome,
    Outcome,
    OutcomeKind,
    Outgoing,
    SendReport,
    Transport,
    always,
    built,
)
from akkoord.delivery.relays import RelayTransport
from akkoord.delivery.servers import relays
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.smtp_opening import read_url

BATCH = 100


class MailboxTransport:
    """The built-in mailbox at `/mailbox/`: everything can be tried without a mail server."""

    name = "mailbox"
    leaves_database_alone = False

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Store every message; see `Transport.send_many`. A batch is one transaction."""
        report = SendReport()

        def tell(outgoing: Outgoing, kind: OutcomeKind, code: str) -> None:
            report.counts[kind] += 1
            on_outcome(Outcome(outgoing.key, kind, code))

        source = iter(messages)
        while batch := list(islice(source, BATCH)):
            rows = []
            going = []
            for outgoing in batch:
                content = built(outgoing)
                if content is None:
                    tell(outgoing, OutcomeKind.REJECTED, "not-built")
                elif monotonic() > outgoing.hand_over_by or not may_hand_over(outgoing):
                    tell(outgoing, OutcomeKind.NOT_HANDED, "stale")
                else:
                    rows.append(mailbox_row(outgoing, content))
                    going.append(outgoing)
            try:
                with transaction.atomic():
                    MailboxMessage.objects.bulk_create(rows)
            except DatabaseError:
                for outgoing in going:
                    tell(outgoing, OutcomeKind.NOT_HANDED, "unavailable")
            else:
                for outgoing in going:
                    tell(outgoing, OutcomeKind.SENT, "250")
        return report

    def sync(self) -> None:
        """Nothing is learnt of this way."""

    def close(self) -> None:
        """Nothing is kept open."""


class MemoryTransport:
    """Keeps what it was given, for tests. `answers` gives a recipient another outcome."""

    name = "memory"
    leaves_database_alone = False

    def __init__(self, answers: dict[str, tuple[OutcomeKind, str]] | None = None) -> None:
        """Start empty."""
        self.answers = answers or {}
        self.handed_over: list[tuple[Outgoing, bytes]] = []

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Keep every message; see `Transport.send_many`."""
        report = SendReport()
        for outgoing in messages:
            kind, code = self._take(outgoing, may_hand_over)
            report.counts[kind] += 1
            on_outcome(Outcome(outgoing.key, kind, code))
        return report

    def _take(self, outgoing: Outgoing, may_hand_over: MayHandOver) -> tuple[OutcomeKind, str]:
        content = built(outgoing)
        if content is None:
            return OutcomeKind.REJECTED, "not-built"
        if monotonic() > outgoing.hand_over_by or not may_hand_over(outgoing):
            return OutcomeKind.NOT_HANDED, "stale"
        kind, code = self.answers.get(outgoing.recipient, (OutcomeKind.SENT, "250"))
        if kind in (OutcomeKind.SENT, OutcomeKind.UNCERTAIN):
            self.handed_over.append((outgoing, content))
        return kind, code

    def sync(self) -> None:
        """Nothing is learnt of this way."""

    def close(self) -> None:
        """Nothing is kept open."""


MEMORY = MemoryTransport()  # what `memory://` names: one for the whole process


def transport_for(url: str | None, *, connections: int = 10) -> Transport:
    """The way out that an address names; none: the built-in mailbox.

    Raises ValueError for an address that is none.
    """
    if not url:
        return MailboxTransport()
    if url == "memory://":
        return MEMORY
    return SmtpPool(url, connections=connections)


def way_out(*, connections: int = 10, only: str = "") -> Transport:
    """The way out for mail: the mail servers as one, or the built-in mailbox when there are none.

    `only`: the key of the one server to use, for a test of it.
    """
    found = [each for each in relays() if not only or each.key == only]
    if not found and not only:
        return MailboxTransport()
    if [each.key for each in found] == ["memory"]:
        return MEMORY
    return RelayTransport(found, connections=connections)


def leaves_machine(url: str | None) -> bool:
    """Whether mail handed over there can leave this machine: then links must be public https."""
    return bool(url) and url != "memory://" and not read_url(url or "").is_loopback


def mailbox_row(outgoing: Outgoing, content: bytes) -> MailboxMessage:
    """A message as the mailbox keeps it."""
    head = message_from_bytes(content.partition(b"\r\n\r\n")[0], policy=mail_policy)
    return MailboxMessage(
        received_at=timezone.now(),
        sender=outgoing.sender[:320],
        recipient=outgoing.recipient[:320],
        subject=str(head.get("subject", ""))[:300],
        raw=content,
        subject_id=outgoing.subject_id,
    )
