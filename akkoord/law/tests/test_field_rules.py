"""Own fields: which values fit, and which names announce what may not be asked."""

import pytest

from akkoord.law.field_rules import announced_by, announced_by_name, fits, stored_as
from akkoord.law.sensitive import Sensitive


@pytest.mark.parametrize(
    ("kind", "value", "fitting"),
    [
        ("text", "anything", True),
        ("number", "56", True),
        ("number", "56,5", True),
        ("number", "NaN", False),
        ("number", "groot", False),
        ("date", "2026-11-25", True),
        ("date", "25-11-2026", False),
        ("yes-no", "yes", True),
        ("yes-no", "ja", False),
        ("choice", "Racefiets", True),
        ("choice", "racefiets", False),
        ("choice", "Brommer", False),
        ("choice", "", False),
    ],
)
def test_a_value_fits_its_kind(kind: str, value: str, fitting: bool) -> None:
    assert fits(kind, value, ("Racefiets", "Bakfiets")) is fitting


def test_a_choice_whose_words_were_never_written_down_takes_any_text() -> None:
    assert fits("choice", "Brommer")


def test_a_number_is_kept_with_a_point() -> None:
    assert stored_as("number", "56,5") == "56.5"
    assert stored_as("text", "56,5") == "56,5"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("Religie", "Religion"), Sensitive.RELIGION),
        (("BSN", "Number"), Sensitive.BSN),
        (("IBAN", "IBAN"), Sensitive.IBAN),
        (("Voorkeur", "Preference", "Geen", "Diabetes"), Sensitive.HEALTH),
        (("Strafblad", "Criminal record"), Sensitive.CRIMINAL),
    ],
)
def test_inv32_a_name_or_a_choice_that_announces_sensitive_data_is_seen(
    words: tuple[str, ...], found: Sensitive
) -> None:
    assert found in announced_by(words)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Geloof", Sensitive.RELIGION),
        ("Last van kniepijn", Sensitive.HEALTH),
        ("Hartziekte", Sensitive.HEALTH),
        ("Beperkt ter been", Sensitive.HEALTH),
        ("Gelooft u in God", Sensitive.RELIGION),
        ("Nationaliteit", Sensitive.ETHNICITY),
        ("Boetes", Sensitive.CRIMINAL),
        ("Uw gezondheid", Sensitive.HEALTH),
        ("Allergieën", Sensitive.HEALTH),
        ("Medical", Sensitive.HEALTH),
        ("Land van herkomst", Sensitive.ETHNICITY),
        ("Paspoortnummer", Sensitive.DOCUMENT),
    ],
)
def test_inv32_a_name_says_more_than_the_same_word_in_a_sentence(
    name: str, found: Sensitive
) -> None:
    assert found in announced_by_name(name)
    assert announced_by(["Ik geloof dat het klopt"]) == frozenset()


def test_inv32_ordinary_words_announce_nothing() -> None:
    assert announced_by(("Framemaat", "Frame size", "Racefiets", "Bakfiets")) == frozenset()
    assert announced_by_name("Framemaat", "Frame size") == frozenset()
