"""What a group's text says: conditions joined by and, or and not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | date | int | None


class Operator(StrEnum):
    """How a field is compared; the words of the language."""

    IS = "is"
    IS_NOT = "is not"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"
    WITHIN_NEXT = "within next"
    ANNIVERSARY = "anniversary within"
    AGO = "exactly ago"
    AGO_OR_MORE = "at least ago"
    MORE_THAN = "more than"
    LESS_THAN = "less than"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    IS_EMPTY = "is empty"
    IS_NOT_EMPTY = "is not empty"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value; `place` is where it stands in the text."""

    field: str
    operator: Operator
    value: Value = None
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ChoseTopic:
    """The person may be mailed on this topic, as far as their own choice goes."""

    slug: str
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bought:
    """How often somebody bought (`bought`), or for how much in all (`spent`), these last days."""

    what: str
    operator: Operator  # at least, at most
    value: Decimal
    days: int
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody who let us see it opened a letter (`opened`) or pressed a link (`pressed`).

    In the last so many days, or in the last so many letters to them (`unit`). `opposite`: agreed
    to be measured, and did not; see `settled`.
    """

    what: str
    number: int
    unit: str  # days, letters
    opposite: bool = False
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody lives within so many kilometres of the middle of a postcode (3511, 3511AB)."""

    kilometres: Decimal
    code: str
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody is in a saved group of the same topic, as that group is now."""

    name: str
    place: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: tuple[Node, ...]


Leaf = Condition | ChoseTopic | Bought | Read | Near | InGroup
Node = Leaf | Not | And | Or


def settled(node: Node, is_not: bool = False) -> Node:
    """The same tree with every `not` at a condition itself.

    What nobody may judge is then true nor false: whoever did not agree to be measured has not
    "pressed", and has not "not pressed" either (INV-28).
    """
    match node:
        case Not(part):
            return settled(part, not is_not)
        case And(parts) | Or(parts):
            inside = tuple(settled(part, is_not) for part in parts)
            return Or(inside) if isinstance(node, Or) != is_not else And(inside)
        case Read():
            return dataclasses.replace(node, opposite=node.opposite != is_not)
    return Not(node) if is_not else node


def leaves(node: Node) -> Iterator[Leaf]:
    """The conditions of a tree, in the order of its text."""
    match node:
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield node
