"""What a text gives away (INV-32): each class, and what looks like it and is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akkoord.law.sensitive import (
    ARTICLES,
    NEVER,
    Sensitive,
    classes_in,
    classes_of_header,
    is_column_of_bsns,
    is_iban,
    passes_eleven_test,
    words_in,
)

BSN = "111222333"  # passes the eleven-test; the public example number
IBAN = "NL91ABNA0417164300"  # the published example


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"BSN {BSN}", {"bsn"}),
        ("burgerservicenummer: 111.222.333", {"bsn"}),
        ("sofi-nr 1112 22 333", {"bsn"}),
        (f"betaald van {IBAN}", {"iban"}),
        ("NL91 ABNA 0417 1643 00", {"iban"}),
        ("btw NL111222333B01", {"vat-with-bsn"}),
        ("paspoort NW2L8B1F4", {"id-document"}),
        ("rijbewijs 5123456789", {"id-document"}),
        ("P<NLDVOORBEELD<<EVA<<<<<<", {"id-document"}),
        ("heeft suikerziekte", {"health"}),
        ("Is diabetic, send sugar-free tips", {"health"}),
        ("ziekte van Crohn", {"health"}),
        ("in verwachting van de tweede", {"health"}),
        ("graag halal", {"religion"}),
        ("lid van de VVD", {"politics"}),
        ("FNV-lid", {"union"}),
        ("van Surinaamse afkomst", {"ethnicity"}),
        ("DNA-test gedaan", {"genetic"}),
        ("vingerafdruk ingeleverd", {"biometric"}),
        ("is lesbisch", {"sexual"}),
        ("veroordeeld voor diefstal", {"criminal"}),
        (f"moslim, IBAN {IBAN}", {"religion", "iban"}),
    ],
)
def test_inv32_each_class_is_found(text: str, expected: set[str]) -> None:
    assert {str(each) for each in classes_in(text)} == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"ordernummer {BSN}",  # one in eleven numbers passes: without a word it says nothing
        "BSN 111222334",
        "BSN volgt nog, telefoon 06-12345678",
        "NL91ABNA0417164301",
        "Fietsen Voorbeeld B.V. NL111222333B01",  # a legal person's number
        "btw NL123456789B01",
        "order NW2L8B1F4",
        "Homo sapiens",
        "Service zit in ons DNA",
        "de prijs stemt overeen",
        "Kerkstraat 12, Jodenbreestraat 4",
        "mevrouw De Christenen",
        "afgehaald in Rome",
        "Kankerachtig",  # part of a word is no word
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert classes_in(text) == frozenset()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BSN", {"bsn"}),
        ("BurgerServiceNummer", {"bsn"}),
        ("burgerservicenummer", {"bsn"}),
        ("bsn_nummer", {"bsn"}),
        ("IBAN", {"iban"}),
        ("Rekeningnummer", {"iban"}),
        ("paspoortnummer", {"id-document"}),
        ("Religie", {"religion"}),
        ("BTW-nummer", {"vat-with-bsn"}),
        ("E-mailadres", set()),
        ("Achternaam", set()),
        ("Interesses", set()),
    ],
)
def test_inv32_a_column_can_announce_itself(name: str, expected: set[str]) -> None:
    assert {str(each) for each in classes_of_header(name)} == expected


def test_the_name_of_the_column_is_a_word_beside_the_number() -> None:
    assert classes_in(BSN) == frozenset()
    assert classes_in(BSN, header="bsn_klant") == {Sensitive.BSN}
    assert classes_in("NW2L8B1F4", header="Paspoort") == {Sensitive.DOCUMENT}


def test_a_column_of_numbers_that_nearly_all_pass_is_one_of_bsns() -> None:
    passing = [
        f"{n:09d}" for n in range(100_000_000, 100_000_400) if passes_eleven_test(f"{n:09d}")
    ]
    by_chance = [f"{n:09d}" for n in range(100_000_000, 100_000_100)]
    assert is_column_of_bsns(passing[:20])
    assert not is_column_of_bsns(by_chance)
    assert not is_column_of_bsns(passing[:4])  # too few to say
    assert not is_column_of_bsns(passing[:1] * 9)  # one number, again and again
    assert not is_column_of_bsns([f"{each[:2]}.{each[2:]}" for each in passing])  # latitudes


def test_inv32_bsn_and_criminal_data_know_no_exception() -> None:
    assert {Sensitive.BSN, Sensitive.CRIMINAL} == NEVER
    assert set(ARTICLES) == set(Sensitive)


@pytest.mark.parametrize(
    "number", ["", "000000000", "1234567", "1234567890", "12345678a", "١١١٢٢٢٣٣٣"]
)
def test_what_is_no_bsn(number: str) -> None:
    assert not passes_eleven_test(number)


def test_eight_digits_have_a_nought_before() -> None:
    assert passes_eleven_test("10000008") == passes_eleven_test("010000008")


@pytest.mark.parametrize("text", ["", "NL91", "NL91ABNA041716430", "GB82WEST12345698765433"])
def test_what_is_no_iban(text: str) -> None:
    assert not is_iban(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Refund to {IBAN} please",
        f"{IBAN} is het nieuwe nummer",
        "please use DE89 3704 0044 0532 0130 00 for the deposit",
        "Het nummer EE38 2200 2210 2014 5685 stond in de mail van gisteren",
        "MT84MALT011000012345MTLCAST001S staat in de bijlage",
        f"Rit AB12 naar {IBAN} overgemaakt",
        f"In vak EE38 lag {IBAN} van de klant",
    ],
)
def test_inv32_an_account_is_found_however_the_sentence_goes_on(text: str) -> None:
    assert classes_in(text) == {Sensitive.IBAN}


@pytest.mark.parametrize("text", [f"Betaal op onze rekening {IBAN}", f"our IBAN is {IBAN}"])
def test_the_account_of_the_shop_is_nobodys(text: str) -> None:
    assert classes_in(text) == frozenset()
    assert classes_in(f"{text}, terug op {IBAN}") == {Sensitive.IBAN}


@pytest.mark.parametrize(
    "text",
    [
        "vakbondsplein 3",
        "Lange Winkeldievenstraat",
        "Turks brood",
        "mevrouw De Jood",
        "Islam Ahmed",
    ],
)
def test_streets_bread_and_names_say_nothing(text: str) -> None:
    assert words_in(text) == frozenset()


PIECES = [
    *("NL91 ", "NL", "91", "ABNA", "0417", "111.222.", "1 ", "heer ", "de ", "ons ", "Mevrouw De "),
    *(
        "Homo ",
        "P<",
        "b.s.n",
        "kanker",
        "-",
        "_",
        " ",
        "'",
        "\u0301",
        "\n",
        "a",
        "9",
        "B01",
        "onze ",
    ),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.integers(1, 6_000))
def test_no_text_takes_its_length_squared(piece: str, times: int) -> None:
    """Twenty thousand signs of anything that the patterns could go back and forth over."""
    text = (piece * times)[:20_000]
    began = time.process_time()
    classes_in(text, header=piece[:80])
    classes_of_header(text[:2_000])
    assert time.process_time() - began < 3


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_can_be_judged(text: str, header: str) -> None:
    assert classes_in(text, header=header) <= set(Sensitive)
    assert classes_of_header(header) <= set(Sensitive)
