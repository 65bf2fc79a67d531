"""A group's tree as its text, in the words of either language; `parse` makes it a tree again."""

from decimal import Decimal

from akkoord.segments.language import parse
from akkoord.segments.naming import name_in, taken_names
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tree import And, ChoseTopic, Condition, Node, Not, Operator, Or, Value
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
        case Condition(name, operator, value):
            return f"{name_in(name, language, taken)} {_compared(operator, value, language)}"


def _inside(node: Node, language: str, taken: frozenset[str]) -> str:
    text = _text(node, language, taken)
    return f"({text})" if isinstance(node, And | Or) else text


def _compared(operator: Operator, value: Value, language: str) -> str:
    if value is None:
        return said(operator.value, language)
    if operator is Operator.WITHIN:
        return f"{said('within', language)} {value} {said('days', language)}"
    return f"{said(operator.value, language)} {_written(value)}"


def _written(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
