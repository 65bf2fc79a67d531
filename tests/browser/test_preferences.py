"""Less, pause, proof and back again: what a person does with the links in their mailbox."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def newest_mail(address: str) -> str:
    """The text of the mail that stands on top of the mailbox."""
    from email import message_from_bytes
    from email.policy import default

    from akkoord.delivery.models import MailboxMessage

    row = MailboxMessage.objects.filter(recipient=address).latest("received_at")
    mail = message_from_bytes(bytes(row.raw), policy=default)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_from_a_letter_to_less_to_the_proof(journey: Journey, shop: Any, width: int) -> None:
    from django.utils import timezone

    from akkoord.consent.tokens import preference_link
    from tests.browser.world import make_people, point_of

    make_people(shop)
    point = point_of("Anna Bakker")
    page = journey.page(width)
    page.goto(journey.here(preference_link(point_id=point.id, at=timezone.now())))
    expect(page.get_by_role("heading", level=1)).to_have_text("Minder, of niets meer")
    expect(page.get_by_text("anna.bakker")).to_have_count(0)  # a forwarded mail tells nothing
    journey.look(page)
    page.get_by_label("Hoe vaak?").select_option("month")
    page.get_by_role("button", name="Minder vaak").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.get_by_role("button", name="Mail mij de link").click()
    work_queue()
    page.goto(link_in_here(journey, newest_mail("anna.bakker@example.nl")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw voorkeuren")
    expect(page.get_by_label("Hoe vaak?").first).to_have_value("month")
    journey.look(page)
    page.get_by_role("button", name="Alles uit").click()
    expect(page.get_by_role("heading", name="Wilt u zeggen waarom?")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Het kwam te vaak").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.locator("label[for=topic-1]").click()  # and back again, on the same page
    page.get_by_role("button", name=re.compile("^(Bewa|Opslaan)")).first.click()
    page.get_by_role("link", name="Bewijs van wat u afsprak").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw bewijs")
    journey.look(page)
    page.get_by_role("link", name=re.compile("^Bekijk")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bewijs van wat u afsprak")
    journey.look(page)


def link_in_here(journey: Journey, text: str) -> str:
    found = re.search(r"https?://\S+/v/\S+", text)
    assert found is not None
    return journey.here(found.group())
