"""Blocks that only some people get: each carries a text in the language of groups.

Who gets which is asked of the database beside the values of the fields, for a whole batch in one
statement. A letter is encoded once per combination of answers that occurs, so that filling stays
a single join. Both parts, HTML and text, lose the same blocks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from akkoord.messages.groups import GroupRefused, group_condition
from akkoord.messages.template import CompileError
from akkoord.messages.topics import group_for_all
from akkoord.register.models import Purpose

FIRST_LINE = 2  # a letter of blocks begins with a line of paper; the first block is the second
MOST = 20
Conditions = tuple[tuple[int, str], ...]  # line of the block, text of its condition


def key_of(number: int) -> str:
    """Under which name the answer stands among a person's values; no field is called so."""
    return f"?{number}"


def distinct(conditions: Conditions) -> tuple[str, ...]:
    """Each text once, in the order of the blocks: its place is its number."""
    return tuple(dict.fromkeys(text for _line, text in conditions))


def answers(values: Mapping[str, str], count: int) -> tuple[bool, ...]:
    """What holds for one person; what was not asked does not hold."""
    return tuple(bool(values.get(key_of(number))) for number in range(count))


def everything(texts: Sequence[str]) -> dict[str, str]:
    """Values with which every block is shown: for a test, and where nobody is known."""
    return {key_of(number): "1" for number in range(len(texts))}


def made_conditions(texts: Iterable[str], purpose: Purpose, at: datetime) -> list[Q]:
    """The conditions over contact points. Raises GroupRefused."""
    return [group_condition(text, purpose, at) for text in texts]


def check_conditions(
    conditions: Conditions, purpose: Purpose, at: datetime, also: Sequence[Purpose] = ()
) -> None:
    """Refuse a condition that cannot be read, or a field outside the purpose (art. 5(1)(b)).

    `also`: further topics of the letter, each of which must allow it too.

    Raises CompileError with the number of the block.
    """
    for line, text in conditions:
        try:
            group_for_all(text, purpose, also, at)
        except GroupRefused as refusal:
            problem = CompileError(
                f"condition-{refusal.code}", part="body", explanation=refusal.sentence
            )
            problem.block = block_of(line)
            raise problem from None


def block_of(line: int) -> int:
    """Which block stands on a line."""
    return max(line - FIRST_LINE + 1, 1)


class Marks:
    """Marks around blocks with a condition, that live through MJML and the making of the text."""

    def __init__(self, stem: str, conditions: Conditions) -> None:
        if len(conditions) > MOST:
            raise CompileError("too-many-conditions", part="body")
        texts = distinct(conditions)
        self._lines = {line: texts.index(text) for line, text in conditions}
        self._stem = f"akshow{stem}n"
        mark = rf"{self._stem}(?P<number>\d+)b(?P<inside>.*?){self._stem}(?P=number)e"
        self._html = re.compile(mark, re.DOTALL)
        self._text = re.compile(rf"\s*{mark}\s*", re.DOTALL)

    def wrap(self, body: str) -> str:
        """The blocks, one on a line, with their marks."""
        lines = body.split("\n")
        if lines and len(self._lines) >= len(lines) - 2:
            raise CompileError("nothing-left", part="body")
        return "".join(
            self._wrapped(self._lines[number], line) if number in self._lines else line
            for number, line in enumerate(lines, start=1)
        )

    def _wrapped(self, number: int, line: str) -> str:
        begin, end = f"{self._stem}{number}b", f"{self._stem}{number}e"
        return f"<mj-raw>{begin}</mj-raw>{line}<mj-raw>{end}</mj-raw>"

    def keep_html(self, page: str, shown: Sequence[bool]) -> str:
        """The page with the blocks of these answers."""
        return self._html.sub(lambda m: m["inside"] if shown[int(m["number"])] else "", page)

    def keep_text(self, text: str, shown: Sequence[bool]) -> str:
        """The plain text with the same blocks, parted by one blank line."""
        if not self._lines:
            return text
        kept = self._text.sub(
            lambda m: f"\n\n{m['inside'].strip()}\n\n" if shown[int(m["number"])] else "\n\n", text
        )
        return re.sub(r"\n{3,}", "\n\n", kept).lstrip("\n")
