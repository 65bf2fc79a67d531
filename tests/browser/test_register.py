"""A register of twenty activities by hand: built, shown, taken out in every format and back in."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from akkoord.register import hand
from akkoord.trail.actions import Actor
from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TWENTY = 20


def add(journey: Journey, page: Page, place: int) -> None:
    """The example at this place, as a draft, and into the register.

    Where its others may be outside Europe nobody but the owner knows, so that is asked.
    """
    page.goto(journey.base + "/register/nieuw/")
    if not page.locator(".register-examples button").nth(place).is_visible():
        page.get_by_text("Voorbeelden voor andere bedrijven").click()
    page.locator(".register-examples button").nth(place).click()
    expect(page.get_by_text("Concept").first).to_be_visible()
    draft = page.url
    page.get_by_role("button", name="Zet in het register").click()
    page.wait_for_load_state()
    europe = page.get_by_label("Zitten die anderen buiten Europa?")
    if europe.is_visible():
        europe.fill("Nee, allemaal in Europa.")
        page.get_by_role("button", name="Bewaren en verder").click()
        page.goto(draft)
        page.get_by_role("button", name="Zet in het register").click()
    expect(page.get_by_text("Deze versie is verzegeld")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_activity_from_an_empty_draft_to_its_history(
    journey: Journey, shop: Any, width: int
) -> None:
    """What is empty is red; five steps fill it; a person is refused at the field; it changes."""
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/register/")
    journey.look(page)
    page.get_by_role("link", name="Activiteit toevoegen").first.click()
    journey.look(page)
    page.get_by_label("Hoe noemt u het?").fill("Fietsen uitlenen")
    page.get_by_role("button", name="Begin leeg").click()
    expect(page.get_by_text("Dit is niet volledig")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Zet in het register").click()
    expect(page.get_by_text("Er is nog iets leeg").first).to_be_visible()
    page.get_by_label("Waarvoor doet u het?").fill("Een fiets uitlenen. Vragen: wim@example.nl")
    page.get_by_role("button", name="Bewaren en verder").click()
    expect(page.get_by_text("Hierin staat een mailadres")).to_be_visible()
    journey.look(page)
    page.get_by_label("Waarvoor doet u het?").fill("Een fiets uitlenen tijdens een reparatie.")
    page.get_by_role("button", name="Bewaren en verder").click()
    journey.look(page)
    page.locator("label", has_text="Klanten").first.click()
    page.get_by_label("Welke gegevens?").fill("Naam\nTelefoonnummer")
    page.get_by_role("button", name="Bewaren en verder").click()
    page.get_by_text("Een afspraak met de persoon").first.click()
    page.get_by_label("Hoe laat u dat zien?").fill("De leenovereenkomst.")
    page.get_by_role("button", name="Bewaren en verder").click()
    page.get_by_label("Zeg dan waarom").first.fill("Niemand krijgt deze gegevens.")
    journey.look(page)
    page.get_by_role("button", name="Bewaren en verder").click()
    page.get_by_label("Hoe lang bewaart u het?").fill("Tot een maand na het terugbrengen.")
    page.get_by_label("Hoe beveiligt u het?").fill("In een kast op slot.")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Zet in het register").click()
    expect(page.get_by_text("Deze versie is verzegeld")).to_be_visible()
    page.locator(".register-edit").last.click()
    page.get_by_label("Hoe lang bewaart u het?").fill("Tot een week na het terugbrengen.")
    page.get_by_label("Waarom verandert dit?").fill("Een week is genoeg.")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("link", name="Geschiedenis").first.click()
    expect(page.locator("ins", has_text="week").first).to_be_visible()
    expect(page.get_by_text("Een week is genoeg.").first).to_be_visible()
    journey.look(page)


def test_twenty_activities_go_out_in_every_format_and_come_back(
    journey: Journey, shop: Any, tmp_path: Path
) -> None:
    """Built by hand from examples; six files; the table comes in and changes nothing."""
    page = journey.page(WIDE)
    journey.log_in(page)
    for place in range(TWENTY):
        add(journey, page, place)
    page.goto(journey.base + "/register/")
    journey.look(page)
    files = (
        ("PDF", "pdf"), ("Word", "docx"), ("Excel", "xlsx"),
        ("CSV", "csv"), ("JSON", "json"), ("JSON-LD", "jsonld"),
    )  # fmt: skip
    for words, name in files:
        with page.expect_download() as waits:
            page.get_by_role("link", name=words, exact=True).click()
        waits.value.save_as(tmp_path / f"register.{name}")
        assert (tmp_path / f"register.{name}").stat().st_size > 1000
    for name in ("xlsx", "csv"):
        page.goto(journey.base + "/register/inlezen/")
        page.locator("input[type=file]").set_input_files(tmp_path / f"register.{name}")
        page.get_by_role("button", name="Bekijk").click()
        expect(page.get_by_text("Hetzelfde").first).to_be_visible()
        journey.look(page)
        assert page.locator(".register-faults").count() == 0
    for address in ("bedrijven/", "maatregelen/", "wie/", "inzage/", "?op=2020-01-01"):
        page.goto(journey.base + "/register/" + address)
        journey.look(page)
    page.goto(journey.base + "/register/inzage/")
    page.get_by_label("Voor welke organisatie?").fill("Autoriteit Persoonsgegevens")
    page.get_by_role("button", name="Link maken").click()
    link = page.locator(".copy input, .copy code, [data-copy]").first
    found = link.get_attribute("data-copy") or link.inner_text() or link.input_value()
    visitor = journey.page(PHONE)
    visitor.goto(journey.here(found.strip()))
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    journey.look(visitor)
    connection.close()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_register_as_it_stood_on_three_days(journey: Journey, shop: Any, width: int) -> None:
    """Before a change, after it, and after the end: what the page says is what stood there then."""
    now, who = timezone.now(), Actor.system()
    days = [now - timedelta(days=each) for each in (90, 60, 30)]
    made = hand.make_from_example(example_key="cameras", at=days[0], actor=who)
    hand.publish_activity(key=made.key, at=days[0], actor=who)
    hand.change_activity(
        key=made.key,
        values={"name_nl": "Camera’s bij de kassa"},
        reason="Er hangt er nog een.",
        at=days[1],
        actor=who,
    )
    hand.end_activity(key=made.key, reason="De camera’s zijn weg.", at=days[2], actor=who)
    page = journey.page(width)
    journey.log_in(page)
    for each, name, is_ended in (
        (days[0], made.name_nl, False),
        (days[1], "Camera’s bij de kassa", False),
        (days[2], "Camera’s bij de kassa", True),
    ):
        day = timezone.localtime(each + timedelta(days=1)).date()
        page.goto(f"{journey.base}/register/?op={day.isoformat()}")
        row = page.locator("tr, li", has=page.get_by_role("link", name=name, exact=True)).first
        expect(row).to_be_visible()
        assert ("Gestopt" in row.inner_text()) is is_ended
        journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_company_changes_with_a_reason_and_keeps_its_history(
    journey: Journey, shop: Any, width: int
) -> None:
    """A known company by a tick, in use; a change asks why; staff and an inspector read it."""
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/register/bedrijven/")
    page.get_by_text("Bekende bedrijven").first.click()
    page.get_by_role("button", name="Jortt B.V.").click()
    expect(page.get_by_role("link", name="Jortt B.V.")).to_be_visible()
    hand.choose_recipients(
        key="customers",
        wanted={"books-jortt"},
        reason="De boekhouding gaat in een pakket.",
        at=timezone.now(),
        actor=Actor.system(),
    )
    page.get_by_role("link", name="Jortt B.V.").click()
    page.locator("[name=country]").fill("BE")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Zeg in een paar woorden waarom dit verandert.").first).to_be_visible()
    journey.look(page)
    page.get_by_label("Waarom verandert dit?").fill("Het bedrijf verhuisde naar Gent.")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("link", name="Jortt B.V.").click()
    page.get_by_role("link", name="Geschiedenis").first.click()
    expect(page.locator("ins", has_text="BE").first).to_be_visible()
    expect(page.locator("del", has_text="NL").first).to_be_visible()
    expect(page.get_by_text("Het bedrijf verhuisde naar Gent.").first).to_be_visible()
    journey.look(page)
    page.goto(journey.base + "/register/inzage/")
    page.get_by_label("Voor welke organisatie?").fill("Autoriteit Persoonsgegevens")
    page.get_by_role("button", name="Link maken").click()
    link = page.locator(".copy input, .copy code, [data-copy]").first
    found = link.get_attribute("data-copy") or link.inner_text() or link.input_value()
    visitor = journey.page(width)
    visitor.goto(journey.here(found.strip()))
    journey.look(visitor)
    visitor.get_by_role("link", name="Jortt B.V.").click()
    expect(visitor.get_by_text("Het bedrijf verhuisde naar Gent.").first).to_be_visible()
    journey.look(visitor)
    connection.close()
