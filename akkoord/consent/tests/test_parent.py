"""Under sixteen: the child's mailbox, then a parent's own yes (INV-14); presses in parallel."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from akkoord.consent.confirm import Confirmation, confirm_sign_up
from akkoord.consent.expire import expire_sign_ups
from akkoord.consent.models import PermissionEvent, SignUp, Standing
from akkoord.consent.parent import answer_by_parent, look_at_parent
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tests import factories as make
from akkoord.consent.tokens import parent_link
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.keys import keyed_hash
from akkoord.delivery.models import OutboxMail
from akkoord.law.reasons import Reason
from akkoord.law.states import Method
from akkoord.people.models import Person

LATER = make.NOW + timedelta(minutes=5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    make.make_organisation()
    return make.make_form(make.make_topic("club", asks_age=True))


def token_of(sign_up: SignUp) -> str:
    return parent_link(sign_up.id).rstrip("/").rpartition("/")[2]


def child_confirmed(shown, **values) -> SignUp:
    sign_up = make.sign_up(shown, "kid@example.nl", parent_email="mum@example.nl", **values)
    state = confirm_sign_up(make.confirmation_token(sign_up), at=LATER)
    assert state.outcome is Confirmation.PARENT
    sign_up.refresh_from_db()
    return sign_up


def test_inv14_nobody_is_asked_a_birth_date(shown) -> None:
    page = Client(HTTP_ACCEPT_LANGUAGE="nl").get("/f/nieuwsbrief/").content.decode()
    assert 'name="sixteen"' in page
    assert 'name="parent_email"' in page
    assert "birth" not in page
    assert 'type="date"' not in page


@pytest.mark.parametrize(
    ("parent", "reason", "field"),
    [
        ("", Reason.CHILD_WITHOUT_PARENT, "sixteen"),
        ("nonsense", Reason.BAD_ADDRESS, "parent_email"),
        ("KID@example.nl", Reason.PARENT_IS_CHILD, "parent_email"),
    ],
)
def test_inv14_a_parents_own_address_is_asked(shown, parent, reason, field) -> None:
    with pytest.raises(ConsentRefused) as refused:
        make.sign_up(shown, "kid@example.nl", parent_email=parent)
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert not Person.objects.exists()


def test_inv14_the_childs_press_grants_nothing_and_asks_the_parent(shown) -> None:
    sign_up = child_confirmed(shown)
    assert not PermissionEvent.objects.filter(state="confirmed").exists()
    assert Person.objects.get().is_known_child is True
    mail = OutboxMail.objects.get(kind="parent-confirmation")
    assert mail.recipient == "mum@example.nl"
    assert "kid@example.nl" in mail.text
    assert mail.subject_id == sign_up.person_id
    again = confirm_sign_up(make.confirmation_token(sign_up), at=LATER)
    assert again.outcome is Confirmation.PARENT
    assert OutboxMail.objects.filter(kind="parent-confirmation").count() == 1


def test_inv14_the_parents_yes_grants_and_only_a_hash_of_their_address_stays(shown) -> None:
    sign_up = child_confirmed(shown)
    state = answer_by_parent(token_of(sign_up), agrees=True, at=LATER, ip="203.0.113.9")
    assert state.outcome is Confirmation.CONFIRMED
    event = PermissionEvent.objects.get(state="confirmed")
    assert event.evidence["parent_consent"] is True
    assert event.evidence["parent"] == keyed_hash("mum@example.nl").hex()
    assert "mum@example.nl" not in str(event.evidence)
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.parent_email) == ("confirmed", "")
    twice = answer_by_parent(token_of(sign_up), agrees=True, at=LATER)
    assert twice.outcome is Confirmation.ALREADY
    assert PermissionEvent.objects.filter(state="confirmed").count() == 1


def test_inv14_the_gate_lets_a_child_through_only_with_the_parents_yes(shown) -> None:
    from akkoord.permission.queries import ask

    sign_up = child_confirmed(shown)
    topic, point = sign_up.collection_point.form.topic_ids[0], sign_up.contact_point_id
    purpose = PermissionEvent.objects.get().purpose_version.purpose
    assert purpose.id == topic
    assert not ask([point], purpose, "email", at=LATER)[point].allowed
    answer_by_parent(token_of(sign_up), agrees=True, at=LATER)
    assert ask([point], purpose, "email", at=LATER)[point].allowed
    # The child's own withdrawal counts, without any parent.
    withdraw(point_id=point, method=Method.PREFERENCE_CENTRE, actor=make.BY_PERSON, at=LATER)
    assert not ask([point], purpose, "email", at=LATER + timedelta(seconds=1))[point].allowed


def test_inv14_a_withdrawal_before_the_parents_press_wins(shown) -> None:
    sign_up = child_confirmed(shown)
    withdraw(
        point_id=sign_up.contact_point_id,
        method=Method.PREFERENCE_CENTRE,
        actor=make.BY_PERSON,
        at=LATER,
    )
    state = answer_by_parent(token_of(sign_up), agrees=True, at=LATER + timedelta(minutes=1))
    assert state.outcome is Confirmation.EXPIRED
    assert not PermissionEvent.objects.filter(state="confirmed").exists()


def test_inv14_a_parent_who_says_no_ends_it(shown) -> None:
    sign_up = child_confirmed(shown)
    answer_by_parent(token_of(sign_up), agrees=False, at=LATER + timedelta(minutes=1))
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.parent_email) == ("expired", "")
    assert Standing.objects.get().state == "expired"
    assert look_at_parent(token_of(sign_up), at=LATER).outcome is Confirmation.EXPIRED


def test_inv14_a_parent_who_never_answers_is_forgotten(shown) -> None:
    sign_up = child_confirmed(shown)
    expire_sign_ups(at=LATER + timedelta(days=8))
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.parent_email) == ("expired", "")


def test_inv14_one_parent_gets_one_mail_a_day(shown) -> None:
    child_confirmed(shown)
    other = make.sign_up(shown, "kid2@example.nl", parent_email="Mum@example.nl")
    confirm_sign_up(make.confirmation_token(other), at=LATER)
    assert OutboxMail.objects.filter(kind="parent-confirmation").count() == 1


def test_the_parents_page_changes_nothing_before_a_press(shown) -> None:
    visitor = Client(HTTP_ACCEPT_LANGUAGE="nl", enforce_csrf_checks=True)
    from django.utils import timezone

    now = timezone.now()
    sign_up = make.sign_up(shown, "kid@example.nl", parent_email="mum@example.nl", at=now)
    confirm_sign_up(make.confirmation_token(sign_up), at=now)
    link = re.search(r"/ouder/[^/\s]+/", OutboxMail.objects.get(kind="parent-confirmation").text)
    for _ in range(2):
        page = visitor.get(link.group())
        assert page.status_code == 200
        assert "kid@example.nl" in page.content.decode()
    assert not PermissionEvent.objects.filter(state="confirmed").exists()
    assert visitor.post(link.group(), {"do": "yes"}).status_code == 200
    assert PermissionEvent.objects.filter(state="confirmed").exists()
    assert visitor.get("/ouder/nonsense/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["person", "parent"])
def test_inv13_two_presses_in_parallel_are_one(who) -> None:
    make.make_organisation()
    shown = make.make_form(make.make_topic("club", asks_age=who == "parent"))
    if who == "parent":
        token, press = token_of(child_confirmed(shown)), _by_parent
    else:
        token, press = make.confirmation_token(make.sign_up(shown)), _by_person
    start, outcomes = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait(5)
            outcomes.append(press(token))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == [Confirmation.ALREADY, Confirmation.CONFIRMED]
    assert PermissionEvent.objects.filter(state="confirmed").count() == 1
    assert Standing.objects.get().state == "confirmed"
    assert OutboxMail.objects.filter(kind="receipt").count() == 1


def _by_person(token: str) -> Confirmation:
    return confirm_sign_up(token, at=LATER).outcome


def _by_parent(token: str) -> Confirmation:
    return answer_by_parent(token, agrees=True, at=LATER).outcome
