"""A no holds everywhere: at every address, for topics to come, and against requests that waited."""

from datetime import timedelta

import pytest
from django.conf import settings

from akkoord.consent.change import change_address
from akkoord.consent.confirm import Confirmation, confirm_sign_up, look_at_confirmation
from akkoord.consent.events import Fact, record_event
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.grants import EvidenceGrant, record_evidence_grant
from akkoord.consent.models import SignUp, Standing, Suppression
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.suppression import suppress
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import read_withdrawal, withdrawal_link
from akkoord.consent.withdraw import object_to_marketing, stop_by_link, withdraw
from akkoord.delivery.models import OutboxMail
from akkoord.law.reasons import Reason
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)


@pytest.fixture
def topic() -> Purpose:
    make.make_organisation()
    return make.make_topic()


@pytest.fixture
def shown(topic):
    return make.make_form(topic, make.make_topic("offers"))


def joined(shown, at=NOW, email="anna@example.nl") -> ContactPoint:
    signed_up = make.sign_up(shown, email, at=at)
    state = confirm_sign_up(make.confirmation_token(signed_up), at=at)
    assert state.outcome is Confirmation.CONFIRMED
    return ContactPoint.objects.get(id=signed_up.contact_point_id)


def may(point: ContactPoint, topic: Purpose, at=NOW + 30 * DAY) -> bool:
    return ask([point.id], topic, "email", at=at)[point.id].allowed


def moved(point: ContactPoint, *, at) -> SignUp:
    words = preference_point(language="nl", at=at)
    asked = change_address(
        point_id=point.id, email="new@example.nl", shown=words, actor=make.BY_PERSON, at=at
    )
    assert asked is not None
    return asked


def press_in_old_mail(point: ContactPoint, topic: Purpose, *, at) -> int:
    link = withdrawal_link(point_id=point.id, purpose_id=topic.id)
    place = read_withdrawal(link.rstrip("/").rpartition("/")[2])
    assert place is not None
    return stop_by_link(place, at=at)


def test_inv04_inv05_an_objection_holds_for_topics_made_later(shown, topic) -> None:
    point = joined(shown)
    object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW + DAY
    )
    joined(make.make_form(topic, slug="again"), at=NOW + 2 * DAY)
    assert may(point, topic)
    later = make.make_topic("later")
    record_event(
        point_id=point.id,
        fact=Fact(
            version=make.version_of(later),
            state=PermissionState.GIVEN,
            method=Method.IMPORT,
            happened_at=NOW - DAY,
            notice=make.make_notice(),
        ),
        actor=make.STAFF,
        at=NOW + 3 * DAY,
    )
    assert Standing.objects.get(purpose=later).state == "given"
    assert not may(point, later)
    assert not may(point, Purpose.objects.get(slug="offers"))


def test_inv05_a_new_objection_takes_back_what_was_lifted(shown, topic) -> None:
    point = joined(shown)
    for day in (1, 3):
        object_to_marketing(
            person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW + day * DAY
        )
        assert Suppression.objects.get().lifted_for == []
        if day == 1:
            joined(shown, at=NOW + 2 * DAY)
            assert len(Suppression.objects.get().lifted_for) == 2


def test_inv05_a_no_entered_late_does_not_make_a_later_one_older(topic) -> None:
    digest = make.make_point().keyed_hash
    for at in (NOW, NOW - 30 * DAY):
        suppress(
            keyed_hash=bytes(digest), channel="email", reason="objection", at=at, actor=make.STAFF
        )
    assert Suppression.objects.get().since == NOW


@pytest.mark.parametrize("everything", [True, False])
def test_inv05_a_link_that_waited_confirms_nothing_after_a_no(shown, topic, everything) -> None:
    signed_up = make.sign_up(shown)
    token = make.confirmation_token(signed_up)
    if everything:
        object_to_marketing(
            person_id=signed_up.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW + DAY
        )
    else:
        for slug in ("newsletter", "offers"):
            withdraw(
                point_id=signed_up.contact_point_id,
                purpose_id=Purpose.objects.get(slug=slug).id,
                method=Method.PHONE,
                actor=make.STAFF,
                at=NOW + DAY,
            )
    assert look_at_confirmation(token, at=NOW + 2 * DAY).outcome is Confirmation.EXPIRED
    assert confirm_sign_up(token, at=NOW + 2 * DAY).outcome is Confirmation.EXPIRED
    assert not Standing.objects.filter(state="confirmed").exists()
    assert all(entry.lifted_for == [] for entry in Suppression.objects.all())


@pytest.mark.parametrize("how", ["objects", "everything-off", "presses-in-an-old-mail"])
def test_inv05_a_second_no_ends_a_request_that_was_made_since_the_first(shown, topic, how) -> None:
    point = joined(shown)

    def no(at) -> None:
        if how == "objects":
            object_to_marketing(
                person_id=point.person_id,
                method=Method.PREFERENCE_CENTRE,
                actor=make.BY_PERSON,
                at=at,
            )
        elif how == "everything-off":
            withdraw(
                point_id=point.id, method=Method.PREFERENCE_CENTRE, actor=make.BY_PERSON, at=at
            )
        else:
            assert press_in_old_mail(point, topic, at=at) == 1

    no(NOW + DAY)
    again = make.make_form(topic, slug="again")
    asked = make.sign_up(again, "anna@example.nl", at=NOW + 3 * DAY)
    no(NOW + 4 * DAY)
    state = confirm_sign_up(make.confirmation_token(asked), at=NOW + 5 * DAY)
    assert state.outcome is Confirmation.EXPIRED
    assert not may(point, topic)
    assert not list(standing_faults())


def test_the_same_no_twice_is_one_event(shown, topic) -> None:
    point = joined(shown)
    assert press_in_old_mail(point, topic, at=NOW + DAY) == 1
    assert press_in_old_mail(point, topic, at=NOW + 2 * DAY) == 0


def test_a_no_to_one_topic_leaves_the_other_to_be_confirmed(shown, topic) -> None:
    signed_up = make.sign_up(shown)
    withdraw(
        point_id=signed_up.contact_point_id,
        purpose_id=topic.id,
        method=Method.PHONE,
        actor=make.STAFF,
        at=NOW + DAY,
    )
    token = make.confirmation_token(signed_up)
    waiting = look_at_confirmation(token, at=NOW + 2 * DAY)
    assert [version.purpose.slug for version in waiting.versions] == ["offers"]
    confirmed = confirm_sign_up(token, at=NOW + 2 * DAY)
    assert [version.purpose.slug for version in confirmed.versions] == ["offers"]
    states = dict(Standing.objects.values_list("purpose__slug", "state"))
    assert states == {"newsletter": "withdrawn", "offers": "confirmed"}


def test_inv25_an_old_mail_stops_mail_to_the_new_address(shown, topic) -> None:
    old = joined(shown)
    asked = moved(old, at=NOW + DAY)
    confirm_sign_up(make.confirmation_token(asked), at=NOW + DAY)
    new = ContactPoint.objects.get(id=asked.contact_point_id)
    assert may(new, topic)
    assert press_in_old_mail(old, topic, at=NOW + 2 * DAY) == 1
    assert not may(new, topic)
    assert may(new, Purpose.objects.get(slug="offers"))
    assert press_in_old_mail(old, topic, at=NOW + 3 * DAY) == 0
    assert not list(standing_faults())


def test_the_page_behind_an_old_mail_works_for_who_moved(shown, topic, client) -> None:
    old = joined(shown)
    asked = moved(old, at=NOW + DAY)
    confirm_sign_up(make.confirmation_token(asked), at=NOW + DAY)
    path = withdrawal_link(point_id=old.id, purpose_id=topic.id).removeprefix(settings.BASE_URL)
    assert b'name="page"' in client.get(path).content
    client.post(path, {"page": "1"})
    assert not may(ContactPoint.objects.get(id=asked.contact_point_id), topic)
    client.post(f"{path}minder/")
    assert OutboxMail.objects.filter(kind="preference-link").get().recipient == "new@example.nl"


def test_inv25_everything_off_at_one_address_is_off_at_all(shown, topic) -> None:
    old = joined(shown)
    asked = moved(old, at=NOW + DAY)
    confirm_sign_up(make.confirmation_token(asked), at=NOW + DAY)
    withdraw(point_id=old.id, method=Method.REPLY, actor=make.BY_PERSON, at=NOW + 2 * DAY)
    assert not Standing.objects.filter(state__in=["given", "confirmed"]).exists()


def test_inv11_inv34_a_stop_while_the_new_address_waits_is_not_undone(shown, topic) -> None:
    old = joined(shown)
    asked = moved(old, at=NOW + DAY)
    press_in_old_mail(old, topic, at=NOW + 2 * DAY)
    state = confirm_sign_up(make.confirmation_token(asked), at=NOW + 3 * DAY)
    assert [version.purpose.slug for version in state.versions] == ["offers"]
    new = ContactPoint.objects.get(id=asked.contact_point_id)
    assert new.verified_at is not None
    assert not may(new, topic)
    assert may(new, Purpose.objects.get(slug="offers"))


def test_a_no_never_falls_on_who_has_the_address_now(shown, topic) -> None:
    former = joined(shown)
    ContactPoint.objects.filter(id=former.id).update(ended_at=NOW)
    joined(shown, at=NOW + DAY)
    owner = ContactPoint.objects.get(ended_at=None)
    assert owner.person_id != former.person_id
    object_to_marketing(
        person_id=former.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW + 2 * DAY
    )
    assert may(owner, topic)
    assert Person.objects.count() == 2


def test_an_objection_never_falls_on_a_mistyped_new_address(shown, topic) -> None:
    point = joined(shown)
    moved(point, at=NOW + DAY)
    object_to_marketing(
        person_id=point.person_id, method=Method.STAFF, actor=make.STAFF, at=NOW + 2 * DAY
    )
    assert [bytes(each.keyed_hash) for each in Suppression.objects.all()] == [
        bytes(point.keyed_hash)
    ]
    stranger = joined(shown, at=NOW + 3 * DAY, email="new@example.nl")
    assert stranger.person_id != point.person_id
    assert may(stranger, topic)


def test_inv13_a_stranger_is_not_flooded_by_changes_of_address(shown) -> None:
    point = joined(shown)
    words = preference_point(language="nl", at=NOW + DAY)

    def ask_for(email: str) -> SignUp | None:
        return change_address(
            point_id=point.id, email=email, shown=words, actor=make.BY_PERSON, at=NOW + DAY
        )

    assert ask_for("victim@example.nl") is not None
    assert [ask_for("victim@example.nl") for _ in range(9)] == [None] * 9
    assert OutboxMail.objects.filter(recipient="victim@example.nl").count() == 1
    assert ask_for("b@example.nl") is not None
    assert ask_for("c@example.nl") is not None
    with pytest.raises(ConsentRefused) as refused:
        ask_for("d@example.nl")
    assert refused.value.reason is Reason.TOO_MANY_ATTEMPTS


def test_inv13_calls_do_not_mail_twice_in_a_day(shown, topic) -> None:
    point = make.make_point()
    for slug in ("newsletter", "offers"):
        record_evidence_grant(
            point_id=point.id,
            grant=EvidenceGrant(
                version=make.version_of(Purpose.objects.get(slug=slug)),
                method=Method.PHONE,
                happened_at=NOW,
                notice=make.make_notice(),
                proof=make.PROOF,
            ),
            actor=make.STAFF,
            at=NOW,
        )
    mails = OutboxMail.objects.filter(kind="confirmation")
    assert mails.count() == 1
    first = SignUp.objects.exclude(mailed_at=None).get()
    waiting = look_at_confirmation(make.confirmation_token(first), at=NOW + DAY)
    assert {version.purpose.slug for version in waiting.versions} == {"newsletter", "offers"}


def test_who_confirmed_may_sign_up_for_more_the_same_day(topic) -> None:
    joined(make.make_form(topic))
    other = make.make_form(make.make_topic("offers"), slug="other")
    later = NOW + timedelta(hours=2)
    again = make.sign_up(other, at=later)
    assert again.mailed_at == later
    token = make.confirmation_token(again)
    assert confirm_sign_up(token, at=later).outcome is Confirmation.CONFIRMED


def test_who_signs_up_does_not_get_the_record_of_somebody_who_mistyped(shown, topic) -> None:
    piet = joined(shown)
    mistyped = moved(piet, at=NOW + DAY)
    vera = joined(shown, at=NOW + 2 * DAY, email="new@example.nl")
    assert vera.person_id != piet.person_id
    token = make.confirmation_token(mistyped)
    assert confirm_sign_up(token, at=NOW + 3 * DAY).outcome is Confirmation.EXPIRED
    expire_sign_ups(at=NOW + 30 * DAY)
    vera.refresh_from_db()
    assert vera.ended_at is None
    assert may(vera, topic)
    assert may(piet, topic)


def test_inv07_the_same_words_for_another_topic_are_another_thing_shown(shown, topic) -> None:
    point = make.make_point()
    notice = make.make_notice()
    shown_of = {}
    for slug in ("newsletter", "offers"):
        version = make.version_of(Purpose.objects.get(slug=slug))
        event = record_evidence_grant(
            point_id=point.id,
            grant=EvidenceGrant(
                version=version,
                method=Method.PAPER,
                happened_at=NOW,
                notice=notice,
                proof=make.PROOF,
            ),
            actor=make.STAFF,
            at=NOW,
        )
        assert event.collection_point is not None
        shown_of[slug] = event.collection_point.purpose_version_ids == [version.id]
    assert shown_of == {"newsletter": True, "offers": True}
