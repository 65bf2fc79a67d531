"""The builder: rules in rows and blocks, and the same tree as the text.

Two levels: rows and blocks that are joined by "all" or "at least one", and in a block the other
way around. A text that goes deeper is shown and changed as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from akkoord.segments.fields import DATE, NUMBER, TEXT, SegmentField
from akkoord.segments.language import MAX_CONDITIONS
from akkoord.segments.tree import And, ChoseTopic, Condition, Node, Not, Operator, Or, Value

TOPIC = "@topic"  # stands where a field stands: "chose topic"
CHOSE, CHOSE_NOT = "chose", "chose not"
ALL, ANY = "all", "any"
OPERATORS: Mapping[str, tuple[str, ...]] = {
    TEXT: ("is", "is not", "contains", "starts with", "is empty", "is not empty"),
    NUMBER: (
        *("is", "is not", "more than", "less than", "at least", "at most"),
        *("is empty", "is not empty"),
    ),
    DATE: ("within", "before", "after", "is", "is empty", "is not empty"),
    TOPIC: (CHOSE, CHOSE_NOT),
}
WITHOUT_VALUE = frozenset({"is empty", "is not empty"})


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as it stands in the form; `block` 0 is the outer level."""

    field: str
    operator: str
    value: str = ""
    block: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """All rows; `join` says how those of the outer level hang together."""

    rows: tuple[Row, ...] = ()
    join: str = ALL

    @property
    def blocks(self) -> list[int]:
        """The blocks in use, in order."""
        return sorted({row.block for row in self.rows if row.block})

    def with_row(self, row: Row) -> Rules:
        """One more, at the end of its level."""
        return replace(self, rows=(*self.rows, row)) if len(self.rows) < MAX_CONDITIONS else self

    def without(self, number: int) -> Rules:
        """Without a row."""
        return replace(self, rows=self.rows[:number] + self.rows[number + 1 :])

    def with_block(self, row: Row) -> Rules:
        """A new block with one rule."""
        return self.with_row(replace(row, block=max(self.blocks, default=0) + 1))


class NotInRows(Exception):
    """The text says more than rows and blocks can show."""


def rules_of(tree: Node) -> Rules:
    """A tree as rows. Raises NotInRows when it goes deeper than a block."""
    join = ANY if isinstance(tree, Or) else ALL
    inner = And if join == ANY else Or
    rows: list[Row] = []
    block = 0
    for part in tree.parts if isinstance(tree, And | Or) else (tree,):
        if isinstance(part, inner):
            block += 1
            rows += [replace(_row(each), block=block) for each in part.parts]
        else:
            rows.append(_row(part))
    return Rules(tuple(rows), join)


def _row(node: Node) -> Row:
    match node:
        case ChoseTopic(slug):
            return Row(TOPIC, CHOSE, slug)
        case Not(ChoseTopic(slug)):
            return Row(TOPIC, CHOSE_NOT, slug)
        case Condition(name, operator, value):
            return Row(name, operator.value, "" if value is None else _said(value))
        case Not(Condition(name, Operator.IS, value)):
            return Row(name, Operator.IS_NOT.value, _said(value))
    raise NotInRows


def _said(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def tree_of(rules: Rules, fields: Mapping[str, SegmentField]) -> Node | None:
    """The tree of the rows that are whole; None when there is none. Never raises."""
    whole = [(row.block, node) for row in rules.rows if (node := _node(row, fields)) is not None]
    outer = [node for block, node in whole if not block]
    other = ANY if rules.join == ALL else ALL
    inside = [[node for where, node in whole if where == block] for block in rules.blocks]
    outer += [_joined(each, other) for each in inside if each]
    return _joined(outer, rules.join) if outer else None


def _joined(parts: Iterable[Node], join: str) -> Node:
    found = tuple(parts)
    if len(found) == 1:
        return found[0]
    return Or(found) if join == ANY else And(found)


def _node(row: Row, fields: Mapping[str, SegmentField]) -> Node | None:
    """A rule, when everything is filled in."""
    if row.field == TOPIC:
        chosen = ChoseTopic(row.value)
        return (Not(chosen) if row.operator == CHOSE_NOT else chosen) if row.value else None
    known = fields.get(row.field)
    if known is None or row.operator not in OPERATORS[known.kind]:
        return None
    operator = Operator(row.operator)
    if row.operator in WITHOUT_VALUE:
        return Condition(row.field, operator)
    value = read_value(row.value, known.kind, operator)
    return None if value is None else Condition(row.field, operator, value)


def read_value(text: str, kind: str, operator: Operator) -> Value:
    """What was typed, as the kind asks; None when it is not that (yet)."""
    text = text.strip()
    try:
        if operator is Operator.WITHIN:
            return int(text) if 0 < int(text) <= 36_500 else None
        if kind == DATE:
            found = date.fromisoformat(text)
            return found if 1900 <= found.year <= 2199 else None
        if kind == NUMBER:
            number = Decimal(text.replace(",", "."))
            return number if number.is_finite() and abs(number) < Decimal(10**15) else None
    except (ValueError, InvalidOperation):
        return None
    return text.replace("\0", "") or None


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what the page needs to draw it."""

    number: int
    row: Row
    kind: str
    operators: tuple[Choice, ...]
    has_value: bool
    problem: str = ""
    values: tuple[Choice, ...] = ()
