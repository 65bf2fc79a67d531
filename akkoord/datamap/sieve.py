"""The coarse question to the database: which rows could name somebody?

It may say yes too often (`judging` looks again) and never too rarely. Built to be cheap per cell:
a length first, then the longest plain piece of a needle, then the rest.
"""

# ruff: noqa: S608 - every name in the SQL is quoted and comes from the catalogue

import base64
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from akkoord.datamap.census import LiveColumn
from akkoord.datamap.needles import Kind, Needles
from akkoord.datamap.paths import quoted

Condition = tuple[str, list[Any]]

_NUMBERS = {"int4", "int8", "numeric", "float8"}
_NEVER_TEXT = {"bool", "int2", "float4", "oid", "date", "time", "timetz", "timestamp"}
_NEVER_TEXT |= {"timestamptz", "interval", "money", "bit", "varbit"}
_TEXTS = {"text", "varchar", "bpchar", "name"}
_RUN = re.compile(r"[0-9a-z]+")
_BROKEN = r"[^0-9a-z]{0,6}"  # separators, also when they are coded
_LONGEST_DIGITS = 7  # a shorter number stands in integers by chance


def is_text_like(column: LiveColumn) -> bool:
    """Whether a column could hold text; a type that we do not know could."""
    return column.type not in _NEVER_TEXT | _NUMBERS | {"uuid", "bytea"} and not (
        column.type_category == "A" and column.element in _NEVER_TEXT | {"uuid"}
    )


def column_conditions(column: LiveColumn, needles: Needles) -> Iterator[Condition]:
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
    text = name if plain else f"{name}::text"
    size = f"octet_length({name})" if plain else f"pg_column_size({name})"
    for length, condition, values in _digit_tests(needles):
        yield f"({size} >= {length} AND {condition.format(text=text)})", values
    tests = list(_letter_tests(needles))
    shortest = min(length for length, _test, _values in tests)
    either = " OR ".join(test for _length, test, _values in tests)
    once = f"(SELECT {text} AS cell, lower({text}) AS low OFFSET 0) AS once"
    values = [value for _length, _test, found in tests for value in found]
    yield f"({size} >= {shortest} AND (SELECT {either} FROM {once}))", values


def _digit_tests(needles: Needles) -> Iterator[tuple[int, str, list[Any]]]:
    """Length, test and values for phone numbers, customer numbers and postcodes."""
    for _country, bare in needles.phones:
        # LIKE is fast and lets any separators stand between; the pattern then looks closer.
        test = "{text} LIKE %s AND {text} ~ %s"
        yield len(bare), test, ["%" + "%".join(bare) + "%", _BROKEN.join(bare)]
    for kind, literal in needles.texts:
        if kind is Kind.CUSTOMER_NUMBER:
            yield len(literal), "strpos({text}, %s) > 0", [_longest_digits(literal)]
    for postcode in {each.postcode for each in needles.residences}:
        yield len(postcode), "strpos({text}, %s) > 0", [_longest_digits(postcode)]


def _letter_tests(needles: Needles) -> Iterator[tuple[int, str, list[Any]]]:
    """Length, test and values for everything with letters; what is compressed is longer than 24
    bytes anyway."""
    for kind, literal in needles.texts:
        if kind is not Kind.CUSTOMER_NUMBER:
            runs = _pieces(literal, kind)
            test = " AND ".join("strpos(low, %s) > 0" for _run in runs)
            yield min(len(literal), 24), f"({test})", list(runs)
    for each in needles.ids:  # its last part stands whole in both of its spellings
        yield 24, "strpos(low, %s) > 0", [each.hex[-12:]]
    for digest in needles.hashes:
        yield 24, "strpos(low, %s) > 0", [digest.hex()]
    for piece in _base64_pieces(needles):
        yield min(len(piece), 24), "strpos(cell, %s) > 0", [piece]
    # Django's signed and packed values (sessions): base64 of zlib behind a dot.
    yield 24, "starts_with(cell, %s)", [".eJ"]


def _bytes_conditions(name: str, needles: Needles) -> Iterator[Condition]:
    """The conditions on bytes: raw forms, the texts in three encodings, and packed files.

    Per length, so that a column of hashes is compared with what could fit only.
    """
    forms = {each.bytes for each in needles.ids} | set(needles.hashes)
    texts = {literal for _kind, literal in needles.texts} | needles.spellings
    texts |= {bare for _country, bare in needles.phones}
    texts |= {form for each in needles.ids for form in (str(each), each.hex)}
    for text in texts:
        forms |= {text.encode(), text.encode("utf-16-le"), text.upper().encode()}
        forms |= {text.encode("latin-1", errors="ignore")}
    forms |= {piece.encode() for piece in _base64_pieces(needles)}
    for low, high in pairwise((5, 16, 17, 32, 33, 48, 1 << 20)):
        fitting = sorted(form for form in forms if low <= len(form) < high)
        if fitting:
            either = " OR ".join(f"position(%s IN {name}) > 0" for _form in fitting)
            yield f"(octet_length({name}) >= {low} AND ({either}))", list(fitting)
    yield f"(octet_length({name}) > 20 AND substr({name}, 1, 2) IN (%s, %s))", [b"\x1f\x8b", b"PK"]


def _longest_digits(literal: str) -> str:
    """The longest run of digits: the same in either case."""
    return max(re.findall(r"[0-9]+", literal), key=len, default="")


def _pieces(literal: str, kind: Kind) -> list[str]:
    """The plain runs of a needle, which survive every escape; the telling ones first.

    An address is known by what stands before the @: its domain is everybody's.
    """
    local, _at, domain = literal.partition("@") if kind is Kind.EMAIL else (literal, "", "")
    found: list[str] = []
    for part in (local, domain):
        runs = sorted(set(_RUN.findall(part)), key=len, reverse=True)
        found += [run for run in runs if len(run) > 1 or len(runs) == 1]
    return found[:6] or [_longest_ascii(literal)]


def _longest_ascii(literal: str) -> str:
    """Something of a needle without plain runs; empty (everything is looked at) if need be."""
    return max(re.findall(r"[!-~]+", literal), key=len, default="")


def _base64_pieces(needles: Needles) -> set[str]:
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
