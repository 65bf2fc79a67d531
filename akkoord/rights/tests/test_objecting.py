"""An objection to one use that is granted ends that use, and frees the rest (art. 21(1), 18)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.actions import restrict_person
from akkoord.consent.models import Standing
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.delivery.models import OutboxMail
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.queries import ask
from akkoord.register.balancing import Weighing, write_balancing_test
from akkoord.register.models import Purpose
from akkoord.retention.tests.factories import said, somebody
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.handling import assess_objection
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.objecting import uses
from akkoord.rights.parts import refuse_parts
from akkoord.rights.refusals import RequestRefused
from akkoord.rights.tests.factories import NOW, STAFF

pytestmark = pytest.mark.django_db
WHY = "Zij heeft kleine kinderen en wil thuis geen post over dit onderwerp krijgen."
STEP = "Wij willen oude klanten laten weten dat er iets nieuws in de winkel is."


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_organisation()
        yield


def reader() -> tuple[Person, Purpose, Purpose]:
    """Somebody who said yes to two topics; letters of one rest on a balancing test too."""
    person = somebody()
    for slug in ("catalogus", "nieuws"):
        make_topic(slug)
        said(person, "confirmed", 30, topic=slug)
    catalogue, news = (Purpose.objects.get(slug=each) for each in ("catalogus", "nieuws"))
    write_balancing_test(
        activity_key=catalogue.activity_key,
        words=Weighing(interest=STEP, necessity=STEP, balance=STEP),
        at=NOW,
        actor=STAFF,
    )
    return person, catalogue, news


def objects(person: Person, *kinds: str) -> RightsRequest:
    facts = RequestFacts(
        kinds=kinds or ("objection-use",),
        channel=RightsRequest.Channel.LETTER,
        received_at=NOW,
        person_id=person.id,
    )
    return open_request(facts=facts, at=NOW, actor=STAFF)


def grants(request: RightsRequest, activity: str, **more: Any) -> RightsRequest:
    values: dict[str, Any] = {"by_mail": True, "at": NOW, "actor": STAFF} | more
    return assess_objection(
        request_id=request.id, is_granted=True, reasons=WHY, activity=activity, **values
    )


def may(point: ContactPoint, topic: Purpose) -> bool:
    return ask([point.id], topic, Channel.EMAIL, at=NOW)[point.id].allowed


def test_the_use_that_was_objected_to_ends_and_the_rest_is_used_again() -> None:
    """The person hears both before; nothing else of theirs is taken."""
    person, catalogue, news = reader()
    point = person.points.get(channel="email")
    request = objects(person)
    assert not may(point, news)  # frozen as a whole until it is judged
    done = grants(request, catalogue.activity_key)
    person.refresh_from_db()
    assert (done.state, person.restricted_at) == ("done", None)
    assert (may(point, catalogue), may(point, news)) == (False, True)
    assert Standing.objects.get(purpose=catalogue, contact_point=point).state == "objected"
    told = OutboxMail.objects.get(kind="rights-reply").text
    assert "bezwaar" in told
    codes = list(request.steps.order_by("id").values_list("code", flat=True))
    assert codes[-4:] == ["part-done", "closed", "lift-told", "lifted"]
    assert "use-ended" in codes
    request.refresh_from_db()
    assert not request.owes_letter


def test_inv33_a_no_to_something_else_is_not_heard_by_hearing_of_the_objection() -> None:
    """The mail on the objection says nothing of the refused part, nor where to complain of that:
    the request waits for its letter (art. 12(4))."""
    person, catalogue, _news = reader()
    request = objects(person, "rectification", "objection-use")
    refuse_parts(
        request_id=request.id,
        kinds=["rectification"],
        ground="data-is-right",
        explanation="Dit klopt volgens uw eigen brief.",
        at=NOW,
        actor=STAFF,
    )
    later = NOW + timedelta(hours=1)
    assert grants(request, catalogue.activity_key, at=later).owes_letter
    request.refresh_from_db()
    assert (request.state, request.owes_letter) == ("done", True)


def test_the_register_says_what_can_be_objected_to_and_what_was_weighed() -> None:
    _person, catalogue, news = reader()
    found = {each.key: each for each in uses()}
    use = found[catalogue.activity_key]
    assert use.test is not None
    assert use.test.interest == STEP
    assert use.topics == (catalogue.versions.get().name,)
    assert news.activity_key not in found


@pytest.mark.parametrize("why", ["asked", "before", "another", "both"])
def test_what_something_else_froze_stays_frozen(why: str) -> None:
    """A freeze that was asked for, one of before, and another objection that waits."""
    person, catalogue, _news = reader()
    if why == "before":
        restrict_person(person_id=person.id, actor=STAFF, at=NOW - timedelta(days=1))
    request = objects(person, *(("restriction", "objection-use") if why == "both" else ()))
    if why == "asked":
        objects(person, "restriction")
    if why == "another":
        objects(person)
    grants(request, catalogue.activity_key)
    person.refresh_from_db()
    assert person.restricted_at is not None
    assert request.steps.filter(code="stays-frozen").exists()
    assert Standing.objects.get(purpose=catalogue, contact_point__channel="email").state == (
        "objected"
    )


def test_a_use_that_is_not_there_and_a_person_without_a_mailbox_are_refused() -> None:
    """Then nothing is done at all."""
    person, catalogue, _news = reader()
    request = objects(person)
    with pytest.raises(RequestRefused) as refused:
        grants(request, "no-such")
    assert refused.value.field == "activity"
    ContactPoint.objects.filter(person=person).update(ended_at=NOW)
    with pytest.raises(RequestRefused):
        grants(request, catalogue.activity_key)
    assert RequestPart.objects.get(request=request).state == "open"
    assert not Standing.objects.filter(purpose=catalogue, state="objected").exists()
    grants(request, catalogue.activity_key, by_mail=False)
    person.refresh_from_db()
    assert person.restricted_at is None


def test_staff_see_what_was_weighed_and_choose_the_use() -> None:
    person, catalogue, _news = reader()
    request = objects(person)
    browser = Client(headers={"accept-language": "nl"})
    browser.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(reverse("rights:request", args=[request.id])).content.decode()
    for each in (STEP, "Om welk gebruik gaat het?", "Hiermee stopt"):
        assert each in page
    typed = {"outcome": "granted", "reasons": WHY, "by_mail": "yes"}
    path = reverse("rights:assess", args=[request.id])
    assert browser.post(path, typed | {"activity": "no-such"}).status_code == 422
    assert browser.post(path, typed | {"activity": catalogue.activity_key}).status_code == 302
    person.refresh_from_db()
    assert person.restricted_at is None
