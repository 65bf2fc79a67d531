"""`/privacyverzoek/`: the same answer for everybody, told to the mailbox alone."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akkoord.consent.models import Standing, Suppression
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.models import OutboxMail
from akkoord.people.models import ContactPoint, Person, PersonAlias
from akkoord.retention.models import LegalHold
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.asking import waiting_request
from akkoord.rights.forget import forget
from akkoord.rights.inbox import Asked, confirm_request, take_in, take_request
from akkoord.rights.models import ErasureRun, RequestStep, RightsRequest
from akkoord.rights.queries import mailbox_of
from akkoord.rights.resume import tidy_requests
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db
URL = "/privacyverzoek/"


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """One moment for all pages."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


def post(visitor: Client, email: str, *kinds: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = visitor.post(URL, {"kinds": kinds, "email": email, "words": "", **more})
    return answer


def words(page: HttpResponse) -> str:
    """A page without the token of its language switch."""
    return re.sub(r'value="\w{64}"', "", page.content.decode())


def mailed_path() -> str:
    mail = OutboxMail.objects.filter(kind="mailbox-check").latest("created_at", "id")
    found = re.search(r"http://[^/]+(/(?:privacyverzoek|mijn)/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def known(email: str = "vera@example.nl") -> ContactPoint:
    make_organisation()
    return make_point(email)


@pytest.mark.parametrize("kinds", [("access", "erasure"), ("objection",), ("withdrawal", "access")])
def test_the_answer_is_the_same_for_an_address_that_we_do_not_know(
    visitor: Client, kinds: tuple[str, ...]
) -> None:
    """The same page, and the same statements: nothing tells whether somebody is a customer."""
    known()
    with CaptureQueriesContext(connection) as of_known:
        first = post(visitor, "Vera@example.nl", *kinds)
    with CaptureQueriesContext(connection) as of_unknown:
        second = post(visitor, "niemand@example.nl", *kinds)
    assert (first.status_code, words(first)) == (second.status_code, words(second))

    def shapes(found: CaptureQueriesContext) -> list[str]:
        return [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in found.captured_queries]

    assert shapes(of_known) == shapes(of_unknown)
    assert not any("people_" in each for each in shapes(of_known))


def test_inv34_no_advertising_works_before_the_page_answers(visitor: Client) -> None:
    """No identity, no press in a mailbox; also for an address that nobody here has."""
    known()
    for address in ("vera@example.nl", "niemand@example.nl"):
        page = post(visitor, address, "objection")
        assert "Het is gestopt" in page.content.decode()
        assert Suppression.objects.filter(keyed_hash=keyed_hash(address)).exists()
    for each in RightsRequest.objects.all():
        take_in(request_id=each.id, at=NOW)
    assert not Standing.objects.filter(state__in=["given", "confirmed"]).exists()
    assert set(RightsRequest.objects.values_list("state", flat=True)) == {"done"}
    assert OutboxMail.objects.get().recipient == "vera@example.nl"  # told there, and only there


def test_inv34_a_no_stands_behind_no_limit(visitor: Client) -> None:
    """A flood is turned away; who wants to leave is not."""
    make_organisation()
    for number in range(20):
        assert post(visitor, f"m{number}@example.nl", "access").status_code == 200
    proof = post(visitor, "nog@example.nl", "access")
    assert proof.status_code == 429
    assert "Wacht een minuut" in proof.content.decode()
    assert post(visitor, "nog@example.nl", "objection").status_code == 200
    ticket = re.search(r'name="ticket" value="([^"]+)"', proof.content.decode())
    assert ticket
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert post(visitor, "nog@example.nl", "access", ticket=ticket[1]).status_code == 200


def test_a_withdrawal_takes_back_every_yes() -> None:
    """Art. 7(3): by the job that follows at once."""
    point = known()
    request = take_request(Asked(("withdrawal",), point.value), at=NOW)
    take_in(request_id=request.id, at=NOW)
    assert not Standing.objects.filter(state__in=["given", "confirmed"]).exists()
    assert not Suppression.objects.exists()  # what was taken back may be given again
    request.refresh_from_db()
    assert request.state == "done"


def test_a_withdrawal_of_an_unknown_address_keeps_what_the_page_said() -> None:
    """No file that comes later brings advertising to it."""
    request = take_request(Asked(("withdrawal",), "onbekend@example.nl"), at=NOW)
    take_in(request_id=request.id, at=NOW)
    assert bytes(Suppression.objects.get().keyed_hash) == keyed_hash("onbekend@example.nl")


def test_a_press_in_the_mailbox_makes_it_count(visitor: Client) -> None:
    """GET changes nothing; then a link to the data goes to the mailbox, and to no page."""
    point = known()
    post(visitor, point.value, "access", "rectification", "restriction", words="Mijn naam is fout.")
    request = RightsRequest.objects.get()
    take_in(request_id=request.id, at=NOW)
    assert "Mijn naam" not in OutboxMail.objects.get().text
    path = mailed_path()
    assert "Was u dit?" in visitor.get(path).content.decode()
    request.refresh_from_db()
    assert (request.state, request.subject_id) == ("waiting-identity", point.person_id)
    assert not Person.objects.exclude(restricted_at=None).exists()  # nobody is frozen unasked
    page = visitor.post(path).content.decode()
    assert "telt" in page
    request.refresh_from_db()
    assert request.state == "open"
    assert Person.objects.get().restricted_at is not None
    assert dict(request.parts.values_list("kind", "state")) == {
        "access": "open",
        "rectification": "open",
        "restriction": "done",
    }
    data = mailed_path()
    assert data.startswith("/mijn/")
    assert data not in page
    visitor.post(f"{data}gegevens.json")
    assert request.parts.get(kind="access").state == "done"
    request.refresh_from_db()
    assert request.state == "open"  # the correction still waits


def test_a_forwarded_link_gives_no_data(visitor: Client) -> None:
    """Whoever holds the link sees what was asked and where it stands, and nothing of the person."""
    point = known("nora@example.nl")
    Person.objects.update(given_name="Nora", family_name="Kamp")
    post(visitor, point.value, "access")
    take_in(request_id=RightsRequest.objects.get().id, at=NOW)
    path = mailed_path()
    for page in (visitor.get(path), visitor.post(path), visitor.get(path)):
        text = page.content.decode()
        assert "Nora" not in text
        assert "nora@" not in text
        assert page.headers["Cache-Control"] == "no-store"
    assert OutboxMail.objects.exclude(recipient=point.value).count() == 0


def test_a_request_in_somebody_elses_name_lapses(visitor: Client) -> None:
    """Without a press nothing happens, and in the end nothing is left of it."""
    point = known()
    post(visitor, point.value, "erasure")
    request = RightsRequest.objects.get()
    take_in(request_id=request.id, at=NOW)
    tidy_requests(at=NOW + timedelta(days=8))
    request.refresh_from_db()
    assert request.state == "lapsed"
    assert Person.objects.count() == 1
    assert confirm_request(request_id=request.id, at=NOW + timedelta(days=8)) == request
    held = LegalHold.objects.create(activity_key="requests", reason="Zaak 7", put_at=NOW)
    assert tidy_requests(at=NOW + timedelta(days=60)) == 0
    held.delete()
    assert tidy_requests(at=NOW + timedelta(days=60)) == 1
    assert not RequestStep.objects.exists()


def test_what_another_system_heard_long_ago_still_waits_a_week_for_its_mailbox() -> None:
    """The clock runs from when it was heard; the press may come within a week of our mail."""
    known()
    heard = NOW - timedelta(days=20)
    request = take_request(
        Asked(("access",), "vera@example.nl"), at=NOW, channel="api", received_at=heard
    )
    tidy_requests(at=NOW + timedelta(days=1))
    request.refresh_from_db()
    assert request.state == "waiting-identity"
    tidy_requests(at=NOW + timedelta(days=8))
    request.refresh_from_db()
    assert request.state == "lapsed"


def test_a_request_follows_its_person_when_two_records_are_joined() -> None:
    """The mailbox of who it is now."""
    point = known()
    request = take_request(Asked(("access",), "vera@example.nl"), at=NOW)
    old = uuid7()
    PersonAlias.objects.create(old_id=old, person_id=point.person_id, merged_at=NOW)
    RightsRequest.objects.filter(id=request.id).update(subject_id=old, state="open")
    request.refresh_from_db()
    assert mailbox_of(request) == point
    assert waiting_request(point, "access", at=NOW) == request


def test_one_mailbox_gets_three_mails_a_day(visitor: Client) -> None:
    """However often somebody types the address."""
    for _number in range(5):
        post(visitor, "vol@example.nl", "access")
    for each in RightsRequest.objects.all():
        take_in(request_id=each.id, at=NOW)
        take_in(request_id=each.id, at=NOW)
    assert OutboxMail.objects.count() == 3


def test_what_is_not_right_is_said_at_the_field(visitor: Client) -> None:
    """Nothing is kept then."""
    for data, sentence in (
        ({"email": "vera@example.nl"}, "Kies wat u wilt"),
        ({"email": "geen adres", "kinds": ["access"]}, "adres"),
        (
            {"email": "v@example.nl", "kinds": ["access"], "words": "Mijn BSN is 111222333"},
            "identiteitsbewijs",
        ),
        (
            {
                "email": "v@example.nl",
                "kinds": ["access"],
                "words": "P<NLDVEEN<<VERA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            },
            "identiteitsbewijs",
        ),
    ):
        page = visitor.post(URL, data)
        assert page.status_code == 422
        assert sentence in page.content.decode()
    assert not RightsRequest.objects.exists()


def test_inv45_the_log_stands_on_its_own_and_outlives_the_person() -> None:
    """Codes, days and who; no name, no address; and no line of it can be changed."""
    point = known("nora@example.nl")
    stranger = take_request(Asked(("rectification",), "nora@example.nl"), at=NOW)
    confirm_request(request_id=stranger.id, at=NOW)  # before we looked whose address it is
    forget(person_id=point.person_id, by=ErasureRun.By.PERSON, actor=STAFF, at=NOW)
    stranger.refresh_from_db()
    assert (stranger.subject_id, stranger.reply_to, stranger.state) == (None, "", "done")
    steps = list(stranger.steps.order_by("id"))
    assert [each.code for each in steps] == ["opened", "confirmed", "erased"]
    assert "nora" not in str([each.facts for each in steps])
    with pytest.raises(DatabaseError), transaction.atomic():
        stranger.steps.update(code="closed")


def test_who_signs_up_again_a_second_later_is_somebody_new() -> None:
    """The old request says nothing about the new person."""
    point = known("nora@example.nl")
    asked = take_request(Asked(("erasure",), point.value), at=NOW)
    take_in(request_id=asked.id, at=NOW)
    forget(person_id=point.person_id, by=ErasureRun.By.PERSON, actor=STAFF, at=NOW)
    again = make_point("nora@example.nl")
    asked.refresh_from_db()
    assert asked.subject_id is None
    assert not RightsRequest.objects.filter(subject_id=again.person_id).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_confirm_once() -> None:
    """One freeze, one line in the log."""
    point = known()
    request = open_request(
        facts=RequestFacts(
            kinds=("restriction", "access"),
            channel="web",
            received_at=NOW,
            person_id=point.person_id,
            state=RightsRequest.State.WAITING_IDENTITY,
        ),
        at=NOW,
        actor=STAFF,
    )

    def press(_number: int) -> None:
        try:
            confirm_request(request_id=request.id, at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert request.steps.filter(code="confirmed").count() == 1
    assert request.steps.filter(code="frozen").count() == 1


def test_the_page_stands_in_the_foot_of_every_public_page(visitor: Client) -> None:
    """Nobody has to look for it."""
    make_organisation()
    for name in ("consent_public:ask_link", "rights_public:request_new"):
        assert f'href="{URL}"' in visitor.get(reverse(name)).content.decode()
