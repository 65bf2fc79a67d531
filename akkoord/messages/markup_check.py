"""What may stand in a mail's markup: looked at before MJML is rendered, and in the finished HTML.

mrml lets unknown tags pass without a word, so they are held against a list. In the HTML nothing may
run, count opens (INV-28), hide the ways out (INV-21) or carry a field where it is no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from akkoord.messages.template import CompileError

MJML_TAGS = frozenset(
    (
        "mjml",
        "mj-head",
        "mj-attributes",
        "mj-all",
        "mj-class",
        "mj-breakpoint",
        "mj-preview",
        "mj-title",
        "mj-body",
        "mj-wrapper",
        "mj-section",
        "mj-column",
        "mj-group",
        "mj-hero",
        "mj-text",
        "mj-button",
        "mj-image",
        "mj-divider",
        "mj-spacer",
        "mj-table",
        "mj-social",
        "mj-social-element",
        "mj-navbar",
        "mj-navbar-link",
        "mj-accordion",
        "mj-accordion-element",
        "mj-accordion-title",
        "mj-accordion-text",
        "mj-carousel",
        "mj-carousel-image",
    )
)
# Tags whose content is HTML; elsewhere a tag that is not MJML would pass unseen.
ENDING_TAGS = frozenset(
    (
        "mj-text",
        "mj-button",
        "mj-table",
        "mj-navbar-link",
        "mj-social-element",
        "mj-accordion-title",
        "mj-accordion-text",
        "mj-preview",
        "mj-title",
    )
)
# A rule of an author's own sheet reaches the footer as well (INV-21), whatever it is called.
STYLE_TAGS = frozenset(("mj-style", "style"))
_AUTHOR_HTML_WORDS = """
    a abbr address b blockquote br caption center cite code col colgroup dd del div dl dt em
    figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre q s small span strike
    strong sub sup table tbody td tfoot th thead time tr tt u ul wbr
"""
AUTHOR_HTML = frozenset(_AUTHOR_HTML_WORDS.split())
_BAD_HTML_WORDS = """
    script iframe object embed form input button textarea select link base svg math video audio
    frame frameset applet
"""
BAD_HTML = frozenset(_BAD_HTML_WORDS.split())
_VOID_WORDS = "area base br col embed hr img input link meta source track wbr"
VOID = frozenset(_VOID_WORDS.split())
# What an element's own style may say: nothing that reaches outside the element itself.
_OWN_STYLE = re.compile(
    r"(?:color|background(?:-color)?|font(?:-[a-z]+)?|line-height|letter-spacing|word-spacing|"
    r"text-(?:align|decoration[a-z-]*|transform|indent)|vertical-align|white-space|direction|"
    r"padding(?:-[a-z]+)?|margin(?:-[a-z]+)?|border(?:-[a-z]+)*|width|(?:min|max)-width|height|"
    r"max-height|display|list-style(?:-[a-z]+)?|word-break|overflow-wrap|mso-[a-z-]+)"
)
_BAD_VALUE = re.compile(r"url\s*\(|expression|@|\\|[{}<>]", re.IGNORECASE)
_TEXT_ATTRIBUTES = frozenset(("alt", "title", "href", "src", "thumbnails-src"))

DEEPEST = 100  # elements inside each other


class MarkupCheck(HTMLParser):
    """What no author may write, in MJML or in HTML: comments, and styles that reach further."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def refuse_styles(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """No sheet of an author's own, and no style that leaves its element."""
        if tag in STYLE_TAGS or not all(
            _is_harmless(tag, name, value or "") for name, value in attrs
        ):
            raise self.refused("style-not-allowed", tag)

    def opens(self, tag: str) -> None:
        """An element is open from here on. Too many inside each other would exhaust the stack of
        what makes HTML of them, and with it the whole process."""
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise self.refused("too-much-markup")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        """A comment."""
        raise self.refused("comment-not-allowed")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        """A declaration."""
        raise self.refused("comment-not-allowed")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        """A marked section, as conditional comments are."""
        raise self.refused("comment-not-allowed")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        """A processing instruction."""
        raise self.refused("comment-not-allowed")

    def refused(self, code: str, field: str = "") -> CompileError:
        """The refusal, with the line where it stands."""
        return CompileError(code, part="body", line=self.getpos()[0], field=field)


class _MjmlCheck(MarkupCheck):
    """Refuses what mrml would let pass without a word."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        if tag in STYLE_TAGS:
            raise self.refused("style-not-allowed", tag)
        inside_html = any(each in ENDING_TAGS for each in self.open)
        if tag not in MJML_TAGS:
            if not inside_html or tag.startswith("mj"):
                raise self.refused("unknown-tag", tag)
            if tag not in AUTHOR_HTML:
                raise self.refused("html-not-allowed", tag)
        self.refuse_styles(tag, attrs)
        self.seen.add(tag)
        if tag not in VOID:
            self.opens(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens and closes."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def _is_harmless(tag: str, name: str, value: str) -> bool:
    """Whether an attribute styles nothing but its own element."""
    if name == "style":
        return all(
            _is_own(*each.split(":", 1)) for each in value.split(";") if each.strip(" \t\r\n")
        )
    # MJML writes attributes into styles as they are: a value may not begin another rule.
    return not tag.startswith("mj") or name in _TEXT_ATTRIBUTES or not re.search("[;{}<>]", value)


def _is_own(name: str, value: str = "") -> bool:
    name = name.strip().lower()
    if not _OWN_STYLE.fullmatch(name) or _BAD_VALUE.search(value):
        return False
    return not (name.startswith("margin") and "-" in value)  # would draw others over its own place


def check_mjml(body: str) -> frozenset[str]:
    """Refuse unknown tags, styles that reach further than their element, and comments.

    Conditional comments hide things from some readers. Answers the tags that stand in it.
    """
    check = _MjmlCheck()
    check.feed(body)
    check.close()
    return frozenset(check.seen)


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
        if tag not in VOID:
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
        # MJML makes an accordion and a carousel of boxes to tick; an author cannot write one.
        is_box = tag == "input" and values.get("type") in ("checkbox", "radio")
        is_bad = tag in BAD_HTML and not is_box
        if is_bad or any(name.startswith("on") for name in values):
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
