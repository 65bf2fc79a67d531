"""The coarse question to the database: which rows could name somebody?

It may say yes too often (`judging` looks again) and never too rarely. Built to be cheap per cell:
a length first, then the longest plain piece of a needle, then the rest.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from akkoord.datamap.census import LiveColumn
from akkoord.datamap.mail_sieve import bytes_condition, mail_values, text_condition
from akkoord.datamap.needles import Kind, Needles
from akkoord.datamap.paths import quoted

Condition = tuple[str, list[Any]]

_NUMBERS = {"int4", "int8", "numeric", "float8"}
_NEVER_TEXT = {"bool", "int2", "float4", "oid", "date", "time", "timetz", "timestamp"}
_NEVER_TEXT |= {"timestamptz", "interval", "money", "bit", "varbit"}
_TEXTS = {"text", "varchar", "bpchar", "name"}
_RUN = re.compile(r"[0-9a-z]+")
_BROKEN = r"[^0-9a-z]{0,6}"  # separators, also when they are coded
_MOST_PIECES = 6  # of one needle; more say no more
_LONGEST_DIGITS = 7  # a shorter number stands in integers by chance


def is_never_text(column: LiveColumn) -> bool:
    """Whether nothing of anybody can stand in a column of this type."""
    return column.type in _NEVER_TEXT or (
        column.type_category == "A" and column.element in _NEVER_TEXT
    )


def is_text_like(column: LiveColumn) -> bool:
    """Whether a column could hold text; a type that we do not know could."""
    return column.type not in _NEVER_TEXT | _NUMBERS | {"uuid", "bytea"} and not (
        column.type_category == "A" and column.element in _NEVER_TEXT | {"uuid"}
    )


def row_conditions(columns: Sequence[LiveColumn], needles: Needles) -> Iterator[Condition]:
    """The conditions under which a row of these columns could name somebody: one of them holds."""
    for column in columns:
        yield from _column_conditions(column, needles)
    yield from _residence_conditions([each for each in columns if is_text_like(each)], needles)


def row_patterns(needles: Needles) -> Iterator[str]:
    """LIKE patterns for all texts of a row behind each other, in lower case: one holds when the
    row could name somebody.

    Looser than `row_conditions`, and the same question to every table: for tables of few rows.
    """
    for _length, pattern in _letter_patterns(needles):
        yield pattern if pattern.startswith("%") else f"%{pattern}"
    for _country, bare in needles.phones:
        yield _containing(*bare)
    for kind, literal in needles.texts:
        if kind is Kind.CUSTOMER_NUMBER:
            yield _containing(longest_digits(literal))
    for code, family in {(x.postcode, x.family_name) for x in needles.residences}:
        yield from both_ways(longest_digits(code), max(pieces(family), key=len))


def both_ways(one: str, other: str) -> tuple[str, str]:
    """LIKE patterns of a text in which these two stand, in either order."""
    return _containing(one, other), _containing(other, one)


def _residence_conditions(columns: Sequence[LiveColumn], needles: Needles) -> Iterator[Condition]:
    """Somebody's postcode in one of the columns, and their last name anywhere in the row.

    A postcode alone is many people's: without the name the judge would read a street's worth of
    rows for nothing. The name is looked for only where the postcode stands.
    """
    texts = [_as_text(each) for each in columns]
    whole = f"lower(concat_ws(' ', {', '.join(texts)}))"
    for code, family in sorted({(x.postcode, x.family_name) for x in needles.residences}):
        if texts:
            digits = longest_digits(code)
            either = " OR ".join(f"strpos({text}, %s) > 0" for text in texts)
            name = max(pieces(family), key=len)
            yield f"(({either}) AND strpos({whole}, %s) > 0)", [digits] * len(texts) + [name]


def _as_text(column: LiveColumn) -> str:
    name = quoted(column.name)
    return name if column.type in _TEXTS else f"{name}::text"


def _column_conditions(column: LiveColumn, needles: Needles) -> Iterator[Condition]:
    """The conditions under which a cell of this column could name somebody."""
    name = quoted(column.name)
    if column.type == "uuid":
        yield f"{name} = ANY(%s::uuid[])", [list(needles.ids)]
    elif column.element == "uuid":
        yield f"{name} && %s::uuid[]", [list(needles.ids)]
    elif column.type in _NUMBERS:
        numbers = list(_as_numbers(needles))
        if numbers:
            yield f"{name} = ANY(%s::{column.type}[])", [_that_fit(numbers, column.type)]
    elif column.type == "bytea":
        yield from _bytes_conditions(name, needles)
    elif is_text_like(column):
        yield from _text_conditions(column, needles)


def _text_conditions(column: LiveColumn, needles: Needles) -> Iterator[Condition]:
    """The conditions on a text, or on whatever else as text.

    Digits are looked for as they stand; what has letters only in cells that are long enough,
    made lower case once.
    """
    name = quoted(column.name)
    plain = column.type in _TEXTS
    text = _as_text(column)
    size = f"octet_length({name})" if plain else f"pg_column_size({name})"
    for length, condition, values in _digit_tests(needles):
        yield f"({size} >= {length} AND {condition.format(text=text)})", values
    patterns = [pattern for _length, pattern in _letter_patterns(needles)]
    shortest = min(length for length, _pattern in _letter_patterns(needles))
    yield f"({size} >= {shortest} AND lower({text}) LIKE ANY(%s))", [patterns]
    if plain:
        yield text_condition(name, text), mail_values(_unbroken_patterns(needles))


def _digit_tests(needles: Needles) -> Iterator[tuple[int, str, list[Any]]]:
    """Length, test and values for phone numbers and customer numbers."""
    for _country, bare in needles.phones:
        # LIKE is fast and lets any separators stand between; the pattern then looks closer.
        test = "{text} LIKE %s AND {text} ~ %s"
        yield len(bare), test, ["%" + "%".join(bare) + "%", _BROKEN.join(bare)]
    for kind, literal in needles.texts:
        if kind is Kind.CUSTOMER_NUMBER:
            yield len(literal), "strpos({text}, %s) > 0", [longest_digits(literal)]


def _letter_patterns(needles: Needles) -> Iterator[tuple[int, str]]:
    """Length and LIKE pattern, in lower case, for everything with letters; what is compressed is
    longer than 24 bytes anyway.

    One comparison with many patterns makes a cell lower case once, and lets every core work: the
    planner keeps a subquery per row on one.
    """
    for kind, literal in needles.texts:
        if kind is not Kind.CUSTOMER_NUMBER:
            yield min(len(literal), 24), _containing(*pieces(literal))
    for each in needles.ids:  # its last part stands whole in both of its spellings
        yield 24, _containing(each.hex[-12:])
    for digest in needles.hashes:
        yield 24, _containing(digest.hex())
    for piece in base64_pieces(needles):
        yield min(len(piece), 24), _containing(piece.lower())
    # Django's signed and packed values (sessions): base64 of zlib behind a dot.
    yield 24, ".ej%"


def _containing(*pieces: str) -> str:
    """The LIKE pattern of a text in which these stand, in this order."""
    safe = (re.sub(r"([\\%_])", r"\\\1", piece) for piece in pieces)
    return f"%{'%'.join(safe)}%"


def _bytes_conditions(name: str, needles: Needles) -> Iterator[Condition]:
    """The conditions on bytes: raw forms, the texts in their encodings, mails and packed files.

    Per length, so that a column of hashes is compared with what could fit only.
    """
    forms = {each.bytes for each in needles.ids} | set(needles.hashes)
    texts = {literal for _kind, literal in needles.texts} | needles.spellings
    texts |= {bare for _country, bare in needles.phones}
    texts |= {form for each in needles.ids for form in (str(each), each.hex)}
    for text in texts:
        forms |= {text.encode(), text.encode("utf-16-le"), text.upper().encode()}
        forms |= {text.encode("utf-16-be"), text.encode("latin-1", errors="ignore")}
    forms |= {piece.encode() for piece in base64_pieces(needles)}
    for low, high in pairwise((5, 16, 17, 32, 33, 48, 1 << 20)):
        fitting = sorted(form for form in forms if low <= len(form) < high)
        if fitting:
            either = " OR ".join(f"position(%s IN {name}) > 0" for _form in fitting)
            yield f"(octet_length({name}) >= {low} AND ({either}))", list(fitting)
    yield f"(octet_length({name}) > 20 AND substr({name}, 1, 2) IN (%s, %s))", [b"\x1f\x8b", b"PK"]
    yield bytes_condition(name), mail_values(_unbroken_patterns(needles))


def _unbroken_patterns(needles: Needles) -> Iterator[str]:
    """LIKE patterns, in lower case, of a mail whose soft breaks were taken away."""
    for kind, literal in needles.texts:
        is_number = kind is Kind.CUSTOMER_NUMBER
        yield _containing(*([longest_digits(literal)] if is_number else pieces(literal)))
    for _country, bare in needles.phones:
        yield _containing(*bare)
    for form in (*(each.hex[-12:] for each in needles.ids), *(x.hex() for x in needles.hashes)):
        yield _containing(form)
    for code, family in {(x.postcode, x.family_name) for x in needles.residences}:
        digits, name = longest_digits(code), max(pieces(family), key=len)
        yield from (_containing(digits, name), _containing(name, digits))


def longest_digits(literal: str) -> str:
    """The longest run of digits: the same in either case."""
    return max(re.findall(r"[0-9]+", literal), key=len, default="")


def pieces(literal: str) -> list[str]:
    """The longest plain runs of a needle, which survive every escape, in their order."""
    runs = list(_RUN.finditer(literal))
    telling = [each for each in runs if len(each[0]) > 1 or len(runs) == 1]
    longest = sorted(telling, key=lambda each: len(each[0]), reverse=True)[:_MOST_PIECES]
    found = [each[0] for each in sorted(longest, key=lambda each: each.start())]
    return found or [_longest_ascii(literal)]


def _longest_ascii(literal: str) -> str:
    """Something of a needle without plain runs; empty (everything is looked at) if need be."""
    return max(re.findall(r"[!-~]+", literal), key=len, default="")


def base64_pieces(needles: Needles) -> set[str]:
    """What a needle looks like within base64, whatever stands before it (three alignments)."""
    texts = {literal for _kind, literal in needles.texts} | needles.spellings
    texts |= {bare for _country, bare in needles.phones}
    found = set()
    for text in texts:
        raw = text.encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).decode()
            whole = (shift + len(raw)) * 8 // 6
            piece = coded[(shift * 8 + 5) // 6 : whole]
            if len(piece) >= 8:
                found |= {piece, piece.replace("+", "-").replace("/", "_")}
    return found


def _as_numbers(needles: Needles) -> Iterator[int]:
    """Phone and customer numbers as whole numbers."""
    for country, bare in needles.phones:
        yield from (int(bare), int(country + bare))
    for kind, literal in needles.texts:
        if (
            kind is Kind.CUSTOMER_NUMBER
            and literal.isdecimal()
            and (len(literal) >= _LONGEST_DIGITS)
        ):
            yield int(literal)


def _that_fit(numbers: list[int], type_name: str) -> list[int]:
    """The numbers that a column of this type can hold."""
    limit = {"int4": 2**31, "int8": 2**63}.get(type_name)
    return [each for each in numbers if limit is None or each < limit]
