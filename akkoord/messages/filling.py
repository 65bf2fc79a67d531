"""A compiled message and its filling for one person: bytes with slots, joined once."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from akkoord.messages import mime
from akkoord.messages.conditions import answers
from akkoord.messages.template import RESERVED, Slot

MUST_SHOW = ("unsubscribe_url", "preferences_url")
OF_SERVICE = ("preferences_url",)  # a service message stops nothing, and shows where to choose
CACHE = 8192
_URL = re.compile(r"https?://[!-;=?-~]+")
_ESCAPED = re.compile(r"[&<>\"']")


class RenderError(Exception):
    """One message cannot be filled: a way out is missing or an address is unfit."""


@dataclass(frozen=True, slots=True)
class CompileWarning:
    """Something that the author should look at; sending is not stopped."""

    code: str
    line: int = 0
    field: str = ""


@dataclass(slots=True)
class Envelope:
    """What differs per message beside the values of the person."""

    message: UUID
    to_address: str
    at: datetime
    one_click_url: str
    unsubscribe_mailto: str = ""
    to_name: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A filled message as texts, for the screen."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, eq=False)
class Part:
    """A text with slots: encoded for sending, plain for showing."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]
    escape: bool = False
    segments: list[bytes] = field(default_factory=list, repr=False)
    encoders: tuple[Callable[[str], bytes], ...] = field(default=(), repr=False)

    def show(self, values: Mapping[str, str]) -> str:
        """The filled text."""
        pieces = [self.texts[0]]
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            pieces += (_fill(slot, values.get(slot.name, ""), escape=self.escape), text)
        return "".join(pieces)


Places = tuple[tuple[str, Callable[[str], bytes]], ...]


@dataclass(frozen=True, eq=False)
class Shape:
    """The letter with the blocks of one combination of answers, encoded."""

    text: Part
    html: Part
    body: tuple[bytes, ...] = field(repr=False)
    places: Places = field(repr=False)


@dataclass(frozen=True, eq=False)
class Compiled:
    """A message ready to be filled. `slots`: the names of the person's fields that it uses.

    `conditions`: texts in the language of groups; the answers stand among a person's values,
    under `conditions.key_of`. `text` and `html` hold every block.
    """

    slots: frozenset[str]
    content_hash: str
    warnings: tuple[CompileWarning, ...]
    subject: Part
    text: Part
    html: Part
    domain: str
    static_head: bytes = field(repr=False)
    places: Places = field(repr=False)
    body: tuple[bytes, ...] = field(repr=False)
    links: tuple[str, ...] = ()  # where the counted links lead, in order
    conditions: tuple[str, ...] = ()
    shape_of: Callable[[tuple[bool, ...]], Shape] | None = field(default=None, repr=False)
    is_service: bool = False

    def render(self, values: Mapping[str, str], envelope: Envelope) -> bytes:
        """The whole message for one person. Raises RenderError when it may not go like this."""
        for name in must_show(is_service=self.is_service):
            if not values.get(name):
                raise RenderError(f"{name} is missing")
        pieces = self._headers(values, envelope)
        body, places = self.body, self.places
        if self.shape_of is not None:
            shape = self.shape_of(answers(values, len(self.conditions)))
            body, places = shape.body, shape.places
        get = values.get
        pieces.append(body[0])
        at = 1
        for name, encode in places:
            pieces.append(encode(get(name) or ""))
            pieces.append(body[at])
            at += 1
        return b"".join(pieces)

    def _headers(self, values: Mapping[str, str], envelope: Envelope) -> list[bytes]:
        try:
            to = mime.address_header(envelope.to_name, envelope.to_address, 4)
            way_out = b"" if self.is_service else _way_out(envelope)
        except ValueError as problem:
            raise RenderError("an address is unfit for a header") from problem
        if self.subject.slots:
            subject = mime.encode_words(self.subject.show(values), 9)
        else:
            subject = mime.encode_words(self.subject.texts[0], 9)
        return [
            b"To: ", to,
            b"\r\nSubject: ", subject,
            b"\r\nDate: ", _date(envelope.at.replace(microsecond=0)),
            b"\r\nMessage-ID: ", mime.message_id(envelope.message, self.domain).encode(),
            way_out,
            b"\r\n", self.static_head,
        ]  # fmt: skip

    def preview(self, values: Mapping[str, str]) -> Preview:
        """The message as this person would see it, for the screen."""
        text, page = self.text, self.html
        if self.shape_of is not None:
            shape = self.shape_of(answers(values, len(self.conditions)))
            text, page = shape.text, shape.html
        return Preview(
            mime.one_line(self.subject.show(values)), text.show(values), page.show(values)
        )


def must_show(*, is_service: bool) -> tuple[str, ...]:
    """The links that stand in every message of this sort."""
    return OF_SERVICE if is_service else MUST_SHOW


def _way_out(envelope: Envelope) -> bytes:
    """The List-Unsubscribe header (RFC 2369, RFC 8058). Raises RenderError, ValueError."""
    url, mailto = envelope.one_click_url, envelope.unsubscribe_mailto
    if not _URL.fullmatch(url):
        raise RenderError("the one-click address is unfit")
    way_out = f"<{url}>"
    if mailto:
        way_out += f",\r\n <mailto:{mime.ascii_domain(mailto)}?subject=unsubscribe>"
    return b"\r\nList-Unsubscribe: " + way_out.encode()


@functools.lru_cache(maxsize=64)
def _date(at: datetime) -> bytes:
    return mime.date_header(at).encode()


def _fill(slot: Slot, value: str, *, escape: bool) -> str:
    filled = slot.fill(mime.one_line(value))
    return html.escape(filled) if escape else filled


@functools.lru_cache(maxsize=256)
def _encode_link(url: str) -> bytes:
    if not _URL.fullmatch(url):
        raise RenderError("a link is unfit")
    return mime.qp_plain(url)


def _encode_html_link(url: str) -> bytes:
    if _ESCAPED.search(url) is None:
        return _encode_link(url)
    return mime.qp(html.escape(url))


def encoder(slot: Slot, *, escape: bool) -> Callable[[str], bytes]:
    """From a person's value to the bytes in one slot; names repeat, so they are remembered."""
    if slot.name in RESERVED:
        return _encode_html_link if escape else _encode_link

    @functools.lru_cache(maxsize=CACHE)
    def encode(value: str) -> bytes:
        return mime.qp(_fill(slot, value, escape=escape))

    return encode
