"""A yes has a life: its term from the day it was given, its end in the ledger."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.consent.confirm import confirm_sign_up
from akkoord.consent.events import Fact, record_event
from akkoord.consent.lapse import lapse_consents
from akkoord.consent.models import CollectionPoint, PermissionEvent, Standing
from akkoord.consent.rebuild import standing_faults
from akkoord.consent.tests import factories as make
from akkoord.consent.tests.factories import NOW, STAFF
from akkoord.law.life_rules import counts_until
from akkoord.law.reasons import Reason
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import ContactPoint
from akkoord.permission import queries
from akkoord.register.actions import RegisterRefused, set_consent_life
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Purpose:
    make.make_organisation()
    return make.make_topic()


def confirmed(topic: Purpose, address: str = "anna@example.nl") -> ContactPoint:
    shown = CollectionPoint.objects.filter(form__isnull=False, language="nl").first()
    signed_up = make.sign_up(shown or make.make_form(topic), address, at=NOW)
    confirm_sign_up(make.confirmation_token(signed_up), at=NOW)
    return ContactPoint.objects.get(normalised=address)


def life(topic: Purpose, **values: Any) -> Purpose:
    facts: dict[str, Any] = {"months": 24, "refresh_weeks": 4, "reminds_yearly": False, **values}
    return set_consent_life(purpose_id=topic.id, at=NOW, actor=STAFF, **facts)


def reason(point: ContactPoint, topic: Purpose, at: Any) -> Reason | None:
    return queries.ask([point.id], topic, "email", at=at)[point.id].reason


def test_a_new_topic_has_the_advised_term(topic: Purpose) -> None:
    assert topic.consent_months == 24
    point = confirmed(topic)
    end = counts_until(NOW, 24)
    assert Standing.objects.get().valid_until == end
    assert reason(point, topic, end - timedelta(seconds=1)) is None
    assert reason(point, topic, end) is Reason.EXPIRED  # at once, before any job


def test_an_older_yes_keeps_the_term_of_its_day(topic: Purpose) -> None:
    confirmed(topic)
    life(topic, months=6)
    assert Standing.objects.get().valid_until == counts_until(NOW, 24)
    life(topic, months=None)
    point = confirmed(topic, "bob@example.nl")
    assert Standing.objects.get(contact_point=point).valid_until is None


@pytest.mark.parametrize("step", [1, 2, 5_000])
def test_inv06_the_end_is_an_event_and_the_ledger_agrees(
    topic: Purpose, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akkoord.consent.lapse.STEP", step)
    for number in range(3):
        confirmed(topic, f"p{number}@example.nl")
    stopped = ContactPoint.objects.get(normalised="p2@example.nl")
    from akkoord.consent.withdraw import withdraw

    withdraw(point_id=stopped.id, method=Method.PHONE, actor=STAFF, at=NOW)
    end = counts_until(NOW, 24)
    assert lapse_consents(at=end - timedelta(seconds=1)) == 0
    assert lapse_consents(at=end) == 2
    assert lapse_consents(at=end) == 0
    states = sorted(Standing.objects.values_list("state", flat=True))
    assert states == ["expired", "expired", "withdrawn"]
    event = PermissionEvent.objects.filter(state="expired").first()
    assert (event.happened_at, event.actor_kind, event.method) == (end, "system", "system")
    assert list(standing_faults()) == []


def test_inv05_a_no_is_never_made_lighter_by_the_end_of_a_term(topic: Purpose) -> None:
    point = confirmed(topic)
    from akkoord.consent.withdraw import object_to_marketing

    object_to_marketing(person_id=point.person_id, method=Method.PHONE, actor=STAFF, at=NOW)
    assert lapse_consents(at=counts_until(NOW, 24)) == 0
    assert Standing.objects.get().state == "objected"


def test_who_renews_before_the_end_goes_on(topic: Purpose) -> None:
    point = confirmed(topic)
    later = NOW + timedelta(days=700)
    record_event(
        point_id=point.id,
        fact=Fact(
            version=make.version_of(topic),
            state=PermissionState.CONFIRMED,
            method=Method.PREFERENCE_CENTRE,
            happened_at=later,
            notice=make.make_notice(),
        ),
        actor=Actor.person(),
        at=later,
    )
    assert lapse_consents(at=counts_until(NOW, 24)) == 0
    assert Standing.objects.get().valid_until == counts_until(later, 24)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"months": 2}, "months"),
        ({"months": 61}, "months"),
        ({"refresh_weeks": 13}, "refresh_weeks"),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    topic: Purpose, values: dict[str, int], field: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        life(topic, **values)
    assert refused.value.field == field
    column = "consent_months" if field == "months" else field
    with pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.update(**{column: values[field]})


def test_staff_set_it_on_the_topics_page(client: Client, topic: Purpose) -> None:
    staff = Staff.objects.create_user(email="s@example.nl", name="S", password="x", role="owner")
    client.force_login(staff)
    path = f"/onderwerpen/{topic.slug}/duur/"
    assert path in client.get(f"/onderwerpen/{topic.slug}/").content.decode()
    assert client.get(path).status_code == 200
    assert client.post(path, {"months": "1", "refresh_weeks": "4"}).status_code == 200
    client.post(path, {"months": "12", "refresh_weeks": "2", "reminds_yearly": "on"})
    topic.refresh_from_db()
    assert (topic.consent_months, topic.refresh_weeks, topic.reminds_yearly) == (12, 2, True)
