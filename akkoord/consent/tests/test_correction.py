"""Somebody corrects in the centre what they gave before, and nothing else is asked (art. 16)."""

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.consent.tests import factories as make
from akkoord.consent.tests.test_preferences import fresh
from akkoord.people.models import ContactPoint, OwnFieldValue, PostalAddress
from akkoord.register.own_fields import OwnFieldFacts, make_own_field
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
NAMES = {"do": "names", "given_name": "Anna", "family_name": "de Wit", "language": "nl"}


@pytest.fixture
def person() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)


def own(name: str, kind: str, *choices: tuple[str, str]) -> None:
    make_own_field(
        facts=OwnFieldFacts(name, name, kind, "Om te helpen.", "To help.", choices),
        activity_key="topic-newsletter",
        at=make.NOW,
        actor=make.STAFF,
    )


@pytest.fixture
def point() -> ContactPoint:
    """Somebody who told the kind of bicycle and where they live, but not the size."""
    from akkoord.register.models import PersonalDataField

    make.make_organisation()
    make.make_topic()
    own("Soort fiets", "choice", ("Racefiets", "Racing bicycle"), ("Bakfiets", "Cargo bicycle"))
    own("Wens", "text")
    own("Maat", "number")
    found = make.make_point()
    person = found.person
    for key, value in (("soort-fiets", "Racefiets"), ("wens", "Een mand")):
        OwnFieldValue.objects.create(
            person=person,
            field=PersonalDataField.objects.get(key=key),
            value=value,
            updated_at=make.NOW,
        )
    PostalAddress.objects.create(
        person=person,
        street="Dorpsstraat",
        house_number="1",
        postcode="1234 AB",
        city="Ede",
        created_at=make.NOW,
    )
    return found


ADDRESS = {"street": "Dorpsstraat 1", "postcode": "1234 AB", "city": "Ede", "country": "NL"}
ANSWERS = {"own_soort-fiets": "Racefiets", "own_wens": "Een mand"}


def values(point: ContactPoint) -> dict[str, str]:
    return dict(
        OwnFieldValue.objects.filter(person=point.person).values_list("field__key", "value")
    )


def test_what_somebody_gave_is_shown_and_corrected_and_stands_in_the_trail(
    person: Client, point: ContactPoint
) -> None:
    page = person.get(fresh(point)).content.decode()
    assert "own_wens" in page
    assert "own_maat" not in page  # never given, so not asked here
    typed = {"own_soort-fiets": "Bakfiets", "own_wens": "", "street": "Kerkplein 2a"}
    answer = person.post(fresh(point), NAMES | ADDRESS | ANSWERS | typed)
    assert answer.status_code == 200
    assert values(point) == {"soort-fiets": "Bakfiets"}
    living = PostalAddress.objects.get(ended_at=None)
    assert (living.street, living.house_number, living.city) == ("Kerkplein", "2a", "Ede")
    assert PostalAddress.objects.count() == 2  # what was, ended
    notes = Change.objects.filter(action="person.correct", actor_kind="person")
    assert {name for note in notes for name in note.fields} == {
        *("given_name", "family_name", "house_number", "street", "soort-fiets", "wens")
    }
    again = person.post(
        fresh(point), NAMES | ADDRESS | {"street": "Kerkplein 2a"} | {"own_soort-fiets": "Bakfiets"}
    )
    assert again.status_code == 200
    assert notes.count() == 3  # the same once more is no correction


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"own_soort-fiets": "Brommer"}, "own_soort-fiets"),
        ({"own_wens": "Ik heb diabetes"}, "own_wens"),
        ({"street": "NL91 ABNA 0417 1643 00"}, "street"),
        ({"family_name": "NL91ABNA0417164300"}, "family_name"),
        ({"postcode": "12 A"}, "postcode"),
    ],
)
def test_inv32_what_its_form_would_refuse_is_refused_and_nothing_is_half_done(
    person: Client, point: ContactPoint, typed: dict[str, str], field: str
) -> None:
    answer = person.post(fresh(point), NAMES | ADDRESS | ANSWERS | typed)
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()
    point.person.refresh_from_db()
    assert point.person.given_name == ""
    assert values(point) == {"soort-fiets": "Racefiets", "wens": "Een mand"}
    assert not Change.objects.filter(action="person.correct").exists()


def test_inv11_post_to_the_old_address_ends_with_it(person: Client, point: ContactPoint) -> None:
    post = ContactPoint.objects.create(
        person=point.person,
        channel="post",
        value="Dorpsstraat 1, 1234 AB Ede",
        normalised="1234ab 1 wit",
        keyed_hash=b"x" * 32,
        source="staff",
        created_at=timezone.now(),
    )
    person.post(fresh(point), NAMES | ADDRESS | ANSWERS)
    post.refresh_from_db()
    assert post.ended_at is None  # nothing of the address changed
    person.post(fresh(point), NAMES | ADDRESS | ANSWERS | {"city": "Arnhem"})
    post.refresh_from_db()
    assert post.ended_at is not None
