"""A mail that came in, read with care: anybody can send us anything. Who is meant is decided
higher up; nothing is stored here."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any

from inscriptis import get_text  # type: ignore[import-untyped,unused-ignore]

LARGEST = 10_000_000  # bytes that are looked at
LONGEST_TEXT = 100_000  # characters
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
HEADERS = (
    "Auto-Submitted", "Precedence", "X-Autoreply", "X-Autorespond", "List-Id", "Return-Path",
    "Content-Type",
)  # fmt: skip
_QUOTED_HTML = re.compile(
    r"<blockquote\b.*|<div[^>]+class=[\"']?gmail_quote.*|<div[^>]+id=[\"']?(appendonsend|divRplyFwd).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What matters of a mail: who wrote it, to which addresses, and their plain words."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    headers: dict[str, str]
    digest: bytes

    def tags(self, local: str) -> list[str]:
        """What stands after `local+` in the recipients' local parts; "" for the bare address."""
        found = []
        for address in self.recipients:
            name, _, tag = address.rpartition("@")[0].partition("+")
            if name.lower() == local:
                found.append(tag)
        return found


def read_mail(raw: bytes, *, recipients: tuple[str, ...] = ()) -> Incoming:
    """Read a mail, however broken it is; what cannot be read is empty. Never raises."""
    message = message_from_bytes(raw[:LARGEST], policy=policy.default)
    subject, text = _header(message, "Subject"), _text(message)
    sender = parseaddr(_header(message, "From"))[1]
    found = [address for _name, address in getaddresses(_all(message, RECIPIENTS))]
    known = tuple(dict.fromkeys(each.strip("<>") for each in (*recipients, *found) if each))
    identity = "\0".join([_header(message, "Message-ID"), sender, subject, text, *sorted(known)])
    return Incoming(
        sender=sender,
        recipients=known,
        subject=subject[:300],
        text=text[:LONGEST_TEXT],
        headers={name.lower(): _header(message, name) for name in HEADERS if message.get_all(name)},
        digest=hashlib.sha256(identity.encode("utf-8", "replace")).digest(),
    )


def _header(message: EmailMessage | Any, name: str) -> str:
    """A header as one line; a broken one is empty."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # the library raises anything on headers that were made to hurt
        return ""


def _all(message: EmailMessage | Any, names: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in names:
        try:
            found += [str(each) for each in message.get_all(name, [])]
        except Exception:  # noqa: S112 - see above; the other headers still count
            continue
    return found


def _text(message: EmailMessage | Any) -> str:
    """The plain text; of HTML alone, its text without what it quotes."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        content = part.get_content() if part is not None else ""
    except Exception:  # an unknown charset, a cut off part
        payload = message.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part is not None and part.get_content_type() == "text/html":
        try:
            return str(get_text(_QUOTED_HTML.sub("", str(content)[:LONGEST_TEXT])))
        except Exception:  # HTML that no parser takes
            return ""
    return str(content)
