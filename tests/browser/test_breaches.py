"""A leak from the button on every page to the letters, at a desk and on a phone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.world import make_people


def tick(page: Any, words: str) -> None:
    """Press the first choice that begins with these words."""
    page.locator(".choice label", has_text=re.compile(f"^{re.escape(words)}")).first.click()


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_from_the_button_to_the_decision(journey: Journey, shop: Any, width: int) -> None:
    make_people(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/mensen/")
    page.get_by_role("link", name="Datalek melden").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Datalek melden")
    journey.look(page)
    page.get_by_label("Wat is er gebeurd?").fill("De lijst van de rit ging naar een andere klant.")
    tomorrow = timezone.localtime() + timedelta(days=1)
    noticed = page.get_by_label("Wanneer merkte iemand bij u het?")
    noticed.fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Bewaren en verder").click()
    expect(page.locator(".field.wrong")).to_contain_text("Dit moment moet nog komen.")
    journey.look(page)
    before = timezone.localtime() - timedelta(hours=30, minutes=10)
    noticed.fill(before.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.locator(".leak-clock")).to_contain_text("nog 41 uur")
    tick(page, "Iemand zag of kreeg")
    page.get_by_label("Hoe kwam het?").select_option(
        label="Aan de verkeerde persoon gestuurd of gegeven"
    )
    tick(page, "Mailbox")
    journey.look(page)
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Wie is geraakt")
    page.get_by_role("link", name="Iedereen van een onderwerp").click()
    page.get_by_label("Welk onderwerp?").select_option(label="Nieuwsbrief")
    page.get_by_role("button", name="Deze mensen zoeken").click()
    expect(page.locator(".stats")).to_contain_text("mensen in Akkoord")
    journey.look(page)
    tick(page, "E-mailadres")
    page.get_by_role("button", name="Bewaren en verder").click()

    tick(page, "Gevoelige gegevens")
    tick(page, "Meteen")
    tick(page, "Ja, en u weet wie")
    page.get_by_label("Wat kan het voor de mensen betekenen?").fill("Ongewenste mail.")
    page.get_by_label("Wat hebt u al gedaan?").fill("De ontvanger heeft de lijst gewist.")
    journey.look(page)
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.locator("main")).to_contain_text("Advies: licht de AP en de mensen in")
    journey.look(page)
    tick(page, "De AP en de mensen inlichten")
    page.get_by_label("Waarom?", exact=True).fill("Er stonden medische gegevens bij.")
    # Elsewhere the clock goes along, until somebody has decided.
    other = journey.page(width)
    other.goto(f"{journey.base}/mensen/")
    expect(other.locator("#progress")).to_contain_text("nog 41 uur")
    journey.look(other)
    page.get_by_role("button", name="Beslissen").click()
    expect(page.locator("main")).to_contain_text("Besloten")
    journey.look(page)
    other.reload()
    expect(other.locator("#progress")).not_to_contain_text("uur")
    page.goto(f"{journey.base}/datalekken/")
    journey.look(page)
    work_queue()
