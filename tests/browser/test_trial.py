"""An own test address: asked, agreed by its owner's click, tried on, and stopped by them."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey
from tests.browser.world import make_letter, make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_ask_agree_try_and_stop(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.consent.models import TrialAddress
    from akkoord.consent.tokens import trial_link
    from akkoord.delivery.models import OutboxMail

    make_people(shop)
    letter = make_letter(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/campagnes/versturen/")
    page.locator("#id_address").fill("proef@example.org")
    page.get_by_role("button", name="De eigenaar vragen").click()
    expect(page.get_by_text("Wacht op de klik")).to_be_visible()
    journey.look(page)

    owner = journey.page(PHONE)
    link = journey.here(trial_link(TrialAddress.objects.get().id))
    owner.goto(link)
    expect(owner.get_by_role("heading", name="Wilt u brieven proberen?")).to_be_visible()
    journey.look(owner)
    owner.get_by_role("button", name="Ja, stuur mij proeven").click()
    expect(owner.get_by_role("heading", name="U probeert brieven")).to_be_visible()

    page.goto(f"{journey.base}/campagnes/{letter.id}/controle/")
    page.get_by_text("proef@example.org (proefadres)").check()
    page.get_by_role("button", name="Proef versturen").click()
    expect(page.get_by_text("De proef is onderweg naar 1 adres.")).to_be_visible()
    assert OutboxMail.objects.filter(kind="test-to-own", recipient="proef@example.org").exists()

    owner.goto(link)
    owner.get_by_role("button", name="Stop de proeven").click()
    expect(owner.get_by_role("heading", name="U krijgt geen proeven")).to_be_visible()
    journey.look(owner)
    page.goto(f"{journey.base}/campagnes/{letter.id}/controle/")
    expect(page.get_by_text("proef@example.org")).to_have_count(0)
