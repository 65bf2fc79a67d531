"""The code on a letter: typed, it stops letters; it tells nothing (INV-19, 23, 24, 34)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from akkoord.consent import letter_codes
from akkoord.consent.letter_codes import (
    CodeAnswer,
    Lettered,
    make_codes,
    read_code,
    shown,
    stop_by_code,
)
from akkoord.consent.models import LetterCode, PermissionEvent, Standing, WrongCode
from akkoord.consent.tests.factories import NOW, make_organisation, make_point, make_topic
from akkoord.datamap.ids import uuid7
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
HERE = "203.0.113.0"


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic("aanbod", channels=("email", "post"))


@pytest.fixture
def point() -> ContactPoint:
    found = make_point()
    found.channel = "post"
    found.save()
    return found


def code_of(point: ContactPoint, topic: Purpose) -> str:
    letter = Lettered(uuid7(), point.person_id, point.id)
    return make_codes([letter], purpose_id=topic.id, at=NOW)[letter.message_id]


def test_inv19_the_code_stops_letters_at_once_and_says_how(
    topic: Purpose, point: ContactPoint
) -> None:
    code = code_of(point, topic)
    typed = f" {shown(code).lower()} "
    assert stop_by_code(typed, network=HERE, at=NOW) is CodeAnswer.STOPPED
    standing = Standing.objects.get()
    assert (standing.state, standing.method, standing.channel) == (
        "withdrawn",
        "letter-code",
        "post",
    )
    assert "message" in PermissionEvent.objects.get().evidence
    assert stop_by_code(typed, network=HERE, at=NOW) is CodeAnswer.STOPPED
    assert PermissionEvent.objects.count() == 1  # idempotent (INV-23)


def test_the_code_itself_is_kept_nowhere(topic: Purpose, point: ContactPoint) -> None:
    code = code_of(point, topic)
    kept = LetterCode.objects.get()
    assert code.encode() not in bytes(kept.code_hash)
    assert len(bytes(kept.code_hash)) == 32


def test_a_slip_of_the_pen_is_told_from_the_code_alone(topic: Purpose, point: ContactPoint) -> None:
    code = code_of(point, topic)
    assert read_code(shown(code)) == code
    wrong = [
        code[:place] + sign + code[place + 1 :]
        for place in range(len(code))
        for sign in "23456789ABC"
        if sign != code[place]
    ]
    accepted = [each for each in wrong if read_code(each)]
    assert len(accepted) <= 3  # one of nine hundred passes the check
    for each in ("", "A", "O" * 12, code + "2", "'; --", "<b>"):
        assert stop_by_code(each, network=HERE, at=NOW) is CodeAnswer.MISSPELLED
    assert not Standing.objects.exists()


def test_a_code_of_nobody_gets_the_same_answer_and_guessing_is_slowed(
    topic: Purpose, point: ContactPoint
) -> None:
    code = code_of(point, topic)
    for _ in range(letter_codes.MOST_WRONG):
        guess = letter_codes._new_code()
        assert stop_by_code(guess, network=HERE, at=NOW) is CodeAnswer.STOPPED
    # Then nothing is looked up, so that a hit cannot be told from a miss.
    assert stop_by_code(code, network=HERE, at=NOW) is CodeAnswer.TOO_MANY
    assert stop_by_code(letter_codes._new_code(), network=HERE, at=NOW) is CodeAnswer.TOO_MANY
    assert not Standing.objects.exists()
    assert stop_by_code(code, network="198.51.100.0", at=NOW) is CodeAnswer.STOPPED
    later = NOW + timedelta(hours=1, seconds=1)
    assert stop_by_code(code, network=HERE, at=later) is CodeAnswer.STOPPED
    assert WrongCode.objects.count() == 0
    assert HERE.encode() not in b"".join(
        bytes(each) for each in WrongCode.objects.values_list("network_hash", flat=True)
    )


def test_inv23_get_changes_nothing_and_the_page_needs_no_log_in(
    topic: Purpose, point: ContactPoint, client: Client
) -> None:
    code = code_of(point, topic)
    for method in (client.get, client.head):
        assert method(f"/brief/?code={code}").status_code == 200
    assert not Standing.objects.exists()
    wrong = client.post("/brief/", {"code": "2222"})
    assert wrong.status_code == 422
    assert "geen code van een brief" in wrong.content.decode()
    answers = [
        re.sub(
            rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"',
            b"",
            client.post("/brief/", {"code": each}).content,
        )
        for each in (shown(code), letter_codes._new_code())
    ]
    assert Standing.objects.get().state == "withdrawn"
    assert answers[0] == answers[1]  # a code of nobody tells nothing
    assert b"anna" not in answers[0].lower()
    assert "/brief/" in client.get("/voorkeuren/").content.decode()


def test_a_new_code_of_the_same_letter_takes_the_place_of_the_old(
    topic: Purpose, point: ContactPoint
) -> None:
    letter = Lettered(uuid7(), point.person_id, point.id)
    old = make_codes([letter], purpose_id=topic.id, at=NOW)[letter.message_id]
    new = make_codes([letter], purpose_id=topic.id, at=NOW)[letter.message_id]
    stop_by_code(old, network=HERE, at=NOW)
    assert not Standing.objects.exists()
    stop_by_code(new, network=HERE, at=NOW)
    assert Standing.objects.get().state == "withdrawn"
