"""What a group's text says: conditions joined by and, or and not."""

from __future__ import annotations

import dataclasses
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


Node = Condition | ChoseTopic | Not | And | Or
