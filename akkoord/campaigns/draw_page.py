"""What the canvas needs to know: the letter, the house's style, fields, groups, pictures, words."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from akkoord.campaigns.drawing import to_draw, version_in_blocks
from akkoord.campaigns.editor_page import field_choices, groups_of, picture_choices
from akkoord.campaigns.models import Campaign
from akkoord.composing.models import Picture
from akkoord.composing.queries import look_now, picture_address
from akkoord.messages.layout import canvas_head
from akkoord.segments.writing import in_words_of


def canvas_facts(campaign: Campaign) -> dict[str, Any]:
    """Everything for the canvas as plain values. Raises CampaignRefused for what cannot be drawn.

    Nothing of it is personal: fields and groups by their names alone.
    """
    look = look_now()
    return {
        "mjml": to_draw(campaign),
        "head": canvas_head(look),
        "language": "en" if get_language() == "en" else "nl",
        "look": {
            "paper": look.paper,
            "card": look.card,
            "ink": look.ink,
            "accent": look.accent,
            "onAccent": look.on_accent,
            "line": look.line,
            "radius": look.radius,
        },
        "pictures": _pictures(),
        "fields": [
            {"key": each.key, "name": each.name, "whyNot": each.why_not}
            for each in field_choices(campaign)
        ],
        "fallback": "reader" if campaign.language == "en" else "lezer",
        "groups": _groups(campaign),
        "words": _words(),
    }


def _pictures() -> list[dict[str, str]]:
    alts = dict(
        Picture.objects.filter(name__in=[name for name, _words in picture_choices()]).values_list(
            "name", "alt"
        )
    )
    return [
        {"url": picture_address(name), "name": words, "alt": alts.get(name, "")}
        for name, words in picture_choices()
    ]


def _groups(campaign: Campaign) -> list[dict[str, str]]:
    """Saved groups of the topic: their text as it is kept, and their name."""
    return [
        {"text": in_words_of(text, "en"), "name": name, "says": text}
        for text, name in groups_of(campaign)
    ]


def _words() -> dict[str, str]:
    """What the canvas says, in the reader's language."""
    return {
        "chosen": _("What is chosen"),
        "desk": _("Desk"),
        "phone": _("Phone"),
        "section": _("Section"),
        "column": _("Column"),
        "text": _("Text"),
        "heading": _("Heading"),
        "button": _("Button"),
        "image": _("Image"),
        "divider": _("Dividing line"),
        "spacer": _("Empty space"),
        "wrapper": _("Frame"),
        "group": _("Columns that stay together"),
        "one": _("One column"),
        "two": _("Two columns"),
        "three": _("Three columns"),
        "newText": _("Write your text here."),
        "newHeading": _("Your heading"),
        "newButton": _("Read more"),
        "nothing": _("Press a part of the letter to change it. Press a text twice to write in it."),
        "link": _("Where it leads"),
        "alt": _("What does it show?"),
        "ornament": _("It is an ornament and needs no words"),
        "picture": _("Image"),
        "none": _("none"),
        "width": _("Width"),
        "height": _("Height in pixels"),
        "align": _("Where"),
        "left": _("left"),
        "center": _("in the middle"),
        "right": _("right"),
        "size": _("Size of the letters"),
        "colour": _("Colour of the letters"),
        "ground": _("Ground"),
        "ofHouse": _("As in your style"),
        "paper": _("Around the letter"),
        "card": _("The letter's ground"),
        "ink": _("Text"),
        "accent": _("Your colour"),
        "onAccent": _("On your colour"),
        "line": _("Lines"),
        "own": _("As it is now"),
        "room": _("Room around it"),
        "small": _("small"),
        "medium": _("middling"),
        "large": _("large"),
        "whole": _("whole width"),
        "half": _("half the width"),
        "third": _("a third"),
        "twoThirds": _("two thirds"),
        "forWhom": _("Which people get this section"),
        "everybody": _("Everybody"),
        "noGroups": _("Keep a group first: then it stands in this list."),
        "chooseText": _("Press a text or a button first. The field comes in there."),
        "fieldIn": _("The field is in the text."),
        "goUp": _("The part around it"),
        "double": _("Double"),
        "takeAway": _("Take away"),
        "up": _("Up"),
        "down": _("Down"),
    }


def has_blocks(campaign: Campaign) -> bool:
    """Whether there is a list of blocks to go back to."""
    return campaign.is_blocks or version_in_blocks(campaign) is not None
