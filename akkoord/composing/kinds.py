"""The kinds of block there are, and what may stand in each: the schema of a letter's tree.

Every value is a text or a yes; nothing is nested, so that a tree of somebody else's making holds
nothing that is not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LINE, TEXT, CHOICE, YES, LINK, PICTURE = "line", "text", "choice", "yes", "link", "picture"
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to fill in. `of`: how it is read; `most`: signs; `choices`: key to words."""

    of: str
    label: Words
    most: int = 200
    choices: tuple[tuple[str, Words], ...] = ()
    help: Words = ""

    @property
    def empty(self) -> str | bool:
        """What stands there in a new block."""
        if self.of == YES:
            return False
        return self.choices[0][0] if self.of == CHOICE else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block: its name, icon and parts. `is_content`: it says something by itself."""

    label: Words
    icon: str
    parts: Mapping[str, Part]
    hint: Words = ""
    is_content: bool = True


_LEFT_CENTRE = (("left", _("left")), ("center", _("in the middle")))
_ALIGN = Part(CHOICE, _("Where"), choices=_LEFT_CENTRE)
_ALT = Part(
    LINE,
    _("Words for who cannot see it"),
    most=250,
    help=_("Say what can be seen, in one short sentence."),
)
_ORNAMENT = Part(YES, _("It is an ornament and needs no words"))
_LINK = Part(LINK, _("Where it leads"), most=1000)
_TEXT = Part(TEXT, _("Text"), most=10_000)
_BUTTON_WORDS = Part(LINE, _("Words on the button"), most=60)


def _column(side: str) -> dict[str, Part]:
    """One of two columns."""
    words = {"left": _("left"), "right": _("right")}[side]
    return {
        f"{side}_picture": Part(PICTURE, _("Image"), help=words),
        f"{side}_alt": Part(LINE, _("Words for who cannot see it"), most=250, help=words),
        f"{side}_title": Part(LINE, _("Heading"), help=words),
        f"{side}_text": Part(TEXT, _("Text"), most=4_000, help=words),
        f"{side}_words": Part(LINE, _("Words on the button"), most=60, help=words),
        f"{side}_link": Part(LINK, _("Where it leads"), most=1000, help=words),
    }


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "logo": Kind(
            _("Logo"),
            "flag",
            {"align": _ALIGN},
            _("From the settings; your name when there is none."),
        ),
        "heading": Kind(
            _("Heading"),
            "typography",
            {
                "text": Part(LINE, _("Heading")),
                "size": Part(
                    CHOICE,
                    _("Size"),
                    choices=(("large", _("large")), ("medium", pgettext_lazy("size", "medium"))),
                ),
                "align": _ALIGN,
            },
        ),
        "text": Kind(
            _("Text"),
            "writing",
            {"text": _TEXT, "align": _ALIGN},
        ),
        "image": Kind(
            _("Image"),
            "photo",
            {
                "picture": Part(PICTURE, _("Image")),
                "alt": _ALT,
                "ornament": _ORNAMENT,
                "link": _LINK,
                "width": Part(
                    CHOICE,
                    _("Width"),
                    choices=(("full", _("whole width")), ("half", _("half the width"))),
                ),
            },
        ),
        "button": Kind(
            _("Button"),
            "square-check",
            {
                "words": _BUTTON_WORDS,
                "link": _LINK,
                "look": Part(
                    CHOICE,
                    _("How it looks"),
                    choices=(("filled", _("filled")), ("outline", _("only a line around it"))),
                ),
                "align": _ALIGN,
            },
        ),
        "columns": Kind(_("Two columns"), "layout-grid", {**_column("left"), **_column("right")}),
        "product": Kind(
            _("Product"),
            "shopping-bag",
            {
                "picture": Part(PICTURE, _("Image")),
                "alt": _ALT,
                "name": Part(LINE, _("Name")),
                "text": Part(TEXT, _("Text"), most=4_000),
                "price": Part(LINE, _("Price"), most=40),
                "old_price": Part(LINE, _("Price before"), most=40),
                "words": _BUTTON_WORDS,
                "link": _LINK,
            },
        ),
        "offer": Kind(
            _("Offer"),
            "ticket",
            {
                "title": Part(LINE, _("What you offer")),
                "text": Part(TEXT, _("Text"), most=4_000),
                "code": Part(LINE, _("Code"), most=40, help=_("What people name or fill in.")),
                "until": Part(LINE, _("Until when, and for whom"), most=120),
                "words": _BUTTON_WORDS,
                "link": _LINK,
            },
        ),
        "divider": Kind(_("Dividing line"), "minus", {}, is_content=False),
        "spacer": Kind(
            _("Empty space"),
            "arrow-down",
            {
                "height": Part(
                    CHOICE,
                    _("Height"),
                    choices=(
                        ("small", _("small")),
                        ("medium", pgettext_lazy("size", "medium")),
                        ("large", _("large")),
                    ),
                )
            },
            is_content=False,
        ),
        "social": Kind(
            _("Where to find us"),
            "world",
            {
                "links": Part(
                    TEXT,
                    _("Addresses"),
                    most=2_000,
                    help=_("One on a line, such as https://www.instagram.com/yourname."),
                ),
                "align": _ALIGN,
            },
        ),
    }
)
"""Each kind by its key, in the order in which the page offers them."""
