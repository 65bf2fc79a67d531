"""A provider by its own interface: enter the account, set up its reports, see what is wrong."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from akkoord.delivery.tests.provider_service import KEY, provider_service
from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_enter_an_account_set_up_its_reports_and_mend_its_key(
    journey: Journey, shop: Any, width: int, settings: Any
) -> None:
    from akkoord.delivery.hook_secrets import drop_hook_secret
    from akkoord.delivery.models import ProviderHook, ServerState
    from akkoord.delivery.servers import relays

    assert shop
    drop_hook_secret("postmark")
    page = journey.page(width)
    journey.log_in_by_hand(page)
    page.goto(f"{journey.base}/campagnes/versturen/")
    settings.BASE_URL = "https://akkoord.fietsen-jansen.nl"
    page.get_by_text("Amazon SES", exact=True).click()
    expect(page.locator("#id_ses_region")).to_be_visible()
    expect(page.locator("[name=host]")).to_be_hidden()
    page.get_by_text("Postmark", exact=True).click()
    expect(page.locator("#id_ses_region")).to_be_hidden()
    expect(page.locator("#id_postmark_name")).to_have_value("broadcast")
    journey.look(page)
    page.locator("#id_postmark_key").fill("een-andere-sleutel")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("Zonder contract")).to_be_visible()
    journey.look(page)
    page.locator("#id_postmark_key").fill("een-andere-sleutel")
    page.get_by_text("Wij zijn akkoord met de").and_(page.locator(":visible")).click()
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("Stel nu de meldingen in")).to_be_visible()

    with provider_service() as service:
        page.get_by_role("button", name="Meldingen instellen").click()
        expect(page.get_by_text("De aanbieder weigert de sleutel")).to_be_visible()
        journey.look(page)
        page.get_by_text("Andere sleutel").click()
        page.locator(".server-key input[name=key]").fill(KEY)
        page.locator(".server-key button").click()
        expect(page.get_by_text("Verstuur een proef")).to_be_visible()
        page.get_by_role("button", name="Meldingen instellen").click()
        expect(page.get_by_text("Wacht op de melding van de proef")).to_be_visible()
        assert len(service.hooks["postmark"]) == 2
        ProviderHook.objects.update(last_event_at=timezone.now())
        page.get_by_role("button", name="Nu nakijken").click()
        expect(page.get_by_text(re.compile("laatste melding op"))).to_be_visible()
        journey.look(page)

    now = timezone.now()
    ServerState.objects.create(
        key=relays()[-1].key,
        failures=1,
        why="account-sender",
        set_aside_until=now,
        changed_at=now,
    )
    page.goto(f"{journey.base}/campagnes/versturen/")
    expect(page.get_by_text("Laat dat domein bij uw aanbieder goedkeuren")).to_be_visible()
    journey.look(page)
    page.goto(f"{journey.base}/")
    expect(page.get_by_text("Uw aanbieder verstuurt nu niet voor u")).to_be_visible()
    journey.look(page)
    page.goto(f"{journey.base}/register/bedrijven/")
    expect(page.get_by_text("AC PM LLC (Postmark)").first).to_be_visible()
