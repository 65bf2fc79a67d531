"""From a body in Markdown or MJML to the HTML and the text of a mail, footer included.

The look is ours (warm white, ink, one deep green; a light and a dark side); the footer with who
sends, from where, and the ways out is put there by us and cannot be taken out (INV-21). Nothing
is fetched, nothing from outside is added, and no image that only counts opens gets in (INV-28).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import css_inline
import mjml
from inscriptis import get_text  # type: ignore[import-untyped,unused-ignore]
from inscriptis.model.config import (  # type: ignore[import-untyped,unused-ignore]
    ParserConfig,
)
from inscriptis.model.tag import (  # type: ignore[import-untyped,unused-ignore]
    CustomHtmlTagHandlerMapping,
)
from markdown_it import MarkdownIt

from akkoord.messages.footer import Footer
from akkoord.messages.look import NIGHT_CARD, NIGHT_INK, NIGHT_PAPER, PLAIN, Look
from akkoord.messages.markup_check import check_mjml
from akkoord.messages.template import CompileError

_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable(
    ["table", "strikethrough"]
)
# Brackets of a picture's words while links are read, for those are told by brackets too.
_BRACKETS = str.maketrans("[]", "\ue000\ue001")
_BRACKETS_BACK = str.maketrans("\ue000\ue001", "[]")


def _tell_picture(state: Any, attrs: Mapping[str, str]) -> None:
    """What a picture shows, for who reads no pictures; one without words is an ornament."""
    if words := " ".join(attrs.get("alt", "").split()):
        state.tags[-1].write(f"[{words}]".translate(_BRACKETS))


_TEXT = ParserConfig(
    display_links=True,
    custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(
        start_tag_mapping={"img": _tell_picture}, end_tag_mapping={}
    ),
)

# The footer's own style, on the element itself, where nothing can overrule it.
_STAYS = (
    "display:block !important;visibility:visible !important;opacity:1 !important;"
    "max-height:none !important;overflow:visible !important;text-indent:0 !important;"
)
_STAYS_INLINE = _STAYS.replace("display:block", "display:inline")
_ON_TOP = "position:relative !important;z-index:2147483647 !important;clear:both !important;"


def _head(look: Look) -> str:
    """What stands in every letter's head; with our own look it never changes a byte."""
    font, accent = look.letters, look.accent
    return f"""<mj-head><mj-title>%TITLE%</mj-title>%PREVIEW%
<mj-attributes><mj-all font-family="{font}" />
<mj-text font-size="17px" line-height="1.55" color="{look.ink}" padding="0 32px" />
<mj-section padding="0" background-color="{look.card}" />
<mj-button background-color="{accent}" color="{look.on_accent}"
 border-radius="{look.radius}px" font-size="17px" font-weight="600"
 inner-padding="13px 24px" padding="12px 32px" align="left" />
<mj-image padding="8px 32px" border-radius="{look.radius}px" />
<mj-divider border-width="1px" border-color="{look.line}" padding="16px 32px" />
</mj-attributes>
<mj-style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
h1 {{ font-size: 28px; line-height: 1.2; margin: 8px 0 14px; font-weight: 700; }}
h2 {{ font-size: 21px; line-height: 1.3; margin: 26px 0 8px; font-weight: 700; }}
h3 {{ font-size: 17px; line-height: 1.4; margin: 22px 0 6px; font-weight: 700; }}
p {{ margin: 0 0 16px; }}
a {{ color: {accent}; text-decoration: underline; }}
ul, ol {{ margin: 0 0 16px; padding-left: 24px; }}
li {{ margin: 0 0 6px; }}
blockquote {{ margin: 0 0 16px; padding: 2px 0 2px 16px; border-left: 3px solid {accent}; }}
img {{ max-width: 100%; border-radius: {look.radius}px; }}
hr {{ border: 0; border-top: 1px solid {look.line}; margin: 24px 0; }}
code {{ font-family: Consolas, Menlo, monospace; font-size: 15px; }}
@media (prefers-color-scheme: dark) {{
  body, .ak-page, .ak-top, .ak-top > table, .ak-foot, .ak-foot > table
    {{ background-color: {NIGHT_PAPER} !important; background: {NIGHT_PAPER} !important; }}
  .ak-card, .ak-card > table {{ background: {NIGHT_CARD} !important; }}
  .ak-card div, .ak-card h1, .ak-card h2, .ak-card h3, .ak-card p, .ak-card li, .ak-card td
    {{ color: {NIGHT_INK} !important; }}
  .ak-card a, .ak-foot a {{ color: {look.night_link} !important; }}
  .ak-foot div, .ak-foot p {{ color: #b9b2a2 !important; }}
}}
</mj-style>%MORE%</mj-head>"""


def _block_styles(look: Look) -> str:
    """What the blocks need beside it: buttons, frames and the logo in the dark, small screens."""
    return f"""<mj-style>
h1, h2, h3 {{ font-family: {look.heading_letters}; }}
.ak-flat p {{ margin: 0; }}
.ak-flat h1, .ak-flat h2, .ak-flat h3 {{ margin: 0; }}
@media (max-width: 479px) {{ .ak-side img {{ width: 100% !important; }} }}
@media (prefers-color-scheme: dark) {{
  .ak-card .ak-button a {{ color: {look.on_accent} !important; }}
  .ak-card .ak-outline td {{ border-color: {look.night_link} !important; }}
  .ak-card .ak-outline a {{ color: {look.night_link} !important; }}
  .ak-card .ak-frame, .ak-card .ak-frame > table, .ak-card .ak-frame td
    {{ background: #2a2923 !important; border-color: #6d685b !important; }}
  .ak-card .ak-frame .ak-button td {{ background: {look.accent} !important; }}
  .ak-card .ak-rule p {{ border-top-color: #47443a !important; }}
  .ak-card .ak-logo img {{ background: #ffffff !important; padding: 6px !important; }}
}}
</mj-style>"""


def canvas_head(look: Look) -> str:
    """The head of every letter for the canvas on which one is drawn: what is not said at a part
    looks as it will in the mail."""
    head = _head(look).replace("%MORE%", _block_styles(look))
    return head.replace("%PREVIEW%", "").replace("%TITLE%", "")


def base_layout(
    sections: str,
    *,
    title: str,
    preheader: str,
    language: str,
    look: Look = PLAIN,
    is_blocks: bool = False,
) -> str:
    """A whole MJML document around sections."""
    preview = f"<mj-preview>{html.escape(preheader)}</mj-preview>" if preheader else ""
    more = _block_styles(look) if is_blocks or look != PLAIN else ""
    head = _head(look).replace("%MORE%", more)
    head = head.replace("%PREVIEW%", preview).replace("%TITLE%", html.escape(title))
    return (
        f'<mjml lang="{language}" dir="ltr">{head}'
        f'<mj-body width="600px" background-color="{look.paper}" css-class="ak-page">'
        f'<mj-section css-class="ak-top" padding="14px 0" background-color="{look.paper}">'
        f'<mj-column><mj-spacer height="8px" /></mj-column></mj-section>{sections}</mj-body></mjml>'
    )


def markdown_html(text: str) -> str:
    """The HTML of a Markdown text; HTML in it stands as text, and only safe links are links."""
    return str(_MARKDOWN.render(text))


def markdown_sections(body: str) -> str:
    """The HTML of a Markdown text as MJML."""
    return (
        '<mj-section css-class="ak-card" padding="28px 0 20px" border-radius="8px">'
        f"<mj-column><mj-text>{body}</mj-text></mj-column></mj-section>"
    )


def footer_html(
    footer: Footer,
    language: str,
    targets: Mapping[str, str],
    *,
    web_url: str = "",
    look: Look = PLAIN,
    bought: str = "",
) -> str:
    """The footer: who, where, how to reach them, and the ways out.

    `targets`: the place-holder of each link, by the name of its slot; `web_url`: where the letter
    stands in the browser, the same for everybody; `bought`: of a service message, the place-holder
    of the day of the purchase. It is no part of the
    author's document and lies on top of it: nothing in a letter can move, shrink or cover it.
    """
    style = f'style="{_STAYS_INLINE}color:{look.quiet};text-decoration:underline;"'
    ways = " &#160;&#183;&#160; ".join(
        f'<a href="{targets[name]}" {style}>{html.escape(words)}</a>'
        for words, name in footer.ways_out(language, is_service=bool(bought))
    )
    if web_url:
        words = html.escape(footer.in_browser(language))
        ways += f'<br /><a href="{html.escape(web_url)}" {style}>{words}</a>'
    lines = "<br />".join(html.escape(line) for line in footer.lines(language, bought=bought))
    return (
        f'<div class="ak-foot" style="{_STAYS}{_ON_TOP}background-color:{look.paper};">'
        f'<table role="presentation" align="center" border="0" cellpadding="0" cellspacing="0" '
        f'width="100%" style="max-width:600px;margin:0 auto;"><tbody><tr>'
        f'<td style="padding:20px 32px 32px;"><div style="{_STAYS}font-family:{look.letters};'
        f'font-size:14px;line-height:1.6;text-align:left;color:{look.quiet};">'
        f"{lines}<br /><br />{ways}</div></td></tr></tbody></table></div>"
    )


def with_footer(page: str, footer: str) -> str:
    """The finished page with the footer as its last. Raises CompileError."""
    before, end, after = page.rpartition("</body>")
    if not end:
        raise CompileError("mjml-without-body", part="body", line=1)
    return before + footer + end + after


def with_told(page: str, look: Look) -> str:
    """The page with what mail programs want to be told: that there is a dark side (Apple Mail and
    Outlook for Mac else invert by themselves), and for Outlook on Windows a letter type that every
    Windows has, for it takes Times where the first of a list is missing."""
    told = (
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
    )
    if "Source Sans" in look.letters + look.heading_letters:
        told += (
            "<!--[if mso]><style>body,table,td,div,p,a,li,h1,h2,h3"
            "{font-family:'Segoe UI',Arial,sans-serif !important}</style><![endif]-->"
        )
    return page.replace("<head>", "<head>" + told, 1)


def mjml_document(
    body: str,
    *,
    title: str,
    preheader: str,
    language: str,
    look: Look = PLAIN,
    finish: Callable[[str], str] | None = None,
) -> str:
    """A body in MJML as a whole document; `finish` goes over blocks. Raises CompileError."""
    tags = check_mjml(body)
    stripped = body.strip()
    if not stripped.startswith("<mjml"):
        if not stripped.startswith(("<mj-section", "<mj-wrapper", "<mj-hero")):
            raise CompileError("mjml-not-wrapped", part="body", line=1)
        return base_layout(
            finish(stripped) if finish else stripped,
            title=title,
            preheader=preheader,
            language=language,
            look=look,
            is_blocks=finish is not None or 'css-class="ak-' in stripped,
        )
    if "mj-body" not in tags:
        raise CompileError("mjml-without-body", part="body", line=1)
    return stripped


def render_html(document: str) -> str:
    """HTML from MJML, styles inlined. Raises CompileError `mjml` when it cannot be read."""
    try:
        return str(_INLINER.inline(mjml.mjml2html(document, fonts={})))
    except ValueError as problem:
        raise CompileError("mjml", part="body", explanation=str(problem)[:200]) from problem


_MARKED_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)")


def _told_link(found: re.Match[str]) -> str:
    """A link as a plain text tells it: the words, and the address in pointed brackets."""
    words, target = found[1].strip(), found[2]
    return f"<{target}>" if words in ("", target) else f"{words} <{target}>"


def plain_text(content: str) -> str:
    """The text part from HTML: what pictures show in brackets, where a link leads behind it."""
    text = get_text(content, _TEXT)
    text = _MARKED_LINK.sub(_told_link, text).translate(_BRACKETS_BACK)
    lines = [line.strip() for line in text.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
