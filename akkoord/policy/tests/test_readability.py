"""How easy a text reads, against words and texts that were counted by hand."""

import time
from collections.abc import Callable

import pytest
from pyphen import Pyphen

from akkoord.policy.readability import Ease, is_passive, read, sentences
from akkoord.policy.syllables import syllables
from akkoord.policy.tests import hand_counted

_LISTS = [
    (hand_counted.DUTCH, "nl"),
    (hand_counted.DUTCH_UNSEEN, "nl"),
    (hand_counted.ENGLISH, "en"),
    (hand_counted.ENGLISH_UNSEEN, "en"),
]


@pytest.mark.parametrize(("words", "language"), _LISTS)
def test_syllables_as_counted_by_hand(words: str, language: str) -> None:
    wrong = [
        (word, found)
        for word in words.split()
        if (found := syllables(word.replace("-", ""), language)) != word.count("-") + 1
    ]
    assert len(wrong) <= len(words.split()) / 100, wrong


def test_dutch_syllables_are_counted_better_than_by_hyphens_alone() -> None:
    words = (hand_counted.DUTCH + hand_counted.DUTCH_UNSEEN).split()
    hyphens = Pyphen(lang="nl_NL", left=1, right=1)

    def missed(count: Callable[[str], int]) -> int:
        return sum(count(word.replace("-", "")) != word.count("-") + 1 for word in words)

    alone = missed(lambda word: hyphens.inserted(word).count("-") + 1)
    assert alone > len(words) / 25
    assert missed(syllables) * 10 < alone


@pytest.mark.parametrize(
    ("word", "count"),
    [("AVG", 3), ("btw", 3), ("e-mailadres", 4), ("foto's", 2), ("UW", 2), ("auto’s", 2), ("x", 1)],
)
def test_short_forms_and_hyphens(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formulas_by_hand() -> None:
    # Spoken: nine syllables, then six.
    reading = read("Wij bewaren uw adres niet lang. U kunt altijd stoppen!")
    assert (reading.words, reading.sentences, reading.syllables) == (10, 2, 15)
    assert reading.flesch_douma == pytest.approx(206.835 - 0.93 * 5 - 77 * 1.5)
    assert reading.brouwer == pytest.approx(195 - 2 * 5 - 2 / 3 * 150)
    assert reading.flesch is None
    assert reading.ease is Ease.EASY
    english = read("We keep your address. You can always leave.", language="en")
    assert (english.words, english.sentences, english.syllables) == (8, 2, 10)
    assert english.flesch == pytest.approx(206.835 - 1.015 * 4 - 84.6 * 1.25)
    assert english.flesch_douma is None


def test_sentences_end_where_people_end_them() -> None:
    text = (
        "# Wat wij bewaren\n\n- uw naam\n- uw adres\n\nWij bewaren bijv. uw naam. Vragen? Mail "
        "mr. De Wit van Bakker B.V. via info@voorbeeld.example. Dat kost 3.50 euro en\ngaat snel."
    )
    assert sentences(text) == [
        "Wat wij bewaren",
        "uw naam",
        "uw adres",
        "Wij bewaren bijv. uw naam.",
        "Vragen?",
        "Mail mr. De Wit van Bakker B.V. via.",
        "Dat kost 3.50 euro en gaat snel.",
    ]


def test_long_passive_and_office_language_is_pointed_at() -> None:
    text = (
        "De persoonsgegevens van betrokkenen worden door de verwerkingsverantwoordelijke verwerkt "
        "op grond van een gerechtvaardigd belang, mits de bewaartermijn nog niet is verstreken en "
        "betrokkene geen bezwaar heeft gemaakt."
    )
    reading = read(text)
    assert [each.words for each in reading.long_sentences] == [28]
    assert len(reading.passive) == 1
    found = {each.found: each.plain for each in reading.office_words}
    assert found["verwerkingsverantwoordelijke"] == "wij"
    assert found["op grond van"] == "door"
    assert reading.ease is Ease.HARD
    assert not reading.is_plain
    assert read("Wij bewaren uw naam. U mag die altijd zien. Bel of mail ons.").is_plain


@pytest.mark.parametrize(
    ("sentence", "language", "passive"),
    [
        ("Uw gegevens worden bewaard.", "nl", True),
        ("De lijst wordt elke maand door ons opgeschoond.", "nl", True),
        ("Wij vertellen wat verwijderd wordt.", "nl", True),
        ("Wij bewaren uw gegevens.", "nl", False),
        ("U wordt lid.", "nl", False),
        ("Het is warm geworden.", "nl", False),
        ("Your data is kept for a year.", "en", True),
        ("It was never shared.", "en", True),
        ("We keep your data.", "en", False),
    ],
)
def test_passive_by_its_form(sentence: str, language: str, passive: bool) -> None:
    assert is_passive(sentence, language) is passive


def test_nothing_to_read_and_very_much_to_read() -> None:
    empty = read(" \n 12 34 https://voorbeeld.example \n")
    assert (empty.words, empty.score, empty.ease, empty.is_plain) == (0, None, None, False)
    began = time.perf_counter()
    long = read("Wij bewaren uw adres en uw naam, zo lang u klant bent. " * 20_000)
    assert long.sentences == 20_000
    assert read("a" * 1_000_000 + " wordt " * 50_000).words == 50_001
    assert time.perf_counter() - began < 20
