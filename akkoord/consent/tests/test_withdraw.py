"""Stopping: in one step, at once, for ever; and what cannot lift it."""

from datetime import timedelta

import pytest

from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.events import Fact, record_event
from akkoord.consent.grants import (
    EvidenceGrant,
    grant_from_preference_centre,
    record_evidence_grant,
)
from akkoord.consent.models import PermissionEvent, Standing, Suppression
from akkoord.consent.notices import declare_wording
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import read_withdrawal, withdrawal_link
from akkoord.consent.withdraw import GONE, object_to_marketing, stop_by_link, withdraw
from akkoord.datamap.ids import uuid7
from akkoord.law.reasons import Reason
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import Person

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
    return signed_up.contact_point


def states() -> dict[str, str]:
    return dict(Standing.objects.values_list("purpose__slug", "state"))


def place_of(point, slug="newsletter", message=None):
    purpose = Standing.objects.get(contact_point=point, purpose__slug=slug).purpose_id
    link = withdrawal_link(point_id=point.id, purpose_id=purpose, message_id=message)
    return read_withdrawal(link.rstrip("/").rpartition("/")[2])


def test_inv24_one_press_stops_one_topic(point, django_assert_num_queries) -> None:
    message = uuid7()
    place = place_of(point, message=message)
    with django_assert_num_queries(2):  # the stop, and what the journal must know of it
        assert stop_by_link(place, at=LATER) == 1
    assert states() == {"newsletter": "withdrawn", "offers": "confirmed"}
    event = PermissionEvent.objects.get(state="withdrawn")
    assert (event.method, event.actor_kind) == ("one-click", "person")
    assert event.evidence == {"message": str(message)}
    assert list(standing_faults()) == []


def test_inv23_a_second_press_changes_nothing(point) -> None:
    place = place_of(point)
    assert stop_by_link(place, at=LATER) == 1
    assert stop_by_link(place, at=LATER) == 0
    assert PermissionEvent.objects.filter(state="withdrawn").count() == 1


def test_after_an_erasure_the_link_still_answers(point) -> None:
    place = place_of(point)
    Person.objects.all().delete()
    assert stop_by_link(place, at=LATER) == GONE


def test_a_person_without_standing_can_stop_too(point) -> None:
    purpose = make.make_topic("customers")
    link = withdrawal_link(point_id=point.id, purpose_id=purpose.id)
    assert stop_by_link(read_withdrawal(link.split("/")[-2]), at=LATER) == 1
    assert states()["customers"] == "withdrawn"


def test_a_withdrawal_does_not_make_an_objection_lighter(point) -> None:
    object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=make.NOW
    )
    stop_by_link(place_of(point), at=LATER)
    assert states() == {"newsletter": "objected", "offers": "objected"}


def test_everything_off_covers_topics_without_standing(point) -> None:
    make.make_topic("customers")
    stopped = withdraw(
        point_id=point.id, method=Method.PREFERENCE_CENTRE, actor=make.BY_PERSON, at=LATER
    )
    assert stopped == 3
    assert set(states().values()) == {"withdrawn"}


def test_inv34_an_objection_works_at_once_on_every_address(point) -> None:
    second = make.make_point("anna@work.example.nl", point.person)
    count = object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=LATER
    )
    assert count == 2
    assert set(Standing.objects.values_list("state", flat=True)) == {"objected"}
    assert {bytes(each.keyed_hash) for each in Suppression.objects.all()} == {
        bytes(point.keyed_hash),
        bytes(second.keyed_hash),
    }


def test_inv40_the_list_holds_no_address(point) -> None:
    object_to_marketing(person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=LATER)
    entry = Suppression.objects.get()
    assert "anna" not in str([getattr(entry, each.attname) for each in entry._meta.fields])
    assert str(point.person_id) not in str(entry.__dict__)


def paper(shown, **values):
    notice = declare_wording(
        text="Ja, mail mij het nieuws.", source="Winkel", actor=make.STAFF, at=make.NOW
    )
    return EvidenceGrant(
        version=make.version_of(Standing.objects.get(purpose__slug="newsletter").purpose),
        method=values.pop("method", Method.PAPER),
        happened_at=values.pop("happened_at", LATER),
        notice=notice,
        proof=values.pop("proof", make.PROOF),
        **values,
    )


def test_inv05_only_a_later_own_act_lifts_an_objection(shown, point) -> None:
    object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=make.NOW
    )
    early = paper(shown, happened_at=make.NOW - timedelta(days=3))
    with pytest.raises(ConsentRefused) as refused:
        record_evidence_grant(point_id=point.id, grant=early, actor=make.STAFF, at=LATER)
    assert refused.value.reason is Reason.OBJECTED_BEFORE
    call = paper(shown, method=Method.PHONE)
    with pytest.raises(ConsentRefused):
        record_evidence_grant(point_id=point.id, grant=call, actor=make.STAFF, at=LATER)
    record_evidence_grant(point_id=point.id, grant=paper(shown), actor=make.STAFF, at=LATER)
    assert states()["newsletter"] == "given"
    assert Suppression.objects.get().lifted_for == ["newsletter"]


def test_inv07_a_declared_wording_is_shown_as_declared(shown, point) -> None:
    event = record_evidence_grant(point_id=point.id, grant=paper(shown), actor=make.STAFF, at=LATER)
    assert event.is_declared
    assert event.notice.declared_by == make.STAFF.id


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"was_ticked_beforehand": True}, Reason.TICKED_BEFOREHAND),
        ({"box_was_ticked": False}, Reason.NO_AFFIRMATIVE_ACT),
        ({"happened_at": LATER + timedelta(days=1)}, Reason.FUTURE_TIME),
    ],
)
def test_inv08_what_is_no_yes_is_refused(shown, point, values, reason) -> None:
    with pytest.raises(ConsentRefused) as refused:
        record_evidence_grant(
            point_id=point.id, grant=paper(shown, **values), actor=make.STAFF, at=LATER
        )
    assert refused.value.reason is reason


def test_inv14_a_known_child_needs_the_parent(shown, point) -> None:
    Person.objects.update(is_known_child=True)
    with pytest.raises(ConsentRefused) as refused:
        record_evidence_grant(point_id=point.id, grant=paper(shown), actor=make.STAFF, at=LATER)
    assert refused.value.reason is Reason.CHILD_WITHOUT_PARENT
    record_evidence_grant(
        point_id=point.id, grant=paper(shown, has_parent_consent=True), actor=make.STAFF, at=LATER
    )


def test_inv12_a_phone_number_carries_no_consent_for_mail(shown, point) -> None:
    from akkoord.people.models import ContactPoint

    phone = ContactPoint.objects.create(
        person=point.person,
        channel="phone",
        value="+31612345678",
        normalised="+31612345678",
        keyed_hash=b"0" * 32,
        source="test",
        created_at=make.NOW,
    )
    with pytest.raises(ConsentRefused):
        record_evidence_grant(point_id=phone.id, grant=paper(shown), actor=make.STAFF, at=LATER)


def test_inv13_the_preference_centre_counts_as_confirmed(shown, point) -> None:
    stop_by_link(place_of(point), at=make.NOW)
    version = make.version_of(Standing.objects.get(purpose__slug="newsletter").purpose)
    grant_from_preference_centre(point_id=point.id, version=version, shown=shown, at=LATER)
    assert states()["newsletter"] == "confirmed"


def test_imports_and_keys_never_lift_a_no(point) -> None:
    stop_by_link(place_of(point), at=make.NOW)
    version = make.version_of(Standing.objects.get(purpose__slug="newsletter").purpose)
    record_event(
        point_id=point.id,
        fact=Fact(
            version=version,
            state=PermissionState.CONFIRMED,
            method=Method.API,
            happened_at=LATER,
            notice=make.make_notice(),
        ),
        actor=make.Actor.api(uuid7()),
        at=LATER,
    )
    assert states()["newsletter"] == "withdrawn"
