"""Who judges for thousands says what the judge for one says, and looks at each kind once."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.datamap import many
from akkoord.datamap.judging import Judge
from akkoord.datamap.many import ManyJudge
from akkoord.datamap.needles import Kind, Needles, Residence

NEEDLES = Needles(
    ids=frozenset({UUID(int=7), UUID(int=0xABCDEF)}),
    texts=frozenset(
        {
            (Kind.EMAIL, "an@example.nl"),
            (Kind.EMAIL, "jan@example.nl"),
            (Kind.EMAIL, "josé@example.nl"),
            (Kind.PUSH, "https://push.example.com/1"),
            (Kind.CUSTOMER_NUMBER, "k-10042"),
        }
    ),
    phones=frozenset({("31", "612345678"), ("31", "302314567")}),
    residences=frozenset(
        {
            Residence("de wit", "anna", "2611ab", "7"),
            Residence("de wit", "bo", "3511cd", "12"),
            Residence("jansén", "", "2611ab", "7"),
        }
    ),
    hashes=frozenset({b"\x01" * 32, b"\x02" * 32}),
)
WORDS = [
    "an@example.nl",
    "josé@example.nl",
    "https://push.example.com/1",
    "k-10042",
    "06-12345678",
    "+31 30 231 45 67",
    "Anna de Wit",
    "B. de Wit",
    "Jansén",
    "2611 AB",
    "3511cd",
    "7",
    "12",
    str(UUID(int=7)),
    UUID(int=0xABCDEF).hex,
    "01" * 32,
]
BETWEEN = ["", " ", "\n", "j", "é", ".csv", ".csv.gz", ".com", "-", "€", "x" * 80, "0", "=", "가"]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BETWEEN)), max_size=9))
def test_inv35_many_are_judged_as_one_is(parts: list[tuple[str, str]]) -> None:
    """Whatever touches a needle, and whatever stands around it."""
    text = "".join(f"{between}{word}" for word, between in parts) + (parts or [("", "")])[0][1]
    assert ManyJudge(NEEDLES).kinds_in(text) == Judge(NEEDLES).kinds_in(text)


def test_of_thousands_in_one_file_each_kind_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal holds the keyed hash of everybody who went, so a night would cost its square."""
    hashes = frozenset(hashlib.sha256(str(n).encode()).digest() for n in range(2000))
    looks: list[Any] = []
    whole = many._stands_at
    monkeypatch.setattr(many, "_stands_at", lambda *about: looks.append(about) or whole(*about))
    text = "\n".join(each.hex() for each in hashes)
    assert ManyJudge(Needles(hashes=hashes)).kinds_in(text) == {Kind.KEYED_HASH}
    assert len(looks) < 10  # once per reading of its escapes


@pytest.mark.parametrize("rest", [b"\x01" * 20, b"\x03" * 20, b""])
def test_inv35_a_hash_in_bytes_counts_as_a_whole(rest: bytes) -> None:
    """It is known by a part of it, and told only when all of it stands there."""
    value = b"before" + b"\x01" * 12 + rest + b"\x03after"
    assert ManyJudge(NEEDLES).is_named_by(value) == Judge(NEEDLES).is_named_by(value)
    assert bool(ManyJudge(NEEDLES).is_named_by(value)) == (rest == b"\x01" * 20)
