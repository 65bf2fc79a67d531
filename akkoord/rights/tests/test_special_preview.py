"""Before an erasure: what goes of a field of a special category is named, never shown (INV-32)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from akkoord.accounts.tests.factories import make_staff
from akkoord.consent.models import SpecialValue
from akkoord.consent.tests.factories import NOW, make_organisation, make_point
from akkoord.consent.tests.test_special_values import open_field
from akkoord.datamap.ids import uuid7
from akkoord.datamap.sealed_values import seal_value
from akkoord.people.models import Person
from akkoord.rights.preview import Preview, preview_erasure, preview_of_many
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def guest() -> Person:
    """Somebody with an allergy, of which the owner's role may know."""
    make_organisation()
    owner = Actor.staff(make_staff("owner", email="owner@example.nl", language="en").id)
    field = open_field(owner).field
    person = make_point().person
    row_id = uuid7()
    sealed = seal_value("noten", row_id=row_id)
    SpecialValue.objects.create(
        id=row_id,
        person=person,
        field=field,
        sealed=sealed.sealed,
        wrapped_key=sealed.wrapped_key,
        source="staff",
        updated_at=NOW,
    )
    return person


def told(preview: Preview) -> str:
    (line,) = [each for each in preview.goes if each.store == "consent_specialvalue"]
    assert line.rows == 1
    return line.detail


def test_inv32_staff_read_that_it_goes_and_who_may_see_what_it_is(guest: Person) -> None:
    with translation.override("en"):
        for preview in (
            preview_erasure(guest, on=TODAY),
            preview_of_many([guest.id], on=TODAY),
        ):
            words = told(preview)
            assert "keys that open them" in words
            assert "Owner" in words
            assert "a number without a name is left" in words
            assert not any(each in words for each in ("Allergy", "noten"))


def test_inv32_the_person_reads_which_field_and_no_value(guest: Person) -> None:
    with translation.override("nl"):
        words = told(preview_erasure(guest, on=TODAY, is_own=True))
    assert "Allergie" in words
    assert "noten" not in words


def test_who_has_nothing_of_the_kind_is_told_nothing_and_nothing_more_is_asked(
    guest: Person,
) -> None:
    other = make_point("ander@example.nl").person
    with CaptureQueriesContext(connection) as without:
        assert not [each for each in preview_erasure(other, on=TODAY).goes if each.detail]
    with CaptureQueriesContext(connection) as queried:
        preview_erasure(guest, on=TODAY)
    assert len(queried) - len(without) == 2
