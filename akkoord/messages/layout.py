"""From a body in Markdown or MJML to the HTML and the text of a mail, footer included.

The look is ours (warm white, ink, one deep green; a light and a dark side); the footer with who
sends, from where, and the ways out is put there by us and cannot be taken out (INV-21). Nothing
is fetched, nothing from outside is added, and no image that only counts opens gets in (INV-28).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import css_inline
import mjml
from inscriptis import get_text
from inscriptis.model.config import ParserConfig
from markdown_it import MarkdownIt

from akkoord.messages.footer import Footer
from akkoord.messages.template import CompileError

MJML_TAGS = frozenset(
    """mjml mj-head mj-attributes mj-all mj-class mj-breakpoint mj-preview mj-style mj-title
    mj-body mj-wrapper mj-section mj-column mj-group mj-hero mj-text mj-button mj-image mj-divider
    mj-spacer mj-table mj-social mj-social-element mj-navbar mj-navbar-link mj-accordion
    mj-accordion-element mj-accordion-title mj-accordion-text mj-carousel
    mj-carousel-image""".split()
)
# Tags whose content is HTML; elsewhere a tag that is not MJML would pass unseen.
ENDING_TAGS = frozenset(
    "mj-text mj-button mj-table mj-navbar-link mj-social-element mj-accordion-title "
    "mj-accordion-text mj-preview mj-title mj-style mj-raw".split()
)
BAD_HTML = frozenset(
    "script iframe object embed form input button textarea select link base svg math video "
    "audio frame frameset applet".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable(
    ["table", "strikethrough"]
)
_TEXT = ParserConfig(display_links=True, display_images=False)

INK, PAPER, CARD, ACCENT, LINE, QUIET = (
    "#1c1b18", "#fbf9f4", "#ffffff", "#1f5b3f", "#e4dfd3", "#5f5a50",
)
_FONT = "'Source Sans 3', 'Segoe UI', Helvetica, Arial, sans-serif"
_HEAD = f"""<mj-head><mj-title>%TITLE%</mj-title>%PREVIEW%
<mj-attributes><mj-all font-family="{_FONT}" />
<mj-text font-size="17px" line-height="1.55" color="{INK}" padding="0 32px" />
<mj-section padding="0" background-color="{CARD}" />
<mj-button background-color="{ACCENT}" color="#ffffff" border-radius="8px" font-size="17px"
 font-weight="600" inner-padding="13px 24px" padding="12px 32px" align="left" />
<mj-image padding="8px 32px" border-radius="8px" />
<mj-divider border-width="1px" border-color="{LINE}" padding="16px 32px" />
</mj-attributes>
<mj-style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
h1 {{ font-size: 28px; line-height: 1.2; margin: 8px 0 14px; font-weight: 700; }}
h2 {{ font-size: 21px; line-height: 1.3; margin: 26px 0 8px; font-weight: 700; }}
h3 {{ font-size: 17px; line-height: 1.4; margin: 22px 0 6px; font-weight: 700; }}
p {{ margin: 0 0 16px; }}
a {{ color: {ACCENT}; text-decoration: underline; }}
ul, ol {{ margin: 0 0 16px; padding-left: 24px; }}
li {{ margin: 0 0 6px; }}
blockquote {{ margin: 0 0 16px; padding: 2px 0 2px 16px; border-left: 3px solid {ACCENT}; }}
img {{ max-width: 100%; border-radius: 8px; }}
hr {{ border: 0; border-top: 1px solid {LINE}; margin: 24px 0; }}
code {{ font-family: Consolas, Menlo, monospace; font-size: 15px; }}
@media (prefers-color-scheme: dark) {{
  body, .ak-page, .ak-top, .ak-top > table, .ak-foot, .ak-foot > table
    {{ background-color: #171714 !important; background: #171714 !important; }}
  .ak-card, .ak-card > table {{ background: #201f1b !important; }}
  .ak-card div, .ak-card h1, .ak-card h2, .ak-card h3, .ak-card p, .ak-card li, .ak-card td
    {{ color: #f1ede2 !important; }}
  .ak-card a, .ak-foot a {{ color: #8fcfae !important; }}
  .ak-foot div, .ak-foot p {{ color: #b9b2a2 !important; }}
}}
</mj-style></mj-head>"""


def base_layout(sections: str, *, title: str, preheader: str, language: str) -> str:
    """A whole MJML document around sections."""
    preview = f"<mj-preview>{html.escape(preheader)}</mj-preview>" if preheader else ""
    head = _HEAD.replace("%TITLE%", html.escape(title)).replace("%PREVIEW%", preview)
    return (
        f'<mjml lang="{language}" dir="ltr">{head}'
        f'<mj-body width="600px" background-color="{PAPER}" css-class="ak-page">'
        f'<mj-section css-class="ak-top" padding="14px 0" background-color="{PAPER}"><mj-column>'
        f'<mj-spacer height="8px" /></mj-column></mj-section>{sections}</mj-body></mjml>'
    )


def markdown_html(text: str) -> str:
    """The HTML of a Markdown text; HTML in it stands as text, and only safe links are links."""
    return _MARKDOWN.render(text)


def markdown_sections(body: str) -> str:
    """The HTML of a Markdown text as MJML."""
    return (
        '<mj-section css-class="ak-card" padding="28px 0 20px" border-radius="8px">'
        f"<mj-column><mj-text>{body}</mj-text></mj-column></mj-section>"
    )


def footer_section(footer: Footer, language: str, targets: Mapping[str, str]) -> str:
    """The footer as MJML: who, where, how to reach them, and the ways out.

    `targets`: the place-holder of each link, by the name of its slot.
    """
    style = f'style="color:{QUIET};text-decoration:underline;"'
    ways = " &#160;&#183;&#160; ".join(
        f'<a href="{targets[name]}" {style}>{html.escape(words)}</a>'
        for words, name in footer.ways_out(language)
    )
    lines = "<br />".join(html.escape(line) for line in footer.lines(language))
    return (
        f'<mj-section css-class="ak-foot" padding="20px 0 32px" background-color="{PAPER}">'
        f'<mj-column><mj-text font-size="14px" line-height="1.6" color="{QUIET}">'
        f"{lines}<br /><br />{ways}</mj-text></mj-column></mj-section>"
    )


def mjml_document(body: str, *, title: str, preheader: str, language: str, footer: str) -> str:
    """A body in MJML as a whole document with the footer last. Raises CompileError."""
    check_mjml(body)
    stripped = body.strip()
    if not stripped.startswith("<mjml"):
        if not stripped.startswith(("<mj-section", "<mj-wrapper", "<mj-hero")):
            raise CompileError("mjml-not-wrapped", part="body", line=1)
        return base_layout(
            stripped + footer, title=title, preheader=preheader, language=language
        )
    before, end, after = stripped.rpartition("</mj-body>")
    if not end:
        raise CompileError("mjml-without-body", part="body", line=1)
    return before + footer + end + after


def render_html(document: str) -> str:
    """HTML from MJML, styles inlined. Raises CompileError `mjml` when it cannot be read."""
    try:
        return _INLINER.inline(mjml.mjml2html(document, fonts={}))
    except ValueError as problem:
        raise CompileError("mjml", part="body", explanation=str(problem)[:200]) from problem


def plain_text(content: str) -> str:
    """The text part from HTML, with the target of every link behind its words."""
    text = get_text(content, _TEXT)
    lines = [line.strip() for line in text.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _MjmlCheck(HTMLParser):
    """Refuses what mrml would let pass without a word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside_html = any(each in ENDING_TAGS for each in self.open)
        known = tag in MJML_TAGS or (inside_html and not tag.startswith("mj"))
        if not known:
            raise CompileError("unknown-tag", part="body", line=self.getpos()[0], field=tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_comment(self, data: str) -> None:
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
        while any(each == tag for each, _ in self.open):
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in {"style", "script"}:
            found = self._token.search(data)
            if found:
                raise CompileError(
                    "field-in-attribute", part="body", field=self.names[found.group()]
                )
            if re.search(r"url\s*\(|@import|expression\s*\(", data, re.I):
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
