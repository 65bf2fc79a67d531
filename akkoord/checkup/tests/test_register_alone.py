"""An organisation that uses nothing of Akkoord but the register and what is made of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.models import Staff
from akkoord.checkup.queries import check_up
from akkoord.law.duties import State
from akkoord.policy.queries import draft
from akkoord.register import companies, hand
from akkoord.register.exporting import FORMATS, export_register
from akkoord.register.models import ProcessingActivity, Purpose, Recipient
from akkoord.register.processors import enter_print_house
from akkoord.register.records import register_now
from akkoord.register.tests.factories import answered_example, make_organisation
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
STAFF = Actor.system()
WIZARD = {
    "name": "Praktijk De Linde",
    "address": "Lindelaan 1, 1000 AA Amsterdam",
    "contact_email": "info@linde.example",
    "owner_name": "Fleur de Wit",
    "owner_email": "fleur@linde.example",
    "owner_password": "een lange zin om mee in te loggen",
    "sender_name": "",
    "sender_email": "",
    "trade": "practice",
    "topic_name": "",
}


def finding(key: str) -> Any:
    """What the check-up says of a point."""
    return next(each.finding for each in check_up(at=timezone.now()).seen if each.key == key)


def test_without_a_topic_the_register_and_all_that_is_made_of_it_work() -> None:
    """Set up by the wizard, two activities of one's own, every file, the policy, the check-up."""
    browser = Client(headers={"accept-language": "nl"})
    answer = browser.post(reverse("register:begin"), WIZARD, follow=True)
    assert answer.status_code == 200
    assert "Kijk nu uw register door" in answer.content.decode()
    assert not Purpose.objects.exists()
    now = timezone.now()
    for example in ("cameras", "invoices"):
        made = answered_example(example_key=example, at=now, actor=STAFF)
        hand.publish_activity(key=made.key, at=now, actor=STAFF)
    register = register_now()
    assert register.to_mend == []
    for name in FORMATS:
        assert len(export_register(register, name, "nl")) > 1000
    assert finding("forms").state is State.NONE
    assert "U schrijft niemand" in finding("forms").evidence
    for page in ("/", "/register/", reverse("policy:index"), reverse("checkup:index")):
        assert browser.get(page).status_code == 200, page
    assert draft().nl.text()
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.GOOD),
        ({"country": "US"}, State.WRONG),
        ({"country": "US", "safeguard": "adequacy"}, State.WRONG),
        ({"contract_on": None}, State.WRONG),
        ({"country": "US", "safeguard": "dpf", "checked_on": None}, State.ATTENTION),
        ({"review_on": date(2026, 1, 1)}, State.ATTENTION),
        ({"subprocessors": []}, State.ATTENTION),
    ],
)
def test_inv42_the_check_up_asks_what_the_gate_asks_of_a_company(
    facts: dict[str, Any], state: State
) -> None:
    """What stops it is red, what is to be looked at again is amber (art. 28, 44-46)."""
    make_organisation()
    now = timezone.now()
    found = enter_print_house(
        name="Drukwerk BV", activity_key="customers", has_contract=True, at=now, actor=STAFF
    )
    values = {"subprocessors": ["Papier BV"], "review_on": (now + timedelta(days=90)).date()}
    Recipient.objects.filter(id=found.id).update(**values | facts)
    assert finding("contracts").state is state
    assert ProcessingActivity.objects.exists()
    ended = companies.end_company(
        recipient_id=found.id, reason="Wij drukken zelf.", at=now, actor=STAFF
    )
    assert ended.valid_to is not None
    assert finding("contracts").state is State.GOOD
