"""The merge-field language: text with slots, read by python-liquid and then held to a small part.

Allowed is the output of a named field through filters that only dress it up. No tags, no loops,
no conditions: what is approved is what everybody gets, but for the values in the slots.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import liquid
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError

RENEWAL = "renew_url"  # only in a letter that asks anew
CLICK_KEY = "click_key"  # only in links of who let us see it
RESERVED = ("unsubscribe_url", "preferences_url", "why_url", RENEWAL)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ENVIRONMENT = liquid.Environment()
MAX_SOURCE = 500_000
# Far above any letter, and below what would keep a machine busy for minutes: a template bomb.
MAX_FIELDS, MAX_TAGS, MAX_MARKS = 4_000, 6_000, 4_000


class CompileError(Exception):
    """The message cannot be compiled; nothing of it may be sent.

    `code` is stable and documented; `line` counts from 1 in the part named by `part` (`subject`,
    `body`, `footer`, `sender`), 0 when no line is to blame; `field` is the merge field in
    question and `explanation` what the caller said about it.
    """

    def __init__(
        self, code: str, *, part: str, line: int = 0, field: str = "", explanation: str = ""
    ) -> None:
        place = f"{part}:{line}" if line else part
        super().__init__(f"{code} ({place}){' ' + field if field else ''}")
        self.code = code
        self.part = part
        self.line = line
        self.field = field
        self.explanation = explanation
        self.block = 0  # counts from 1 in a letter of blocks; then `line` says nothing


@dataclass(frozen=True, slots=True)
class FieldFact:
    """What purpose binding says of one merge field for this message.

    `within_purpose`: whether the field may be used for it; `explanation`: why not and what to do,
    in plain words, shown as it is.
    """

    within_purpose: bool
    explanation: str = ""
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where a value of the person comes."""

    name: str
    filters: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    line: int = 0

    @property
    def has_fallback(self) -> bool:
        """Whether there is something to say when the person's value is empty."""
        return any(name == "default" for name, _ in self.filters)

    def fill(self, value: str) -> str:
        """The value as the filters dress it up."""
        for name, arguments in self.filters:
            value = FILTERS[name](value, *arguments)
        return value


def _default(value: str, fallback: str | int) -> str:
    return value if value.strip() else str(fallback)


def _truncate(value: str, length: str | int, ending: str | int = "…") -> str:
    limit, tail = int(length), str(ending)
    return value if len(value) <= limit else value[: max(limit - len(tail), 0)] + tail


def _capitalize(value: str) -> str:
    # Unlike Liquid's own: "de Vries" keeps its V.
    return value[:1].upper() + value[1:]


FILTERS: Mapping[str, Callable[..., str]] = {
    "default": _default,
    "capitalize": _capitalize,
    "upcase": str.upper,
    "downcase": str.lower,
    "strip": str.strip,
    "truncate": _truncate,
    # Every value is escaped for the place where it comes; doing it twice would show the marks.
    "escape": str,
}
_ARGUMENTS = {"default": (1, 1), "truncate": (1, 2)}


def read_template(source: str, *, part: str) -> list[str | Slot]:
    """Texts and slots in order. Raises CompileError with the line: `syntax`, `tag-not-allowed`,
    `expression-not-allowed`, `filter-not-allowed`, `filter-arguments`, `too-long`,
    `too-much-markup`."""
    _check_size(source, part)
    try:
        nodes = _ENVIRONMENT.from_string(source).nodes
    except LiquidError as problem:
        start = problem.token.start_index if problem.token is not None else 0
        kind = problem.token.kind if problem.token is not None else ""
        code = "tag-not-allowed" if kind == "tag" else "syntax"
        raise CompileError(code, part=part, line=_line(source, start)) from problem
    pieces: list[str | Slot] = []
    for node in nodes:
        line = _line(source, node.token.start_index)
        if isinstance(node, ContentNode):
            pieces.append(node.text)
        elif isinstance(node, OutputNode):
            pieces.append(_read_slot(node, part, line))
        else:
            raise CompileError("tag-not-allowed", part=part, line=line)
    return pieces


def _check_size(source: str, part: str) -> None:
    """Refuse what would take long to read, by counting alone: before anything reads it."""
    if len(source) > MAX_SOURCE:
        raise CompileError("too-long", part=part)
    fields = source.count("{{") + source.count("{%") + source.count("}}")
    marks = source.count("[") + source.count("|") + source.count("`")
    if fields > 2 * MAX_FIELDS or source.count("<") > MAX_TAGS or marks > MAX_MARKS:
        raise CompileError("too-much-markup", part=part)


def without_values(source: str) -> str:
    """A text as it reads when nothing is known of anybody: each field's fallback, else three dots.

    For lists, titles and announcements. A text that does not compile is shown as it is.
    """
    if "{{" not in source:
        return source
    try:
        pieces = read_template(source, part="subject")
    except CompileError:
        return source
    return "".join(each if isinstance(each, str) else each.fill("") or "…" for each in pieces)


def _read_slot(node: OutputNode, part: str, line: int) -> Slot:
    expression = node.expression
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
        raise CompileError("expression-not-allowed", part=part, line=line)
    path = expression.left.path
    name = path[0] if len(path) == 1 else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CompileError("expression-not-allowed", part=part, line=line)
    filters: list[tuple[str, tuple[str | int, ...]]] = []
    for each in expression.filters or []:
        if each.name not in FILTERS:
            raise CompileError("filter-not-allowed", part=part, line=line, field=each.name)
        arguments = tuple(_literal(argument, part, line, each.name) for argument in each.args)
        low, high = _ARGUMENTS.get(each.name, (0, 0))
        fits = low <= len(arguments) <= high
        if not fits or (each.name == "truncate" and not isinstance(arguments[0], int)):
            raise CompileError("filter-arguments", part=part, line=line, field=each.name)
        filters.append((each.name, arguments))
    return Slot(name, tuple(filters), line)


def _literal(argument: object, part: str, line: int, name: str) -> str | int:
    value = getattr(getattr(argument, "value", None), "value", None)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise CompileError("filter-arguments", part=part, line=line, field=name)


def _line(source: str, index: int) -> int:
    return source.count("\n", 0, max(index, 0)) + 1


def check_fields(pieces: list[str | Slot], allowed: Mapping[str, FieldFact], *, part: str) -> None:
    """Purpose binding: every slot is a known field within the purpose of the message.

    Raises CompileError `unknown-field`, `special-category` or `field-outside-purpose` with the
    field's explanation, `field-not-here` for a link in the subject.
    """
    for slot in pieces:
        if isinstance(slot, str):
            continue
        if slot.name in RESERVED:
            if part == "subject":
                raise CompileError("field-not-here", part=part, line=slot.line, field=slot.name)
            continue
        fact = allowed.get(slot.name)
        if fact is None:
            raise CompileError("unknown-field", part=part, line=slot.line, field=slot.name)
        if not fact.within_purpose:
            raise CompileError(
                "special-category" if fact.is_special else "field-outside-purpose",
                part=part,
                line=slot.line,
                field=slot.name,
                explanation=fact.explanation,
            )
