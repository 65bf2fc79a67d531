"""A letter's picture with what was pressed drawn over it: the warmer a link, the more presses."""

import html
import re
from collections.abc import Iterable

from akkoord.insight.results import LinkFigures
from akkoord.messages.counting import LINK
from akkoord.web.numbers import in_words

_FIGURE = (
    "display:inline-block;margin-left:4px;padding:0 8px;border-radius:10px;font:600 13px/20px "
    "sans-serif;color:#1c1b18;text-decoration:none;background:{colour};border:1px solid #1f5b3f;"
)
# From the paper to the accent, in five steps.
_WARMTH = ("#f3efe4", "#d9e8dd", "#b7d7c2", "#93c4a6", "#6fb18a")


def with_heat(page: str, links: Iterable[LinkFigures]) -> str:
    """The page with the number of presses behind each counted link."""
    presses = {each.url: each.presses for each in links}
    most = max(presses.values(), default=0)

    def drawn(found: re.Match[str]) -> str:
        n = presses.get(html.unescape(found[2]))
        if n is None:
            return found[0]
        step = round((len(_WARMTH) - 1) * n / most) if most else 0
        style = _FIGURE.format(colour=_WARMTH[step])
        return f'{found[0]}<span style="{style}">{in_words(n)}</span>'

    return LINK.sub(drawn, page)
