"""The organisation's style: colours that can be read, letter types that everybody has."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.composing.models import HouseStyle
from akkoord.messages.look import FONTS, NIGHT_CARD, PLAIN, Look
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor, record_change
from akkoord.web.colours import ENOUGH, channels, contrast, mixed, readable, text_on

ROUND = 8
FONT_WORDS = {
    "source": gettext_lazy("Plain and open (Source Sans, else Segoe UI or Helvetica)"),
    "arial": gettext_lazy("Plain (Arial)"),
    "verdana": gettext_lazy("Wide and clear (Verdana)"),
    "trebuchet": gettext_lazy("Friendly (Trebuchet)"),
    "georgia": gettext_lazy("Bookish (Georgia)"),
    "palatino": gettext_lazy("Classical (Palatino)"),
    "courier": gettext_lazy("Typewriter (Courier)"),
}


class StyleRefused(Exception):
    """A style that cannot be read; `field` says where, `sentence` why and what would do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What the organisation chooses."""

    ink: str = PLAIN.ink
    paper: str = PLAIN.paper
    card: str = PLAIN.card
    accent: str = PLAIN.accent
    font: str = "source"
    heading_font: str = "source"
    is_round: bool = True


def style_now() -> StyleFacts:
    """The kept style; before one was chosen: ours, in the organisation's own colour if it reads."""
    row = HouseStyle.objects.filter(id=1).first()
    if row is not None:
        return StyleFacts(**{name: getattr(row, name) for name in StyleFacts.__slots__})
    house = organisation()
    if house is None or not house.accent:
        return StyleFacts()
    return StyleFacts(accent=readable(house.accent, PLAIN.card))


def look_of(style: StyleFacts) -> Look:
    """Everything that a letter needs, from what was chosen."""
    if style == StyleFacts():
        return PLAIN
    return Look(
        ink=style.ink,
        paper=style.paper,
        card=style.card,
        accent=style.accent,
        on_accent=text_on(style.accent),
        night_link=readable(style.accent, NIGHT_CARD, enough=7),
        quiet=readable(PLAIN.quiet, style.paper),
        line=mixed(style.card, style.ink, 0.14),
        font=style.font,
        heading_font=style.heading_font,
        radius=ROUND if style.is_round else 0,
    )


def check_style(style: StyleFacts) -> None:
    """Refuse colours that people cannot read (WCAG 2.2, 1.4.3) and unknown letter types."""
    for name in ("ink", "paper", "card", "accent"):
        try:
            channels(getattr(style, name))
        except ValueError:
            raise StyleRefused(name, _("Choose a colour.")) from None
    for name in ("font", "heading_font"):
        if getattr(style, name) not in FONTS:
            raise StyleRefused(name, _("Choose a letter type from the list."))
    _check_pair("ink", style.ink, style.card)
    _check_pair("ink", style.ink, style.paper)
    _check_pair("accent", style.accent, style.card)


def _check_pair(field: str, colour: str, ground: str) -> None:
    found = contrast(colour, ground)
    if found < ENOUGH:
        raise StyleRefused(
            field,
            _(
                "People cannot read this colour on %(ground)s: the contrast is %(found)s and must "
                "be 4.5 at least. %(better)s would do."
            )
            % {
                "ground": ground,
                "found": f"{found:.1f}",
                "better": readable(colour, ground),
            },
        )


@transaction.atomic
def choose_style(*, style: StyleFacts, at: datetime, actor: Actor) -> None:
    """Every letter that is written or checked from now on looks like this.

    Letters that were approved keep the look that was approved. Refuses what cannot be read.
    """
    check_style(style)
    before = style_now()
    values = {name: getattr(style, name) for name in StyleFacts.__slots__}
    HouseStyle.objects.update_or_create(
        id=1, defaults={**values, "updated_at": at, "updated_by": actor.id}
    )
    record_change(
        actor=actor,
        action="letter-style.change",
        object_kind="letter-style",
        fields=[name for name in values if getattr(before, name) != values[name]],
        at=at,
    )
