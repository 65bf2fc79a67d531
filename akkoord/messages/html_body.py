"""A body that a maker wrote in HTML: what may stand in it, and the page of ours around it.

The same tags and styles as inside MJML. Each tag must close, in order: an element left open would
take our lines with the ways out inside it (INV-21).
"""

from __future__ import annotations

import html
import re

from akkoord.messages.look import Look
from akkoord.messages.markup_check import AUTHOR_HTML, VOID, MarkupCheck
from akkoord.messages.template import CompileError

_FRAME = frozenset(("html", "head", "body", "title", "meta"))
_BODY = re.compile(r"<body\b[^>]*>(.*)</body\s*>", re.IGNORECASE | re.DOTALL)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;"


class _HtmlBody(MarkupCheck):
    """Refuses what a mail may not hold, with its line."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self.refuse_styles(tag, attrs)
        if tag not in AUTHOR_HTML and tag not in _FRAME:
            raise self.refused("html-not-allowed", tag)
        if tag not in VOID and tag != "meta":
            self.opens(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that says it closes itself; HTML believes that of empty elements alone."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes: the last that opened."""
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            raise self.refused("html-not-closed", tag)

    def handle_decl(self, decl: str) -> None:
        """`<!doctype html>` may stand first; nothing else may."""
        if not decl.lower().startswith("doctype"):
            raise self.refused("comment-not-allowed")

    def finish(self) -> None:
        """All has been read."""
        self.close()
        # A tag that never ends is kept back by the parser, and would eat what comes after it.
        if self.open or self.rawdata.strip():
            raise self.refused("html-not-closed", self.open[-1] if self.open else "")


def html_content(body: str) -> str:
    """What stands inside the body's own frame, looked over. Raises CompileError with its line."""
    last = body.rfind("<")
    if last > body.rfind(">"):  # begins a tag or a comment, and never ends it
        raise CompileError("html-not-closed", part="body", line=body[:last].count("\n") + 1)
    check = _HtmlBody()
    check.feed(body)
    check.finish()
    found = _BODY.search(body)
    inside = found[1] if found else body
    if re.search(r"</?(?:html|head|body|title|meta)\b", inside, re.IGNORECASE):
        raise CompileError("html-frame", part="body")
    return re.sub(r"<!doctype[^>]*>", "", inside, flags=re.IGNORECASE).strip()


def html_page(content: str, *, title: str, preheader: str, language: str, look: Look) -> str:
    """A page of ours around a maker's content; its style is the maker's, on each element."""
    shown = f'<div style="{_HIDDEN}">{html.escape(preheader)}</div>' if preheader else ""
    return (
        f'<!doctype html><html lang="{language}" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title></head>"
        f'<body style="margin:0;padding:0;background-color:{look.paper};color:{look.ink};'
        f'font-family:{look.letters};">{shown}<div>{content}</div></body></html>'
    )
