"""Where a letter of blocks begins: a ready one, one's own, or an empty sheet."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.composing.art import draw_scene
from akkoord.composing.kinds import KINDS, PICTURE
from akkoord.composing.models import KeptLetter
from akkoord.composing.pictures import PictureWords, keep_picture
from akkoord.composing.queries import ART
from akkoord.composing.ready import ready_letter
from akkoord.composing.style import style_now
from akkoord.composing.tree import Block, Tree, new_block, read_tree
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor

EMPTY = "leeg"
NOWHERE = "https://www.example.nl/"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new letter begins with."""

    name: str
    subject: str
    preheader: str
    tree: Tree


def beginning_of(key: str, language: str, *, is_shown: bool = False) -> Beginning | None:
    """A beginning by its key: of a ready letter, the id of one's own, or `leeg`.

    `is_shown`: for a picture of it, so links lead somewhere also when the organisation has no site.
    """
    if key == EMPTY:
        return Beginning(
            "", "", "", Tree((new_block("logo"), new_block("heading"), new_block("text")))
        )
    if (ready := ready_letter(key)) is not None:
        house = organisation()
        name = house.name if house else ""
        site = (house.website if house else "") or (NOWHERE if is_shown else "")
        tree = ready.tree(language, house=name, site=site)
        subject = ready.subject(language).replace("HOUSE", name)
        return Beginning(str(ready.name), subject, ready.preheader(language), tree)
    kept = _kept(key)
    if kept is None:
        return None
    return Beginning(kept.name, kept.subject, kept.preheader, read_tree(kept.body))


def _kept(key: str) -> KeptLetter | None:
    try:
        return KeptLetter.objects.filter(id=UUID(key), ended_at=None).first()
    except ValueError:
        return None


def with_own_drawings(tree: Tree, *, at: datetime, actor: Actor) -> Tree:
    """The drawings of a ready letter as pictures of the organisation's own, in today's colour.

    So a letter shows what it showed, also when the style changes later.
    """
    return Tree(tuple(_drawn(block, at, actor) for block in tree.blocks))


def _drawn(block: Block, at: datetime, actor: Actor) -> Block:
    values = dict(block.values)
    for key, part in KINDS[block.kind].parts.items():
        name = str(values[key])
        if part.of == PICTURE and name.startswith(ART):
            content = draw_scene(name.removeprefix(ART), style_now().accent)
            words = PictureWords(_("Drawing"), is_ornament=True)
            values[key] = keep_picture(content, words=words, at=at, actor=actor, is_ours=True).name
    return replace(block, values=values)
