"""Compile a message once, to bytes with slots; fill it for one person with a single join.

What is approved is what is compiled: `content_hash` goes over everything that is the same for
everybody and over the places of the slots. The compiler puts in the footer and the headers that the
law and RFC 8058 ask for; an author cannot take them out (INV-21, INV-22), and a field outside the
purpose of the message does not compile.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from akkoord.messages import layout, mime
from akkoord.messages.conditions import Conditions, Marks, answers, block_of, distinct
from akkoord.messages.counting import with_counted_links, with_picture
from akkoord.messages.footer import Footer
from akkoord.messages.look import PLAIN, Look
from akkoord.messages.markup_check import HtmlCheck
from akkoord.messages.service_fields import AGREEMENT, BOUGHT, DAY, KIND, check_service
from akkoord.messages.template import (
    CLICK_KEY,
    RENEWAL,
    RESERVED,
    CompileError,
    FieldFact,
    Slot,
    check_fields,
    read_template,
)
from akkoord.messages.topics import TopicHead, heads_in

BLOCKS = "blocks"  # MJML of ours, one block on a line
FORMATS = ("markdown", "mjml", BLOCKS)
MOST_SHAPES = 128  # combinations of answers that are kept encoded
MUST_SHOW = ("unsubscribe_url", "preferences_url")
OF_SERVICE = ("preferences_url",)  # a service message stops nothing, and shows where to choose
CACHE = 8192
MAX_HTML = 100_000  # Gmail clips a mail above 102 kB, the way out with it
_URL = re.compile(r"https?://[!-;=?-~]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_FEEDBACK = re.compile(r"[A-Za-z0-9._:-]*")


class RenderError(Exception):
    """One message cannot be filled: a way out is missing or an address is unfit."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who it comes from: a real name and an address that answers."""

    name: str
    address: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class MessageSource:
    """All that an author and the organisation put in; kept as JSON with what was approved.

    `list_id`: `news.example.nl` (RFC 2919); `domain`: right side of the Message-ID;
    `feedback_id`: `campaign:topic:kind:sender` for the providers' complaint figures;
    `counting`: what the address of a counted link begins with, empty: none are counted;
    `web_url`: where the letter stands in the browser.
    """

    subject: str
    body: str
    body_format: str
    language: str
    sender: Sender
    footer: Footer
    list_id: str
    domain: str
    list_name: str = ""
    feedback_id: str = ""
    preheader: str = ""
    renews: bool = False  # asks whether a yes still stands: the only letter with that button
    counting: str = ""
    web_url: str = ""
    look: Look = PLAIN
    conditions: Conditions = ()  # of blocks: the line, and which people get it
    is_service: bool = False  # about a purchase: no way out of a contract, so none is offered
    about: str = ""  # of a service message: `agreement`, else it is about a purchase
    # The title says a field's fallback. What was approved before keeps its hash: it left them out.
    fills_title: bool = False
    topics: tuple[TopicHead, ...] = ()  # of a letter about several: what differs by topic

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column; what is as always is left out."""
        plain = asdict(self)
        if self.look == PLAIN:
            del plain["look"]
        if not self.conditions:
            del plain["conditions"]
        if not self.is_service:
            del plain["is_service"]
        if not self.about:
            del plain["about"]
        if not self.fills_title:
            del plain["fills_title"]
        if not self.topics:
            del plain["topics"]
        return plain

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> MessageSource:
        """The source again from what `as_json` gave."""
        plain = dict(values)
        if "look" in plain:
            plain["look"] = Look(**plain["look"])
        if "conditions" in plain:
            plain["conditions"] = tuple((line, text) for line, text in plain["conditions"])
        plain["topics"] = heads_in(plain.get("topics", ()))
        return cls(
            **plain | {"sender": Sender(**plain["sender"]), "footer": Footer(**plain["footer"])}
        )

    def under(self, head: TopicHead) -> MessageSource:
        """The letter as somebody gets it who gets it under this topic."""
        return replace(
            self,
            footer=replace(self.footer, topic=head.name),
            list_id=head.list_id,
            list_name=head.list_name,
            feedback_id=head.feedback_id,
            topics=(),
        )


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
class _Part:
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

    text: _Part
    html: _Part
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
    subject: _Part
    text: _Part
    html: _Part
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
    return mime.qp(url)


def _encode_html_link(url: str) -> bytes:
    escaped = html.escape(url)
    return _encode_link(url) if escaped == url else mime.qp(escaped)


def _encoder(slot: Slot, *, escape: bool) -> Callable[[str], bytes]:
    """From a person's value to the bytes in one slot; names repeat, so they are remembered."""
    if slot.name in RESERVED:
        return _encode_html_link if escape else _encode_link

    @functools.lru_cache(maxsize=CACHE)
    def encode(value: str) -> bytes:
        return mime.qp(_fill(slot, value, escape=escape))

    return encode


def compile_message(
    source: MessageSource, *, allowed_fields: Mapping[str, FieldFact], is_measured: bool = False
) -> Compiled:
    """Compile a message. Raises CompileError with a code and a place.

    `allowed_fields` says of every field that exists whether it is within the purpose of this
    message; a slot outside it does not compile (purpose binding). Nothing is fetched or written.
    `is_measured`: for who let us see what they read; the counted links are their own (INV-28).
    """
    try:
        return _compile(source, allowed_fields, is_measured=is_measured)
    except CompileError as problem:
        if source.body_format == BLOCKS and problem.part == "body" and problem.line:
            problem.block, problem.line = block_of(problem.line), 0
        raise


def _compile(
    source: MessageSource, allowed_fields: Mapping[str, FieldFact], *, is_measured: bool
) -> Compiled:
    _check_head(source)
    subject_pieces = read_template(mime.one_line(source.subject), part="subject")
    body_pieces = read_template(source.body.replace("\r\n", "\n"), part="body")
    check_fields(subject_pieces, allowed_fields, part="subject")
    check_fields(body_pieces, allowed_fields, part="body")
    _check_renewal(source, body_pieces)
    if source.is_service:
        check_service(source, body_pieces)

    marker = _Marker(source)
    marked = "".join(
        piece if isinstance(piece, str) else marker.mark(piece) for piece in body_pieces
    )
    targets = {name: marker.mark(Slot(name)) for name in RESERVED}
    if source.is_service:
        targets[BOUGHT] = _what_it_is_about(source, marker)
    page, content = _make_html(source, marked, targets, subject_pieces, marker.marks)
    found = _check_html(page, marker, targets, is_service=source.is_service)
    text = _make_text(source, content, targets)
    links: tuple[str, ...] = ()
    if source.counting:
        token = marker.mark(Slot(CLICK_KEY)) if is_measured else ""
        page, links = with_counted_links(page, source.counting, f"{token}/" if token else "")
        page = with_picture(page, source.counting, token) if token else page

    subject = _part_of(subject_pieces)
    conditions = distinct(source.conditions)
    every = (True,) * len(conditions)
    # The hash needs the parts, and the boundary between the parts the hash.
    text_part = marker.split(marker.marks.keep_text(text, every), escape=False)
    html_part = marker.split(marker.marks.keep_html(page, every), escape=True)
    names = {slot.name for slot in (*subject.slots, *text_part.slots, *html_part.slots)}
    digest = _content_hash(source, subject, text_part, html_part)
    boundary = b"=_akkoord_" + digest[:24].encode()  # "=_" cannot occur in quoted-printable
    shape_of = _shaper(text, page, marker, boundary)
    whole = shape_of(every)
    return Compiled(
        slots=frozenset(names - {*RESERVED, CLICK_KEY}),
        content_hash=digest,
        warnings=tuple(_warnings(source, subject, body_pieces, whole.html, found)),
        subject=subject,
        text=whole.text,
        html=whole.html,
        domain=source.domain,
        static_head=_static_head(source, boundary),
        links=links,
        places=whole.places,
        body=whole.body,
        conditions=conditions,
        shape_of=shape_of if conditions else None,
        is_service=source.is_service,
    )


def _what_it_is_about(source: MessageSource, marker: _Marker) -> str:
    """In the footer: the day of the purchase, or what was agreed and for when."""
    if source.about != AGREEMENT:
        return marker.mark(Slot(BOUGHT))
    of = "of" if source.language == "en" else "van"
    return f"{marker.mark(Slot(KIND))} {of} {marker.mark(Slot(DAY))}"


def _shaper(
    text: str, page: str, marker: _Marker, boundary: bytes
) -> Callable[[tuple[bool, ...]], Shape]:
    """What makes the letter for one combination of answers; those in use are kept."""

    @functools.lru_cache(maxsize=MOST_SHAPES)
    def shape_of(shown: tuple[bool, ...]) -> Shape:
        text_part = marker.split(marker.marks.keep_text(text, shown), escape=False)
        html_part = marker.split(marker.marks.keep_html(page, shown), escape=True)
        segments, places = _join_parts(text_part, html_part, boundary)
        return Shape(text_part, html_part, tuple(segments), tuple(places))

    return shape_of


def _check_renewal(source: MessageSource, body: list[str | Slot]) -> None:
    """The button that carries a yes on stands in the letter that asks for it, and in no other."""
    found = [piece for piece in body if not isinstance(piece, str) and piece.name == RENEWAL]
    if found and not source.renews:
        raise CompileError("unknown-field", part="body", line=found[0].line, field=RENEWAL)
    if source.renews and not found:
        raise CompileError("way-out-hidden", part="body", field=RENEWAL)


def _check_head(source: MessageSource) -> None:  # noqa: C901 -- one check after another
    """The sender is real and can be reached, and nothing breaks out of a header."""
    if source.body_format not in FORMATS:
        raise CompileError("unknown-format", part="body")
    if not source.subject.strip():
        raise CompileError("empty-subject", part="subject")
    if not source.body.strip():
        raise CompileError("empty-body", part="body")
    for name in ("organisation", "postal_address", "contact"):
        if not getattr(source.footer, name).strip():
            raise CompileError("footer-incomplete", part="footer", field=name)
    sender = source.sender
    if not sender.name.strip():
        raise CompileError("sender-incomplete", part="sender", field="name")
    for address in (sender.address, sender.reply_to or sender.address):
        try:
            mime.ascii_domain(address)
        except (ValueError, UnicodeError) as problem:
            raise CompileError("bad-address", part="sender") from problem
        if re.match(r"no-?reply|niet-?beantwoorden|donotreply", address, re.IGNORECASE):
            raise CompileError("no-reply-sender", part="sender")  # Reclame Code e-mail
    for label, what in ((source.list_id, "list_id"), (source.domain, "domain")):
        if not _LABEL.fullmatch(label):
            raise CompileError("bad-address", part="sender", field=what)
    if not _FEEDBACK.fullmatch(source.feedback_id):
        raise CompileError("bad-address", part="sender", field="feedback_id")


class _Marker:
    """Puts a word in the place of each slot, that lives through Markdown and MJML unharmed."""

    def __init__(self, source: MessageSource) -> None:
        seed = hashlib.sha256((source.body + source.subject).encode("utf-8", "replace"))
        self._stem = f"akslot{seed.hexdigest()[:10]}n"
        self.marks = Marks(seed.hexdigest()[10:20], source.conditions)
        self._slots: list[Slot] = []
        self._pattern = re.compile(self._stem + r"(\d+)e")

    def mark(self, slot: Slot) -> str:
        """A word for a slot."""
        self._slots.append(slot)
        return f"{self._stem}{len(self._slots) - 1}e"

    @property
    def names(self) -> dict[str, str]:
        """The field's name by its word."""
        return {f"{self._stem}{index}e": slot.name for index, slot in enumerate(self._slots)}

    def split(self, text: str, *, escape: bool) -> _Part:
        """The text cut at its slots, encoded."""
        cut = self._pattern.split(text.replace("\r\n", "\n"))
        slots = tuple(self._slots[int(index)] for index in cut[1::2])
        return _Part(
            texts=tuple(cut[0::2]),
            slots=slots,
            escape=escape,
            segments=mime.qp_segments(cut[0::2]),
            encoders=tuple(_encoder(slot, escape=escape) for slot in slots),
        )


def _part_of(pieces: list[str | Slot]) -> _Part:
    texts = [""]
    slots: list[Slot] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts[-1] += piece
        else:
            slots.append(piece)
            texts.append("")
    return _Part(tuple(texts), tuple(slots))


def _make_html(
    source: MessageSource,
    marked: str,
    targets: Mapping[str, str],
    subject: list[str | Slot],
    marks: Marks,
) -> tuple[str, str]:
    """The page with its footer, and the HTML of the content alone (for the text part)."""
    title = "".join(
        piece if isinstance(piece, str) else piece.fill("") if source.fills_title else ""
        for piece in subject
    ).strip()
    language = source.language if re.fullmatch(r"[a-z]{2}", source.language) else "nl"
    footer = layout.footer_html(
        source.footer,
        language,
        targets,
        web_url=source.web_url,
        look=source.look,
        bought=targets.get(BOUGHT, ""),
    )
    if source.body_format == "markdown":
        content = layout.markdown_html(marked)
        document = layout.base_layout(
            layout.markdown_sections(content),
            title=title,
            preheader=source.preheader,
            language=language,
            look=source.look,
        )
        return layout.with_footer(layout.render_html(document), footer), content
    document = layout.mjml_document(
        marked,
        title=title,
        preheader=source.preheader,
        language=language,
        look=source.look,
        finish=marks.wrap if source.body_format == BLOCKS else None,
    )
    content = layout.render_html(document)
    return layout.with_footer(content, footer), content


def _check_html(
    page: str, marker: _Marker, targets: Mapping[str, str], *, is_service: bool
) -> HtmlCheck:
    names = marker.names
    links = {word for word, name in names.items() if name in RESERVED}
    check = HtmlCheck(names, links)
    check.feed(page)
    check.close()
    for name in must_show(is_service=is_service):
        if targets[name] not in check.shown:
            raise CompileError("way-out-hidden", part="body", field=name)
    return check


def _make_text(source: MessageSource, content: str, targets: Mapping[str, str]) -> str:
    bought = targets.get(BOUGHT, "")
    footer = [*source.footer.lines(source.language, bought=bought), ""]
    footer += [
        f"{words.rstrip('?')}: {targets[name]}"
        for words, name in source.footer.ways_out(source.language, is_service=source.is_service)
    ]
    if source.web_url:
        footer.append(f"{source.footer.in_browser(source.language)}: {source.web_url}")
    return layout.plain_text(content) + "\n\n-- \n" + "\n".join(footer) + "\n"


def _join_parts(
    text: _Part, page: _Part, boundary: bytes
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


def _static_head(source: MessageSource, boundary: bytes) -> bytes:
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


def _content_hash(source: MessageSource, *parts: _Part) -> str:
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


def _warnings(
    source: MessageSource,
    subject: _Part,
    body: list[str | Slot],
    page: _Part,
    check: HtmlCheck,
) -> list[CompileWarning]:
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
    if sum(map(len, page.texts)) > MAX_HTML:
        found.append(CompileWarning("clipped"))
    # In a letter of blocks a picture without words was said to be an ornament.
    codes = [code for code in check.warnings if not is_blocks or code != "image-without-words"]
    return found + [CompileWarning(code) for code in dict.fromkeys(codes)]
