"""Words of a block on their way to MJML: marked up, escaped, their fields left as they are.

A writer types simple mark-up (Markdown); HTML among it stands as text. A field with its fallback
(`{{ first_name | default: "lezer" }}`) is kept aside meanwhile, so that no quote in it is changed.
"""

import hashlib
import html
import re
from collections.abc import Callable

from markdown_it import MarkdownIt

_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# What telephones and word processors make of straight quotes.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\n": " "})
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "xhtmlOut": True, "breaks": True})
    .enable("strikethrough")
    .disable(["image", "code", "fence", "backticks", "reference"])
)


def plain_words(text: str) -> str:
    """A line as MJML shows it: nothing in it is mark-up, fields stay fields."""
    return _aside(text, lambda words: html.escape(words, quote=False))


def marked_up(text: str) -> str:
    """A text with simple mark-up as HTML on one line."""
    return _aside(text, lambda words: str(_MARKDOWN.render(words)).replace("\n", ""))


def in_attribute(text: str) -> str:
    """A text that stands in an attribute; no field can."""
    return html.escape(" ".join(text.split()), quote=True)


def has_field(text: str) -> bool:
    """Whether a field stands in it, or the beginning of something like one."""
    return "{{" in text or "{%" in text


def _aside(text: str, make: Callable[[str], str]) -> str:
    """`make` over the text, with a word in the place of each field."""
    stem = "akveld" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10] + "n"
    fields: list[str] = []

    def kept(found: re.Match[str]) -> str:
        fields.append(found.group().translate(_QUOTES))
        return f"{stem}{len(fields) - 1}e"

    made = make(_FIELD.sub(kept, text))
    return re.sub(stem + r"(\d+)e", lambda m: fields[int(m[1])], made)
