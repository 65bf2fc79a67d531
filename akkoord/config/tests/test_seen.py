"""Whoever sees somebody on a page of staff leaves a note of whom (art. 33: who is affected).

Goes over every page of staff that needs no number in its address, and over the pages of this one
person, each with a person who comes up in as many lists as can be made.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.tests.factories import make_staff
from akkoord.config.tests.test_roles import address_of, staff_pages
from akkoord.consent.models import Enquiry, IncomingMail
from akkoord.consent.tests.test_form_kinds import post, published
from akkoord.people.duplicates import find_duplicates
from akkoord.people.models import ContactPoint, DuplicatePair
from akkoord.people.tests.factories import make_person, make_point
from akkoord.register.tests.factories import make_organisation, make_topic
from akkoord.trail.models import Change, Seen

pytestmark = pytest.mark.django_db
NAME = "Zwaantje"

# Where a name stands that is no list of people: the account's own mails of the built-in mailbox.
NO_LIST = {"delivery:index"}


@pytest.fixture
def point() -> ContactPoint:
    make_organisation()
    make_topic()
    person = make_person(given_name=NAME, family_name="Vink", customer_number="K-1")
    other = make_person(given_name=NAME, family_name="Vinck", customer_number="K-1")
    make_point(other, "vinck@example.nl")
    return make_point(person, "zwaantje@example.nl", verified_at=timezone.now())


def noted(person_id: Any, staff_id: Any) -> int:
    seen = Seen.objects.filter(person_id=person_id, actor_id=staff_id).count()
    return seen + Change.objects.filter(subject_id=person_id, actor_id=staff_id).count()


def test_inv45_no_page_shows_somebody_without_a_note(point: ContactPoint) -> None:
    now = timezone.now()
    find_duplicates(at=now)
    pair = DuplicatePair.objects.get()
    IncomingMail.objects.create(
        contact_point=point,
        sender=point.value,
        subject="Stop",
        digest=b"1" * 32,
        words="Ik wil niet meer.",
        outcome=IncomingMail.TO_READ,
        received_at=now,
    )
    asked = post(published("question"), message="Past een mand?").enquiry
    assert asked is not None
    Enquiry.objects.filter(id=asked.id).update(person=point.person, contact_point=point)
    staff = make_staff("owner", "o@example.nl")
    client = Client(headers={"accept-language": "nl"})
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = [
        (page, address_of(page, pattern))
        for page, pattern in staff_pages()
        if "<" not in pattern and page not in NO_LIST
    ]
    pages += [
        ("people:index", reverse("people:index") + "?q=Zwaantje"),
        ("people:duplicate", reverse("people:duplicate", args=[pair.id])),
        ("people:same", reverse("people:same", args=[point.person_id]) + "?zoek=Zwaantje"),
        ("people:person", reverse("people:person", args=[point.person_id])),
        ("rights:keep", reverse("rights:keep", args=[point.person_id])),
        ("consent:enquiry", reverse("consent:enquiry", args=[asked.id])),
    ]
    shown, silent = [], []
    for page, address in pages:
        Seen.objects.all().delete()
        before = noted(point.person_id, staff.id)
        answer = client.get(address)
        if answer.status_code != 200 or answer.streaming:
            continue
        text = answer.content.decode(errors="replace")
        if NAME not in text and point.value not in text:
            continue
        shown.append(page)
        if noted(point.person_id, staff.id) <= before:
            silent.append(page)
    assert silent == []
    expected = {"people:index", "people:duplicates", "people:duplicate", "people:same"}
    expected |= {"consent:enquiries", "consent:enquiry", "consent:incoming", "people:person"}
    assert expected <= set(shown)
