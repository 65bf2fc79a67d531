"""The bytes of a mail: quoted-printable with room for slots, header words, addresses.

Everything here is pure. Encoded parts never hold a line that begins with a dot (no dot-stuffing,
RFC 5321 4.5.2), two blanks in a row or a blank at a line's end (so that DKIM's relaxed form of the
body is the body), and no line is longer than 76 (RFC 2045 6.7).
"""

from __future__ import annotations

import base64
import functools
import re
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

LINE = 76
SOFT = b"=\r\n"
_TOKENS = [
    bytes([code]) if (33 <= code <= 126 and code != 61) or code == 32 else b"=%02X" % code
    for code in range(256)
]
_PLAIN = re.compile(r"[!-~]+")  # printable, no blank
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]+")
_UNFIT = re.compile(r'[ <>,;"()\\]')
_ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. -]*")
# Printable ASCII that cannot be taken for an encoded word.
_HEADER_SAFE = re.compile(r"(?!.*=\?)[ -~]*")


def one_line(value: str) -> str:
    """A value without line ends, control and direction characters: one clean line.

    Line ends are how headers are injected; direction marks are how names pretend.
    """
    if value.isprintable():
        return value.strip()
    return _CONTROLS.sub(" ", value).strip()


def qp(text: str) -> bytes:
    """Quoted-printable of a text that begins at a line's start; its last line stays open."""
    if _PLAIN.fullmatch(text):  # names, and links that differ for everybody
        return qp_plain(text)
    return b"\r\n".join(_qp_line(line) for line in text.split("\n"))


def qp_plain(text: str) -> bytes:
    """Quoted-printable of printable ASCII without a blank, without a loop over its characters."""
    signs = text.count("=")
    step = LINE - 4 - 2 * signs  # so that no chunk grows over the line
    if step < 30:
        return _qp_line(text)
    chunks = [text[at : at + step] for at in range(0, len(text), step)]
    if signs:
        chunks = [chunk.replace("=", "=3D") for chunk in chunks]
    if "." in text:
        chunks = ["=2E" + chunk[1:] if chunk[0] == "." else chunk for chunk in chunks]
    return "=\r\n".join(chunks).encode()


def _qp_line(line: str) -> bytes:
    tokens = [_TOKENS[code] for code in line.rstrip("\r").encode()]
    if tokens and tokens[-1] == b" ":
        tokens[-1] = b"=20"
    if line.startswith("From "):  # mbox files put a > before it, which breaks signatures
        tokens[0] = b"=46"
    parts: list[bytes] = []
    column = 0
    blank = True  # also at a line's start: relaxed DKIM and some relays eat a blank there
    for plain in tokens:
        token = plain
        if column + len(token) > LINE - 1:
            parts.append(SOFT)
            column, blank = 0, True
        if token == b" " and blank:
            token = b"=20"
            if column + len(token) > LINE - 1:
                parts.append(SOFT)
                column = 0
        elif token == b"." and column == 0:
            token = b"=2E"
        parts.append(token)
        column += len(token)
        blank = token == b" "
    return b"".join(parts)


def qp_segments(texts: list[str]) -> list[bytes]:
    """The static texts between slots, ready to be joined with encoded slot values in between.

    A soft break stands on either side of a slot, so a value always begins a line and may be
    encoded by itself. Adjacent slots share one.
    """
    last = len(texts) - 1
    segments = []
    for index, text in enumerate(texts):
        body = qp(text)
        before = SOFT if index > 0 else b""
        after = SOFT if index < last and body and not body.endswith(b"\r\n") else b""
        segments.append(before + body + after)
    return segments


@functools.lru_cache(maxsize=8192)
def encode_words(text: str, first: int = 10) -> bytes:
    """Unstructured header text: as it is when ASCII, else encoded words (RFC 2047), folded.

    `first`: how much of the first line the header's name takes.
    """
    text = one_line(text)
    if _HEADER_SAFE.fullmatch(text):
        return fold(text.encode(), first)
    words: list[bytes] = []
    chunk = b""
    room = 75 - 12 - first  # =?utf-8?b??= is 12
    for char in text:
        raw = char.encode("utf-8", "replace")
        if (len(chunk) + len(raw) + 2) // 3 * 4 > room:
            words.append(b"=?utf-8?b?" + base64.b64encode(chunk) + b"?=")
            chunk, room = b"", 62
        chunk += raw
    words.append(b"=?utf-8?b?" + base64.b64encode(chunk) + b"?=")
    return b"\r\n ".join(words)


def fold(words: bytes, first: int) -> bytes:
    """Break at blanks so that lines keep within 78 (RFC 5322 2.1.1), and always within 998."""
    if first + len(words) <= 78:
        return words
    lines: list[bytes] = []
    line = b""
    room = 78 - first
    for each in words.split(b" "):
        word = each
        while len(word) > 900:  # cannot be folded lawfully; a broken word beats a lost mail
            lines.append(line) if line else None
            lines.append(word[:900])
            line, word, room = b"", word[900:], 77
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, 77
        else:
            line = line + b" " + word if line else word
    lines.append(line)
    return b"\r\n ".join(part for part in lines if part)


def address_header(name: str, address: str, first: int = 6) -> bytes:
    """A name and an address for From, To or Reply-To. Raises ValueError for a broken address.

    The domain goes as IDNA; a local part outside ASCII stays UTF-8 (RFC 6532), and the transport
    asks the server for SMTPUTF8.
    """
    mailbox = ascii_domain(address).encode()
    name = one_line(name)
    if not name:
        return b"<" + mailbox + b">" if first > 6 else mailbox
    if _ATEXT.fullmatch(name) and "=?" not in name:
        words = name.encode() if "." not in name else b'"' + name.encode() + b'"'
    elif name.isascii():
        words = b'"' + name.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
    else:
        words = encode_words(name, first)
    last = words.rpartition(b"\n")[2]
    room_taken = len(last) + (first if b"\n" not in words else 0)
    gap = b" " if room_taken + len(mailbox) + 3 <= 78 else b"\r\n "
    return words + gap + b"<" + mailbox + b">"


@functools.lru_cache(maxsize=8192)
def _idna(domain: str) -> str:
    return domain.encode("idna").decode()


def ascii_domain(address: str) -> str:
    """The address with its domain as IDNA; raises ValueError for anything unfit for a header."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or not address.isprintable():
        raise ValueError("bad-address")
    if _UNFIT.search(address):
        raise ValueError("bad-address")
    return address if domain.isascii() else f"{local}@{_idna(domain)}"


def message_id(message: UUID, domain: str) -> str:
    """The Message-ID of a message: the same whenever it is made, so a repeat can be seen."""
    return f"<{message.hex}@{_idna(domain)}>"


def date_header(at: datetime) -> str:
    """The Date of a message (RFC 5322 3.3)."""
    return format_datetime(at)
