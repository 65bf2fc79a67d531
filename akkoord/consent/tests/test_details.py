"""Once a year: are your details still right? Whom to ask, the page, and what they answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.consent.actions import object_to_marketing, restrict_person
from akkoord.consent.details import (
    DetailsRefused,
    a_night,
    ask,
    ask_tonight,
    due,
    forget_old_questions,
    set_details,
)
from akkoord.consent.models import DetailsQuestion, DetailsSetting, SignUp, Suppression
from akkoord.consent.tests.factories import make_organisation, make_topic
from akkoord.consent.tokens import details_link
from akkoord.datamap.ids import uuid7
from akkoord.delivery.models import OutboxMail, OwnServer
from akkoord.law.promotion_rules import promotions_in
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person, PostalAddress, Relation
from akkoord.people.tests.factories import NOW, make_person, make_point
from akkoord.register.models import ProcessingActivity
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(uuid7())
LONG_AGO = NOW - timedelta(days=800)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def somebody(email: str = "", **more: Any) -> ContactPoint:
    person = make_person(created_at=LONG_AGO, **more)
    return make_point(person, email, verified_at=LONG_AGO)


def switch_on(**words: str) -> None:
    make_organisation()
    values = {"words_nl": "", "words_en": ""} | words
    set_details(is_on=True, at=NOW, actor=STAFF, **values)


def page_of(point: ContactPoint, at: Any = None) -> str:
    return urlsplit(details_link(point_id=point.id, at=at or timezone.now())).path


def test_inv42_nobody_is_asked_while_a_mail_server_waits_for_its_contract(
    settings: Any, client: Client
) -> None:
    """Another company would get the addresses; the page says what is missing."""
    somebody()
    settings.SMTP_URL = "smtp://smtp.belhuis.example.nl:587"
    switch_on()
    assert ask_tonight(at=NOW) == 0
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    assert "smtp.belhuis.example.nl" in client.get(reverse("consent:details")).content.decode()
    OwnServer.objects.create(host="smtp.belhuis.example.nl", said_at=NOW)
    assert ask_tonight(at=NOW) == 1


def test_nobody_is_asked_until_the_organisation_wants_it() -> None:
    make_organisation()
    somebody()
    assert ask_tonight(at=NOW) == 0
    switch_on_again = {"is_on": True, "words_nl": "", "words_en": ""}
    set_details(at=NOW, actor=STAFF, **switch_on_again)
    assert ProcessingActivity.objects.get(key="details").legal_basis == "legal-obligation"
    assert ask_tonight(at=NOW) == 1
    assert ask_tonight(at=NOW) == 0  # once a year
    assert ask_tonight(at=NOW + timedelta(days=370)) == 1
    ProcessingActivity.objects.filter(key="details").update(valid_to=NOW)
    assert ask_tonight(at=NOW + timedelta(days=740)) == 0


def test_inv26_the_mail_sells_nothing_and_a_sentence_that_sells_is_refused() -> None:
    switch_on(words_nl="Tot ziens in de winkel.")
    point = somebody("anna@example.nl")
    ask_tonight(at=NOW)
    mail = OutboxMail.objects.get(kind="details-question")
    assert mail.recipient == "anna@example.nl"
    assert "/kloppen/" in mail.text
    assert "Tot ziens in de winkel." in mail.text
    assert promotions_in(mail.text, on=NOW.date()) == ()
    assert mail.subject_id == point.person_id
    with pytest.raises(DetailsRefused) as refused:
        set_details(is_on=True, words_nl="Nu 20% korting", words_en="", at=NOW, actor=STAFF)
    assert refused.value.field == "words_nl"


def test_inv38_who_froze_objected_or_left_only_a_no_is_not_asked() -> None:
    make_organisation()
    topic = make_topic()
    fine, frozen, objected = (somebody() for _ in range(3))
    customer = somebody()
    Relation.objects.create(person=customer.person, kind="customer", since=LONG_AGO.date())
    somebody(given_name="", family_name="")  # nothing but the proof of a choice
    somebody(judge_by=NOW.date())
    make_point(make_person())  # known since short
    broken = somebody()
    ContactPoint.objects.filter(id=broken.id).update(undeliverable_at=NOW)
    confirmed = somebody(confirmed_at=NOW - timedelta(days=30))
    restrict_person(person_id=frozen.person_id, actor=STAFF, at=NOW)
    for each in (objected, customer):
        object_to_marketing(
            person_id=each.person_id,
            method=Method.PREFERENCE_CENTRE,
            actor=Actor.person(),
            at=NOW,
        )
    assert topic
    asked = set(due(at=NOW).values_list("id", flat=True))
    # Who is a customer is asked all the same: an objection to marketing stops no duty (INV-4).
    assert asked == {fine.person_id, customer.person_id}
    assert confirmed.person_id not in asked
    assert not ask(person_id=frozen.person_id, at=NOW)  # a job that comes late looks again


def test_the_question_goes_to_the_mailbox_that_answered() -> None:
    switch_on()
    point = somebody("anna@example.nl")
    make_point(point.person, "nooit.bevestigd@example.nl")
    make_point(point.person, "tikfout@example.org", source=SignUp.ADDRESS_CHANGE)
    assert ask_tonight(at=NOW) == 1
    assert OutboxMail.objects.get(kind="details-question").recipient == "anna@example.nl"


def test_a_new_address_that_did_not_answer_is_asked_nothing() -> None:
    switch_on()
    person = make_person(created_at=LONG_AGO)
    new = make_point(person, "tikfout@example.org", source=SignUp.ADDRESS_CHANGE)
    assert not due(at=NOW).exists()
    assert not ask(person_id=person.id, at=NOW)
    ContactPoint.objects.filter(id=new.id).update(verified_at=NOW)
    assert ask(person_id=person.id, at=NOW)


@pytest.mark.parametrize(("total", "nights"), [(0, 0), (1, 1), (330, 1), (331, 2), (100_000, 304)])
def test_a_year_of_questions_is_spread(total: int, nights: int) -> None:
    assert a_night(total) == nights


def test_somebody_looks_and_says_that_it_is_right(client: Client) -> None:
    switch_on()
    point = somebody("anna@example.nl", given_name="Anna", customer_number="K-7")
    PostalAddress.objects.create(
        person=point.person,
        street="Kade",
        house_number="1",
        postcode="1234 AB",
        city="Ergens",
        created_at=NOW,
    )
    ask_tonight(at=NOW)
    url = page_of(point)
    shown = client.get(url).content.decode()
    for text in ("Anna", "anna@example.nl", "K-7", "Kade 1", "1234 AB"):
        assert text in shown
    assert Person.objects.get(id=point.person_id).confirmed_at is None  # GET changes nothing
    client.head(url)
    assert client.post(url, {"do": "iets"}).status_code == 422
    assert client.post(url, {"do": "right"}).status_code == 200
    person = Person.objects.get(id=point.person_id)
    assert person.confirmed_at is not None
    question = DetailsQuestion.objects.get()
    assert (question.answer, question.changed) == ("confirmed", [])
    assert Change.objects.filter(action="details.confirm", subject_id=person.id).exists()
    client.post(url, {"do": "right"})  # a second press is no second answer
    assert DetailsQuestion.objects.count() == 1


def test_somebody_corrects_with_one_press_and_only_the_names_of_fields_are_kept(
    client: Client,
) -> None:
    switch_on()
    point = somebody("anna@example.nl", given_name="Ana", family_name="Wit")
    url = page_of(point)
    form = {"do": "correct", "given_name": "Anna", "family_name": "Wit", "language": "nl"}
    wrong = client.post(url, form | {"language": "xx"})
    assert wrong.status_code == 422
    assert Person.objects.get(id=point.person_id).confirmed_at is None
    assert client.post(url, form).status_code == 200
    person = Person.objects.get(id=point.person_id)
    assert (person.given_name, person.confirmed_at is not None) == ("Anna", True)
    question = DetailsQuestion.objects.get()
    assert (question.answer, question.changed) == ("corrected", ["given_name"])
    client.post(url, {"do": "right"})
    question.refresh_from_db()
    assert question.answer == "corrected"


def test_this_is_not_me(client: Client) -> None:
    switch_on()
    point = somebody("vreemd@example.nl", given_name="Geheim")
    other = make_point(point.person, "echt@example.nl")
    url = page_of(point)
    assert client.post(url, {"do": "not-me"}).status_code == 200
    point.refresh_from_db()
    other.refresh_from_db()
    assert (point.ended_at is not None, other.ended_at) == (True, None)
    assert Suppression.objects.get().keyed_hash == bytes(point.keyed_hash)
    after = client.get(url).content.decode()
    assert "Geheim" not in after  # a stranger sees nothing any more
    assert DetailsQuestion.objects.get().answer == "not-me"


def test_a_link_that_is_forged_old_or_of_another_kind_shows_nothing(client: Client) -> None:
    make_organisation()
    point = somebody("anna@example.nl", given_name="Geheim")
    assert client.get("/kloppen/iets/").status_code == 404
    url = page_of(point, at=NOW - timedelta(days=60))
    old = client.get(url)
    assert old.status_code == 410
    assert "Geheim" not in old.content.decode()
    assert (
        client.post(page_of(point, at=NOW - timedelta(days=60)), {"do": "right"}).status_code == 410
    )


def test_staff_set_it_and_see_what_came_of_it(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_organisation()
    for _ in range(5):
        somebody()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    url = reverse("consent:details")
    refused = client.post(url, {"is_on": "on", "words_nl": "Koop nu!", "words_en": ""})
    assert "Dit verkoopt" in refused.content.decode()
    assert DetailsSetting.objects.count() == 0
    assert client.post(url, {"is_on": "on", "words_nl": "", "words_en": ""}).status_code == 302
    ask_tonight(at=NOW)
    with django_assert_max_num_queries(14):
        assert client.get(url).status_code == 200
    client.post(url, {"words_nl": "", "words_en": ""})
    assert ask_tonight(at=NOW + timedelta(days=400)) == 0


def test_what_was_asked_goes_after_two_years() -> None:
    switch_on()
    somebody()
    ask_tonight(at=NOW)
    assert forget_old_questions(at=NOW + timedelta(days=700)) == 0
    assert forget_old_questions(at=NOW + timedelta(days=731)) == 1
