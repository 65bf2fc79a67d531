"""What was decided counts when the person heard it: an extension, a no, what was done by hand."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.people.models import ContactPoint, Person
from akkoord.rights import answers
from akkoord.rights.actions import RequestFacts, close_request, finish_by_hand, open_request
from akkoord.rights.extending import extend_request, tell_extension
from akkoord.rights.forget import forget
from akkoord.rights.models import ErasureRun, RightsRequest
from akkoord.rights.parts import refuse_parts
from akkoord.rights.queries import closed_requests, open_requests
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.reminders import remind
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 24)
LONGER = date(2027, 2, 24)


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_organisation()
        yield


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def somebody(*, by_mail: bool = True) -> Person:
    point = make_point("vera@example.nl")
    if not by_mail:
        ContactPoint.objects.update(ended_at=NOW)
    return point.person


def ask(person: Person, *kinds: str) -> RightsRequest:
    facts = RequestFacts(kinds=kinds, channel="letter", received_at=NOW, person_id=person.id)
    return open_request(facts=facts, at=NOW, actor=STAFF)


def extended(request: RightsRequest) -> RightsRequest:
    return extend_request(request_id=request.id, reason="Dertig tegelijk.", at=NOW, actor=STAFF)


def refused(request: RightsRequest) -> RightsRequest:
    return refuse_parts(
        request_id=request.id,
        kinds=None,
        ground="excessive",
        explanation="Dit is de tiende keer.",
        at=NOW,
        actor=STAFF,
    )


def binding() -> list[tuple[date, str]]:
    return [(each.due, str(each.urgency)) for each in open_requests(DUE + timedelta(days=1))]


def test_inv33_an_extension_that_nobody_was_told_of_does_not_count() -> None:
    """Without a mailbox: too late after the first month, until staff say when it was told."""
    request = extended(ask(somebody(by_mail=False), "rectification"))
    assert binding() == [(DUE, "overdue")]
    with pytest.raises(RequestRefused):
        tell_extension(
            request_id=request.id, on=date(2026, 11, 23), at=NOW, actor=STAFF
        )  # before it came in
    with pytest.raises(RequestRefused):
        tell_extension(request_id=request.id, on=date(2026, 11, 25), at=NOW, actor=STAFF)
    tell_extension(request_id=request.id, on=NOW.date(), at=NOW, actor=STAFF)
    assert binding() == [(LONGER, "in-time")]
    with pytest.raises(RequestRefused):  # once
        tell_extension(request_id=request.id, on=NOW.date(), at=NOW, actor=STAFF)


def test_inv33_told_after_the_first_month_it_does_not_count_either() -> None:
    late = NOW + timedelta(days=31)
    request = extended(ask(somebody(by_mail=False), "rectification"))
    tell_extension(request_id=request.id, on=late.date(), at=late, actor=STAFF)
    assert binding() == [(DUE, "overdue")]


def test_inv33_an_extension_by_mail_counts_at_once() -> None:
    extended(ask(somebody(), "rectification"))
    assert binding() == [(LONGER, "in-time")]


def test_the_letter_for_more_time_is_made_on_paper_and_told_by_a_press(staff: Client) -> None:
    """It asks for time and answers nothing."""
    request = extended(ask(somebody(by_mail=False), "rectification"))
    page = staff.get(reverse("rights:request", args=[request.id])).content.decode()
    assert "24 december 2026" in page
    file = reverse("rights:extension_file", args=[request.id])
    assert file in page
    assert staff.get(file).content.startswith(b"%PDF")
    where = reverse("rights:extension_told", args=[request.id])
    assert staff.post(where, {"told_on": "2026-12-01"}).status_code == 422
    assert staff.post(where, {"told_on": "2026-11-24"}).status_code == 302
    request.refresh_from_db()
    assert request.extension_told_on == NOW.date()
    page = staff.get(reverse("rights:request", args=[request.id])).content.decode()
    assert where not in page
    plain = ask(Person.objects.get(), "access")
    assert staff.get(reverse("rights:extension_file", args=[plain.id])).status_code == 404


def test_a_no_waits_until_the_person_heard_it(staff: Client) -> None:
    """Decided, and still on the list, with its reminders, until the letter went (art. 12(4))."""
    request = refused(ask(somebody(), "access"))
    assert (request.state, binding()) == ("refused", [(DUE, "overdue")])
    assert not closed_requests(NOW.date())
    assert remind(at=NOW + timedelta(days=31)) == 1
    page = staff.get(reverse("rights:request", args=[request.id])).content.decode()
    assert "weet nog niet" in page
    answers.write_letter(
        request_id=request.id, text=answers.draft(request, at=NOW), at=NOW, actor=STAFF
    )
    answers.approve_letter(request_id=request.id, at=NOW, actor=STAFF)
    answers.deliver(request_id=request.id, way="mail", at=NOW, actor=STAFF)
    assert not binding()
    assert [each.request.id for each in closed_requests(NOW.date())] == [request.id]


def test_what_was_done_by_hand_waits_for_its_letter_too(staff: Client) -> None:
    """Or until staff say that the person heard it in another way."""
    request = ask(somebody(), "rectification")
    finish_by_hand(request_id=request.id, kinds=["rectification"], at=NOW, actor=STAFF)
    assert binding() == [(DUE, "overdue")]
    assert staff.post(reverse("rights:close", args=[request.id])).status_code == 302
    assert not binding()
    assert request.steps.filter(code="told-otherwise").count() == 1
    close_request(request_id=request.id, at=NOW, actor=STAFF)
    assert request.steps.filter(code="told-otherwise").count() == 1


def test_nobody_waits_for_a_letter_to_who_was_forgotten_or_only_wanted_to_stop() -> None:
    """Done in that moment; and afterwards nobody is left to write to."""
    person = somebody()
    assert ask(person, "objection").state == "done"
    refused(ask(person, "access"))
    assert len(binding()) == 1
    forget(person_id=person.id, by=ErasureRun.By.STAFF, actor=STAFF, at=NOW)
    assert not binding()


@pytest.mark.parametrize("left_out", ["Autoriteit Persoonsgegevens", "rechter"])
def test_a_letter_that_says_no_names_the_ap_and_the_court(left_out: str) -> None:
    """Staff may write it in their own words; not without them (art. 12(4))."""
    request = refused(ask(somebody(), "access"))
    own = "Nee. U kunt klagen bij de Autoriteit Persoonsgegevens, of naar de rechter gaan."

    def approve(text: str) -> None:
        answers.write_letter(request_id=request.id, text=text, at=NOW, actor=STAFF)
        answers.approve_letter(request_id=request.id, at=NOW, actor=STAFF)

    with pytest.raises(RequestRefused):
        approve(own.replace(left_out, "..."))
    approve(own)


def test_a_letter_that_says_yes_need_not_name_them() -> None:
    request = ask(somebody(), "rectification")
    finish_by_hand(request_id=request.id, kinds=["rectification"], at=NOW, actor=STAFF)
    answers.write_letter(request_id=request.id, text="Het is gedaan.", at=NOW, actor=STAFF)
    assert answers.approve_letter(request_id=request.id, at=NOW, actor=STAFF).state == "approved"
