"""A mail server is of a provider: its address for reports once, a warning, then a report."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_address_is_made_once_and_a_report_comes_in(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.delivery.models import MailServer, ServerProvider

    MailServer.objects.create(
        scheme="smtps", host="smtp.example.org", port=465, created_at=timezone.now()
    )
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/campagnes/versturen/")
    reports = page.locator(".card", has=page.get_by_role("heading", name="Wat uw mailaanbieder"))
    reports.get_by_label("Aanbieder").first.select_option("postmark")
    reports.get_by_role("button", name="Bewaren").first.click()
    expect(page.get_by_text("Er is nog geen adres")).to_be_visible()
    page.get_by_role("button", name="Adres maken").click()
    address = page.locator(".hook .copy code").inner_text()
    assert re.search(r"/hooks/postmark/[\w-]{32}/$", address)
    journey.look(page)

    page.goto(f"{journey.base}/campagnes/versturen/")
    expect(page.locator(".hook .copy code")).to_have_count(0)
    expect(page.get_by_text("Wacht op de eerste melding")).to_be_visible()
    ServerProvider.objects.update(letters=120)
    page.reload()
    expect(page.locator(".hook .callout")).to_contain_text("Nog niets ontvangen")
    journey.look(page)

    told = {"RecordType": "Delivery", "MessageID": "1"}
    path = address[address.index("/hooks/") :]
    answer = page.request.post(
        journey.base + path,
        data=json.dumps(told),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status == 204
    page.reload()
    expect(page.get_by_text("Meldingen komen binnen")).to_be_visible()
    journey.look(page)
