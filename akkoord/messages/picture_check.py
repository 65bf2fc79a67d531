"""Pictures that an author put into Markdown, MJML or HTML: each with words for who cannot see it.

In a letter of blocks the editor asks for them. Not in the compiler: what was approved before goes
on as it was approved.
"""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from akkoord.messages.letter_source import MessageSource
from akkoord.messages.template import CompileError

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_PICTURES = frozenset(("img", "mj-image", "mj-carousel-image"))


def check_pictures(source: MessageSource) -> None:
    """Refuse a picture without words (WCAG 2.2, 1.1.1), with its line.

    In MJML and HTML `alt=""` says that a picture is an ornament; Markdown cannot say so.
    """
    body = source.body.replace("\r\n", "\n")
    if source.body_format == "markdown":
        _in_markdown(body)
    elif source.body_format in ("mjml", "html"):
        check = _Pictures()
        check.feed(body)
        check.close()


def _in_markdown(body: str) -> None:
    for block in _MARKDOWN.parse(body):
        for piece in block.children or ():
            if piece.type == "image" and not piece.content.strip():
                first, after = block.map or (0, 0)
                raise _without_words(_line_of(body, str(piece.attrs.get("src", "")), first, after))


def _line_of(body: str, src: str, first: int, after: int) -> int:
    """The line of a picture inside its paragraph; the paragraph's own, when it stands elsewhere."""
    empty = re.compile(r"!\[\s*\]")
    for number, line in enumerate(body.split("\n")[first:after], start=first + 1):
        if empty.search(line) and (src in line or not src):
            return number
    return first + 1


class _Pictures(HTMLParser):
    """Looks at each picture in MJML, in the HTML inside it as well."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens; one without an address is no picture yet, and shows nothing."""
        values = dict(attrs)
        if tag in _PICTURES and values.get("src") and values.get("alt") is None:
            raise _without_words(self.getpos()[0])


def _without_words(line: int) -> CompileError:
    return CompileError("image-without-words", part="body", line=line)
