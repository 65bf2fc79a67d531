"""Letters that are drawn freely: sections of MJML, cleaned of whatever a mail may not hold.

What a canvas sends is untrusted: it is cleaned here before it is kept, and the compiler looks at it
again. A section may carry a condition (`only-for`), a text in the language of groups; it is taken
out before anything is drawn.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import partial

import nh3
from django.utils.translation import gettext as _

from akkoord.composing.making import NO_LINK, Made
from akkoord.messages.conditions import FIRST_LINE
from akkoord.messages.template import CompileError
from akkoord.web.links import is_link

ONLY_FOR = "only-for"
PARTS = frozenset(
    (
        *("mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-text", "mj-button"),
        *("mj-image", "mj-divider", "mj-spacer"),
    )
)
TOP = ("mj-section", "mj-wrapper")
_WORDS = frozenset(
    (
        *("a", "abbr", "b", "blockquote", "br", "cite", "code", "del", "div", "em", "h1", "h2"),
        *("h3", "h4", "hr", "i", "ins", "li", "ol", "p", "q", "s", "small", "span", "strike"),
        *("strong", "sub", "sup", "u", "ul"),
    )
)
_SIDES = ("", "-top", "-right", "-bottom", "-left")
_STYLES = frozenset(
    (
        *("color", "background-color", "font-family", "font-size", "font-style", "font-weight"),
        *("letter-spacing", "line-height", "text-align", "text-decoration", "text-transform"),
        *(f"padding{side}" for side in _SIDES),
        *(f"margin{side}" for side in _SIDES),
    )
)
_LOOKS = _STYLES | frozenset(
    (
        *("align", "background-color", "container-background-color", "css-class", "direction"),
        *("height", "inner-padding", "vertical-align", "width", "full-width"),
        *(f"border{side}" for side in (*_SIDES, "-radius", "-width", "-style", "-color")),
        *(f"inner-border{side}" for side in _SIDES),
    )
)
_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# What a browser writes for a space at the end of what is typed; an empty line keeps its own.
_LONE_SPACE = re.compile(r"(?<=[^>\s;])&nbsp;(?=[^<\s&])")
_SELF_CLOSED = re.compile(r"""<(mj-[a-z-]+)((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*/>""")
# A style that fetches something, or draws over other places than its own.
_FAR = re.compile(r"url\s*\(|expression|[@\\{}<>]|margin[^;]*-\d", re.IGNORECASE)
_NOTHING = '<mj-section css-class="ak-card" padding="0"></mj-section>'
_TOKEN = re.compile(r"<(/?)(mj-[a-z-]+|mjml)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_CONDITION = re.compile(rf"\s{ONLY_FOR}=(?:\"([^\"]*)\"|'([^']*)')")
_ATTRIBUTE = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)')")


def clean_drawn(body: str, pictures: tuple[str, ...]) -> str:
    """What a canvas sent, without what a mail may not hold: scripts, styles that reach further than
    their element, links that run something, and pictures that are not the organisation's own.

    `pictures`: what the addresses of its own pictures begin with.
    """
    opened = _SELF_CLOSED.sub(r"<\1\2></\1>", body)
    cleaned = nh3.clean(
        opened,
        tags=set(PARTS | _WORDS),
        clean_content_tags={"script", "style", "mj-style", "mj-raw", "mj-head"},
        attributes={
            **{part: {*_LOOKS, "href", "src", "alt", "title", ONLY_FOR} for part in PARTS},
            **{word: {"style", "align"} for word in _WORDS},
            "a": {"href", "style", "title"},
        },
        attribute_filter=partial(_fit, pictures),
        filter_style_properties=set(_STYLES),
        link_rel=None,
    )
    tidy = cleaned.replace("<br>", "<br />").replace("<hr>", "<hr />").replace("\xa0", "&nbsp;")
    return _LONE_SPACE.sub(" ", _FIELD.sub(_whole_field, tidy)).strip()


def _fit(pictures: tuple[str, ...], tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, None when it may not stand there."""
    if name == "src":
        return value if value.startswith(pictures) else None
    if name == "href":
        return value if _leads(value) else None
    if name in (ONLY_FOR, "alt", "title"):
        return value if tag.startswith("mj-") or name == "title" else None
    if name == "style":
        return None if _FAR.search(value) else value
    return None if re.search(r"[;{}<>]", value) else value


def _leads(link: str) -> bool:
    is_other = link.startswith(("mailto:", "tel:")) and link.isprintable() and "{" not in link
    return link == NO_LINK or is_other or (is_link(link, own_pages=False) and "{" not in link)


def _whole_field(found: re.Match[str]) -> str:
    """A person's field as the compiler reads it, whatever a browser made of its quotes."""
    return html.unescape(found.group()).replace("\xa0", " ")


def drawn_from(made: Made) -> str:
    """A letter of blocks as what can be drawn on: its sections, with their conditions."""
    conditions = dict(made.conditions)
    return "\n".join(
        _with_condition(line, conditions[number]) if number in conditions else line
        for number, line in enumerate(made.body.split("\n"), start=1)
    )


def _with_condition(section: str, text: str) -> str:
    tag, space, rest = section.partition(" ")
    return f'{tag} {ONLY_FOR}="{html.escape(text)}"{space}{rest}'


def sections_of(body: str) -> list[str]:
    """The sections of a drawn letter, in order. Raises CompileError for something else."""
    pieces, depth, start = [], 0, 0
    for token in _TOKEN.finditer(body):
        closes, tag, is_empty = token[1], token[2], token[4]
        if not depth:
            if closes or tag not in TOP:
                raise CompileError("mjml-not-wrapped", part="body")
            start = token.start()
        depth += 0 if is_empty else -1 if closes else 1
        if not depth:
            pieces.append(body[start : token.end()])
    return pieces


def read_drawn(body: str) -> Made | None:
    """A letter in MJML with conditions as the compiler takes it: one section on a line.

    None when it has no condition. Raises CompileError: only a section as a whole can have one.
    """
    if not _CONDITION.search(body):
        return None
    lines: list[str] = []
    conditions: list[tuple[int, str]] = []
    for number, piece in enumerate(sections_of(body), start=FIRST_LINE):
        head, bracket, rest = piece.partition(">")
        found = _CONDITION.search(head)
        if _CONDITION.search(rest):
            problem = CompileError("condition-place", part="body", explanation=_place())
            problem.block = number - FIRST_LINE + 1
            raise problem
        lines.append(" ".join((_CONDITION.sub("", head) + bracket + rest).split("\n")))
        if found and (text := html.unescape(found[1] or found[2] or "").strip()):
            conditions.append((number, text))
    some = {number for number, _text in conditions}
    if not any(_says(line) for at, line in enumerate(lines, FIRST_LINE) if at not in some):
        raise CompileError("nothing-left", part="body")
    return Made("\n".join([_NOTHING, *lines, _NOTHING]), tuple(conditions))


def _place() -> str:
    return _("Only a whole section can be for some people. Take the condition off the part in it.")


def _says(section: str) -> bool:
    """Whether there is something to see in a section."""
    return any(f"<{part}" in section for part in ("mj-text", "mj-button", "mj-image"))


def not_drawable(body: str) -> str:
    """Why a letter in MJML cannot come on the canvas, and what to do; empty when it can."""
    tags = {token[2] for token in _TOKEN.finditer(body)}
    if other := sorted(tags - PARTS - {"mjml", "mj-body"}):
        return _(
            "The canvas does not know this part: {parts}. Go on in MJML, or take it out there."
        ).format(parts=", ".join(f"<{tag}>" for tag in other[:3]))
    try:
        has_sections = bool(sections_of(inside(body)))
    except CompileError:
        has_sections = False
    if not has_sections:
        return _("This MJML has no sections to draw on. Put the text in an <mj-section> first.")
    return ""


def inside(body: str) -> str:
    """The sections of a letter that is a whole MJML document; another stays as it is."""
    found = re.search(r"<mj-body\b[^>]*>(.*)</mj-body\s*>", body, re.DOTALL)
    return (found[1] if found else body).strip()


def unfinished(body: str) -> list[str]:
    """What is missing before a drawn letter can leave, each with the number of its section."""
    try:
        pieces = sections_of(inside(body))
    except CompileError:
        return []
    return [
        _("Section {number}: {sentence}").format(number=number, sentence=missing)
        for number, piece in enumerate(pieces, start=1)
        for token in _TOKEN.finditer(piece)
        if not token[1] and (missing := _missing(token[2], _attributes(token[3])))
    ]


def _attributes(text: str) -> Mapping[str, str]:
    return {
        found[1]: html.unescape(found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(text)
    }


def _missing(tag: str, values: Mapping[str, str]) -> str:
    if tag == "mj-image" and not values.get("src"):
        return _("Choose a picture, or take this block away.")
    if tag == "mj-image" and "alt" not in values:
        return _("Say in a few words what the picture shows, or that it is only an ornament.")
    if tag == "mj-image" and values.get("href") == NO_LINK:
        return _("The picture leads nowhere. Fill in the address of a page.")
    if tag == "mj-button" and values.get("href", NO_LINK) == NO_LINK:
        return _("The button leads nowhere. Fill in the address of a page.")
    return ""
