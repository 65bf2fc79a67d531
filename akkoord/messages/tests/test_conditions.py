"""Blocks that only some people get: asked in the claim's own statement, gone from both parts."""

import dataclasses
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akkoord.delivery.models import MailboxMessage
from akkoord.messages.compile import BLOCKS, Compiled, MessageSource, compile_message
from akkoord.messages.conditions import MOST
from akkoord.messages.dispatch import compile_for, start_dispatch
from akkoord.messages.sentences import compile_sentence
from akkoord.messages.template import CompileError, FieldFact
from akkoord.messages.tests.factories import (
    NOW,
    make_many,
    make_organisation,
    make_source,
    make_topic,
    run_job,
)
from akkoord.people.models import Person
from akkoord.register.own_fields import admit_field
from akkoord.trail.actions import Actor


def row(words: str) -> str:
    return f"<mj-section><mj-column><mj-text><p>{words}</p></mj-text></mj-column></mj-section>"


def letter(*blocks: str, conditions: dict[int, str] | None = None) -> MessageSource:
    """Blocks between two edges; `conditions` by the number of the block."""
    body = "\n".join([row("boven"), *map(row, blocks), row("onder")])
    found = tuple((number + 1, text) for number, text in (conditions or {}).items())
    return dataclasses.replace(make_source(body=body, body_format=BLOCKS), conditions=found)


def compiled(source: MessageSource) -> Compiled:
    return compile_message(source, allowed_fields={"first_name": FieldFact(True)})


LINKS = {
    "unsubscribe_url": "https://example.nl/u",
    "preferences_url": "https://example.nl/p",
    "why_url": "https://example.nl/w",
}


def test_both_parts_lose_the_same_blocks() -> None:
    made = compiled(letter("een", "twee", "drie", conditions={2: 'city is "A"', 3: 'city is "B"'}))
    for answers, shown in (
        ({}, {"een"}),
        ({"?0": "1"}, {"een", "twee"}),
        ({"?1": "1"}, {"een", "drie"}),
        ({"?0": "1", "?1": "1"}, {"een", "twee", "drie"}),
    ):
        seen = made.preview(LINKS | answers)
        for part in (seen.text, seen.html):
            assert {word for word in ("een", "twee", "drie") if word in part} == shown
            assert "akshow" not in part
            assert "onder" in part
        assert "\n\n\n" not in seen.text


def test_the_same_condition_twice_is_asked_once_and_stands_in_the_hash() -> None:
    one = compiled(letter("een", "twee", "drie", conditions={1: 'city is "A"', 2: 'city is "A"'}))
    assert one.conditions == ('city is "A"',)
    other = compiled(letter("een", "twee", "drie", conditions={1: 'city is "B"', 2: 'city is "B"'}))
    nothing = compiled(letter("een", "twee", "drie"))
    assert len({one.content_hash, other.content_hash, nothing.content_hash}) == 3


def test_the_source_comes_back_from_json_as_it_was() -> None:
    source = letter("een", "twee", conditions={1: 'city is "A"'})
    assert MessageSource.from_json(source.as_json()) == source
    assert "conditions" not in letter("een").as_json()


def test_an_empty_letter_for_somebody_does_not_compile() -> None:
    with pytest.raises(CompileError) as problem:
        compiled(letter("een", "twee", conditions={1: 'city is "A"', 2: 'city is "B"'}))
    assert problem.value.code == "nothing-left"


def test_more_than_twenty_conditions_do_not_compile() -> None:
    words = [str(number) for number in range(MOST + 2)]
    texts = {number: f'city is "{number}"' for number in range(1, MOST + 2)}
    with pytest.raises(CompileError) as problem:
        compiled(letter(*words, conditions=texts))
    assert problem.value.code == "too-many-conditions"


def test_a_fault_names_its_block() -> None:
    with pytest.raises(CompileError) as problem:
        compiled(letter("een", "Dag {{ shoe_size }}"))
    assert (problem.value.block, problem.value.line) == (2, 0)
    assert compile_sentence(problem.value).startswith("Blok 2: ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('city is "Utrecht"', "Deze mail mag het niet gebruiken"),
        ('shoe_size is "44"', "Er is geen veld"),
        ("city is", "Blok 2: "),
        ('chose topic "bestaatniet"', "Er is geen onderwerp"),
    ],
)
def test_a_condition_outside_the_purpose_stops_with_its_block(text: str, words: str) -> None:
    make_organisation()
    topic = make_topic()
    with pytest.raises(CompileError) as problem:
        compile_for(topic, letter("een", "twee", conditions={2: text}))
    sentence = compile_sentence(problem.value)
    assert sentence.startswith("Blok 2: ")
    assert words in sentence


@pytest.mark.django_db(transaction=True)
def test_each_person_gets_their_own_blocks_in_one_statement_per_batch(settings: Any) -> None:
    settings.SMTP_URL = ""
    make_organisation()
    topic = make_topic()
    admit_field(
        activity_key=topic.activity_key, field_key="first_name", why_nl="Groet.",
        why_en="Greeting.",
        at=NOW, actor=Actor.system(),
    )  # fmt: skip
    make_many(30, topic)
    names = ("Anna", "Bram", "Carla")
    for number, person in enumerate(Person.objects.order_by("id")):
        Person.objects.filter(id=person.id).update(given_name=names[number % 3])
    source = letter(
        "voor iedereen", "alleen Anna", "niet Bram",
        conditions={2: 'first_name is "Anna"', 3: 'first_name is not "Bram"'},
    )  # fmt: skip
    dispatch = start_dispatch(purpose=topic, source=source, segment="", approved_by=None, at=NOW)
    with CaptureQueriesContext(connection) as queries:
        run_job(dispatch.id)
    assert len(queries) < 70, "no statement per person"
    mails = MailboxMessage.objects.all()
    assert mails.count() == 30
    seen = [bytes(mail.raw) for mail in mails]
    assert sum(b"alleen Anna" in raw for raw in seen) == 10
    assert sum(b"niet Bram" in raw for raw in seen) == 20
    assert all(raw.count(b"voor iedereen") == 2 for raw in seen)
    assert all(raw.count(b"alleen Anna") in (0, 2) for raw in seen)
