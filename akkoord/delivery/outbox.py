"""The outbox: single mails that leave before, or without, a permission.

A closed list of kinds (`law.message_kinds`), each with its basis; a kind that needs the gate's
evidence is refused without it (INV-1, INV-2). The row and its job commit with the data that they
belong to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from akkoord.datamap.ids import uuid7
from akkoord.datamap.prepared import prepared
from akkoord.delivery.models import OutboxMail
from akkoord.law.message_kinds import MessageKind, kind_fact

JOB = "akkoord.delivery.jobs.send_outbox"
KEEP_DAYS = 30  # a row that is done goes after this
EXPIRES_HOURS: Mapping[str, int] = {
    MessageKind.CONFIRMATION: 24,
    MessageKind.PARENT_CONFIRMATION: 24,
    MessageKind.MAILBOX_CHECK: 24,
    MessageKind.PREFERENCE_LINK: 24,
    MessageKind.ERASURE_CERTIFICATE: 24,
    MessageKind.TELL_A_FRIEND: 24,
}
# Of these nothing stays once they left, or could not: the letter that says all is gone must not be
# what stays, a friend's address was given for one mail (INV-27), and a test says nothing later.
LEAVES_NOTHING = frozenset(
    {
        MessageKind.ERASURE_CERTIFICATE,
        MessageKind.TELL_A_FRIEND,
        MessageKind.TRIAL_QUESTION,
        MessageKind.TEST_TO_OWN,
    }
)
# Who asks once more at the very hand-over whether such a mail may leave; `evidence` says of whom.
ASKED_ANEW: dict[str, Callable[[UUID | None, datetime], bool]] = {}
ASKS_ANEW = frozenset({MessageKind.TEST_TO_OWN})  # without an answer it does not leave (INV-2)
DEFAULT_EXPIRES_HOURS = 72
ALLOWED_HEADERS = frozenset(
    ["From", "Reply-To", "In-Reply-To", "References", "List-Unsubscribe", "List-Unsubscribe-Post"]
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class EvidenceMissing(Exception):
    """A mail of this kind may not leave without evidence of its basis, or the kind is unknown."""


class UnfitMail(ValueError):
    """An address, subject or header that cannot stand in a mail."""


def enqueue_mail(
    *,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    subject_id: UUID | None = None,
    evidence: UUID | None = None,
    headers: Mapping[str, str] | None = None,
    at: datetime,
    server: str = "",
) -> OutboxMail:
    """Put one mail in the outbox; it leaves when the surrounding transaction commits.

    `headers` may hold From, Reply-To, In-Reply-To, References and the List-Unsubscribe pair. Raises
    EvidenceMissing for a kind that is unknown or that needs evidence and has none, UnfitMail for
    what cannot stand in a header. Job arguments are the row's id only. `server`: the mail server to
    use, for a test of it; else by weight.
    """
    fact = kind_fact(kind)
    if fact is None or (fact.needs_evidence and evidence is None):
        raise EvidenceMissing(kind)
    chosen = dict(headers or {})
    _check(recipient, subject, chosen)
    key = uuid7()
    sender = chosen.setdefault("From", default_sender())
    hours = EXPIRES_HOURS.get(kind, DEFAULT_EXPIRES_HOURS)
    with transaction.atomic():
        mail = OutboxMail.objects.create(
            id=key,
            kind=kind,
            subject_id=subject_id,
            recipient=recipient,
            subject=subject.strip()[:300],
            text=text,
            html=html,
            headers=chosen,
            evidence=evidence,
            created_at=at,
            next_try_at=at,
            message_id=f"<{key.hex}@{sender_domain(sender)}>",
            expires_at=at + timedelta(hours=hours),
            server=server,
        )
        app.configure_task(JOB, lock=f"outbox-{key}").defer(mail_id=str(key))
    return mail


def enqueue_made(
    *,
    key: UUID,
    kind: str,
    sender: str,
    recipient: str,
    subject: str,
    raw: bytes,
    at: datetime,
    subject_id: UUID | None = None,
    evidence: UUID | None = None,
) -> OutboxMail:
    """Put a mail in the outbox that was made already, headers and all; it leaves as it is.

    For what must look like a letter of a campaign. Raises EvidenceMissing for a kind that needs
    evidence: such a mail goes through the gate, not through here.
    """
    fact = kind_fact(kind)
    if fact is None or fact.needs_evidence:
        raise EvidenceMissing(kind)
    _check(recipient, subject, {"From": sender})
    hours = EXPIRES_HOURS.get(kind, DEFAULT_EXPIRES_HOURS)
    with transaction.atomic():
        mail = OutboxMail.objects.create(
            id=key,
            kind=kind,
            subject_id=subject_id,
            evidence=evidence,
            recipient=recipient,
            subject=subject[:300],
            raw=raw.decode(),
            headers={"From": sender},
            created_at=at,
            next_try_at=at,
            message_id=f"<{key.hex}@{sender_domain(sender)}>",
            expires_at=at + timedelta(hours=hours),
        )
        app.configure_task(JOB, lock=f"outbox-{key}").defer(mail_id=str(key))
    return mail


def may_leave(mail: OutboxMail, *, at: datetime) -> bool:
    """Whether this mail may still leave, now that its turn has come (INV-1, 25)."""
    if mail.kind not in ASKS_ANEW:
        return True
    asked = ASKED_ANEW.get(mail.kind)
    return asked is not None and asked(mail.evidence, at)


def drop_waiting(*, recipients: Collection[str], kinds: Collection[str]) -> int:
    """Take mails of these kinds to these addresses out of the outbox; how many."""
    return OutboxMail.objects.filter(recipient__in=recipients, kind__in=kinds).delete()[0]


_FORGET = """
WITH waiting AS (
    DELETE FROM delivery_outboxmail
     WHERE recipient = ANY(%(to)s::text[]) AND kind = ANY(%(kinds)s::text[])
), shown AS (
    DELETE FROM delivery_mailboxmessage
     WHERE recipient = ANY(%(to)s::text[]) AND subject_id IS NULL
) SELECT
"""


def forget_mails_to(recipients: Sequence[str], *, kinds: Collection[str]) -> None:
    """Take mails of these kinds to these addresses out of the outbox, and those that say nobody's
    out of the built-in mailbox; one statement."""
    prepared(_FORGET, {"to": list(recipients), "kinds": list(kinds)})


def default_sender() -> str:
    """The address that mail comes from when the caller names none."""
    return f"akkoord@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def sender_domain(sender: str) -> str:
    """The domain of a From value, as IDNA."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return domain if domain.isascii() else domain.encode("idna").decode()


def _check(recipient: str, subject: str, headers: Mapping[str, str]) -> None:
    _mailbox(recipient)
    if _CONTROL.search(subject) or not subject.strip():
        raise UnfitMail("subject")
    for name, value in headers.items():
        if name not in ALLOWED_HEADERS or _CONTROL.search(value):
            raise UnfitMail(name)


def _mailbox(value: str) -> Address:
    """A `Name <address>` or bare address; raises UnfitMail, which does not repeat it."""
    if _CONTROL.search(value):
        raise UnfitMail("address")
    name, address = parseaddr(value)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or not address.isprintable() or " " in address:
        raise UnfitMail("address")
    try:
        return Address(name, local, domain if domain.isascii() else domain.encode("idna").decode())
    except (ValueError, IndexError) as problem:
        raise UnfitMail("address") from problem


def build_mail(mail: OutboxMail) -> bytes:
    """The bytes of a mail in the outbox: text, and HTML when there is some, all in seven bits."""
    if mail.raw:
        return mail.raw.encode()
    message = EmailMessage(policy=policy.SMTP.clone(max_line_length=78))
    headers = dict(mail.headers)
    message["From"] = _mailbox(headers.pop("From"))
    message["To"] = _mailbox(mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    for name, value in headers.items():
        message[name] = _mailbox(value) if name == "Reply-To" else value
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()
