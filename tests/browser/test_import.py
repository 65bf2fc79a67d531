"""Bring a file in: where from, which column is what, the first rows, the result, and back."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from akkoord.imports.tests import samples
from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_sheet_comes_in_and_is_taken_back(
    journey: Journey, shop: Any, tmp_path: Path, width: int
) -> None:
    from akkoord.imports.models import Import
    from akkoord.people.models import Person

    path = tmp_path / "relaties.xlsx"
    path.write_bytes(samples.LAPOSTA)
    before = Person.objects.count()
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/importeren/")
    page.get_by_text("Gekocht, gehuurd of gekopieerd").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Bestand doorkijken").click()
    expect(page.get_by_text("Een gekochte lijst mag u niet mailen")).to_be_visible()
    journey.look(page)

    page.get_by_text("Een ander systeem van ons").click()
    page.locator("[name=system]").select_option("laposta")
    page.locator("[name=wording]").fill("Ja, stuur mij de nieuwsbrief per e-mail.")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Bestand doorkijken").click()
    expect(page.get_by_text("Wij herkennen de export van Laposta")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Laat zien wat er zou gebeuren").click()
    work_queue()
    expect(page.get_by_text("bewijs@example.nl")).to_be_visible()
    assert Person.objects.count() == before
    journey.look(page)
    page.get_by_role("button", name="Importeren").click()
    work_queue()
    expect(page.get_by_text("Het bestand is binnen")).to_be_visible()
    assert Person.objects.count() == before + 6
    page.get_by_role("link", name="Dit bestand terugdraaien").click()
    journey.look(page)
    page.get_by_role("button", name="Bestand terugdraaien").click()
    page.get_by_role("button", name="Terugdraaien", exact=True).click()
    work_queue()
    expect(page.get_by_text("Dit bestand is teruggedraaid").first).to_be_visible()
    assert Person.objects.count() == before + 1  # who unsubscribed stays unsubscribed
    assert Import.objects.latest("started_at").state == Import.State.UNDONE
