"""A letter on paper: written in Markdown, compiled once, filled for each person.

The sender, the day, the address in the window and the way to stop are put there by us and cannot be
taken out (INV-19, INV-21). A field outside the topic's purpose does not compile.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from akkoord.messages.compile import CompileWarning
from akkoord.messages.template import (
    RESERVED,
    CompileError,
    FieldFact,
    Slot,
    check_fields,
    read_template,
)

LONGEST = 12_000  # characters: about four pages
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_NOT_ON_PAPER = ("fence", "code_block", "hr", "html_block")
# On paper nobody can press: the address of a link stands behind its words.
_WORDS_OF = {"text": "", "code_inline": "", "softbreak": " ", "hardbreak": "\n"}
Span = dict[str, Any]  # text, strong, em
Block = dict[str, Any]  # kind: paragraph, heading, item, numbered; number; spans


@dataclass(frozen=True, slots=True)
class LetterSource:
    """All that an author and the organisation put in; kept as JSON with what was approved.

    `dated`: the day that stands on it, as it is written; empty: the day on which it is made.
    """

    subject: str
    body: str
    language: str
    organisation: str
    postal_address: str
    contact: str
    topic: str
    accent: str = ""
    dated: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column."""
        return asdict(self) | {"is_letter": True}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LetterSource:
        """The source again from what `as_json` gave."""
        return cls(**{name: value for name, value in values.items() if name != "is_letter"})


@dataclass(frozen=True, slots=True)
class CompiledLetter:
    """A letter that may be made: its blocks with slots, and the hash of what was approved."""

    source: LetterSource
    blocks: tuple[Block, ...]
    heading: tuple[str | Slot, ...]
    slots: frozenset[str]
    content_hash: str
    warnings: tuple[CompileWarning, ...]

    def fill(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Heading and blocks for one person, as plain text that Typst never reads as markup."""
        return {
            "subject": _filled(self.heading, values),
            "blocks": [
                block | {"spans": [_span(span, values) for span in block["spans"]]}
                for block in self.blocks
            ],
        }


def compile_letter(
    source: LetterSource, *, allowed_fields: Mapping[str, FieldFact]
) -> CompiledLetter:
    """Check and compile a letter. Raises CompileError with a code and a place.

    Refused: an empty heading or text, one that is too long, an unknown field or one outside the
    purpose, a link of a mail, a picture or a table, and an organisation without a postal address.
    """
    if not source.postal_address.strip() or not source.organisation.strip():
        raise CompileError("no-postal-address", part="sender")
    heading = _read(source.subject, allowed_fields, part="subject", empty="empty-subject")
    body = _read(source.body, allowed_fields, part="body", empty="empty-body")
    if len(source.body) > LONGEST:
        raise CompileError("letter-too-long", part="body")
    slots = [each for each in (*heading, *body) if isinstance(each, Slot)]
    found = _blocks(body)
    plain = json.dumps(source.as_json(), ensure_ascii=True, sort_keys=True)
    return CompiledLetter(
        source=source,
        blocks=tuple(found),
        heading=tuple(heading),
        slots=frozenset(each.name for each in slots),
        content_hash=hashlib.sha256(plain.encode()).hexdigest(),
        warnings=tuple(
            CompileWarning("no-fallback", each.line, each.name)
            for each in slots
            if not each.has_fallback
        ),
    )


def _read(
    text: str, allowed: Mapping[str, FieldFact], *, part: str, empty: str
) -> list[str | Slot]:
    if not text.strip():
        raise CompileError(empty, part=part)
    if "\ue000" in text or "\ue001" in text:
        raise CompileError("syntax", part=part)
    pieces = read_template(text, part=part)
    for each in pieces:
        if isinstance(each, Slot) and each.name in RESERVED:
            raise CompileError("field-not-here", part=part, line=each.line, field=each.name)
    check_fields(pieces, allowed, part=part)
    return pieces


def _blocks(pieces: list[str | Slot]) -> list[Block]:
    """Paragraphs, headings and items of lists, each a row of spans."""
    slots = [each for each in pieces if isinstance(each, Slot)]
    marked, count = "", 0
    for each in pieces:
        if isinstance(each, Slot):
            marked, count = f"{marked}\ue000{count}\ue001", count + 1
        else:
            marked += each
    reading = _Reading(slots)
    for token in _MARKDOWN.parse(marked):
        reading.take(token)
    if not reading.found:
        raise CompileError("empty-body", part="body")
    return reading.found


@dataclass(slots=True)
class _Reading:
    """Where reading is: in which lists (the next number; None: bullets), and what was found."""

    slots: list[Slot]
    found: list[Block] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    is_first: bool = False
    kind: str = "paragraph"

    def take(self, token: Token) -> None:
        """One token of the Markdown; what paper cannot show is refused."""
        if token.type in _NOT_ON_PAPER:
            raise CompileError("letter-mark-up", part="body", line=_line(token))
        if token.type == "bullet_list_open":
            self.lists.append(None)
        elif token.type == "ordered_list_open":
            self.lists.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.is_first = True
        elif token.type in ("heading_open", "heading_close"):
            self.kind = "heading" if token.nesting > 0 else "paragraph"
        elif token.type == "inline":
            self._inline(token)

    def _inline(self, token: Token) -> None:
        block: Block = {"kind": self.kind, "spans": _spans(token, self.slots)}
        if self.lists and self.kind == "paragraph":
            block |= {"kind": "item", "mark": self._mark(), "depth": len(self.lists)}
        self.found.append(block)

    def _mark(self) -> str:
        """A dot, the item's number, or nothing for a second paragraph of it."""
        if not self.is_first:
            return ""
        self.is_first = False
        number = self.lists[-1]
        if number is None:
            return "•"
        self.lists[-1] = number + 1
        return f"{number}."


def _spans(token: Token, slots: list[Slot]) -> list[Span]:
    depth = {"strong": 0, "em": 0}
    spans: list[Span] = []
    target = ""
    for child in token.children or []:
        name = child.type.removesuffix("_open").removesuffix("_close")
        if name in depth:
            depth[name] += child.nesting
            continue
        if name == "link":
            said = str(spans[-1]["text"]) if spans else ""
            words = f" ({target})" if child.nesting < 0 and target not in said else ""
            target = str(child.attrGet("href") or "") if child.nesting > 0 else ""
        elif name in _WORDS_OF:
            words = _WORDS_OF[name] or child.content
        else:
            raise CompileError("letter-mark-up", part="body", line=_line(token))
        if words:
            spans.append(_text(words, depth, slots))
    return spans


def _text(text: str, depth: Mapping[str, int], slots: list[Slot]) -> Span:
    parts: list[str | Slot] = []
    for number, piece in enumerate(_PLACE.split(text)):
        if number % 2:
            parts.append(slots[int(piece)])
        elif piece:
            parts.append(piece)
    return {"text": text, "parts": parts, "strong": depth["strong"] > 0, "em": depth["em"] > 0}


def _span(span: Span, values: Mapping[str, str]) -> Span:
    return {
        "text": _filled(span["parts"], values),
        "strong": span["strong"],
        "em": span["em"],
    }


def _filled(parts: Iterable[str | Slot], values: Mapping[str, str]) -> str:
    return "".join(
        each if isinstance(each, str) else " ".join(each.fill(values.get(each.name, "")).split())
        for each in parts
    )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
