"""The coarse question to the database: which rows could name somebody?

It may say yes too often (`judging` looks again) and never too rarely. Built to be cheap per cell:
a length first, then the longest plain piece of a needle, then the rest.
"""

import base64
import re
from collections.abc import Iterator
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
    """The conditions on a text, or on whatever else as text."""
    name = quoted(column.name)
    plain = column.type in _TEXTS
    text = name if plain else f"{name}::text"
    size = f"octet_length({name})" if plain else f"pg_column_size({name})"

    def guarded(length: int, condition: str, values: list[Any]) -> Condition:
        # What is compressed is longer than this anyway.
        return f"({size} >= {min(length, 24)} AND {condition})", values

    for kind, literal in needles.texts:
        runs = _pieces(literal, kind)
        yield guarded(
            len(literal),
            " AND ".join(f"strpos(lower({text}), %s) > 0" for _run in runs),
            list(runs),
        )
    for _country, bare in needles.phones:
        # LIKE is fast and lets any separators stand between; the pattern then looks closer.
        condition = f"{text} LIKE %s AND {text} ~ %s"
        yield guarded(len(bare), condition, ["%" + "%".join(bare) + "%", _BROKEN.join(bare)])
    for postcode in {each.postcode for each in needles.residences}:
        runs = _pieces(re.sub(r"(\d)(?=\D)", r"\1 ", postcode), Kind.RESIDENCE)
        yield guarded(
            len(postcode),
            " AND ".join(f"strpos(lower({text}), %s) > 0" for _run in runs),
            list(runs),
        )
    long_texts = [form for each in needles.ids for form in (str(each), each.hex)]
    long_texts += [each.hex() for each in needles.hashes]
    if long_texts:
        either = " OR ".join(f"strpos(lower({text}), %s) > 0" for _each in long_texts)
        yield guarded(24, f"({either})", long_texts)
    coded = sorted(_base64_pieces(needles))
    if coded:
        either = " OR ".join(f"strpos({text}, %s) > 0" for _each in coded)
        yield guarded(12, f"({either})", coded)
    # Django's signed and packed values (sessions): base64 of zlib behind a dot.
    yield f"({size} >= 24 AND {text} LIKE %s)", [".eJ%"]


def _bytes_conditions(name: str, needles: Needles) -> Iterator[Condition]:
    """The conditions on bytes: raw forms, the texts in three encodings, and packed files."""
    forms: set[bytes] = {each.bytes for each in needles.ids} | set(needles.hashes)
    texts = {literal for _kind, literal in needles.texts} | needles.spellings
    texts |= {bare for _country, bare in needles.phones}
    texts |= {form for each in needles.ids for form in (str(each), each.hex)}
    for text in texts:
        forms |= {text.encode(), text.encode("utf-16-le"), text.upper().encode()}
        forms |= {text.encode("latin-1", errors="ignore")}
    forms |= {piece.encode() for piece in _base64_pieces(needles)}
    found = sorted(form for form in forms if len(form) >= 5)
    if not found:
        return
    either = " OR ".join(f"position(%s::bytea IN {name}) > 0" for _form in found)
    yield (
        f"(octet_length({name}) >= {min(map(len, found))} AND ({either}))",
        list(found),
    )
    yield f"(substr({name}, 1, 2) IN (%s, %s))", [b"\x1f\x8b", b"PK"]


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
