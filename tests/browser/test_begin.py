"""The first minutes, and a file that comes in."""

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_first_run_ends_on_the_start_page(journey: Journey, width: int) -> None:
    page = journey.page(width)
    page.goto(journey.base + "/")
    expect(page).to_have_url(journey.base + "/begin/")
    journey.look(page)
    for name, value in {
        "name": "Fietsen van Dam",
        "address": "Dorpsstraat 1, 1234 AB Ergens",
        "contact_email": "info@example.nl",
        "owner_name": "Anouk van Dam",
        "owner_email": "anouk@example.nl",
        "owner_password": "zeven groene fietsen staan",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Beginnen").click()
    expect(page).to_have_url(journey.base + "/")
    expect(page.get_by_text("Alles staat klaar")).to_be_visible()
    journey.look(page)
