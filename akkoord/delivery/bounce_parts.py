"""Reading a mail that may be broken or made to hurt, piece by piece; nothing here raises."""

from __future__ import annotations

import contextlib
import re
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses

from inscriptis import get_text  # type: ignore[import-untyped,unused-ignore]

from akkoord.delivery.incoming import LARGEST

LONGEST_TEXT = 50_000  # characters of a report's own words
# Where a server that writes prose begins to repeat our letter.
COPY = re.compile(
    r"^(-{2,}\s*(below this line is|this is) a copy|-{3,}.{0,30}(original|returned|copy)"
    r"|(return-path|received|x-received|dkim-signature|authentication-results"
    r"|arc-(seal|message-signature|authentication-results)): )",
    re.IGNORECASE | re.MULTILINE,
)


def blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery status; a part that was not read as such is read here."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    return [HeaderParser().parsestr(each) for each in re.split(r"\r?\n\s*\r?\n", text(part))]


def fields(part: Message) -> Message:
    """The fields of an abuse report."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        inner = payload[0]
        return inner if inner.keys() else HeaderParser().parsestr(text(inner))
    return HeaderParser().parsestr(text(part))


def text(part: Message) -> str:
    """The text of a part, whatever charset it claims."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        charset = part.get_content_charset() or "utf-8"
        try:
            return payload[:LARGEST].decode(charset, "replace")
        except LookupError:
            return payload[:LARGEST].decode("latin-1")
    inner = part.get_payload()
    return str(inner) if isinstance(inner, str) else ""


def text_of(parts: list[Message]) -> str:
    """The first text of a mail, without what its attached letter says."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            break
        if part.get_content_type() == "text/plain":
            return text(part)[:LONGEST_TEXT].replace("\r\n", "\n")
    for part in parts:
        if part.get_content_type() == "text/html":
            return str(get_text(text(part)[:LONGEST_TEXT]))
        if part.get_content_type() == "message/rfc822":
            break
    return ""


def words_of(parts: list[Message]) -> str:
    """The server's own words: before it repeats ours."""
    return COPY.split(text_of(parts), maxsplit=1)[0]


def line(message: Message, name: str) -> str:
    """A header as one readable line; a broken one is as readable as can be."""
    raw = next((each for key, each in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None:
        return ""
    value = str(raw).encode("ascii", "surrogateescape").decode("utf-8", "replace")
    with contextlib.suppress(Exception):  # charsets that do not exist, broken base64: as it stands
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())


def line_of(heads: list[Message], name: str) -> str:
    """A header in the first head that has it."""
    return next((each for head in heads if (each := line(head, name))), "")


def one_address(head: Message) -> str:
    """The address in To when there is one only."""
    found = [address for _, address in getaddresses([line(head, "To")]) if "@" in address]
    return found[0] if len(found) == 1 else ""


def typed(value: str) -> str:
    """`rfc822; person@example.nl`, also as xtext or for SMTPUTF8 (RFC 3464 2.3, RFC 6533)."""
    kind, sep, address = value.partition(";")
    if not sep:
        return bare(value)
    if kind.strip().lower() not in ("rfc822", "utf-8"):
        return ""
    plain = re.sub(r"\+([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), address)
    return bare(plain if "@" in plain else address)


def bare(address: str) -> str:
    """An address without brackets and quotes; what is none is empty."""
    found = address.strip().strip("<>").strip()
    return found if "@" in found and " " not in found else ""
