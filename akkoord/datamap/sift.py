"""The coarse question for thousands of needles: every row is read once, and few are looked at.

The database sends a table as it is (COPY); an automaton finds in whole blocks of it the pieces by
which a needle could stand there. It may say yes too often (`judging` looks again) and never more
rarely than `sieve` does for one person: the same pieces, in any column of a row.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from the catalogue

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from django.db import connection, transaction

from akkoord.datamap.census import LiveColumn
from akkoord.datamap.mail_sieve import CODED, unbroken
from akkoord.datamap.many import Keys
from akkoord.datamap.needles import Kind, Needles
from akkoord.datamap.paths import quoted
from akkoord.datamap.sieve import base64_pieces, is_never_text, longest_digits, pieces

BLOCK = 1 << 20
_KEY = 12  # bytes of a long key that are looked for: enough to be rare
_ALNUM = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyz")
_PLAIN = _ALNUM | {95}  # with the underscore
_ESCAPES = frozenset(b"%=\\&;#")
_NOT_PLAIN = bytes(x for x in range(256) if x not in _ALNUM and x != 10)
_DIGITS = re.compile(rb"[0-9]+")
_COPIED = re.compile(rb"\\(.)", re.DOTALL)
_UNESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_BROKEN_LINES = (b"\\n", b"\\r", b"\\t")
_PACKED = (b"\\x1f8b", b"\\x504b", b".ej")  # what must be unpacked to be judged
Name = tuple[str, str]


class Sifter:
    """Says of which lines of a block somebody could stand in; made once per look.

    `names`: first and last names of whom a text alone may name.
    """

    def __init__(self, needles: Needles, names: Iterable[Name] = ()) -> None:
        self._keys, self._numbers, self._phones, self._families = Keys(), Keys(), Keys(), Keys()
        self._pieces: dict[Any, tuple[bytes, ...]] = {}
        self._alone: dict[Any, int] = {}  # how long the piece is that stands by itself
        self._codes: dict[Any, set[bytes]] = defaultdict(set)
        self._add_texts(needles)
        self._add_homes(needles)
        for country, bare in needles.phones:
            self._phones.add(bare.encode(), (country, bare))
        for key in self._sure_keys(needles):
            self._keys.add(key, ("", ""))
        self._pieces["", ""] = ()
        for given, family in names:
            for key in _written(family):
                self._keys.add(key, (given, family))
            self._pieces[given, family] = () if _written(given)[1:] else _written(given)

    def _add_texts(self, needles: Needles) -> None:
        """By the piece that fewest others have; the rest of its pieces must stand there too."""
        split = {
            each: tuple(piece.encode() for piece in pieces(each[1]))
            for each in needles.texts
            if each[0] is not Kind.CUSTOMER_NUMBER
        }
        common = Counter(piece for found in split.values() for piece in set(found))
        for needle, found in split.items():
            key = min(found, key=lambda piece: (common[piece] > 1, len(piece) < 4, common[piece]))
            self._keys.add(key, needle)
            self._pieces[needle] = tuple(each for each in found if each != key)
            if needle[0] is Kind.EMAIL and needle[1].isascii():
                self._alone[needle] = len(key)
        for kind, literal in needles.texts:
            if kind is Kind.CUSTOMER_NUMBER:
                self._numbers.add(longest_digits(literal).encode(), (kind, literal))

    def _add_homes(self, needles: Needles) -> None:
        for home in needles.residences:
            for family in _written(home.family_name):
                # What an accent may follow: in another notation its letter stands by itself.
                kind = "family" if home.family_name.isascii() else "part"
                self._families.add(family, (kind, family.decode()))
                self._codes[family].add(longest_digits(home.postcode).encode())

    @staticmethod
    def _sure_keys(needles: Needles) -> Iterator[bytes]:
        """What is nobody else's: ids and hashes (also as bytes), base64; and what is packed."""
        for each in needles.ids:
            yield each.hex[-12:].encode()
        for digest in needles.hashes:
            yield digest.hex()[:_KEY].encode()
        for piece in base64_pieces(needles):
            yield piece[:_KEY].lower().encode()
        yield from _PACKED

    def sift(self, lines: Sequence[bytes]) -> list[int]:
        """The numbers of the lines in which somebody could stand; each line ends in a newline."""
        block = b"".join(lines).lower().replace(b"\\\\000", b"")  # the gaps of UTF-16
        low = block.split(b"\n")
        ends = list(accumulate(len(each) + 1 for each in low))
        found: set[int] = set()
        for start, needles in self._keys.found_in(block):
            at = bisect_right(ends, start)
            if at not in found and self._has_all(needles, low[at], block, start):
                found.add(at)
        for start, needles in self._numbers.found_in(block):
            if _is_number(block, start, needles):
                found.add(bisect_right(ends, start))
        self._sift_homes(block, low, ends, found)
        self._sift_phones(block, found)
        if CODED in block:
            found |= self._mails(low, found)
        return sorted(found)

    def _mails(self, low: Sequence[bytes], found: set[int]) -> set[int]:
        """The lines with a mail in which somebody could stand across a break."""
        could = set()
        for at, line in enumerate(low):
            if at in found or CODED not in line:
                continue
            whole = unbroken(line)
            if whole is None or self._stands_in(whole):
                could.add(at)
        return could

    def _stands_in(self, line: bytes) -> bool:
        """Whether somebody could stand in one line, which is looked at by itself."""
        if any(self._has_all(each, line, line, at) for at, each in self._keys.found_in(line)):
            return True
        if any(_is_number(line, at, each) for at, each in self._numbers.found_in(line)):
            return True
        found: set[int] = set()
        self._sift_homes(line, [line], [len(line) + 1], found)
        return bool(found)

    def _has_all(self, needles: Iterable[Any], line: bytes, block: bytes, start: int) -> bool:
        """Whether the other pieces of one of these stand there too, and this one by itself: the
        beginning of a longer address is somebody else's."""
        return any(
            all(piece in line for piece in self._pieces[each])
            and (each not in self._alone or _stands_alone(block, start, self._alone[each]))
            for each in needles
        )

    def _sift_homes(self, block: bytes, low: list[bytes], ends: list[int], found: set[int]) -> None:
        """A last name as a word, and a postcode of somebody with that name in the same row."""
        runs: dict[int, set[bytes]] = {}
        for start, families in self._families.found_in(block):
            at = bisect_right(ends, start)
            if at in found:
                continue
            for kind, family in families:
                name = family.encode()
                if kind == "family" and not _ends_a_word(block, start + len(name)):
                    continue
                if at not in runs:
                    runs[at] = {
                        run[-size:]
                        for run in _DIGITS.findall(low[at])
                        for size in range(len(run) + 1)
                    } | {b""}
                if not runs[at].isdisjoint(self._codes[name]):
                    found.add(at)

    def _sift_phones(self, block: bytes, found: set[int]) -> None:
        """Digits with anything between them but letters."""
        for broken in _BROKEN_LINES:
            block = block.replace(broken, b"")
        squeezed = block.translate(None, _NOT_PLAIN)
        places = [start for start, _needles in self._phones.found_in(squeezed)]
        if places:
            ends = list(accumulate(len(each) + 1 for each in squeezed.split(b"\n")))
            found |= {bisect_right(ends, start) for start in places}


def _written(text: str) -> tuple[bytes, ...]:
    """How a name stands in small letters: its longest plain piece, or, in another alphabet, of
    which bytes have no small letters, every usual way to write it."""
    piece = max(pieces(text), key=len).encode()
    if piece:
        return (piece,)
    forms = {
        normalize(how, each)
        for how in ("NFC", "NFD")
        for each in (text, text.upper(), text.title())
    }
    return tuple({coded for each in forms for coded in _coded(each)})


def _coded(text: str) -> Iterator[bytes]:
    """A text as it is, and within JSON, links and pages; as in a block, where what COPY doubles
    is double."""
    yield text.encode()
    yield json.dumps(text)[1:-1].lower().replace("\\", "\\\\").encode()
    yield quote(text).lower().encode()
    yield quote(text).replace("%", "=").lower().encode()
    yield "".join(f"&#{ord(each)};" for each in text).encode()


def _ends_a_word(block: bytes, at: int) -> bool:
    return at >= len(block) or block[at] not in _PLAIN


def _stands_alone(block: bytes, start: int, size: int) -> bool:
    """Whether no letter or digit touches a piece; an escape before it may end in one."""
    end = start + size
    if end < len(block) and block[end] in _ALNUM:
        return False
    if start == 0 or block[start - 1] not in _ALNUM:
        return True
    return not _ESCAPES.isdisjoint(block[max(0, start - 6) : start])


def _is_number(block: bytes, start: int, needles: Iterable[Any]) -> bool:
    """Whether one of these customer numbers stands here as a whole, not within other digits."""
    for _kind, literal in needles:
        digits = longest_digits(literal)
        before, after = literal.split(digits, 1)
        end = start + len(digits)
        if not after and not _ends_a_word(block, end):
            continue
        if before or start == 0 or block[start - 1] not in _PLAIN:
            return True
        if not _ESCAPES.isdisjoint(block[max(0, start - 6) : start]):
            return True
    return False


def sifted_rows(
    columns: Sequence[LiveColumn], sifter: Sifter, *, key: str = ""
) -> Iterator[list[str | bytes | None]]:
    """The rows of a table in which somebody could stand: these columns, behind the `key` column.

    Bytes are bytes, everything else is text. What can hold no text is None.
    """
    shown = [*([f"{quoted(key)}::text"] if key else []), *map(_shown, columns)]
    also = [f"encode({quoted(each.name)}, 'escape')" for each in columns if each.type == "bytea"]
    is_bytes = [*([False] if key else []), *(each.type == "bytea" for each in columns)]
    if all(is_never_text(each) for each in columns):
        return
    sql = f"COPY (SELECT {', '.join(shown + also)} FROM {quoted(columns[0].store)}) TO STDOUT"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(sql) as copy:
        for lines in _blocks(copy):
            for place in sifter.sift(lines):
                cells = lines[place][:-1].split(b"\t")
                yield [_cell(cell, raw) for cell, raw in zip(cells, is_bytes, strict=False)]


def _shown(column: LiveColumn) -> str:
    name = quoted(column.name)
    if is_never_text(column):
        return "NULL"
    return name if column.type == "bytea" else f"{name}::text"


def _blocks(copy: Iterable[Any]) -> Iterator[list[bytes]]:
    """The lines in blocks that are large enough for the automaton, and small for the memory."""
    lines: list[bytes] = []
    size = 0
    for data in copy:
        lines.append(bytes(data))
        size += len(data)
        if size > BLOCK:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _cell(cell: bytes, is_bytes: bool) -> str | bytes | None:
    """A cell as it was: COPY's escapes undone."""
    if cell == b"\\N":
        return None
    plain = _COPIED.sub(lambda m: _UNESCAPED.get(m[1], m[1]), cell) if b"\\" in cell else cell
    return bytes.fromhex(plain[2:].decode()) if is_bytes else plain.decode(errors="replace")
