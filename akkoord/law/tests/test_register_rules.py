"""What an entry lacks, who may receive data, what points to a person: tables (INV-29, 30, 42)."""

import time
from datetime import date

import pytest

from akkoord.law.person_traces import Trace, has_contact, possible_names, traces_in
from akkoord.law.register_rules import (
    NEVER_BLANK,
    OF_CONTROLLER,
    OF_PROCESSOR,
    STOPS,
    Element,
    Fault,
    Receiving,
    faults_of_recipient,
    lacking,
)

HOUSE = {"name": "Fietsen", "address": "Kade 1", "contact_email": "info@fietsen.example"}
FULL = {
    "role": "controller",
    "name_nl": "Camera’s",
    "purpose_nl": "Diefstal voorkomen.",
    "legal_basis": "legitimate-interest",
    "proof_nl": "Ons belang weegt zwaarder.",
    "subjects": ["dpv:Visitor"],
    "data_nl": ["Beelden"],
    "receivers_nl": ["Politie"],
    "transfers_nl": "Zij werkt in Nederland.",
    "term_nl": "Vier weken.",
    "security_nl": "Achter slot.",
    "recipients": [],
}
EMPTIES = {
    Element.PURPOSE: {"purpose_nl": " "},
    Element.BASIS: {"legal_basis": ""},
    Element.PROOF: {"proof_nl": ""},
    Element.SUBJECTS: {"subjects": []},
    Element.DATA: {"data_nl": []},
    Element.RECIPIENTS: {"receivers_nl": []},
    Element.TRANSFERS: {"recipients": [{"name": "Far", "country": "US", "safeguard": ""}]},
    Element.TERMS: {"term_nl": ""},
    Element.SECURITY: {"security_nl": ""},
}


def test_inv29_a_full_entry_lacks_nothing() -> None:
    """Every element says something."""
    assert lacking(FULL, HOUSE) == ()


@pytest.mark.parametrize("element", EMPTIES)
def test_inv29_each_empty_element_is_lacking(element: Element) -> None:
    """One empty element is one that lacks; a reason stands for it, but never for the core."""
    record = FULL | EMPTIES[element]
    assert lacking(record, HOUSE) == (element,)
    excused = record | {"blanks": {element: "Dit is bij ons niet aan de orde."}}
    assert lacking(excused, HOUSE) == ((element,) if element in NEVER_BLANK else ())
    short = record | {"blanks": {element: "nvt"}}
    assert lacking(short, HOUSE) == (element,)


@pytest.mark.parametrize("role", ["controller", "processor"])
def test_inv29_of_receivers_in_words_somebody_says_whether_they_are_outside_europe(
    role: str,
) -> None:
    """Art. 30(1)(e), 30(2)(c): of a company the country tells, of words alone nothing does."""
    clients = ["Bakkerij, 06-12345678"]
    record = FULL | {"role": role, "clients": clients, "transfers_nl": ""}
    record["receivers_nl"] = ["Analysebureau in de VS"]
    assert lacking(record, HOUSE) == (Element.TRANSFERS,)
    assert lacking(record | {"transfers_nl": "VS, modelcontract."}, HOUSE) == ()
    reason = {Element.TRANSFERS: "Het bureau ziet alleen aantallen."}
    assert lacking(record | {"blanks": reason}, HOUSE) == ()
    assert lacking(record | {"receivers_nl": [], "recipients": [{"country": "NL"}]}, HOUSE) == ()


@pytest.mark.parametrize(
    ("line", "is_there"),
    [
        ("Bakkerij Kruim", False),
        ("Bakkerij Kruim, Ergens", False),
        ("Bakkerij Kruim, info@kruim.example", True),
        ("Bakkerij Kruim, 020 123 4567", True),
        ("Bakkerij Kruim, Kade 1, 1000 AA Ergens", True),
        ("Bakkerij Kruim, www.kruim.example", True),
    ],
)
def test_a_client_is_named_with_how_to_reach_it(line: str, is_there: bool) -> None:
    """Art. 30(2)(a)."""
    assert has_contact(line) is is_there


def test_inv29_a_register_without_its_controller_lacks_it() -> None:
    """Art. 30(1)(a): who answers, and where they are reached."""
    assert lacking(FULL, HOUSE | {"contact_email": ""}) == (Element.CONTROLLER,)
    assert set(EMPTIES) | {Element.CONTROLLER} == set(OF_CONTROLLER)


def test_inv29_a_processor_names_its_clients() -> None:
    """Art. 30(2): clients, what is done, transfers, measures; no basis of its own."""
    record = {"role": "processor", "name_nl": "Boeken", "purpose_nl": "Boeken bijhouden."}
    assert lacking(record, HOUSE) == (Element.CLIENTS, Element.SECURITY)
    full = record | {"clients": ["Bakkerij, info@bakkerij.example"], "security_nl": "Achter slot."}
    assert lacking(full, HOUSE) == ()
    bare = full | {"clients": [*full["clients"], "Slagerij"]}  # name and contact, of each of them
    assert lacking(bare, HOUSE) == (Element.CLIENTS,)
    assert Element.BASIS not in OF_PROCESSOR


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (Receiving("processor", "NL"), {Fault.NO_CONTRACT, Fault.NO_SUBPROCESSORS}),
        (Receiving("independent", "NL"), set()),  # the post needs none
        (Receiving("processor", "NL", is_own=True), set()),
        (Receiving("independent", "US"), {Fault.NO_GROUND}),
        (Receiving("independent", "US", "clauses"), set()),
        (Receiving("independent", "US", "adequacy"), {Fault.GROUND_UNFIT}),
        (Receiving("independent", "CH", "adequacy"), set()),
        (Receiving("independent", "CH", "dpf"), {Fault.GROUND_UNFIT}),
        (Receiving("independent", "US", "dpf"), {Fault.CHECK_DUE}),
        (Receiving("independent", "US", "dpf", checked_on=date(2026, 6, 1)), set()),
        (Receiving("independent", "US", "dpf", checked_on=date(2025, 6, 1)), {Fault.CHECK_DUE}),
        (Receiving("independent", "NL", review_on=date(2026, 11, 26)), {Fault.REVIEW_DUE}),
        (
            Receiving("processor", "DE", contract_on=date(2025, 1, 1), has_subprocessors=True),
            set(),
        ),
    ],
)
def test_inv42_who_may_receive_data(facts: Receiving, faults: set[Fault]) -> None:
    """No contract or no fitting ground stops it; the rest is a warning."""
    assert set(faults_of_recipient(facts, date(2026, 11, 26))) == faults


def test_inv42_warnings_stop_nothing() -> None:
    """A missing list of sub-processors is a warning."""
    assert {Fault.NO_CONTRACT, Fault.NO_GROUND, Fault.GROUND_UNFIT} == STOPS


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        ("Klanten krijgen hun factuur per mail.", []),
        ("Stuur naar jan@example.nl als het kan.", [Trace.MAIL]),
        ("Bel 06-12345678 voor vragen.", [Trace.PHONE]),
        ("Bel +31 20 123 4567.", [Trace.PHONE]),
        ("Bewaard in 1012 AB Amsterdam.", [Trace.DOOR]),
        ("De kast staat op Voorbeeldkade 12.", [Trace.DOOR]),
        ("BSN 111222333 van de medewerker", [Trace.NUMBER]),
        ("Rekening NL91ABNA0417164300", [Trace.ACCOUNT]),
        ("Rekening NL91 ABNA 0417 1643 00 van de klant", [Trace.ACCOUNT]),
        ("Naar BE68 5390 0754 7034 of 06-12345678", [Trace.ACCOUNT, Trace.PHONE]),
        ("Rekening NL91 ABNA 0417 1643 01, met een tikfout", [Trace.PHONE]),
        ("Betalen op onze rekening NL91 ABNA 0417 1643 00.", []),
        ("Ligt bij 1234 ab in de kast", [Trace.DOOR]),
        ("Kast in dorpsstraat 12", [Trace.DOOR]),
        ("Het archief: Markt 5", [Trace.DOOR]),
        ("Laan van Meerdervoort 12", [Trace.DOOR]),
        ("Lange Voorhout 8", [Trace.DOOR]),
        ("laan van meerdervoort 12b", [Trace.DOOR]),
        ("At 12 High Street", [Trace.DOOR]),
        ("In 2021 is dit begonnen, in 2022 en 2023 of later gestopt.", []),
        ("De supermarkt 5 jaar, de Arbeidsmarkt 2024, onderweg 3 dagen.", []),
        ("Beelden van 1080 px en 1500 kg.", []),
        ("Burgerservicenummer, omdat de wet dat wil.", []),
        ("Zeven jaar na 2026, zie art. 52 AWR en 7:454 BW.", []),
        ("Bewaartermijn 2024-2026, versie 10.2.3", []),
    ],
)
def test_inv30_what_points_to_a_person(text: str, traces: list[Trace]) -> None:
    """Addresses, phones, numbers; general words and articles of law do not."""
    assert [each.trace for each in traces_in(text)] == traces


@pytest.mark.parametrize(
    ("text", "holds", "not_holds"),
    [
        ("Overleg met Anna van den Berg over lonen", "Anna van den Berg", "Anna"),
        ("Daarna krijgt Roos Bakker het", "Roos Bakker", "Bakker"),
        ("de bakker en de roos", "", "bakker"),
        ("Facturen Jan de Vries", "Jan de Vries", "Facturen"),
    ],
)
def test_inv30_one_word_is_never_a_name(text: str, holds: str, not_holds: str) -> None:
    """Two words with capitals at least; words that are also names do not count."""
    names = {name for name, _ in possible_names(text)}
    assert (holds in names) is bool(holds)
    assert not_holds not in names


@pytest.mark.parametrize("part", ["straat", "laan van ", "Aa ", "1 Aa ", "a@", "12 "])
def test_inv30_a_long_text_is_looked_through_at_once(part: str) -> None:
    """Of a hundred thousand characters in one word no pattern begins anew at each of them."""
    began = time.perf_counter()
    traces_in((part * 100_000)[:100_000])
    assert time.perf_counter() - began < 5
