"""A saved group inside another: its rules are put in its place each time, as they are now.

So there is one statement still, each field is asked of the letter's own topic, and a group that
was changed is changed everywhere. Nothing goes round: who would be in a group because they are in
it, nobody can say.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from akkoord.register.models import Purpose
from akkoord.segments.models import Group
from akkoord.segments.reader import parse
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import And, InGroup, Node, Not, Or, leaves, settled
from akkoord.segments.writing import text_of

MOST = 300  # conditions of a group with all that stands in it


def whole(tree: Node, purpose: Purpose) -> Node:
    """The tree with the rules of the groups in it, ready to be asked; one query when it has any.

    Raises SegmentError for a group that this topic does not have, or that goes round, and for one
    that becomes too large.
    """
    if any(isinstance(each, InGroup) for each in leaves(tree)):
        tree = _Filler(texts_of(purpose)).filled(tree, ())
    return settled(tree)


def written_out(text: str, purpose: Purpose) -> str:
    """A text with the rules of the groups in it, for a topic that does not have these groups."""
    tree = parse(text)
    if any(isinstance(each, InGroup) for each in leaves(tree)):
        return text_of(_Filler(texts_of(purpose)).filled(tree, ()))
    return text


def texts_of(purpose: Purpose) -> dict[str, str]:
    """What the groups of a topic say, by name."""
    groups = Group.objects.filter(purpose=purpose, ended_at=None)
    return dict(groups.values_list("name", "text"))


def refuse_rounds(name: str, tree: Node, purpose: Purpose) -> None:
    """Raises SegmentError when a group of this name and these rules would stand in itself."""
    if any(isinstance(each, InGroup) for each in leaves(tree)):
        _Filler(texts_of(purpose)).filled(tree, (name,))


def names_in(text: str) -> set[str]:
    """The groups that a text names itself; none when it cannot be read."""
    try:
        return {each.name for each in leaves(parse(text)) if isinstance(each, InGroup)}
    except SegmentError:
        return set()


class _Filler:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.count = 0

    def filled(self, node: Node, inside: tuple[str, ...]) -> Node:
        match node:
            case Not(part):
                return Not(self.filled(part, inside))
            case And(parts):
                return And(tuple(self.filled(part, inside) for part in parts))
            case Or(parts):
                return Or(tuple(self.filled(part, inside) for part in parts))
            case InGroup():
                return self.opened(node, inside)
        self.count += 1
        if self.count > MOST:
            raise SegmentError(
                "too-many-conditions",
                node.place,
                _(
                    "With the groups in it this group has more than 300 conditions. "
                    "Make it simpler."
                ),
            )
        return node

    def opened(self, node: InGroup, inside: tuple[str, ...]) -> Node:
        """The rules of a group; what is wrong in them is shown at its name."""
        if node.name in inside:
            rounds = " → ".join(f"“{each}”" for each in (*inside, node.name))
            raise SegmentError(
                "goes-round",
                node.place,
                _("This goes round: {groups}. A group cannot stand in itself.").format(
                    groups=rounds
                ),
            )
        if node.name not in self.texts:
            raise SegmentError("unknown-group", node.place, self.unknown(node.name))
        try:
            tree = parse(self.texts[node.name])
        except SegmentError as problem:
            raise SegmentError(problem.code, node.place, problem.sentence) from None
        return self.filled(_at(tree, node.place), (*inside, node.name))

    def unknown(self, name: str) -> str:
        """Which groups there are."""
        none = _("This topic has no group “{name}”.").format(name=name)
        if not self.texts:
            return none
        there = ", ".join(f"“{each}”" for each in sorted(self.texts)[:20])
        return none + " " + _("You can use: {names}.").format(names=there)


def _at(node: Node, place: int) -> Node:
    """The tree with every part at one place: where its group is named."""
    match node:
        case Not(part):
            return Not(_at(part, place))
        case And(parts):
            return And(tuple(_at(part, place) for part in parts))
        case Or(parts):
            return Or(tuple(_at(part, place) for part in parts))
    return replace(node, place=place)
