"""Invoices make customers: say it once, bring them in, and see why you may write to her."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from akkoord.imports.tests import ubl_samples as ubl
from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_invoices_with_what_customers_saw(
    journey: Journey, shop: Any, tmp_path: Path, width: int
) -> None:
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/importeren/verkopen/")
    expect(page.get_by_role("img", name="Te doen")).to_have_count(3)
    journey.look(page)
    say_what_is_sold(journey, page, shop)
    show_the_till(journey, page)

    path = tmp_path / "facturen.zip"
    path.write_bytes(invoices())
    page.goto(journey.base + "/importeren/verkopen/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("Waar zijn deze verkopen gedaan?").select_option(label="Kassa")
    page.get_by_role("button", name="Verkopen bekijken").click()
    expect(page.get_by_text("Er is nog niets veranderd")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Groothandel Wiel")
    expect(page.locator("main")).to_contain_text("roept andere bestanden op")
    journey.look(page)
    page.get_by_role("button", name="Importeren").click()
    expect(page.get_by_text("De verkopen zijn ingelezen")).to_be_visible()
    journey.look(page)
    see_why(journey, page)


def say_what_is_sold(journey: Journey, page: Page, shop: Any) -> None:
    """A kind of product, and the topic that is about it."""
    page.get_by_role("link", name="Wat verkoopt u?").click()
    page.get_by_label("Hoe noemt u deze soort?").fill("Fietsen")
    page.get_by_label("Hoe herkent u het op een factuur?").fill("fiets-")
    page.locator("form", has=page.get_by_label("Hoe noemt u deze soort?")).get_by_role(
        "button", name="Toevoegen"
    ).click()
    expect(page.get_by_role("cell", name="Fietsen")).to_be_visible()
    journey.look(page)
    page.goto(f"{journey.base}/onderwerpen/{shop.topic.slug}/klanten/")
    page.get_by_text("Fietsen", exact=True).click()
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Dit onderwerp gaat over: Fietsen")
    journey.look(page)


def show_the_till(journey: Journey, page: Page) -> None:
    """Without a way to say no it is refused; with it, it is frozen."""
    page.goto(journey.base + "/formulieren/plekken/")
    page.get_by_label("Hoe noemt u deze plek?").fill("Kassa")
    page.get_by_role("button", name="Toevoegen").click()
    words = "Wij mailen u over fietsen. Liever geen mail? Vink dit aan."
    text = page.get_by_label("Wat konden klanten daar precies lezen?")
    text.fill(words)
    page.locator("[name=first_day]").fill("2024-01-01")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Konden klanten daar geen nee zeggen?")
    journey.look(page)
    page.get_by_text("Klanten konden daar gratis nee zeggen").click()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("blockquote").first).to_contain_text("Liever geen mail?")
    expect(page.get_by_text("Klanten zien dit nu")).to_be_visible()
    journey.look(page)


def invoices() -> bytes:
    """One of ours, one of another company, one that calls in other files."""
    seller = "Fietsen Jansen"
    from akkoord.register.queries import organisation

    house = organisation()
    seller = house.name if house else seller
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", ubl.invoice(seller=seller))
        archive.writestr("b.xml", ubl.invoice("G1", seller="Groothandel Wiel"))
        archive.writestr("c.xml", ubl.LAUGHS)
    return buffer.getvalue()


def see_why(journey: Journey, page: Page) -> None:
    """On her page stands why she may be written to, and what she could read."""
    page.goto(journey.base + "/mensen/?q=Anna")
    page.get_by_role("link", name="Anna de Wit").click()
    card = page.locator("section.card", has_text="Waarom u mag schrijven")
    expect(card).to_contain_text("Kon daar nee zeggen")
    expect(card).to_contain_text("Telt tot en met 1 okt 2028")
    card.get_by_text("Wat de klant zag").click()
    expect(card.locator("blockquote")).to_contain_text("Liever geen mail?")
    journey.look(page)
