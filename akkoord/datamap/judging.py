"""Whether a text names somebody: the exact judgement that tables and files share.

A needle counts only as a whole: `an@example.nl` does not stand in `jan@example.nl`. Texts are
also read unescaped (percent, HTML, JSON, quoted-printable, base64), once inside the other.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from urllib.parse import unquote

from akkoord.datamap.needles import Kind, Needles, Residence, fold

_SEPARATOR = r"[\s\-./()]{0,3}"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
# Base64 as mails and keys break it: full lines, and a last one.
_LINE = r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,100}+"
_WRAPPED = re.compile(rf"{_LINE}(?:\s{{1,2}}{_LINE})*\s{{1,2}}[A-Za-z0-9+/]{{1,100}}={{0,2}}")
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrtbf\"\\/]))")
_DEPTH = 2


class Judge:
    """Finds needles in texts; made once per scan."""

    def __init__(self, needles: Needles) -> None:
        """`needles`: what to look for."""
        self._needles = needles

    def kinds_in(self, text: str) -> set[Kind]:
        """What of the people stands in a text, in whatever usual coding."""
        return {kind for form in readings(text) for kind in self._kinds_in_plain(fold(form))}

    def is_named_by(self, value: bytes) -> set[Kind]:
        """What of the people stands in raw bytes: ids and keyed hashes."""
        found = set()
        if any(each.bytes in value for each in self._needles.ids):
            found.add(Kind.ID)
        if any(each in value for each in self._needles.hashes):
            found.add(Kind.KEYED_HASH)
        return found

    def _kinds_in_plain(self, text: str) -> Iterator[Kind]:
        """The kinds in one folded text."""
        for kind, pattern, literal in self._patterns:
            if literal in text and pattern.search(text):
                yield kind
        for pattern in self._phones:
            if pattern.search(text):
                yield Kind.PHONE
        for residence in self._needles.residences:
            if _lives_in(residence, text):
                yield Kind.RESIDENCE

    @cached_property
    def _patterns(self) -> list[tuple[Kind, re.Pattern[str], str]]:
        """Per literal needle: the literal to look for first, and what must stand around it."""
        found = []
        for kind, literal in self._needles.texts:
            before, after = _EDGES[kind]
            found.append((kind, re.compile(before + re.escape(literal) + after), literal))
        for each in self._needles.ids:
            found += [(Kind.ID, re.compile(form), form) for form in (str(each), each.hex)]
        for digest in self._needles.hashes:
            found.append((Kind.KEYED_HASH, re.compile(digest.hex()), digest.hex()))
        return found

    @cached_property
    def _phones(self) -> list[re.Pattern[str]]:
        """Per phone number: every notation, with any usual separators."""
        return [
            re.compile(
                rf"(?<![0-9a-z])(?:(?:\+|00)?{country}{_SEPARATOR}(?:\(0\){_SEPARATOR})?"
                rf"|\(?0{_SEPARATOR})?{_SEPARATOR.join(bare)}(?![0-9a-z])"
            )
            for country, bare in self._needles.phones
        ]


# How files end. Of these only "zip" is a top-level domain as well.
_ENDINGS = (
    r"(?:bak|csv|docx?|eml|gif|gz|html?|ics|jpe?g|json|log|mbox|msg|od[st]|pdf|png|tar|tsv|txt|vcf|"
    r"webp|xls[mx]?|xml|zip)"
)
# What may not stand right before and after a needle, or it is part of something else. An address
# may run on into the ending of a file ("anna@example.nl.csv"), or into two ("….csv.gz").
_EDGES = {
    Kind.EMAIL: (
        r"(?<![\w.+\-])",
        rf"(?:(?:\.{_ENDINGS}){{1,2}}(?![\w\-]|\.\w)|(?![\w\-]|\.\w))",
    ),
    Kind.PUSH: ("", ""),
    Kind.CUSTOMER_NUMBER: (r"(?<![\w])", r"(?![\w])"),
}
_AROUND = {
    kind: (re.compile(before), re.compile(after)) for kind, (before, after) in _EDGES.items()
}


def stands_as_a_whole(text: str, at: int, kind: Kind, literal: str) -> bool:
    """Whether the needle that begins at this sign of a text is no part of something longer."""
    if kind not in _AROUND:
        return True
    before, after = _AROUND[kind]
    return bool(before.match(text, at) and after.match(text, at + len(literal)))


def readings(text: str, depth: int = _DEPTH) -> Iterator[str]:
    """The text itself, and what it says when its escapes are undone."""
    yield text
    if not depth:
        return
    for undo in _UNDO:
        undone = undo(text)
        if undone != text:
            yield from readings(undone, depth - 1)


def _undo_json(text: str) -> str:
    """JSON's backslashes undone."""
    if "\\" not in text:
        return text
    return _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else " ", text)


def _undo_percent(text: str) -> str:
    """Percent-encoding undone."""
    return unquote(text, errors="replace") if "%" in text else text


def _undo_html(text: str) -> str:
    """HTML's character references undone."""
    return html.unescape(text) if "&" in text else text


def _undo_quoted_printable(text: str) -> str:
    """Quoted-printable undone."""
    if "=" not in text:
        return text
    return quopri.decodestring(text.encode(errors="replace")).decode(errors="replace")


def _undo_base64(text: str) -> str:
    """Every run that is base64 of a text replaced by that text."""
    whole = _WRAPPED.sub(lambda m: _from_base64("".join(m[0].split())) or m[0], text)
    return _BASE64.sub(lambda m: _from_base64(m[0]) or m[0], whole)


def _from_base64(run: str) -> str:
    """The text behind a run of base64, or nothing when there is none."""
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        found = base64.b64decode(plain + "=" * (-len(plain) % 4))
        text = found.decode()
    except (binascii.Error, ValueError):
        return ""
    return f" {text} " if text.isprintable() or "\n" in text else ""


_UNDO: tuple[Callable[[str], str], ...] = (
    _undo_json,
    _undo_percent,
    _undo_html,
    _undo_quoted_printable,
    _undo_base64,
)


def _lives_in(residence: Residence, text: str) -> bool:
    """Whether a text names this person at this door: all of it, near each other.

    The first name or its initial must stand there too, when we know it: the rest of a family
    shares the last name and the door.
    """
    code = re.escape(residence.postcode)
    if len(residence.postcode) == 6:
        code = re.escape(residence.postcode[:4]) + r"\W{0,3}" + re.escape(residence.postcode[4:])
    for found in re.finditer(rf"(?<!\w){code}(?!\w)", text):
        near = text[max(0, found.start() - 300) : found.end() + 300]
        if not _stands_in(residence.family_name, near):
            continue
        near = near.replace(found[0], " ")
        if not _stands_in(residence.number, near):
            continue
        near = near.replace(residence.number, " ")
        given = residence.given_name
        if not given or _stands_in(given, near) or _stands_in(given[0], near):
            return True
    return False


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text as a word."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
