"""Somebody who is in the files and works here too reads what their account holds (art. 15)."""

import pytest
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.consent.tests.factories import make_organisation, make_point
from akkoord.people.models import ContactPoint
from akkoord.rights.export import export_document
from akkoord.rights.own_account import account_stores
from akkoord.rights.shown import shown_stores
from akkoord.rights.words import store_word
from akkoord.trail.actions import Actor, record_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def point() -> ContactPoint:
    make_organisation()
    point = make_point("eva@example.nl")
    ContactPoint.objects.filter(id=point.id).update(verified_at=timezone.now())
    return point


def employ(email: str = "eva@example.nl") -> Staff:
    staff: Staff = Staff.objects.create_user(email, "x" * 20, name="Eva de Groot", role="owner")
    for _each in range(3):
        record_change(
            actor=Actor.staff(staff.pk),
            action="person.read",
            object_kind="person",
            at=timezone.now(),
        )
    return staff


def test_the_account_goes_into_the_copy_without_its_secret(point: ContactPoint) -> None:
    """Name, address, last log-in, and what they did as numbers: it is about others."""
    staff = employ()
    Staff.objects.filter(id=staff.id).update(last_login=timezone.now())
    document = export_document(point.person, at=timezone.now(), redacted=True)
    stores = {each["store"]: each["rows"] for each in document["stores"]}
    (account,) = stores["accounts_staff"]
    assert (account["name"], account["email"], account["role"]) == (
        "Eva de Groot",
        "eva@example.nl",
        "owner",
    )
    assert account["last_login"]
    assert "password" not in account
    assert [each["count"] for each in stores["accounts_acts"]] == [3]
    labels = [each.label for each in shown_stores(point.person, redacted=True)]
    assert store_word("accounts_acts") in labels
    portable = export_document(point.person, at=timezone.now(), portable=True, redacted=True)
    assert "accounts_acts" not in {each["store"] for each in portable["stores"]}


def test_a_file_for_somebody_else_tells_nothing_of_the_account(point: ContactPoint) -> None:
    """What staff read and hand to a third party is about the person in our files, no colleague."""
    employ()
    for portable in (False, True):
        document = export_document(point.person, at=timezone.now(), portable=portable)
        assert not [each for each in document["stores"] if each["store"].startswith("accounts_")]
        assert "Eva de Groot" not in str(document)
    assert store_word("accounts_acts") not in [each.label for each in shown_stores(point.person)]


def test_nobody_elses_account_and_none_of_a_mailbox_that_never_answered(
    point: ContactPoint,
) -> None:
    employ("bo@example.nl")
    assert account_stores(point.person) == []
    employ()
    assert account_stores(point.person)
    ContactPoint.objects.filter(id=point.id).update(verified_at=None)
    assert account_stores(point.person) == []
