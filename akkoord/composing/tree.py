"""A letter's blocks as JSON: read under a strict schema, and changed by pure verbs.

What is read is whole or refused, with the number of the block; what is written is the same text for
the same blocks.
"""

from __future__ import annotations

import dataclasses
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from akkoord.composing.kinds import CHOICE, KINDS, LINE, LINK, PICTURE, TEXT, YES, Part

VERSION = 1
MOST_BLOCKS = 60
LONGEST = 300_000  # signs of JSON
LONGEST_CONDITION = 2_000
_ID = re.compile(r"[a-z0-9]{6,32}")
_PICTURE = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|gif)|art:[a-z]{3,20}")
# Control and direction signs: they end lines, open headers and let words pretend.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]")
Value = str | bool


class TreeRefused(Exception):
    """A tree that is no letter; `block` counts from 1 (0: none is to blame), `part` is its key."""

    def __init__(self, sentence: str, *, block: int = 0, part: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.block = block
        self.part = part


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `condition`: who gets it, in the language of groups; empty is everybody."""

    id: str
    kind: str
    values: Mapping[str, Value]
    condition: str = ""

    def __getitem__(self, part: str) -> str:
        """A part that is a text."""
        return str(self.values[part])

    def says(self, part: str) -> bool:
        """A part that is a yes."""
        return self.values[part] is True


@dataclass(frozen=True, slots=True)
class Tree:
    """The blocks of a letter, in order. The footer is no block: it is always there."""

    blocks: tuple[Block, ...] = ()

    def place_of(self, block_id: str) -> int:
        """From 0; raises TreeRefused when the block is gone."""
        for place, block in enumerate(self.blocks):
            if block.id == block_id:
                return place
        raise TreeRefused(_("This block is not there any more. Somebody took it away."))

    def with_block(self, block: Block, *, after: str = "", place: int | None = None) -> Tree:
        """One more: after a block, at a place, or at the end."""
        if len(self.blocks) >= MOST_BLOCKS:
            raise TreeRefused(too_many())
        if place is None:
            place = self.place_of(after) + 1 if after else len(self.blocks)
        place = max(0, min(place, len(self.blocks)))
        return Tree((*self.blocks[:place], block, *self.blocks[place:]))

    def without(self, block_id: str) -> Tree:
        """Without a block."""
        place = self.place_of(block_id)
        return Tree(self.blocks[:place] + self.blocks[place + 1 :])

    def moved(self, block_id: str, place: int) -> Tree:
        """A block at another place; past an end it stays at that end."""
        block = self.blocks[self.place_of(block_id)]
        return self.without(block_id).with_block(block, place=max(0, place))

    def doubled(self, block_id: str) -> tuple[Tree, Block]:
        """A copy of a block under it."""
        block = dataclasses.replace(self.blocks[self.place_of(block_id)], id=new_id())
        return self.with_block(block, after=block_id), block

    def changed(self, block: Block) -> Tree:
        """With this block in the place of the one with its id."""
        place = self.place_of(block.id)
        return Tree((*self.blocks[:place], block, *self.blocks[place + 1 :]))

    def without_conditions(self) -> Tree:
        """For a letter on any topic: a condition is bound to the fields of one."""
        return Tree(tuple(dataclasses.replace(each, condition="") for each in self.blocks))


def too_many() -> str:
    """Why there is no block more."""
    return _("A letter has at most %(n)s blocks. People read less.") % {"n": MOST_BLOCKS}


def new_id() -> str:
    """A name for a new block."""
    return secrets.token_hex(6)


def new_block(kind: str, values: Mapping[str, Value] | None = None) -> Block:
    """An empty block, or one filled with these values. Raises TreeRefused."""
    return read_block({"id": new_id(), "kind": kind, **(values or {})})


def read_tree(text: str) -> Tree:
    """The tree of a JSON text. Raises TreeRefused: no JSON, too large, unknown kind or part."""
    if len(text) > LONGEST:
        raise TreeRefused(_("This letter is too long for a mail."))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise TreeRefused(_("These are no blocks of a letter.")) from None
    if not isinstance(found, dict) or set(found) != {"v", "blocks"} or found["v"] != VERSION:
        raise TreeRefused(_("These are no blocks of a letter."))
    blocks = found["blocks"]
    if not isinstance(blocks, list):
        raise TreeRefused(_("These are no blocks of a letter."))
    if len(blocks) > MOST_BLOCKS:
        raise TreeRefused(too_many())
    read = tuple(read_block(each, number) for number, each in enumerate(blocks, start=1))
    if len({block.id for block in read}) < len(read):
        raise TreeRefused(_("Two blocks have the same name."))
    return Tree(read)


def read_block(found: Any, number: int = 0) -> Block:
    """One block of a tree. Raises TreeRefused with its number."""
    if not isinstance(found, dict) or not isinstance(found.get("kind"), str):
        raise TreeRefused(_("This is no block."), block=number)
    kind = KINDS.get(found["kind"])
    if kind is None:
        raise TreeRefused(_("There is no such block."), block=number)
    if unknown := set(found) - set(kind.parts) - {"id", "kind", "if"}:
        raise TreeRefused(_("This block has no such part."), block=number, part=min(unknown))
    name = found.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise TreeRefused(_("This block has no name."), block=number)
    values = {
        key: _read_part(found.get(key, part.empty), key, part, number)
        for key, part in kind.parts.items()
    }
    condition = found.get("if", "")
    if not isinstance(condition, str) or len(condition) > LONGEST_CONDITION:
        raise TreeRefused(_("This condition is too long."), block=number, part="if")
    return Block(name, found["kind"], values, " ".join(clean(condition).split()))


def clean(text: str) -> str:
    """Without signs that end lines, open headers or turn the direction of words."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _read_part(value: object, key: str, part: Part, number: int) -> Value:
    if part.of == YES:
        if not isinstance(value, bool):
            raise TreeRefused(_("This is no yes or no."), block=number, part=key)
        return value
    if not isinstance(value, str):
        raise TreeRefused(_("This is no text."), block=number, part=key)
    value = clean(value)
    if part.of in (LINE, LINK):
        value = " ".join(value.split())
    if len(value) > part.most:
        sentence = _("This is too long: %(n)s signs at most.") % {"n": part.most}
        raise TreeRefused(sentence, block=number, part=key)
    if part.of == CHOICE and value not in dict(part.choices):
        raise TreeRefused(_("This choice does not exist."), block=number, part=key)
    if part.of == PICTURE and value and not _PICTURE.fullmatch(value):
        raise TreeRefused(_("Choose a picture from your own pictures."), block=number, part=key)
    return value


def as_text(tree: Tree) -> str:
    """The JSON of a tree."""
    return json.dumps(
        {"v": VERSION, "blocks": [as_plain(block) for block in tree.blocks]}, ensure_ascii=False
    )


def as_plain(block: Block) -> dict[str, Value]:
    """A block as it stands in JSON; what is empty is left out."""
    parts = KINDS[block.kind].parts
    filled = {key: value for key, value in block.values.items() if value != parts[key].empty}
    plain: dict[str, Value] = {"id": block.id, "kind": block.kind, **filled}
    return plain | ({"if": block.condition} if block.condition else {})


def lines_of(tree: Tree) -> list[str]:
    """The letter as lines for reading: for a difference between two versions."""
    lines: list[str] = []
    for block in tree.blocks:
        kind = KINDS[block.kind]
        lines.append(f"[{kind.label}]" + (f" ({block.condition})" if block.condition else ""))
        for key, part in kind.parts.items():
            value = block.values[key]
            if part.of in (LINE, TEXT, LINK, PICTURE) and value:
                lines += [line for line in str(value).split("\n") if line.strip()]
    return lines


def pictures_in(tree: Tree) -> set[str]:
    """The names of the pictures that a letter shows."""
    return {
        str(block.values[key])
        for block in tree.blocks
        for key, part in KINDS[block.kind].parts.items()
        if part.of == PICTURE and block.values[key]
    }
