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
from akkoord.segments.places import code_of
from akkoord.segments.reader import (
    A_YEAR,
    MAX_CONDITIONS,
    MOST_KILOMETRES,
    MOST_LETTERS,
    MOST_TIMES,
)
from akkoord.segments.tokens import MAX_DAYS
from akkoord.segments.tree import (
    And,
    Bought,
    ChoseTopic,
    Condition,
    InGroup,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Read,
    Value,
)

TOPIC = "@topic"  # stands where a field stands: "chose topic"
CHOSE, CHOSE_NOT = "chose", "chose not"
BOUGHT, SPENT = "@bought", "@spent"  # purchases of the last days, counted together
OPENED, PRESSED = "@opened", "@pressed"  # of who let us see it
GROUP = "@group"  # a saved group of the same topic
IN, NOT_IN = "in", "not in"
NEAR = "@near"  # kilometres from a postcode
LIVES, LIVES_NOT = "lives", "lives not"
SUMS = frozenset({BOUGHT, SPENT})
ALL, ANY = "all", "any"
READS = ("yes days", "no days", "yes letters", "no letters")
CHOSEN = frozenset({TOPIC, GROUP})  # the value is chosen from a list
OPERATORS: Mapping[str, tuple[str, ...]] = {
    TEXT: ("is", "is not", "contains", "starts with", "is empty", "is not empty"),
    NUMBER: (
        *("is", "is not", "more than", "less than", "at least", "at most"),
        *("is empty", "is not empty"),
    ),
    DATE: (
        *("within", "within next", "anniversary within", "exactly ago", "at least ago"),
        *("before", "after", "is", "is empty", "is not empty"),
    ),
    TOPIC: (CHOSE, CHOSE_NOT),
    BOUGHT: ("at least", "at most"),
    SPENT: ("at least", "at most"),
    OPENED: READS,
    PRESSED: READS,
    GROUP: (IN, NOT_IN),
    NEAR: (LIVES, LIVES_NOT),
}
IN_DAYS = frozenset({"within", "within next", "anniversary within", "exactly ago", "at least ago"})
WITHOUT_VALUE = frozenset({"is empty", "is not empty"})


@dataclass(frozen=True, slots=True)
class Row:
    """One rule as it stands in the form; `block` 0 is the outer level.

    `more`: a second value, the days of a sum or the postcode of a distance.
    """

    field: str
    operator: str
    value: str = ""
    block: int = 0
    more: str = ""


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
    is_not = isinstance(node, Not)
    match node.part if isinstance(node, Not) else node:
        case ChoseTopic(slug):
            return Row(TOPIC, CHOSE_NOT if is_not else CHOSE, slug)
        case InGroup(name):
            return Row(GROUP, NOT_IN if is_not else IN, name)
        case Near(kilometres, code):
            return Row(NEAR, LIVES_NOT if is_not else LIVES, _said(kilometres), more=code)
        case Read(what, number, unit):
            return Row(f"@{what}", f"{'no' if is_not else 'yes'} {unit}", str(number))
        case Condition(name, Operator.IS, value) if is_not:
            return Row(name, Operator.IS_NOT.value, _said(value))
        case Condition(name, operator, value) if not is_not:
            return Row(name, operator.value, "" if value is None else _said(value))
        case Bought(what, operator, value, days) if not is_not:
            return Row(f"@{what}", operator.value, _said(value), more=str(days))
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
    if row.field == GROUP:
        group = InGroup(row.value)
        return (Not(group) if row.operator == NOT_IN else group) if row.value else None
    if row.field in SUMS:
        return _sum(row)
    if row.field == NEAR:
        return _near(row)
    if row.field in (OPENED, PRESSED):
        return _read(row)
    known = fields.get(row.field)
    if known is None or row.operator not in OPERATORS[known.kind]:
        return None
    operator = Operator(row.operator)
    if row.operator in WITHOUT_VALUE:
        return Condition(row.field, operator)
    value = read_value(row.value, known.kind, row.operator)
    return None if value is None else Condition(row.field, operator, value)


def _read(row: Row) -> Node | None:
    """What somebody read, when the number stands there."""
    number = read_value(row.value, row.field, row.operator)
    if row.operator not in READS or not isinstance(number, int):
        return None
    yes, _blank, unit = row.operator.partition(" ")
    read = Read(row.field[1:], number, unit)
    return read if yes == "yes" else Not(read)


def _near(row: Row) -> Node | None:
    """A distance, when the number and the postcode stand there."""
    kilometres, code = read_value(row.value, NEAR, row.operator), code_of(row.more)
    if row.operator not in OPERATORS[NEAR] or not isinstance(kilometres, Decimal) or not code:
        return None
    lives = Near(kilometres, code)
    return Not(lives) if row.operator == LIVES_NOT else lives


def _sum(row: Row) -> Bought | None:
    """Purchases together, when both numbers stand there."""
    if row.operator not in OPERATORS[row.field]:
        return None
    value = read_value(row.value, row.field, row.operator)
    days = read_value(row.more, DATE, "within")
    if not isinstance(value, Decimal) or not isinstance(days, int):
        return None
    return Bought(row.field[1:], Operator(row.operator), value, days)


def read_value(text: str, kind: str, operator: str) -> Value:
    """What was typed, as the kind asks; None when it is not that (yet)."""
    text = text.strip()
    try:
        if kind in (OPENED, PRESSED):
            most = MOST_LETTERS if operator.endswith("letters") else MAX_DAYS
            return int(text) if 0 < int(text) <= most else None
        if operator in IN_DAYS:
            most = A_YEAR if operator == "anniversary within" else MAX_DAYS
            return int(text) if 0 < int(text) <= most else None
        if kind == BOUGHT:
            return Decimal(int(text)) if 0 <= int(text) <= MOST_TIMES else None
        if kind == SPENT and Decimal(text.replace(",", ".")) < 0:
            return None
        if kind == NEAR:
            number = Decimal(text.replace(",", "."))
            return number if 0 < number <= MOST_KILOMETRES else None
        if kind == DATE:
            found = date.fromisoformat(text)
            return found if 1900 <= found.year <= 2199 else None
        if kind in (NUMBER, SPENT):
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
    after: str = ""  # a word behind the value
    values_label: str = ""
    has_more: bool = False
    more: str = ""  # what the second value is: days, postcode
