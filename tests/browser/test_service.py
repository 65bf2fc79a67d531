"""A message about a purchase: refused while it sells, kept, sent from the person's page, read."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from akkoord.consent.withdraw import object_to_marketing
from akkoord.delivery.models import MailboxMessage
from akkoord.law.form_rules import FormKind
from akkoord.law.states import Method
from akkoord.people.tests.factories import make_person, make_point
from akkoord.permission.tests.factories import sell
from akkoord.register.form_activities import ensure_carrier
from akkoord.trail.actions import Actor
from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.usefixtures("shop")
def test_ready_to_collect(journey: Journey, width: int) -> None:
    customer = bought_something()
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/")
    page.locator("main details.menu summary").first.click()
    page.get_by_role("link", name="Over een aankoop").click()
    journey.look(page)
    page.get_by_role("link", name="Klaar om op te halen").click()
    text = page.get_by_label("Tekst", exact=True)
    ready = text.input_value()
    text.fill(ready + "\n\nDeze week 10% korting op sloten.")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Dit verkoopt: “korting")
    journey.look(page)
    text.fill(ready)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("U kunt het nu versturen over een aankoop")).to_be_visible()

    page.goto(f"{journey.base}/mensen/{customer.person_id}/")
    page.goto(f"{journey.base}/campagnes/service/over/{customer.person_id}/")
    expect(page.get_by_label(re.compile("2026-104"))).to_be_checked()
    journey.look(page)
    page.get_by_role("button", name="Bekijk", exact=True).click()
    letter = page.frame_locator("iframe.mail")
    expect(letter.locator("body")).to_contain_text("Dag Femke")
    expect(letter.locator("body")).to_contain_text("2026-104 ligt klaar")
    journey.look(page)
    page.get_by_role("button", name="Nu versturen").click()
    work_queue()
    page.reload()
    expect(page.locator("main")).to_contain_text("verstuurd")
    journey.look(page)

    mail = MailboxMessage.objects.get(recipient=customer.value)
    assert "List-Unsubscribe" not in str(mail.raw)
    page.goto(f"{journey.base}/mensen/{customer.person_id}/")
    expect(page.locator("main")).to_contain_text("Bericht over een aankoop verstuurd")
    expect(page.locator("main")).to_contain_text(re.compile(r"Omdat deze persoon op .* kocht"))

    page.goto(journey.base + "/campagnes/service/")
    page.get_by_role("link", name="Naar klanten").click()
    page.locator("[name=since]").fill("2020-01-01")
    page.get_by_role("button", name="Tonen").click()
    expect(page.locator("main")).to_contain_text("1 van 1 klanten")
    journey.look(page)


def bought_something() -> Any:
    """A customer who wants no advertising, and bought a bicycle."""
    now = timezone.now()
    ensure_carrier(kind=FormKind.CHECKOUT, at=now, actor=Actor.system())
    customer = make_point(make_person(given_name="Femke", family_name="Prins"), "femke@example.nl")
    sell(customer, number="2026-104")
    object_to_marketing(
        person_id=customer.person_id, method=Method.STAFF, actor=Actor.system(), at=now
    )
    return customer
