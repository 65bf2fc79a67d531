"""Another address, a frozen record, an erased history."""

from datetime import timedelta

import pytest

from akkoord.consent.change import change_address, lift_restriction, restrict_person
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.erase import blank_events
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.models import PermissionEvent, SignUp, Standing
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests import factories as make
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint, Person
from akkoord.trail.erase import erasing

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic(), make.make_topic("offers"))


@pytest.fixture
def point(shown):
    signed_up = make.sign_up(shown)
    confirm_sign_up(make.confirmation_token(signed_up), at=make.NOW)
    offers = Standing.objects.get(purpose__slug="offers").purpose_id
    withdraw(
        point_id=signed_up.contact_point_id,
        purpose_id=offers,
        method=Method.REPLY,
        actor=make.BY_PERSON,
        at=make.NOW,
    )
    return signed_up.contact_point


def change(point, shown, email="anna@new.example.nl"):
    return change_address(
        point_id=point.id, email=email, shown=shown, actor=make.BY_PERSON, at=LATER
    )


def states(point) -> dict[str, str]:
    return dict(Standing.objects.filter(contact_point=point).values_list("purpose__slug", "state"))


def test_inv11_a_new_address_carries_nothing_until_it_is_confirmed(point, shown) -> None:
    asked = change(point, shown)
    assert states(asked.contact_point) == {"newsletter": "requested", "offers": "withdrawn"}
    assert states(point) == {"newsletter": "confirmed", "offers": "withdrawn"}
    point.refresh_from_db()
    assert point.ended_at is None
    confirm_sign_up(make.confirmation_token(asked), at=LATER)
    assert states(asked.contact_point) == {"newsletter": "confirmed", "offers": "withdrawn"}
    point.refresh_from_db()
    assert point.ended_at == LATER
    assert list(standing_faults()) == []


def test_inv11_an_unanswered_change_ends_the_new_address(point, shown) -> None:
    asked = change(point, shown)
    expire_sign_ups(at=LATER + timedelta(days=8))
    asked.contact_point.refresh_from_db()
    assert asked.contact_point.ended_at is not None
    assert states(point)["newsletter"] == "confirmed"


def test_a_second_change_replaces_the_first(point, shown) -> None:
    first = change(point, shown)
    second = change(point, shown, "anna@newer.example.nl")
    first.refresh_from_db()
    assert first.state == SignUp.EXPIRED
    assert ContactPoint.objects.filter(ended_at=None).count() == 2
    assert second.contact_point.normalised == "anna@newer.example.nl"


def test_the_same_address_is_no_change(point, shown) -> None:
    assert change(point, shown, "ANNA@example.nl") is None


@pytest.mark.parametrize(
    ("email", "reason"),
    [("nonsense", Reason.BAD_ADDRESS), ("bob@example.nl", Reason.ADDRESS_OF_ANOTHER)],
)
def test_an_impossible_address_is_refused(point, shown, email, reason) -> None:
    make.make_point("bob@example.nl")
    with pytest.raises(ConsentRefused) as refused:
        change(point, shown, email)
    assert refused.value.reason is reason


def test_inv38_a_record_can_be_frozen_and_used_again(point) -> None:
    restrict_person(person_id=point.person_id, actor=make.STAFF, at=LATER)
    assert Person.objects.get().restricted_at == LATER
    lift_restriction(person_id=point.person_id, actor=make.STAFF, at=LATER)
    assert Person.objects.get().restricted_at is None


def test_inv06_erasure_blanks_events_and_changes_nothing_else(point) -> None:
    before = list(PermissionEvent.objects.order_by("id").values_list("id", "state", "commitment"))
    run = uuid7()
    with erasing(run):
        blank_events([point.person_id], run)
        Person.objects.all().delete()
    after = list(PermissionEvent.objects.order_by("id").values_list("id", "state", "commitment"))
    assert [(a, b, bytes(c)) for a, b, c in before] == [(a, b, bytes(c)) for a, b, c in after]
    for event in PermissionEvent.objects.all():
        assert event.person_ref is event.contact_point_ref is event.happened_at is None
        assert event.salt is event.evidence is None
    assert list(standing_faults()) == []
