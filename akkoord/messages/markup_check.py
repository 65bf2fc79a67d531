"""What may stand in a mail's markup: looked at before MJML is rendered, and in the finished HTML.

mrml lets unknown tags pass without a word, so they are held against a list. In the HTML nothing may
run, count opens (INV-28), hide the ways out (INV-21) or carry a field where it is no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from akkoord.messages.template import CompileError

_MJML_TAGS_WORDS = """
    mjml mj-head mj-attributes mj-all mj-class mj-breakpoint mj-preview mj-style mj-title mj-
    body mj-wrapper mj-section mj-column mj-group mj-hero mj-text mj-button mj-image mj-
    divider mj-spacer mj-table mj-social mj-social-element mj-navbar mj-navbar-link mj-
    accordion mj-accordion-element mj-accordion-title mj-accordion-text mj-carousel mj-
    carousel-image
"""
MJML_TAGS = frozenset(_MJML_TAGS_WORDS.split())
# Tags whose content is HTML; elsewhere a tag that is not MJML would pass unseen.
_ENDING_TAGS_WORDS = """
    mj-text mj-button mj-table mj-navbar-link mj-social-element mj-accordion-title mj-
    accordion-text mj-preview mj-title mj-style mj-raw
"""
ENDING_TAGS = frozenset(_ENDING_TAGS_WORDS.split())
_BAD_HTML_WORDS = """
    script iframe object embed form input button textarea select link base svg math video
    audio frame frameset applet
"""
BAD_HTML = frozenset(_BAD_HTML_WORDS.split())
_VOID_WORDS = """
    area base br col embed hr img input link meta source track wbr
"""
_VOID = frozenset(_VOID_WORDS.split())


class _MjmlCheck(HTMLParser):
    """Refuses what mrml would let pass without a word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A tag opens."""
        inside_html = any(each in ENDING_TAGS for each in self.open)
        known = tag in MJML_TAGS or (inside_html and not tag.startswith("mj"))
        if not known:
            raise CompileError("unknown-tag", part="body", line=self.getpos()[0], field=tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens and closes."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        """A comment."""
        raise CompileError("comment-not-allowed", part="body", line=self.getpos()[0])


def check_mjml(body: str) -> None:
    """Refuse unknown tags, and comments (conditional ones hide things from some readers)."""
    _MjmlCheck().feed(body)


class HtmlCheck(HTMLParser):
    """Looks over the finished HTML: what runs, counts opens, hides the ways out or leaks a field.

    `names`: place-holder to field name; `links`: the place-holders that may be a link; those
    that a reader can see and press come in `shown`.
    """

    def __init__(self, names: Mapping[str, str], links: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.names = names
        self.links = links
        self.shown: set[str] = set()
        self.warnings: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self._token = re.compile("|".join(map(re.escape, names)) or r"(?!)")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        values = {name: value or "" for name, value in attrs}
        self._refuse(tag, values)
        hidden = _hides(values.get("style", ""))
        if tag == "a" and not hidden and not any(each for _, each in self.open):
            self.shown.update(self.links & {values.get("href", "")})
        for name, value in values.items():
            found = self._token.search(value)
            whole_link = name == "href" and tag == "a" and value in self.links
            if found and not whole_link:
                raise CompileError(
                    "field-in-attribute", part="body", field=self.names[found.group()]
                )
        if tag not in _VOID:
            self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        while any(each == tag for each, _ in self.open):
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self.open and self.open[-1][0] in {"style", "script"}:
            found = self._token.search(data)
            if found:
                raise CompileError(
                    "field-in-attribute", part="body", field=self.names[found.group()]
                )
            if re.search(r"url\s*\(|@import|expression\s*\(", data, re.IGNORECASE):
                raise CompileError("style-fetches", part="body")

    def _refuse(self, tag: str, values: dict[str, str]) -> None:
        if tag in BAD_HTML or any(name.startswith("on") for name in values):
            raise CompileError("html-not-allowed", part="body", field=tag)
        for name in ("href", "src", "background"):
            scheme = values.get(name, "").partition(":")[0].strip().lower()
            if scheme in {"javascript", "vbscript", "data"}:
                raise CompileError("html-not-allowed", part="body", field=tag)
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            raise CompileError("html-not-allowed", part="body", field=tag)
        if tag == "img":
            if any(_tiny(values.get(side, "")) for side in ("width", "height")):
                raise CompileError("tracking-pixel", part="body")  # INV-28
            if values.get("src", "").startswith("http:"):
                self.warnings.append("image-without-tls")
            if not values.get("alt"):
                self.warnings.append("image-without-words")


def _tiny(size: str) -> bool:
    digits = re.match(r"\s*(\d+)(?!\s*%|\d)", size)
    return digits is not None and int(digits.group(1)) <= 3


def _hides(style: str) -> bool:
    tight = style.replace(" ", "").lower()
    return any(
        words in tight for words in ("display:none", "visibility:hidden", "opacity:0;")
    ) or tight.endswith("opacity:0")
