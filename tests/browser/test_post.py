"""A letter on paper: weighed, written, looked at, made, printed, stopped by its code, handed over.

The square code on the page is read by a program that is not ours.
"""

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = {
    "interest": "Wij willen klanten van onze fietsen wijzen op onderhoud in onze werkplaats.",
    "necessity": "Veel klanten gaven geen mailadres. Wij gebruiken alleen naam en adres.",
    "balance": "Zij kennen ons van een aankoop. Elke brief heeft een code waarmee hij stopt.",
}


@pytest.fixture
def by_post(shop: Any, settings: Any) -> Any:
    """The shop with three customers at a door, one without a number, and a topic by post."""
    from django.utils import timezone

    from akkoord.permission.tests.factories import sell
    from akkoord.permission.tests.test_post import make_letterbox
    from akkoord.register.actions import offer_channels
    from akkoord.trail.actions import Actor

    settings.BASE_URL = "https://post.example.nl"
    actor = Actor.staff(shop.owner.pk)
    channels = ["email", "post"]
    offer_channels(purpose_id=shop.topic.id, channels=channels, at=timezone.now(), actor=actor)
    names = [("Zoë", "Müller-Lüdenscheidt"), ("Bram", "Visser"), ("Carla", "Smit")]
    for given, family in names:
        sell(make_letterbox(given_name=given, family_name=family))
    sell(make_letterbox(given_name="Daan", family_name="Mulder", house_number=""))
    return shop


def pages_of(path: Path, shots: Path | None = None) -> list[tuple[str, str]]:
    """The text and the square code of each page of a PDF."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        image = page.render(scale=3).to_pil()
        codes = [each.text for each in zxingcpp.read_barcodes(image)]
        found.append((page.get_textpage().get_text_range(), codes[0]))
    document.close()
    return found


def download(page: Page, button: str, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    waiting.value.save_as(to)
    return to


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_inv19_a_letter_by_post_from_weighing_to_the_post(
    journey: Journey, by_post: Any, tmp_path: Path, width: int
) -> None:
    page = journey.page(width)
    journey.log_in(page)
    _write(journey, page)
    # Nobody may get it yet: it was not weighed. The way onward is a press away.
    expect(page.locator("main")).to_contain_text("0 van 4 mensen")
    check = page.url
    page.goto(journey.base + f"/register/{by_post.topic.activity_key}/brieven/")
    journey.look(page)
    for name, text in STEPS.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Leg dit vast").click()
    expect(page.locator("main")).to_contain_text("Versie 1")
    journey.look(page)

    page.goto(check)
    expect(page.locator("main")).to_contain_text("3 van 4 mensen")
    expect(page.locator("main")).to_contain_text("geen compleet adres")
    sheet = page.locator("img.sheet")
    expect(sheet).to_be_visible()
    assert sheet.evaluate("image => image.naturalWidth") > 800
    journey.look(page)
    page.get_by_role("button", name="Maak de brieven").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("Niet nagekeken").click()
    journey.look(page)
    dialog.get_by_role("button", name="Maak de brieven").click()
    expect(page.locator("#live")).to_be_visible()
    work_queue()
    expect(page.get_by_text("Klaar om te drukken")).to_be_visible()
    journey.look(page)

    printed = pages_of(download(page, "Download de pdf", tmp_path / "brieven.pdf"))
    assert len(printed) == 3
    assert any("Zoë Müller-Lüdenscheidt" in text for text, _code in printed)
    listed = download(page, "Alleen de adressen (CSV)", tmp_path / "adressen.csv").read_text()
    assert len(listed.splitlines()) == 4
    _stop_by_both_codes(journey, printed, width)

    page.reload()
    expect(page.locator("main")).to_contain_text("stopte sinds dit bestand")
    journey.look(page)
    page.get_by_role("button", name="Maak het bestand opnieuw").click()
    work_queue()
    expect(page.get_by_text("Klaar om te drukken")).to_be_visible()
    printed = pages_of(download(page, "Download de pdf", tmp_path / "nieuw.pdf"))
    assert len(printed) == 1
    page.reload()
    page.get_by_role("button", name="Gedrukt en bij de post").click()
    expect(page.locator("main")).to_contain_text("1 brief is onderweg")
    expect(page.locator("#live .pill.good")).to_be_visible()
    journey.look(page)
    page.goto(journey.base + "/campagnes/")
    expect(page.locator("main")).to_contain_text("Onderhoud")
    journey.look(page)


def _write(journey: Journey, page: Page) -> None:
    page.goto(journey.base + "/campagnes/nieuw/post/")
    journey.look(page)
    page.locator("[name=name]").fill("Onderhoud")
    page.locator("[name=subject]").fill("Onderhoud van uw fiets")
    page.locator("[name=body]").fill("Beste {{ first_name | default: 'klant' }},\n\nKom langs.")
    page.get_by_role("button", name="Bewaren en controleren").click()
    expect(page.locator("main")).to_contain_text("Per post")
    journey.look(page)


def _stop_by_both_codes(journey: Journey, printed: list[tuple[str, str]], width: int) -> None:
    """One reader scans, another types; neither logs in."""
    from akkoord.consent.models import Standing

    visitor = journey.page(width)
    visitor.goto(journey.here(printed[0][1]))
    assert not Standing.objects.filter(channel="post").exists()  # opening changes nothing
    journey.look(visitor)
    visitor.get_by_role("button", name="Ja, stop").click()
    expect(visitor.locator("main")).to_contain_text("per post")
    journey.look(visitor)
    found = re.search(r"\b([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})\b", printed[1][0])
    assert found is not None
    visitor.goto(journey.base + "/brief/")
    journey.look(visitor)
    visitor.get_by_label("Code op de brief").fill(found[1].lower())
    visitor.get_by_role("button", name="Stop deze brieven").click()
    expect(visitor.locator("main")).to_contain_text("geen brief meer")
    journey.look(visitor)
    assert Standing.objects.filter(channel="post", state="withdrawn").count() == 2
