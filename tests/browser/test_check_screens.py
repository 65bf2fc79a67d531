"""The check of a letter in HTML: through a person's eyes, on a phone and at a desk, in the dark."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_of_ones_own_on_each_screen_and_by_each_light(journey: Journey, shop: Any) -> None:
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page()
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/nieuw/?hoe=html")
    page.locator("[name=name]").fill("Herfst")
    page.locator("[name=subject]").fill("De herfst is er")
    page.locator("[name=body]").fill(
        '<div style="padding:24px"><h1>Dag {{ first_name | default: "lezer" }}</h1>'
        "<p>Kom langs.</p></div>"
    )
    page.get_by_role("button", name="Bewaren en controleren").click()
    page.locator("#als").select_option(index=1)
    name = page.locator("#als option:checked").inner_text().split()[0]
    page.get_by_role("button", name="Tonen").click()
    page.get_by_role("button", name="Telefoon").click()
    expect(page.get_by_role("button", name="Telefoon")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Donker").click()
    expect(page.get_by_role("button", name="Donker")).to_have_attribute("aria-pressed", "true")
    frame = page.frame_locator("iframe.mail")
    expect(frame.get_by_role("heading", name=f"Dag {name}")).to_be_visible()
    expect(frame.get_by_role("link", name="Afmelden")).to_be_visible()
    expect(page.locator(".look-telefoon iframe.mail")).to_have_attribute(
        "src", re.compile("licht=donker")
    )
    journey.look(page)
