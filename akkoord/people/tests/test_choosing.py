"""Two records that staff choose themselves: compared and joined like those that are found."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from akkoord.accounts.models import Staff
from akkoord.datamap.ids import uuid7
from akkoord.people.choosing import choose_pair
from akkoord.people.duplicates import find_duplicates, not_the_same, waiting
from akkoord.people.joining import JoinRefused
from akkoord.people.models import DuplicatePair, Person
from akkoord.people.tests.factories import NOW, make_person, make_point
from akkoord.register.tests.factories import make_organisation
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.staff(uuid7())


def chosen(one: Person, other: Person) -> DuplicatePair:
    key = choose_pair(one_id=one.id, other_id=other.id, at=NOW, actor=STAFF)
    return DuplicatePair.objects.get(id=key)


def test_a_pair_that_staff_choose_stays_when_nothing_looks_alike() -> None:
    """The search of the night leaves it; chosen twice it is one; the other way round too."""
    one, other = make_person(given_name="Anna"), make_person(given_name="Bram")
    pair = chosen(one, other)
    assert (pair.state, pair.reasons) == ("new", ["by-staff"])
    find_duplicates(at=NOW + timedelta(days=1))
    assert waiting() == 1
    assert chosen(other, one) == pair
    assert DuplicatePair.objects.count() == 1


def test_what_was_said_to_be_two_comes_up_again_when_somebody_knows_more() -> None:
    one, other = make_person(), make_person()
    pair = chosen(one, other)
    not_the_same(pair_id=pair.id, at=NOW, actor=STAFF)
    assert waiting() == 0
    assert chosen(one, other).state == "new"
    assert waiting() == 1


def test_a_record_with_itself_one_that_is_gone_and_one_that_is_frozen_are_refused() -> None:
    one, frozen = make_person(), make_person(restricted_at=NOW)
    for other in (one.id, uuid7(), frozen.id):
        with pytest.raises(JoinRefused):
            choose_pair(one_id=one.id, other_id=other, at=NOW, actor=STAFF)
    assert not DuplicatePair.objects.exists()


def test_from_the_page_of_a_person_to_the_comparison(client: Client) -> None:
    make_organisation()
    client.force_login(Staff.objects.create_user("o@example.nl", "x" * 20, role="owner", name="O"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    one = make_person(given_name="Anna", family_name="Wit")
    other = make_person(given_name="An", family_name="Zwart")
    make_point(other, "an.zwart@example.nl")
    path = reverse("people:same", args=[one.id])
    assert path in client.get(reverse("people:person", args=[one.id])).content.decode()
    assert "An Zwart" in client.get(path, {"zoek": "zwart"}).content.decode()
    assert "is niemand anders" in client.get(path, {"zoek": "anna"}).content.decode()
    page = client.post(path, {"other": str(other.id)}, follow=True)
    pair = DuplicatePair.objects.get()
    assert page.redirect_chain[-1][0] == reverse("people:duplicate", args=[pair.id])
    assert "Iemand van uw medewerkers zegt dat." in page.content.decode()
    for wrong in (str(one.id), "geen nummer"):
        assert client.post(path, {"other": wrong})["Location"] == path
