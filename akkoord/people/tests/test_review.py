"""What may not be right comes up, and is settled with one press."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from akkoord.accounts.models import Staff
from akkoord.consent.actions import confirm_sign_up
from akkoord.consent.details import set_details
from akkoord.consent.models import DetailsQuestion, Standing
from akkoord.consent.tests.factories import (
    confirmation_token,
    make_form,
    make_topic,
    sign_up,
)
from akkoord.datamap.ids import uuid7
from akkoord.people.models import (
    ContactPoint,
    OwnFieldValue,
    Person,
    PostalAddress,
    Relation,
)
from akkoord.people.reviewing import (
    ReviewRefused,
    is_right,
    review_kinds,
    review_page,
    settle,
    tabs,
    to_review,
)
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.models import PersonalDataField, ProcessingActivity
from akkoord.register.tests.factories import make_organisation
from akkoord.trail.actions import Actor
from akkoord.trail.verify import verify

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(uuid7())
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=1200)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def up(kind: str) -> set[Any]:
    return set(to_review(kind, at=NOW).values_list("id", flat=True))


def press(kind: str, person: Person) -> bool:
    return settle(key=kind, person_id=person.id, at=NOW, actor=STAFF)


def lives(person: Person, postcode: str, country: str = "NL", **more: Any) -> PostalAddress:
    values = {"created_at": LONG_AGO} | more
    return PostalAddress.objects.create(
        person=person,
        street="Kade",
        house_number="1",
        postcode=postcode,
        city="Ergens",
        country=country,
        **values,
    )


def test_mail_that_comes_back() -> None:
    point = make_point(undeliverable_at=NOW)
    make_point()
    assert up("bouncing") == {point.person_id}
    assert point.value in review_page("bouncing", at=NOW).rows[0].detail
    assert press("bouncing", point.person)
    point.refresh_from_db()
    assert point.ended_at == NOW
    assert not press("bouncing", point.person)  # settled already


def test_two_countries_and_a_postcode_that_cannot_be() -> None:
    moved, wrong, fine = make_person(), make_person(), make_person()
    old, new = lives(moved, "1000", "BE"), lives(moved, "1234 AB", created_at=NOW)
    lives(wrong, "90210")
    lives(fine, "1234ab")
    lives(fine, "", "NL", ended_at=NOW)
    assert (up("two-countries"), up("postcode")) == ({moved.id}, {wrong.id})
    assert press("two-countries", moved)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.ended_at, new.ended_at) == (NOW, None)
    assert is_right(key="postcode", person_id=wrong.id, at=NOW, actor=STAFF)
    assert up("postcode") == set()
    assert to_review("postcode", at=NOW + timedelta(days=800)).exists()  # looked at again


def test_only_the_address_that_cannot_be_is_ended_and_post_with_the_last_one() -> None:
    both, only = make_person(), make_person()
    rows = {"wrong": lives(both, "90210"), "right": lives(both, "1234 AB")}
    rows["last"] = lives(only, "90210")
    post = {each: make_point(each, channel="post") for each in (both, only)}
    assert press("postcode", both)
    assert press("postcode", only)
    for each in (*rows.values(), *post.values()):
        each.refresh_from_db()
    assert [rows[key].ended_at for key in ("wrong", "right", "last")] == [NOW, None, NOW]
    assert (post[both].ended_at, post[only].ended_at) == (None, NOW)
    assert up("postcode") == set()


def switch_on() -> None:
    set_details(is_on=True, words_nl="", words_en="", at=NOW, actor=STAFF)


def test_who_was_not_heard_of_for_years_is_asked_with_one_press() -> None:
    make_organisation()
    switch_on()
    silent = make_point(make_person(created_at=LONG_AGO)).person
    make_point(make_person(created_at=LONG_AGO, confirmed_at=NOW))
    assert up("unseen") == {silent.id}
    assert press("unseen", silent)
    assert DetailsQuestion.objects.get().person_id == silent.id
    assert up("unseen") == set()  # a year to answer
    assert not press("unseen", silent)
    assert to_review("unseen", at=NOW + timedelta(days=370)).exists()
    # An answer is a sign of life.
    Person.objects.filter(id=silent.id).update(confirmed_at=NOW)
    assert not to_review("unseen", at=NOW + timedelta(days=370)).exists()


def test_nobody_is_asked_with_one_press_while_the_organisation_does_not_ask(
    client: Client,
) -> None:
    make_organisation()
    client.force_login(
        Staff.objects.create_user("m@example.nl", "x" * 20, role="marketer", name="M")
    )
    silent = make_point(make_person(created_at=LONG_AGO)).person
    with pytest.raises(ReviewRefused, match="is off"):
        press("unseen", silent)
    url = reverse("people:review_settle", args=["unseen", silent.id])
    answer = client.post(url, {"do": "settle"}, follow=True)
    said = [str(each) for each in answer.context["messages"]]
    assert len(said) == 1
    assert "Kloppen de gegevens nog?" in said[0]
    assert not ProcessingActivity.objects.filter(key="details").exists()
    switch_on()
    ProcessingActivity.objects.filter(key="details").update(valid_to=NOW)
    with pytest.raises(ReviewRefused, match="is off"):
        press("unseen", silent)  # the activity has ended
    assert not ProcessingActivity.objects.filter(key="details", valid_to=None).exists()
    assert not DetailsQuestion.objects.exists()


def born(person: Person, day: str) -> None:
    field, _new = PersonalDataField.objects.get_or_create(
        key="geboortedatum",
        defaults={
            "name_nl": "Geboortedatum",
            "name_en": "Date of birth",
            "category": "pd:BirthDate",
            "value_kind": "date",
            "is_own": True,
            "created_at": NOW,
        },
    )
    OwnFieldValue.objects.create(person=person, field=field, value=day, updated_at=NOW)


def test_inv14_a_birth_date_against_what_is_noted_of_the_age() -> None:
    young, grown, fine = make_person(), make_person(is_known_child=True), make_person()
    born(young, (NOW - timedelta(days=4000)).date().isoformat())
    born(grown, "1980-05-01")
    born(fine, "1980-05-01")
    assert up("age") == {young.id, grown.id}
    assert press("age", young)
    assert press("age", grown)
    young.refresh_from_db()
    grown.refresh_from_db()
    assert (young.is_known_child, grown.is_known_child) == (True, False)
    assert not is_right(key="age", person_id=young.id, at=NOW, actor=STAFF)


def test_inv14_a_yes_of_a_child_without_a_parent_and_a_customer_who_is_none_any_more() -> None:
    make_organisation()
    topic = make_topic()
    signed = sign_up(make_form(topic), "kind@example.nl", at=NOW - timedelta(hours=2))
    confirm_sign_up(confirmation_token(signed), at=NOW - timedelta(hours=1))
    person = signed.person
    assert up("child-yes") == set()
    Person.objects.filter(id=person.id).update(is_known_child=True)
    assert up("child-yes") == {person.id}
    assert press("child-yes", person)
    assert Standing.objects.get(person=person).state == "invalidated"
    assert up("child-yes") == set()
    Standing.objects.filter(person=person).update(state="given", basis="existing-customer")
    Person.objects.filter(id=person.id).update(is_known_child=None)
    relation = Relation.objects.create(person=person, kind="customer", since=LONG_AGO.date())
    assert up("no-customer") == set()
    Relation.objects.filter(id=relation.id).update(until=NOW.date())
    assert up("no-customer") == {person.id}


def test_letting_a_yes_go_keeps_the_ledger_whole() -> None:
    make_organisation()
    signed = sign_up(make_form(make_topic()), "kind@example.nl", at=NOW - timedelta(hours=2))
    confirm_sign_up(confirmation_token(signed), at=NOW - timedelta(hours=1))
    Person.objects.filter(id=signed.person_id).update(is_known_child=True)
    assert press("child-yes", signed.person)
    assert verify().ok


def test_inv38_nobody_who_is_frozen_comes_up() -> None:
    point = make_point(undeliverable_at=NOW)
    Person.objects.filter(id=point.person_id).update(restricted_at=NOW)
    assert up("bouncing") == set()
    assert not press("bouncing", point.person)


def test_the_page_asks_the_same_whatever_its_size(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    url = reverse("people:review")
    with django_assert_max_num_queries(25):
        assert client.get(url).status_code == 200
    for _number in range(30):
        make_point(undeliverable_at=NOW)
    with django_assert_max_num_queries(25):
        first = client.get(url, {"soort": "bouncing"})
    page = review_page("bouncing", at=NOW)
    assert len(page.rows) == 25
    assert page.next_key in first.content.decode()
    assert len(review_page("bouncing", at=NOW, after=page.next_key).rows) == 5
    counts = {each.key: each.count for each in tabs(at=NOW)}
    assert counts["bouncing"] == 30
    assert set(counts) == set(review_kinds())
    someone = page.rows[0].person
    address = reverse("people:review_settle", args=["bouncing", someone.id])
    assert client.post(address, {"do": "settle"}).status_code == 302
    assert client.post(address, {"do": "right"}).status_code == 302  # too late: nothing to settle
    assert ContactPoint.objects.filter(ended_at__isnull=False).count() == 1
    assert client.get(url, {"soort": "niets"}).status_code == 404
