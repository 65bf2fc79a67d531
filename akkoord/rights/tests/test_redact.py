"""A copy tells of the person alone: others' names and numbers are left out (art. 15(4), 20(4))."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection

from akkoord.consent.tests.factories import make_point
from akkoord.people.models import Person
from akkoord.people.tests.factories import make_crowd
from akkoord.register.models import Organisation
from akkoord.rights import others_names
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.export import export_document
from akkoord.rights.others_names import names_of_others
from akkoord.rights.tests.factories import NOW, STAFF, plant_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """One moment for all."""
    with time_machine.travel(NOW, tick=False):
        yield


def copy_of(person: Person, words: str) -> str:
    """What the person gets when these words are among what is kept."""
    facts = RequestFacts(
        kinds=("rectification",),
        channel="letter",
        received_at=NOW,
        person_id=person.id,
        words=words,
    )
    open_request(facts=facts, at=NOW, actor=STAFF)
    return json.dumps(export_document(person, at=NOW, redacted=True), ensure_ascii=False)


def named(given: str, family: str, address: str) -> None:
    other = make_point(address)
    Person.objects.filter(id=other.person_id).update(given_name=given, family_name=family)


@pytest.mark.parametrize(
    "words",
    [
        "Gesproken met Piet de Vries over de fiets.",
        "Beste Piet de Vries, tot morgen.",
        "Klant is broer van Piet de Vries",
        "PIET DE VRIES BELDE",
        "gesproken met piet de vries",
        "De heer Piet De Vries",
        "zie Vries, Piet de (buurman)",
        "bijlage: Piet_de_Vries.pdf",
        "Piet\n de  Vries’s fiets",
    ],
)
def test_the_name_of_somebody_we_know_goes_wherever_it_stands(words: str) -> None:
    """In the middle of a sentence, in any case, turned around or in the name of a file."""
    person = plant_person()
    named("Piet", "de Vries", "piet@elders.example.nl")
    clean = copy_of(person, words).lower()
    assert "piet" not in clean
    assert "vries" not in clean
    assert "iemand anders" in clean or "somebody else" in clean


@pytest.mark.parametrize(
    "words", ["Beste Piet, de Vries is dicht", "Piet kwam. De Vries niet", "Pieter de Vriesman"]
)
def test_what_is_not_the_whole_name_of_somebody_stays(words: str) -> None:
    """A first name, a last name and another's name are nobody's whole name."""
    person = plant_person()
    named("Piet", "de Vries", "piet@elders.example.nl")
    assert words in copy_of(person, words)


@pytest.mark.parametrize("words", ["Klant wil graag een offerte", "Wil graag gebeld worden"])
def test_words_of_every_day_are_nobodys_name_unless_they_are_written_so(words: str) -> None:
    """One customer called Wil Graag does not black them out of everybody's copy."""
    person = plant_person()
    named("Wil", "Graag", "wil@elders.example.nl")
    assert words in copy_of(person, words)


def test_a_name_made_of_words_of_every_day_goes_where_it_is_written_as_one() -> None:
    person = plant_person()
    named("Wil", "Graag", "wil@elders.example.nl")
    clean = copy_of(person, "Gesproken met Wil Graag. GRAAG, WIL belde.")
    assert "graag" not in clean.lower()


def test_words_are_looked_up_some_thousands_at_a_time(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """No statement holds all that a long file says."""
    person = plant_person()
    named("Zus", "Zwartjes", "zus@elders.example.nl")
    monkeypatch.setattr(others_names, "_AT_ONCE", 10)
    with django_assert_num_queries(5):  # 39 runs, and the person's own names
        assert names_of_others(["A B C D E F G en Zus Zwartjes"], [person.id]) == {"ZUS ZWARTJES"}


def test_of_a_thousand_names_none_is_passed_by(django_assert_num_queries: Any) -> None:
    """However many words and people there are; they are asked for together, by the index."""
    person = plant_person()
    named("Zus", "Zwartjes", "zus@elders.example.nl")
    crowd = " en ".join(f"Aart{chr(97 + n % 26)}{chr(97 + n // 26)} Bos" for n in range(500))
    make_crowd(20_000)
    with django_assert_num_queries(2) as asked:
        assert names_of_others([f"{crowd} en Zus Zwartjes"], [person.id]) == {"ZUS ZWARTJES"}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        assert "people_person_whole_name" in str(cursor.fetchall())


def test_a_telephone_number_that_is_not_theirs_goes_whoever_has_it() -> None:
    """Known or not, in any notation; theirs, the organisation's, a day and an account stay."""
    person = plant_person()
    own = person.points.get(channel="phone").value
    Organisation.objects.update(contact_phone="030 - 231 45 67")
    stays = f"{own}, 030 2314567, 01-02-2026 10, NL02 ABNA 0417 1643 00, order 00012345678901"
    clean = copy_of(person, f"Bel niet 06-87654321, +31 (0)20 624 1111 of 06.87.65.43.21; {stays}.")
    assert stays in clean
    assert not [each for each in ("8765", "624", "87.65") if each in clean]
