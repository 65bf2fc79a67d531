"""A flood, a throw-away, a slip of the finger; and what a stranger learns: nothing."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from akkoord.consent import challenge
from akkoord.consent.address_advice import is_dead, is_throw_away, meant
from akkoord.consent.challenge import (
    is_solved,
    make_challenge,
    make_ticket,
    waited_enough,
)
from akkoord.consent.models import PermissionEvent, SignUp
from akkoord.consent.tests import factories as make
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint, Person

FORM = uuid7()
NETWORK = "203.0.113.0"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    make.make_organisation()


@pytest.fixture
def shown(house):
    return make.make_form(make.make_topic())


def solve(asked: dict) -> str:
    """As ALTCHA's widget does it."""
    for number in range(asked["maxnumber"] + 1):
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]:
            said = {key: asked[key] for key in ("algorithm", "challenge", "salt", "signature")}
            return base64.b64encode(json.dumps(said | {"number": number}).encode()).decode()
    raise AssertionError


def as_asked(found) -> dict:
    return {
        name: getattr(found, name)
        for name in ("algorithm", "challenge", "salt", "signature", "maxnumber")
    }


def test_a_solved_challenge_counts_for_its_form_network_and_time() -> None:
    asked = make_challenge(form_id=FORM, network=NETWORK, at=make.NOW)
    proof = solve(as_asked(asked))
    where = {"form_id": FORM, "network": NETWORK, "at": make.NOW}
    assert is_solved(proof, **where)
    assert not is_solved(proof, **where | {"form_id": uuid7()})
    assert not is_solved(proof, **where | {"network": "198.51.100.0"})
    assert not is_solved(proof, **where | {"at": make.NOW + timedelta(minutes=11)})


@pytest.mark.parametrize("change", ["number", "salt", "signature", "challenge", "algorithm"])
def test_a_forged_proof_is_refused(change) -> None:
    asked = make_challenge(form_id=FORM, network=NETWORK, at=make.NOW)
    said = json.loads(base64.b64decode(solve(as_asked(asked))))
    said[change] = said[change] + 1 if change == "number" else f"{said[change]}0"
    proof = base64.b64encode(json.dumps(said).encode()).decode()
    assert not is_solved(proof, form_id=FORM, network=NETWORK, at=make.NOW)


@pytest.mark.parametrize("junk", ["", "x", "e30=", "W10=", "bnVsbA==", "é", "A" * 3000])
def test_junk_is_no_proof(junk) -> None:
    assert not is_solved(junk, form_id=FORM, network=NETWORK, at=make.NOW)
    assert not waited_enough(junk, form_id=FORM, at=make.NOW)


def test_a_ticket_opens_after_a_minute_and_not_for_ever() -> None:
    ticket = make_ticket(form_id=FORM, at=make.NOW)
    for seconds, opens in ((0, False), (59, False), (60, True), (3600, True), (3601, False)):
        at = make.NOW + timedelta(seconds=seconds)
        assert waited_enough(ticket, form_id=FORM, at=at) is opens
    assert not waited_enough(ticket, form_id=uuid7(), at=make.NOW + timedelta(minutes=2))


def attack(shown, count=challenge.FROM_NETWORK) -> None:
    """Somebody floods the form from the network of the test."""
    for number in range(count):
        make.sign_up(shown, f"a{number}@example.nl", at=timezone.now(), ip="127.0.0.1")


def post(person, shown, path="aanmelden/", **values):
    data = {
        "shown": str(shown.id),
        "email": "anna@example.nl",
        "topics": [str(each) for each in shown.purpose_version_ids],
    } | values
    return person.post(f"/f/nieuwsbrief/{path}", data)


def test_no_proof_is_asked_on_an_ordinary_day(shown) -> None:
    assert post(Client(), shown).status_code == 202


def test_under_attack_a_program_solves_a_challenge(shown) -> None:
    attack(shown)
    answer = post(Client(), shown)
    assert answer.status_code == 429
    asked = answer.json()["challenge"]
    assert not ContactPoint.objects.filter(normalised="anna@example.nl").exists()
    assert post(Client(), shown, altcha=solve(asked)).status_code == 202
    assert ContactPoint.objects.filter(normalised="anna@example.nl").exists()


def test_under_attack_a_visitor_without_script_waits_a_minute(shown) -> None:
    attack(shown)
    person = Client(HTTP_ACCEPT_LANGUAGE="nl")
    page = post(person, shown, path="")
    assert page.status_code == 429
    ticket = page.context["form"].data["ticket"]
    assert f'value="{ticket}"' in page.content.decode()
    assert post(person, shown, path="", ticket=ticket).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert post(person, shown, path="", ticket=ticket).status_code == 302


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@gmai.com", "anna@gmail.com"),
        ("anna@hotmial.nl", "anna@hotmail.nl"),
        ("Anna@ZIGO.nl", "anna@ziggo.nl"),
        ("anna@gmail.com", ""),
        ("anna@fietsen.example.nl", ""),
        ("anna@mail.com", ""),
        ("nonsense", ""),
    ],
)
def test_a_slip_is_recognised(typed, suggested) -> None:
    assert meant(typed) == suggested


def test_a_slip_is_offered_once_and_never_decided(shown) -> None:
    person = Client(HTTP_ACCEPT_LANGUAGE="nl")
    page = post(person, shown, path="", email="anna@gmial.com")
    assert page.status_code == 422
    assert "anna@gmail.com" in page.content.decode()
    assert not Person.objects.exists()
    again = post(person, shown, path="", email="anna@gmial.com", as_typed="anna@gmial.com")
    assert again.status_code == 302
    assert ContactPoint.objects.get().normalised == "anna@gmial.com"


def test_the_end_point_offers_a_slip_and_takes_the_post(shown) -> None:
    answer = post(Client(), shown, email="anna@gmial.com")
    assert answer.status_code == 202
    assert answer.json()["did_you_mean"] == "anna@gmail.com"


def test_a_throw_away_address_is_taken_and_flagged(shown) -> None:
    assert is_throw_away("x@mailinator.com")
    assert is_throw_away("x@sub.mailinator.com")
    assert not is_throw_away("x@gmail.com")
    assert post(Client(), shown, email="x@mailinator.com").status_code == 202
    assert PermissionEvent.objects.get().evidence["throw_away"] is True


def test_the_dns_is_asked_only_when_it_is_wanted_and_doubt_is_no_refusal() -> None:
    asked: list[str] = []

    def resolver(answer):
        return lambda domain: asked.append(domain) or answer

    assert not is_dead("a@example.nl", None)
    assert is_dead("a@example.nl", resolver(False))
    assert not is_dead("a@example.nl", resolver(True))
    assert not is_dead("a@example.nl", resolver(None))
    assert asked == ["example.nl"] * 3


def test_a_stranger_learns_nothing_of_an_address(shown, django_assert_max_num_queries) -> None:
    """Status, body, headers and mails are the same for unknown, known, signed up and waiting."""
    known = make.make_point("known@example.nl")
    signed = make.sign_up(shown, "signed@example.nl")
    from akkoord.consent.confirm import confirm_sign_up

    confirm_sign_up(make.confirmation_token(signed), at=make.NOW)
    Person.objects.filter(id=known.person_id).update(given_name="Karel")
    answers, mails, work = set(), set(), []
    for address in ("fresh@example.nl", "known@example.nl", "signed@example.nl"):
        before = OutboxMail.objects.count()
        with django_assert_max_num_queries(60) as queries:
            answer = post(Client(), shown, email=address)
        work.append(len(queries))
        answers.add((answer.status_code, answer.content, tuple(sorted(answer.headers))))
        new = OutboxMail.objects.order_by("created_at", "id")[before:]
        mails.add(tuple((mail.kind, mail.subject) for mail in new))
    assert len(answers) == 1
    assert len(mails) == 1  # one confirmation each, whoever it is
    # Known or not, about the same work: nothing to measure from outside.
    assert max(work) - min(work) <= 6
    assert SignUp.objects.filter(state="waiting").count() == 3
