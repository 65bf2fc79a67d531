"""A group's tree as its text, in the words of either language; `parse` makes it a tree again."""

from decimal import Decimal

from akkoord.segments.naming import name_in, taken_names
from akkoord.segments.reader import parse
from akkoord.segments.refusals import SegmentError
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
from akkoord.segments.vocabulary import said


def in_words_of(text: str, language: str) -> str:
    """A group's text in the words of this language; as it is when it cannot be read."""
    try:
        return text_of(parse(text), language) if text.strip() else ""
    except SegmentError:
        return text


def text_of(node: Node, language: str = "en") -> str:
    """The text of a tree, in the words of a language; `parse` makes the same tree of it."""
    return _text(node, language, taken_names() if language.startswith("nl") else frozenset())


def _text(node: Node, language: str, taken: frozenset[str]) -> str:
    match node:
        case And(parts):
            return said(" and ", language).join(_inside(part, language, taken) for part in parts)
        case Or(parts):
            return said(" or ", language).join(_inside(part, language, taken) for part in parts)
        case Not(part):
            return said("not ", language) + _inside(part, language, taken)
        case ChoseTopic(slug):
            return said("chose topic ", language) + _quoted(slug)
        case Bought(what, operator, number, days):
            times = f" {said('times', language)}" if what == "bought" else ""
            least = f"{said(what, language)} {said(operator.value, language)} {_written(number)}"
            return f"{least}{times} {_days(said('within', language), days, language)}"
        case Read(what, number, unit):
            two = said(f"{what} letter" if what == "opened" else f"{what} link", language)
            return f"{two} {said('within', language)} {number} {said(unit, language)}"
        case Near(kilometres, code):
            far = f"{said('within', language)} {_written(kilometres)} {said('km of', language)}"
            return f"{far} {_quoted(code)}"
        case InGroup(name):
            return said("in group ", language) + _quoted(name)
        case Condition(name, operator, value):
            return f"{name_in(name, language, taken)} {_compared(operator, value, language)}"


def _inside(node: Node, language: str, taken: frozenset[str]) -> str:
    text = _text(node, language, taken)
    return f"({text})" if isinstance(node, And | Or) else text


def _compared(operator: Operator, value: Value, language: str) -> str:
    if value is None:
        return said(operator.value, language)
    if operator in (Operator.WITHIN, Operator.WITHIN_NEXT, Operator.ANNIVERSARY):
        return _days(said(operator.value, language), value, language)
    if operator in (Operator.AGO, Operator.AGO_OR_MORE):
        how = said(operator.value.removesuffix(" ago"), language)
        return f"{_days(how, value, language)} {said('ago', language)}"
    return f"{said(operator.value, language)} {_written(value)}"


def _days(how: str, days: Value, language: str) -> str:
    return f"{how} {days} {said('days', language)}"


def _written(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
