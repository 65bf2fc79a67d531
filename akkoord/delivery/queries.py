"""Reads of the built-in mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as mail_policy
from uuid import UUID

from django.db.models import Q, QuerySet

from akkoord.delivery.models import MailboxMessage

PAGE = 50


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """One page of the mailbox, newest first; paged by key."""

    mails: list[MailboxMessage]
    newer: UUID | None
    older: UUID | None
    first: bool


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """One mail, taken apart for the screen."""

    id: UUID
    row: MailboxMessage
    subject: str
    sender: str
    headers: list[tuple[str, str]]
    text: str
    html: str
    source: str


def mailbox_page(
    *,
    text: str = "",
    before: UUID | None = None,
    after: UUID | None = None,
    only_for: str | None = None,
) -> MailboxPage:
    """A page of mails: those older than `before`, or newer than `after`, else the newest.

    `only_for`: the address of who looks, when they may not read the mails of colleagues.
    `text` searches the beginning of the address and anywhere in the subject. Identifiers are
    ordered by time, so the primary key is the key of the pages.
    """
    found = _shown(only_for).defer("raw")
    if text:
        found = found.filter(Q(recipient__istartswith=text) | Q(subject__icontains=text))
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        mails = rows[:PAGE][::-1]
    else:
        if before is not None:
            found = found.filter(id__lt=before)
        rows = list(found.order_by("-id")[: PAGE + 1])
        more_newer, more_older = before is not None, len(rows) > PAGE
        mails = rows[:PAGE]
    return MailboxPage(
        mails=mails,
        newer=mails[0].id if mails and more_newer else None,
        older=mails[-1].id if mails and more_older else None,
        first=before is None and after is None,
    )


def _shown(only_for: str | None) -> QuerySet[MailboxMessage]:
    """All mails, or those that a member of staff may read: to people, and to themselves.

    A colleague's mail holds the way to a new password: who reads it becomes the colleague.
    """
    if only_for is None:
        return MailboxMessage.objects.all()
    return MailboxMessage.objects.filter(
        Q(subject_id__isnull=False) | Q(recipient__iexact=only_for)
    )


def opened_mail(mail_id: UUID, *, only_for: str | None = None) -> OpenedMail | None:
    """One mail taken apart, or None; `only_for` as for a page."""
    row = _shown(only_for).filter(id=mail_id).first()
    if row is None:
        return None
    raw = bytes(row.raw)
    message = message_from_bytes(raw, policy=mail_policy)
    return OpenedMail(
        id=row.id,
        row=row,
        subject=str(message.get("subject", "")),
        sender=str(message.get("from", row.sender)),
        headers=[(name, " ".join(str(value).split())) for name, value in message.items()],
        text=_body(message, "plain"),
        html=_body(message, "html"),
        source=raw.decode("utf-8", "replace").replace("\r\n", "\n"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        return ""
