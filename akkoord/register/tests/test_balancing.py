"""The balancing test in the register: three steps, versions, who wrote it (INV-19)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.consent.tests.factories import NOW, STAFF, make_organisation, make_topic
from akkoord.law.terms import law_day
from akkoord.register.actions import RegisterRefused
from akkoord.register.balancing import (
    Weighing,
    current_test,
    end_balancing_test,
    note_post_check,
    weighings_over_time,
    write_balancing_test,
)
from akkoord.register.models import BalancingTest, PostCheck, Purpose
from akkoord.trail.actions import Actor
from akkoord.trail.models import Change

pytestmark = pytest.mark.django_db
STEPS = {
    "interest": "Wij willen klanten van onze fietsen wijzen op onderhoud in onze werkplaats.",
    "necessity": "Veel klanten gaven geen mailadres. Wij gebruiken alleen naam en adres.",
    "balance": "Zij kennen ons van een aankoop. Elke brief heeft een code waarmee hij stopt.",
}


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic("aanbod", channels=("email", "post"))


def write(topic: Purpose, **changes: str | bool) -> BalancingTest:
    return write_balancing_test(
        activity_key=topic.activity_key,
        words=Weighing(**STEPS | changes),  # type: ignore[arg-type]
        at=NOW,
        actor=STAFF,
    )


def test_a_new_version_ends_the_one_before_and_says_who_wrote_it(topic: Purpose) -> None:
    first, second = write(topic), write(topic, interest=STEPS["interest"] + " Elk jaar.")
    assert current_test(topic.activity_key) == second
    assert [each.version for each in weighings_over_time(topic.activity_key)] == [2, 1]
    first.refresh_from_db()
    assert first.valid_to == NOW
    assert first.written_by == STAFF.id
    assert first.interest == STEPS["interest"]  # what was weighed then stays as it was
    assert Change.objects.filter(action="balancing.write").count() == 2


def test_ending_it_leaves_no_test(topic: Purpose) -> None:
    write(topic)
    assert end_balancing_test(activity_key=topic.activity_key, at=NOW, actor=STAFF)
    assert current_test(topic.activity_key) is None
    assert not end_balancing_test(activity_key=topic.activity_key, at=NOW, actor=STAFF)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interest": "Omzet."}, "interest"),
        ({"necessity": " " * 100}, "necessity"),
        ({"balance": "x" * 4001}, "balance"),
        ({"covers_customers": False}, "covers"),
    ],
)
def test_inv19_a_step_that_says_nothing_is_refused(
    topic: Purpose, changes: dict[str, str | bool], field: str
) -> None:
    with pytest.raises(RegisterRefused) as refusal:
        write(topic, **changes)
    assert refusal.value.field == field
    assert not BalancingTest.objects.exists()


@pytest.mark.parametrize("sign", ["anna@example.nl", "BSN 111222333", "NL91 ABNA 0417 1643 00"])
def test_inv30_the_register_names_nobody(topic: Purpose, sign: str) -> None:
    with pytest.raises(RegisterRefused):
        write(topic, balance=f"{STEPS['balance']} {sign}")


def test_nobody_but_staff_answers_for_it(topic: Purpose) -> None:
    with pytest.raises(RegisterRefused):
        write_balancing_test(
            activity_key=topic.activity_key,
            words=Weighing(**STEPS),
            at=NOW,
            actor=Actor.system(),
        )
    with pytest.raises(RegisterRefused):
        write_balancing_test(activity_key="weg", words=Weighing(**STEPS), at=NOW, actor=STAFF)


def test_inv19_the_database_refuses_a_test_without_its_steps(topic: Purpose) -> None:
    test = write(topic)
    for name in STEPS:
        with pytest.raises(IntegrityError), transaction.atomic():
            BalancingTest.objects.filter(id=test.id).update(**{name: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        BalancingTest.objects.filter(id=test.id).update(covers_customers=False)


def test_a_check_of_bought_addresses_is_of_a_day_that_has_been(topic: Purpose) -> None:
    today = law_day(NOW)
    with pytest.raises(RegisterRefused):
        note_post_check(checked_on=today + timedelta(days=1), at=NOW, actor=STAFF)
    assert note_post_check(checked_on=today, at=NOW, actor=STAFF).entered_by == STAFF.id
    assert PostCheck.objects.count() == 1


def test_the_page_writes_it_ends_it_and_notes_the_check(topic: Purpose, client: Client) -> None:
    owner = Staff.objects.create_user(
        email="eigenaar@example.nl", password="een lang wachtwoord", role="owner"
    )
    client.force_login(owner)
    page = f"/register/{topic.activity_key}/brieven/"
    assert "Brieven zonder ja" in client.get(page).content.decode()
    answer = client.post(page, STEPS | {"covers": ["bought"], "interest": "Kort."})
    assert "hele zin" in answer.content.decode()
    answer = client.post(page, STEPS | {"covers": ["bought"]}, follow=True)
    shown = answer.content.decode()
    assert STEPS["balance"] in shown
    assert "Nog niet nagekeken" in shown
    client.post(f"{page}gekocht/", {"checked_on": ""})
    assert not PostCheck.objects.exists()
    client.post(f"{page}gekocht/", {"checked_on": "2026-01-02"})
    assert PostCheck.objects.get().entered_by == owner.id
    assert "afgewogen op" in client.get(f"/register/{topic.activity_key}/").content.decode()
    assert "eigen belang" in client.get("/onderwerpen/aanbod/").content.decode()
    assert client.get(f"{page}stoppen/").status_code == 405
    client.post(f"{page}stoppen/")
    assert current_test(topic.activity_key) is None
