"""What the editor shows: blocks with their parts, fields to put in, how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from akkoord.campaigns.models import Campaign
from akkoord.campaigns.problems import block_problems
from akkoord.composing.kinds import KINDS, PICTURE, Kind, Part
from akkoord.composing.making import House
from akkoord.composing.models import Picture
from akkoord.composing.queries import house_now
from akkoord.composing.tree import Block, Tree
from akkoord.messages.template import without_values
from akkoord.messages.values import field_facts
from akkoord.register.queries import known_fields
from akkoord.segments.models import Group
from akkoord.segments.writing import in_words_of

MOST_PICTURES = 100


# Kept in English, shown in the reader's language.
CONDITION_HELP = gettext_lazy('For example: city is "Utrecht". Empty: everybody.')


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a block as a field on the page."""

    key: str
    part: Part
    value: str | bool
    picture_url: str = ""

    @property
    def rows(self) -> int:
        """How high a field for text is."""
        return max(3, min(14, str(self.value).count("\n") + len(str(self.value)) // 60 + 2))


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block in the list: what it says in a few words, and its parts to fill in."""

    number: int
    block: Block
    kind: Kind
    says: str
    condition: str
    parts: list[ShownPart]
    problem: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field of a person: how it is written, and why not when the topic may not use it."""

    key: str
    name: str
    why_not: str = ""


def shown_blocks(
    campaign: Campaign, tree: Tree, *, opened: str, at: datetime, house: House | None = None
) -> list[ShownBlock]:
    """The blocks for the page."""
    house = house or house_now()
    problems = block_problems(campaign, tree, house, at=at)
    language = get_language() or ""
    return [
        ShownBlock(
            number=number,
            block=block,
            kind=KINDS[block.kind],
            says=_says(block),
            condition=in_words_of(block.condition, language),
            parts=[
                _shown(block, key, part, house) for key, part in KINDS[block.kind].parts.items()
            ],
            problem=problems.get(block.id, ""),
            is_open=block.id == opened,
        )
        for number, block in enumerate(tree.blocks, start=1)
    ]


def _shown(block: Block, key: str, part: Part, house: House) -> ShownPart:
    value = block.values[key]
    is_picture = part.of == PICTURE and bool(value)
    return ShownPart(key, part, value, house.address_of(str(value)) if is_picture else "")


def _says(block: Block) -> str:
    """The first words of a block, as somebody reads them of whom nothing is known."""
    for key in ("text", "title", "name", "words", "left_title", "left_text", "alt", "links"):
        text = str(block.values.get(key, "")).strip()
        if text:
            line = without_values(text.split("\n")[0]).lstrip("#*-> ")
            return line[:90] + ("…" if len(line) > 90 else "")
    return ""


def field_choices(campaign: Campaign) -> list[FieldChoice]:
    """Every field that letters know: those of the topic first, the others with why not."""
    facts = field_facts(campaign.purpose, campaign.also_topics)
    found = [
        FieldChoice(
            field.key,
            field.name,
            "" if facts[field.key].within_purpose else facts[field.key].explanation,
        )
        for field in known_fields()
        if field.key in facts
    ]
    return sorted(found, key=lambda each: (bool(each.why_not), each.name.lower()))


def groups_of(campaign: Campaign) -> list[tuple[str, str]]:
    """Saved groups of the topic: their text in the reader's words, and their name."""
    language = get_language() or ""
    groups = Group.objects.filter(purpose=campaign.purpose, ended_at=None).order_by("name")[:50]
    return [(in_words_of(group.text, language), group.name) for group in groups]


def chosen_condition(old: str, group: str | None, words: str) -> str:
    """The condition of a block from the list of groups and the words under it, all in the reader's
    words: what differs from `old`, the list first. `-` in the list stands for the words."""
    if group is None or group == "-" or group == old:
        return words
    return group if group or words == old else words


def picture_choices() -> list[tuple[str, str]]:
    """Name and words of the newest pictures."""
    rows = Picture.objects.filter(withdrawn_at=None, is_ours=False).order_by("-id")
    found = rows.only("name", "title", "alt")[:MOST_PICTURES]
    return [(each.name, str(each)) for each in found]


def palette() -> Mapping[str, Kind]:
    """The kinds that can be added."""
    return KINDS


def list_context(
    campaign: Campaign, tree: Tree, *, opened: str = "", at: datetime
) -> dict[str, Any]:
    """What the list of blocks needs."""
    blocks = shown_blocks(campaign, tree, opened=opened, at=at)
    groups = groups_of(campaign)
    return {
        "campaign": campaign,
        "blocks": blocks,
        "problems": sum(bool(each.problem) for each in blocks),
        "picture_choices": picture_choices(),
        "groups": groups,
        "group_texts": {text for text, _name in groups},
        "condition_help": CONDITION_HELP,
    }
