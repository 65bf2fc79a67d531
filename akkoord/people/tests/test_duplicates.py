"""Finding records that may be of one person, and the pages about them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.models import Staff
from akkoord.datamap.identifiers import normalise_phone
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.people.duplicates import find_duplicates, not_the_same, pairs_page, waiting
from akkoord.people.joining import JoinRefused
from akkoord.people.models import (
    Company,
    ContactPoint,
    DuplicatePair,
    DuplicateSide,
    Joining,
    Person,
    PostalAddress,
    Relation,
)
from akkoord.people.tests.factories import NOW, make_person, make_point
from akkoord.register.tests.factories import make_organisation
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(uuid7())


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def phone(person: Person, typed: str, **more: Any) -> None:
    """A number, in whatever notation; on the list of living addresses one number has one person,
    so the second stands there as a number for messages."""
    normal = normalise_phone(typed)
    ContactPoint.objects.create(
        person=person,
        value=typed,
        normalised=normal,
        keyed_hash=keyed_hash(normal),
        source="staff",
        created_at=NOW,
        **({"channel": "phone"} | more),
    )


def door(person: Person, postcode: str, number: str) -> None:
    PostalAddress.objects.create(
        person=person,
        street="Kade",
        house_number=number,
        postcode=postcode,
        city="Ergens",
        created_at=NOW,
    )


def found() -> list[tuple[set[str], set[str]]]:
    find_duplicates(at=NOW)
    return [
        (
            set(pair.reasons),
            {side.person.given_name for side in pair.sides.select_related("person")},
        )
        for pair in DuplicatePair.objects.all()
    ]


def test_a_phone_in_any_notation_and_an_initial() -> None:
    phone(make_person(given_name="Jan", family_name="Vries"), "06 - 12 34 56 78")
    phone(make_person(given_name="J.", family_name="vries"), "0031612345678", channel="sms")
    assert found() == [({"phone", "like-name"}, {"Jan", "J."})]


def test_a_household_on_one_phone_is_no_duplicate() -> None:
    phone(make_person(given_name="Jan", family_name="Vries"), "06 - 12 34 56 78")
    phone(make_person(given_name="Els", family_name="Vries"), "0612345678", channel="sms")
    assert found() == []


def test_the_same_name_at_one_door_however_it_was_typed() -> None:
    door(make_person(given_name="Zoë", family_name="van  Dam"), "1234 AB", "12 b")
    door(make_person(given_name="zoe", family_name="Van Dam"), "1234ab", "12B")
    assert found() == [({"door", "same-name"}, {"Zoë", "zoe"})]


@pytest.mark.parametrize(
    ("one", "other", "is_pair"),
    [
        ("jan.vries@gmail.com", "janvries@googlemail.com", True),
        ("jan+winkel@example.nl", "jan@example.nl", True),
        ("jan.vries@example.nl", "janvries@example.nl", False),  # dots are names elsewhere
        ("jan@example.nl", "jan@example.org", False),
    ],
)
def test_a_mailbox_but_for_dots_and_plus_where_that_is_safe(
    one: str, other: str, is_pair: bool
) -> None:
    make_point(make_person(given_name="Jan"), one)
    make_point(make_person(given_name=""), other)
    assert bool(found()) is is_pair


def test_a_customer_number_a_former_address_and_a_company() -> None:
    make_person(given_name="A", family_name="Een", customer_number="K-1")
    make_person(given_name="", family_name="", customer_number="k-1 ")
    make_point(make_person(given_name="B", family_name=""), "b@example.nl", ended_at=NOW)
    make_point(make_person(given_name="", family_name="Twee"), "b@example.nl")
    company = Company.objects.create(name="Bakkerij", created_at=NOW)
    for name in ("Carla", "C."):
        Relation.objects.create(
            person=make_person(given_name=name, family_name="Drie"),
            company=company,
            kind="contact",
            since=NOW.date(),
        )
    assert sorted(sorted(reasons) for reasons, _names in found()) == [
        ["company", "like-name"],
        ["customer-number"],
        ["former-address"],
    ]


def test_a_name_and_door_shared_by_hundreds_are_passed_by() -> None:
    for _number in range(30):
        door(make_person(given_name="Jan", family_name="Jansen"), "1234 AB", "1")
    assert found() == []


def test_inv38_nobody_who_is_frozen_is_in_a_pair() -> None:
    frozen = make_person(customer_number="K-1", restricted_at=NOW)
    make_person(customer_number="K-1")
    assert found() == []
    Person.objects.filter(id=frozen.id).update(restricted_at=None)
    assert len(found()) == 1
    Person.objects.filter(id=frozen.id).update(restricted_at=NOW)
    assert (waiting(), pairs_page().pairs) == (0, [])


def test_two_people_are_never_shown_again_and_what_differs_now_is_gone() -> None:
    one = make_person(customer_number="K-1")
    other = make_person(customer_number="K-1")
    assert len(found()) == 1
    assert len(found()) == 1  # not twice
    pair = DuplicatePair.objects.get()
    not_the_same(pair_id=pair.id, at=NOW, actor=STAFF)
    with pytest.raises(JoinRefused):
        not_the_same(pair_id=pair.id, at=NOW, actor=STAFF)
    found()
    assert (waiting(), DuplicatePair.objects.count()) == (0, 1)
    third = make_person(customer_number="K-1")
    found()
    assert waiting() == 2
    Person.objects.filter(id=third.id).update(customer_number="")
    found()
    assert waiting() == 0
    Person.objects.filter(id__in=[one.id, other.id]).delete()
    found()
    assert not DuplicateSide.objects.exists()
    assert not DuplicatePair.objects.exists()


def staff(client: Client) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("m@example.nl", "x" * 20, role="owner", name="M"))


def test_staff_compare_join_and_part(client: Client) -> None:
    staff(client)
    one = make_person(given_name="Anna", customer_number="K-1")
    other = make_person(given_name="Ann", customer_number="K-1", family_name="Witte")
    make_point(one), make_point(other)
    assert b"nakijken" in client.get(reverse("people:index")).content
    assert b"dubbel" in client.get(reverse("people:review")).content
    client.post(reverse("people:duplicates_find"))
    assert not DuplicatePair.objects.exists()  # the names differ
    Person.objects.filter(id=other.id).update(given_name="Anna", family_name="de Wit")
    client.post(reverse("people:duplicates_find"))
    pair = DuplicatePair.objects.get()
    url = reverse("people:duplicate", args=[pair.id])
    assert url in client.get(reverse("people:duplicates")).content.decode()
    assert client.get(url).status_code == 200
    answer = client.post(url, {"stays": str(one.id), "given_name": "old"})
    assert answer.status_code == 302
    joining = Joining.objects.get()
    assert (joining.person_id, joining.old_id) == (one.id, other.id)
    assert client.get(reverse("people:person", args=[other.id])).status_code == 200
    assert client.get(url).status_code == 404
    pair.refresh_from_db()
    assert pair.state == "joined"
    client.post(reverse("people:part", args=[joining.id]))
    assert Person.objects.filter(id=other.id).exists()
    pair.refresh_from_db()
    assert pair.state == "parted"
    client.post(reverse("people:duplicates_find"))
    assert waiting() == 0  # staff parted them: not shown again
    client.post(reverse("people:part", args=[joining.id]))
    assert Person.objects.count() == 2


def test_a_page_of_pairs_asks_the_same_whatever_its_size(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    staff(client)
    for number in range(30):
        for _twice in range(2):
            make_point(make_person(customer_number=f"K-{number}"))
    find_duplicates(at=NOW)
    with django_assert_max_num_queries(12):
        first = client.get(reverse("people:duplicates"))
    page = pairs_page()
    assert len(page.pairs) == 25
    rest = pairs_page(after=page.next_key)
    assert len(rest.pairs) == 5
    assert page.next_key in first.content.decode()
    assert pairs_page(after="niets").pairs == page.pairs
    with django_assert_max_num_queries(20):
        client.get(reverse("people:duplicate", args=[page.pairs[0].id]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Сергей", "Иванов"), ("Sergey", "Ivanov")),
        (("Νίκος", "Μάνος"), ("Nikos", "Manos")),
        (("Łukasz", "Żółć"), ("Lukasz", "Zolc")),
        (("Søren", "Kjær"), ("Soren", "Kjaer")),
    ],
)
def test_a_name_in_another_alphabet_is_the_same_name(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """At one door: what is kept stays as it was written."""
    for given, family in (one, other):
        door(make_person(given_name=given, family_name=family), "1234 AB", "7")
    assert find_duplicates(at=NOW) == 1
    assert DuplicatePair.objects.get().reasons == ["door", "same-name"]
    assert set(Person.objects.values_list("family_name", flat=True)) == {one[1], other[1]}


def test_names_of_two_people_in_another_alphabet_are_not_one() -> None:
    for given, family in (("Сергей", "Иванов"), ("Ольга", "Петрова")):
        door(make_person(given_name=given, family_name=family), "1234 AB", "7")
    assert find_duplicates(at=NOW) == 0
