"""From blocks to MJML: one block on a line, tables and plain attributes only.

Nothing depends on what an author may style; colours and letter types are the organisation's. What
is missing (words for a picture, a link behind a button) is refused with the number of the block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from akkoord.composing.kinds import KINDS, LINE, LINK, TEXT
from akkoord.composing.tree import Block, Tree
from akkoord.composing.wording import has_field, in_attribute, marked_up, plain_words
from akkoord.messages.conditions import FIRST_LINE, Conditions
from akkoord.messages.look import PLAIN, Look
from akkoord.messages.template import CompileError
from akkoord.web.colours import mixed
from akkoord.web.links import is_link

GUTTER = 32
NO_LINK = "https://"  # a button that leads nowhere yet
WIDE = 600 - 2 * GUTTER
HALF = 252
NETWORKS = {
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "linkedin.com": "LinkedIn",
    "youtube.com": "YouTube",
    "tiktok.com": "TikTok",
    "pinterest.com": "Pinterest",
    "x.com": "X",
    "twitter.com": "X",
    "bsky.app": "Bluesky",
    "mastodon.social": "Mastodon",
    "mastodon.nl": "Mastodon",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
}
_HEIGHTS = {"small": 12, "medium": 28, "large": 52}


@dataclass(frozen=True, slots=True)
class House:
    """What the organisation adds: its look, its name, its logo, and where pictures stand.

    `logo`: address and width in pixels, or None. `address_of` answers where a picture is to be
    fetched, empty when there is none (any more).
    """

    name: str = ""
    look: Look = PLAIN
    logo: tuple[str, int] | None = None
    address_of: Callable[[str], str] = field(default=lambda _name: "")


@dataclass(frozen=True, slots=True)
class Made:
    """MJML with one block on a line, and which lines have a condition."""

    body: str
    conditions: Conditions


def make_letter(
    tree: Tree,
    house: House,
    *,
    instead: Mapping[str, str] | None = None,
    is_half: bool = False,
) -> Made:
    """The MJML of a letter. Raises CompileError with the number of the block.

    `instead`: by the id of a block, the sentence that stands in its place in a letter to look at.
    `is_half`: a letter to draw on; a link or a picture that is missing is left open.
    """
    instead = instead or {}
    if not is_half and not any(KINDS[block.kind].is_content for block in tree.blocks):
        raise CompileError("empty-body", part="body")
    maker = _Maker(house, is_half=is_half)
    lines = [maker.edge("8px 8px 0 0", 18)]
    for number, block in enumerate(tree.blocks, start=1):
        if block.id in instead:
            lines.append(maker.missing(number, instead[block.id]))
            continue
        try:
            _check_fields_stand_in_text(block)
            lines.append(_MAKERS[block.kind](maker, block))
        except CompileError as problem:
            if is_half:
                lines.append(maker.missing(number, problem.explanation))
                continue
            problem.block = number
            raise
    lines.append(maker.edge("0 0 8px 8px", 22))
    return Made(
        "\n".join(lines),
        tuple(
            (number, block.condition)
            for number, block in enumerate(tree.blocks, start=FIRST_LINE)
            if block.condition and block.id not in instead
        ),
    )


def _check_fields_stand_in_text(block: Block) -> None:
    """A field of a person in a link would tell another site who somebody is."""
    for key, part in KINDS[block.kind].parts.items():
        in_attribute_only = part.of == LINK or key.endswith("alt") or key == "links"
        if part.of in (LINE, LINK, TEXT) and in_attribute_only and has_field(block[key]):
            raise _wrong(_("A field stands in a link or in a picture's words. Put it in a text."))


def _wrong(sentence: str, code: str = "block") -> CompileError:
    return CompileError(code, part="body", explanation=sentence)


class _Maker:
    def __init__(self, house: House, *, is_half: bool = False) -> None:
        self.house = house
        self.look = house.look
        self.is_half = is_half

    # -- what blocks are made of

    def section(self, inside: str, *, padding: str = "0", css: str = "") -> str:
        """A row of the card."""
        name = f"ak-card {css}".strip()
        return (
            f'<mj-section css-class="{name}" padding="{padding}" '
            f'background-color="{self.look.card}">{inside}</mj-section>'
        )

    def row(self, inside: str, *, padding: str = "0", css: str = "") -> str:
        """A row with one column."""
        return self.section(f"<mj-column>{inside}</mj-column>", padding=padding, css=css)

    def edge(self, radius: str, height: int) -> str:
        """The rounded top or bottom of the card."""
        radius = radius if self.look.radius else "0"
        return (
            f'<mj-section css-class="ak-card" padding="0" border-radius="{radius}" '
            f'background-color="{self.look.card}"><mj-column><mj-spacer height="{height}px" />'
            "</mj-column></mj-section>"
        )

    def missing(self, number: int, sentence: str) -> str:
        """What stands in the place of a block that is not ready, on the screen only."""
        words = f"<p><strong>{number}.</strong> {plain_words(sentence)}</p>"
        column = (
            f'<mj-column css-class="ak-frame" border="2px dashed {self.look.line}" '
            f'padding="14px 0 0">{self.words(words, align="center", padding="0 16px")}</mj-column>'
        )
        return self.section(column, padding=f"8px {GUTTER}px")

    def words(self, text: str, *, align: str = "left", padding: str = "", css: str = "") -> str:
        """A cell of text, already marked up."""
        padding = padding or f"0 {GUTTER}px"
        name = f' css-class="{css}"' if css else ""
        return f'<mj-text align="{align}" padding="{padding}"{name}>{text}</mj-text>'

    def heading(
        self, text: str, *, size: str = "medium", align: str = "left", padding: str = ""
    ) -> str:
        """A heading in a cell of its own."""
        tag = "h1" if size == "large" else "h2"
        made = f"<{tag}>{plain_words(text)}</{tag}>"
        padding = padding or f"14px {GUTTER}px 6px"
        return self.words(made, align=align, padding=padding, css="ak-flat")

    def button(
        self,
        block: Block,
        words: str,
        link: str,
        *,
        align: str = "left",
        outline: bool = False,
        padding: str = "",
    ) -> str:
        """A button; words without a link, or the other way around, is half a button."""
        if not block[words] and not block[link]:
            return ""
        if not block[words]:
            raise _wrong(_("The button has no words. Say what happens after a press."))
        look = self.look
        paint = (
            f'background-color="{look.card}" color="{look.accent}" border="2px solid {look.accent}"'
            if outline
            else f'background-color="{look.accent}" color="{look.on_accent}"'
        )
        padding = padding or f"10px {GUTTER}px 16px"
        return (
            f'<mj-button css-class="{"ak-outline" if outline else "ak-button"}" align="{align}" '
            f'href="{self.link(block[link])}" padding="{padding}" border-radius="{look.radius}px" '
            f"{paint}>{plain_words(block[words])}</mj-button>"
        )

    def link(self, text: str) -> str:
        """An address that may stand behind a button or a picture."""
        if not text:
            if self.is_half:
                return NO_LINK
            raise _wrong(_("The button leads nowhere. Fill in the address of a page."))
        if text.startswith(("mailto:", "tel:")) and text.isprintable():
            return in_attribute(text)
        if not is_link(text, own_pages=False):
            raise _wrong(_("Begin the address with https://."))
        return in_attribute(text)

    def picture(
        self, name: str, alt: str, *, width: int, ornament: bool = False, link: str = "",
        padding: str = "", align: str = "center",
    ) -> str:  # fmt: skip
        """A picture of ours, with its words."""
        if not name and not self.is_half:
            raise _wrong(_("Choose a picture, or take this block away."))
        address = self.house.address_of(name) if name else ""
        if name and not address:
            raise _wrong(_("This picture is not there any more. Choose another."))
        if not alt.strip() and not ornament and not self.is_half:
            raise _wrong(
                _("Say in a few words what the picture shows, or that it is only an ornament."),
                "image-without-words",
            )
        href = f' href="{self.link(link)}"' if link else ""
        padding = padding or f"8px {GUTTER}px"
        words = f'alt="{in_attribute(alt)}"' if alt.strip() or ornament else ""
        return (
            f'<mj-image src="{in_attribute(address)}" {words}{href} '
            f'width="{width}px" align="{align}" padding="{padding}" '
            f'border-radius="{self.look.radius}px" />'
        )

    # -- the kinds

    def logo(self, block: Block) -> str:
        if self.house.logo is None:
            name = f"<strong>{plain_words(self.house.name or '…')}</strong>"
            cell = self.words(name, align=block["align"], padding=f"4px {GUTTER}px 12px")
            return self.row(cell)
        address, width = self.house.logo
        return self.row(
            f'<mj-image css-class="ak-logo" src="{in_attribute(address)}" '
            f'alt="{in_attribute(self.house.name)}" width="{width}px" align="{block["align"]}" '
            f'border-radius="0" padding="4px {GUTTER}px 14px" />'
        )

    def title(self, block: Block) -> str:
        if not block["text"]:
            raise _wrong(_("The heading is empty."))
        return self.row(self.heading(block["text"], size=block["size"], align=block["align"]))

    def text(self, block: Block) -> str:
        if not block["text"].strip():
            raise _wrong(_("The text is empty."))
        return self.row(self.words(marked_up(block["text"]), align=block["align"]))

    def image(self, block: Block) -> str:
        made = self.picture(
            block["picture"],
            block["alt"],
            width=WIDE if block["width"] == "full" else HALF,
            ornament=block.says("ornament"),
            link=block["link"],
        )
        return self.row(made)

    def lone_button(self, block: Block) -> str:
        made = self.button(
            block, "words", "link", align=block["align"], outline=block["look"] == "outline"
        )
        if not made:
            raise _wrong(_("The button has no words. Say what happens after a press."))
        return self.row(made)

    def columns(self, block: Block) -> str:
        made = [self._side(block, side) for side in ("left", "right")]
        if not any(made):
            raise _wrong(_("Both columns are empty."))
        columns = "".join(
            f'<mj-column width="50%">{cell or self._nothing()}</mj-column>' for cell in made
        )
        return self.section(columns, padding=f"6px {GUTTER - 12}px", css="ak-side")

    def _nothing(self) -> str:
        return '<mj-spacer height="1px" />'

    def _side(self, block: Block, side: str) -> str:
        cells, pad = [], "6px 12px"
        if block[f"{side}_picture"]:
            cells.append(
                self.picture(
                    block[f"{side}_picture"], block[f"{side}_alt"], width=HALF, padding=pad
                )
            )
        if block[f"{side}_title"]:
            cells.append(self.heading(block[f"{side}_title"], padding=pad))
        if block[f"{side}_text"].strip():
            cells.append(self.words(marked_up(block[f"{side}_text"]), padding="4px 12px 0"))
        cells.append(
            self.button(
                block, f"{side}_words", f"{side}_link", outline=True, padding="2px 12px 12px"
            )
        )
        return "".join(cells)

    def product(self, block: Block) -> str:
        if not block["name"]:
            raise _wrong(_("The product has no name."))
        cells = self.heading(block["name"], padding="4px 12px")
        if block["text"].strip():
            cells += self.words(marked_up(block["text"]), padding="0 12px")
        if price := self._price(block):
            cells += self.words(price, padding="0 12px 10px")
        cells += self.button(block, "words", "link", padding="4px 12px 10px")
        if not block["picture"]:
            return self.section(f"<mj-column>{cells}</mj-column>", padding=f"10px {GUTTER - 12}px")
        shown = self.picture(
            block["picture"], block["alt"], width=200, padding="6px 12px",
            link=block["link"],
        )  # fmt: skip
        inside = (
            f'<mj-column width="42%">{shown}</mj-column><mj-column width="58%">{cells}</mj-column>'
        )
        return self.section(inside, padding=f"10px {GUTTER - 12}px", css="ak-side")

    def _price(self, block: Block) -> str:
        old = f"<s>{plain_words(block['old_price'])}</s> " if block["old_price"] else ""
        now = f"<strong>{plain_words(block['price'])}</strong>" if block["price"] else ""
        return old + now

    def offer(self, block: Block) -> str:
        if not block["title"]:
            raise _wrong(_("Say what you offer."))
        look = self.look
        cells = self.heading(block["title"], align="center", padding="22px 20px 4px")
        if block["text"].strip():
            cells += self.words(marked_up(block["text"]), align="center", padding="4px 20px 0")
        if block["code"]:
            code = (
                '<p style="font-family:Consolas,Menlo,monospace;font-size:22px;letter-spacing:2px;'
                f'font-weight:700;margin:0;">{plain_words(block["code"])}</p>'
            )
            cells += self.words(code, align="center", padding="4px 20px 10px")
        cells += self.button(block, "words", "link", align="center", padding="4px 20px 14px")
        if block["until"]:
            small = f'<p style="font-size:14px;">{plain_words(block["until"])}</p>'
            cells += self.words(small, align="center", padding="0 20px 4px")
        ground = mixed(look.card, look.accent, 0.07)
        column = (
            f'<mj-column css-class="ak-frame" background-color="{ground}" '
            f'border="2px dashed {look.accent}" border-radius="{look.radius}px">{cells}</mj-column>'
        )
        return self.section(column, padding=f"12px {GUTTER}px")

    def divider(self, _block: Block) -> str:
        return self.row(
            f'<mj-divider css-class="ak-rule" border-color="{self.look.line}" '
            f'padding="14px {GUTTER}px" />'
        )

    def spacer(self, block: Block) -> str:
        return self.row(f'<mj-spacer height="{_HEIGHTS[block["height"]]}px" />')

    def social(self, block: Block) -> str:
        links = [line.strip() for line in block["links"].split("\n") if line.strip()]
        if not links:
            raise _wrong(_("Fill in the address of at least one place, or take this block away."))
        made = [
            f'<a href="{self.link(each)}">{plain_words(network_of(each))}</a>' for each in links
        ]
        line = " &#160;&#183;&#160; ".join(made)
        return self.row(
            self.words(f"<p>{line}</p>", align=block["align"], padding=f"8px {GUTTER}px 0")
        )


def network_of(address: str) -> str:
    """What a place is called: the network, or the site's own name."""
    host = (urlsplit(address).hostname or address).removeprefix("www.").removeprefix("m.")
    for known, name in NETWORKS.items():
        if host == known or host.endswith("." + known):
            return name
    return host


_MAKERS: Mapping[str, Callable[[_Maker, Block], str]] = {
    "logo": _Maker.logo,
    "heading": _Maker.title,
    "text": _Maker.text,
    "image": _Maker.image,
    "button": _Maker.lone_button,
    "columns": _Maker.columns,
    "product": _Maker.product,
    "offer": _Maker.offer,
    "divider": _Maker.divider,
    "spacer": _Maker.spacer,
    "social": _Maker.social,
}
