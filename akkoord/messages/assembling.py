"""What goes around the text and the HTML of a message: headers, boundary, hash, warnings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict

from akkoord.messages import mime
from akkoord.messages.conditions import block_of
from akkoord.messages.filling import CompileWarning, Part
from akkoord.messages.letter_source import BLOCKS, MessageSource
from akkoord.messages.markup_check import HtmlCheck
from akkoord.messages.template import RESERVED, Slot

_LINK_BYTES, _FIELD_BYTES = 200, 20  # what a way out takes, and a field as people fill it
MAX_HTML = 100_000  # Gmail clips a mail above 102 kB, the way out with it


def part_of(pieces: list[str | Slot]) -> Part:
    """Texts and slots as one part, not encoded: for a header."""
    texts = [""]
    slots: list[Slot] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts[-1] += piece
        else:
            slots.append(piece)
            texts.append("")
    return Part(tuple(texts), tuple(slots))


def join_parts(
    text: Part, page: Part, boundary: bytes
) -> tuple[list[bytes], list[tuple[str, Callable[[str], bytes]]]]:
    """Both parts as one run of segments with places in between."""
    head = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"
    start = b"--" + boundary + b"\r\n" + head % b"plain" + b"\r\n\r\n"
    middle = b"\r\n--" + boundary + b"\r\n" + head % b"html" + b"\r\n\r\n"
    segments = [start + text.segments[0], *text.segments[1:]]
    segments[-1] += middle + page.segments[0]
    segments += page.segments[1:]
    segments[-1] += b"\r\n--" + boundary + b"--\r\n"
    places = [
        (slot.name, encode)
        for part in (text, page)
        for slot, encode in zip(part.slots, part.encoders, strict=True)
    ]
    return segments, places


def static_head(source: MessageSource, boundary: bytes) -> bytes:
    """The headers that are the same for everybody, the blank line included."""
    sender = source.sender
    name = mime.encode_words(source.list_name, 9) + b" " if source.list_name.isascii() else b""
    lines = [b"From: " + mime.address_header(sender.name, sender.address, 6)]
    if sender.reply_to:
        lines.append(b"Reply-To: " + mime.address_header("", sender.reply_to, 6))
    if not source.is_service:  # no list: it is about somebody's own purchase
        lines.append(b"List-Id: " + name.lstrip() + b"<" + source.list_id.encode() + b">")
        lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click")  # RFC 8058 3.1, exactly
    if source.feedback_id:
        lines.append(b"Feedback-ID: " + source.feedback_id.encode())
    lines.append(b"MIME-Version: 1.0")
    lines.append(b'Content-Type: multipart/alternative;\r\n boundary="' + boundary + b'"')
    return b"\r\n".join(lines) + b"\r\n\r\n"


def content_hash(source: MessageSource, *parts: Part) -> str:
    """The hash of what is the same for everybody, and of the places of the slots."""
    plain = [
        [list(part.texts), [[slot.name, list(map(list, slot.filters))] for slot in part.slots]]
        for part in parts
    ]
    head = [
        asdict(source.sender), source.list_id, source.list_name, source.domain, source.language,
        source.feedback_id,
    ]  # fmt: skip
    if source.conditions:
        head.append(json.dumps(source.conditions, ensure_ascii=True))
    if source.is_service:
        head.append(f"service {source.about}".strip())
    approved = json.dumps([head, plain], ensure_ascii=True, sort_keys=True, default=list)
    return hashlib.sha256(approved.encode()).hexdigest()


def _filled_bytes(page: Part) -> int:
    """How long the HTML is in bytes once its slots are filled; a link of ours is long."""
    slots = sum(_LINK_BYTES if slot.name in RESERVED else _FIELD_BYTES for slot in page.slots)
    return sum(len(text.encode()) for text in page.texts) + slots


def warnings_of(
    source: MessageSource,
    subject: Part,
    body: list[str | Slot],
    page: Part,
    check: HtmlCheck,
) -> list[CompileWarning]:
    """What the author should look at; none of it stops the letter."""
    is_blocks = source.body_format == BLOCKS
    slots = [(0 if is_blocks else slot.line, slot) for slot in subject.slots]
    slots += [
        (block_of(each.line) if is_blocks else each.line, each)
        for each in body
        if isinstance(each, Slot)
    ]
    found = [
        CompileWarning("no-fallback", place, slot.name)
        for place, slot in slots
        if not slot.has_fallback and slot.name not in RESERVED
    ]
    if len("".join(subject.texts)) > 70:
        found.append(CompileWarning("long-subject"))
    if _filled_bytes(page) > MAX_HTML:
        found.append(CompileWarning("clipped"))
    # In a letter of blocks a picture without words was said to be an ornament.
    codes = [code for code in check.warnings if not is_blocks or code != "image-without-words"]
    return found + [CompileWarning(code) for code in dict.fromkeys(codes)]
