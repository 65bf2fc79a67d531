"""The sieve for thousands sees whatever the judge would hold against us, in every notation."""

import html
import json
import quopri
import unicodedata
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.datamap.judging import Judge
from akkoord.datamap.needles import Kind, Needles, Residence, fold
from akkoord.datamap.sift import Sifter

CODINGS: tuple[Callable[[str], str], ...] = (
    str,
    json.dumps,
    quote,
    lambda text: quopri.encodestring(text.encode()).decode().replace("=\n", ""),
    lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode(),
)
LETTERS = "abenoösüéàñçÅйи́άи가が"


def as_copied(text: str) -> bytes:
    """A row as COPY sends it."""
    row = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f"{row}\n".encode()


@given(
    name=st.text(alphabet=LETTERS, min_size=2, max_size=8).map(fold).filter(str.isalpha),
    is_address=st.booleans(),
    form=st.sampled_from(["NFC", "NFD"]),
    case=st.sampled_from([str, str.upper, str.title]),
    code=st.sampled_from(CODINGS),
    around=st.sampled_from([("", ""), (" ", " "), ("<", ">"), ("é", ""), ("x", "y"), ("", "s")]),
)
def test_inv35_of_an_accent_in_either_notation_the_sifter_sees_what_the_judge_sees(
    name: str,
    is_address: bool,
    form: str,
    case: Callable[[str], str],
    code: Callable[[str], str],
    around: tuple[str, str],
) -> None:
    """NFC or NFD, in capitals, within a link or JSON: nothing that the judge knows is passed by."""
    address = f"{name}@example.nl"
    needles = Needles(texts=frozenset({(Kind.EMAIL, address)}))
    said = address
    if not is_address:
        needles = Needles(residences=frozenset({Residence(name, "", "2611ab", "7")}))
        said = f"{name} 2611 ab 7"
    text = around[0] + unicodedata.normalize(form, case(said)) + around[1]
    row = code(text)
    if Judge(needles).kinds_in(row):
        assert Sifter(needles).sift([as_copied("x"), as_copied(row)]) == [1]


@pytest.mark.parametrize("name", ["josé", "brontë", "müller", "толстой", "παπάς"])
def test_inv35_a_name_of_any_alphabet_is_seen_where_its_accents_stand_apart(name: str) -> None:
    row = as_copied(unicodedata.normalize("NFD", f"{name} {name}@example.nl 2611 AB 7"))
    for needles in (
        Needles(texts=frozenset({(Kind.EMAIL, f"{name}@example.nl")})),
        Needles(residences=frozenset({Residence(name, "", "2611ab", "7")})),
    ):
        assert Sifter(needles).sift([row]) == [0]
