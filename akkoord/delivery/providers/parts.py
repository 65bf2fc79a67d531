"""A letter taken apart, for providers that want its parts and build the mail themselves.

What a reader sees is given as it was: names, subject, both texts, the ways out. Our signature is
left out, for it stands over the bytes that we made; the provider signs what it makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import default as mail_policy

from akkoord.delivery.hooks.told import MARK

# What the provider makes itself, or gets in a field of its own.
_OWN = frozenset(
    (
        *("from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date"),
        *("dkim-signature", "mime-version", "return-path", "received"),
    )
)
_METADATA = f"x-pm-metadata-{MARK}"


class NotForParts(ValueError):
    """It holds something that this way would lose; it is not sent by it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        """As it stands in a header, the name quoted where that is needed."""
        if not self.name:
            return self.address
        quoted = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{self.address}>'


@dataclass(frozen=True, slots=True)
class Parts:
    """A letter in parts. `headers`: all others, by name; `mark`: our number, where one travels."""

    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    mark: str = ""


def parts_of(content: bytes, *, recipient: str) -> Parts:
    """Take a mail apart. `recipient`: where it goes, whatever its To says.

    Raises NotForParts for a mail with anything but one text and one HTML part.
    """
    mail = message_from_bytes(content, policy=mail_policy)
    found: dict[str, str] = {}
    for part in mail.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        if kind not in ("text/plain", "text/html") or part.is_attachment() or kind in found:
            raise NotForParts(kind)
        found[kind] = str(part.get_content())
    senders, others = _mailboxes(mail, "from"), _mailboxes(mail, "reply-to")
    if len(senders) != 1 or len(others) > 1 or not found:
        raise NotForParts("sender")
    names = [each.name for each in _mailboxes(mail, "to")]
    return Parts(
        sender=senders[0],
        to=Mailbox(names[0] if len(names) == 1 else "", recipient),
        reply_to=others[0] if others else None,
        subject=str(mail.get("subject", "")),
        text=found.get("text/plain", ""),
        html=found.get("text/html", ""),
        headers=_others(mail),
        mark=str(mail.get(_METADATA, "")),
    )


def _mailboxes(mail: EmailMessage, name: str) -> list[Mailbox]:
    header = mail.get(name)
    found = getattr(header, "addresses", ()) if header is not None else ()
    return [Mailbox(each.display_name, each.addr_spec) for each in found]


def _others(mail: EmailMessage) -> dict[str, str]:
    """All other headers, unfolded and in ASCII."""
    found = {}
    for name, value in mail.items():
        low = name.lower()
        if low not in _OWN and low != _METADATA and not low.startswith("content-"):
            text = str(value)
            found[name] = text if text.isascii() else Header(text, "utf-8", 10**6).encode()
    return found
