"""Compile a message once, to bytes with slots; fill it for one person with a single join.

What is approved is what is compiled: `content_hash` goes over everything that is the same for
everybody and over the places of the slots. The compiler puts in the footer and the headers that the
law and RFC 8058 ask for; an author cannot take them out (INV-21, INV-22), and a field outside the
purpose of the message does not compile.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping

from akkoord.messages import layout, mime
from akkoord.messages.assembling import content_hash, join_parts, part_of, static_head, warnings_of
from akkoord.messages.conditions import Marks, block_of, distinct
from akkoord.messages.counting import with_counted_links, with_picture
from akkoord.messages.filling import MUST_SHOW as MUST_SHOW
from akkoord.messages.filling import Compiled as Compiled
from akkoord.messages.filling import CompileWarning as CompileWarning
from akkoord.messages.filling import Envelope as Envelope
from akkoord.messages.filling import Part, encoder
from akkoord.messages.filling import Preview as Preview
from akkoord.messages.filling import RenderError as RenderError
from akkoord.messages.filling import Shape as Shape
from akkoord.messages.filling import must_show as must_show
from akkoord.messages.html_body import html_content, html_page
from akkoord.messages.letter_source import BLOCKS as BLOCKS
from akkoord.messages.letter_source import FORMATS as FORMATS
from akkoord.messages.letter_source import MessageSource as MessageSource
from akkoord.messages.letter_source import Sender as Sender
from akkoord.messages.letter_source import check_head, check_renewal
from akkoord.messages.markup_check import HtmlCheck
from akkoord.messages.service_fields import AGREEMENT, BOUGHT, DAY, KIND, LEAK, check_service
from akkoord.messages.template import (
    CLICK_KEY,
    RESERVED,
    CompileError,
    FieldFact,
    Slot,
    check_fields,
    read_template,
)

MOST_SHAPES = 128  # combinations of answers that are kept encoded


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
    check_head(source)
    subject_pieces = read_template(mime.one_line(source.subject), part="subject")
    body_pieces = read_template(source.body.replace("\r\n", "\n"), part="body")
    check_fields(subject_pieces, allowed_fields, part="subject")
    check_fields(body_pieces, allowed_fields, part="body")
    check_renewal(source, body_pieces)
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

    subject = part_of(subject_pieces)
    conditions = distinct(source.conditions)
    every = (True,) * len(conditions)
    # The hash needs the parts, and the boundary between the parts the hash.
    text_part = marker.split(marker.marks.keep_text(text, every), escape=False)
    html_part = marker.split(marker.marks.keep_html(page, every), escape=True)
    names = {slot.name for slot in (*subject.slots, *text_part.slots, *html_part.slots)}
    digest = content_hash(source, subject, text_part, html_part)
    boundary = b"=_akkoord_" + digest[:24].encode()  # "=_" cannot occur in quoted-printable
    shape_of = _shaper(text, page, marker, boundary)
    whole = shape_of(every)
    return Compiled(
        slots=frozenset(names - {*RESERVED, CLICK_KEY}),
        content_hash=digest,
        warnings=tuple(warnings_of(source, subject, body_pieces, whole.html, found)),
        subject=subject,
        text=whole.text,
        html=whole.html,
        domain=source.domain,
        static_head=static_head(source, boundary),
        links=links,
        places=whole.places,
        body=whole.body,
        conditions=conditions,
        shape_of=shape_of if conditions else None,
        is_service=source.is_service,
    )


def _what_it_is_about(source: MessageSource, marker: _Marker) -> str:
    """In the footer: the day of the purchase, or what was agreed and for when.

    Of a leak the footer names nothing of the person; what is answered only says that it is service.
    """
    if source.about == LEAK:
        return LEAK
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
        segments, places = join_parts(text_part, html_part, boundary)
        return Shape(text_part, html_part, tuple(segments), tuple(places))

    return shape_of


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

    def split(self, text: str, *, escape: bool) -> Part:
        """The text cut at its slots, encoded."""
        cut = self._pattern.split(text.replace("\r\n", "\n"))
        slots = tuple(self._slots[int(index)] for index in cut[1::2])
        return Part(
            texts=tuple(cut[0::2]),
            slots=slots,
            escape=escape,
            segments=mime.qp_segments(cut[0::2]),
            encoders=tuple(encoder(slot, escape=escape) for slot in slots),
        )


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
        page = layout.with_footer(layout.render_html(document), footer)
        return _for_programs(source, page), content
    if source.body_format == "html":
        content = html_content(marked)
        page = html_page(
            content, title=title, preheader=source.preheader, language=language, look=source.look
        )
        return layout.with_footer(page, footer), content
    document = layout.mjml_document(
        marked,
        title=title,
        preheader=source.preheader,
        language=language,
        look=source.look,
        finish=marks.wrap if source.body_format == BLOCKS else None,
    )
    content = layout.render_html(document)
    return _for_programs(source, layout.with_footer(content, footer)), content


def _for_programs(source: MessageSource, page: str) -> str:
    """The page with what mail programs are told, when the head is ours and the letter asks it."""
    is_own_head = source.body.lstrip().startswith("<mjml")
    return page if is_own_head or not source.for_programs else layout.with_told(page, source.look)


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
