"""A visitor: signs up, confirms with a button, sees what they agreed to, stops, chooses."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def newest_mail_to(address: str) -> Any:
    """The parsed mail that stands on top of the mailbox for an address."""
    from email import message_from_bytes
    from email.policy import default

    from akkoord.delivery.models import MailboxMessage

    row = MailboxMessage.objects.filter(recipient=address).latest("received_at")
    return message_from_bytes(bytes(row.raw), policy=default)


def link_in(mail: Any, place: str) -> str:
    """The first link to a place in the mail's plain text."""
    text = mail.get_body(("plain",)).get_content()
    found = re.search(rf"https?://\S+{place}[^\s>)]+", text)
    assert found, text
    return found.group()


def fill_in(page: Page) -> None:
    """The form, as a visitor fills it in."""
    page.get_by_label("E-mailadres").fill("gerda@example.nl")
    page.get_by_label("Voornaam").fill("Gerda")
    box = page.locator("input[name=topics]")
    expect(box).not_to_be_checked()
    page.locator("label[for=id_topics_0]").click()
    expect(box).to_be_checked()
    for label in page.locator("label[for=id_sixteen]").all():
        label.click()
    page.get_by_role("button", name="Aanmelden").click()
    expect(page).to_have_url(re.compile("/gevraagd/$"))


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_sign_up_confirm_and_see_what_was_agreed(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.consent.models import PermissionEvent

    page = journey.page(width)
    page.goto(f"{journey.base}/f/{shop.form.slug}/")
    journey.look(page)
    fill_in(page)
    journey.look(page)
    work_queue()
    page.goto(link_in(newest_mail_to("gerda@example.nl"), "/b/"))
    journey.look(page)
    assert not PermissionEvent.objects.filter(
        state="confirmed"
    ).exists()  # opening is not saying yes
    page.get_by_role("button", name="Ja, ik bevestig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent aangemeld")
    expect(page.get_by_text("Nieuwsbrief").first).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name=re.compile("stoppen", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw voorkeuren")
    journey.look(page)


def test_a_visitor_chooses_another_language(journey: Journey, shop: Any) -> None:
    page = journey.page(PHONE)
    page.goto(f"{journey.base}/f/{shop.form.slug}/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_pages_for_everybody(journey: Journey, shop: Any, width: int) -> None:
    page = journey.page(width)
    for path in ("/privacy/", "/voorkeuren/", "/account/login/"):
        page.goto(journey.base + path)
        journey.look(page)


def test_the_preference_centre_through_a_mailed_link(journey: Journey, shop: Any) -> None:
    from akkoord.permission.queries import ask
    from tests.browser.world import make_people, point_of

    make_people(shop)
    page = journey.page(PHONE)
    page.goto(journey.base + "/voorkeuren/")
    page.get_by_label("E-mailadres").fill("anna.bakker@example.nl")
    page.locator("main button[type=submit], main button.primary").first.click()
    work_queue()
    page.goto(link_in(newest_mail_to("anna.bakker@example.nl"), "/v/"))
    journey.look(page)
    page.get_by_role("button", name="Alles uit").click()
    expect(page.get_by_role("status").first).to_be_visible()
    journey.look(page)
    from django.utils import timezone

    point = point_of("Anna Bakker")
    assert not ask([point.id], shop.topic, "email", at=timezone.now())[point.id].allowed
