"""A whole assessment (art. 35): criteria, the steps of the CNIL, decision, paper, next version."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "topic-nieuwsbrief"
STEPS = {
    "description": "Wij bewaren adressen en wie welke brief opent, tot iemand zich afmeldt.",
    "necessity": "Zonder adres komt er geen brief aan. Wie wat opent, helpt om minder te sturen.",
    "rights": "Mensen lezen het op het formulier en zetten het met één druk weer uit.",
    "people": "Wij vroegen het tien klanten in de winkel. Zij vonden het goed, met een knop uit.",
}
RISKS = ("access", "change", "loss")


def choose(page: Page, name: str, value: str) -> None:
    """Press the label of one choice, as a person does."""
    page.locator(f".choice:has(input[name={name}][value='{value}']) label").click()


def go_on(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Bewaren en verder").click()
    page.wait_for_load_state()


def criteria(journey: Journey, page: Page) -> None:
    """From the list to what is needed."""
    page.goto(f"{journey.base}/controle/")
    page.get_by_role("link", name="DPIA", exact=True).first.click()
    journey.look(page)
    page.locator("tr", has_text="Nieuwsbrief").get_by_role("link").click()
    journey.look(page)
    choose(page, "criteria", "monitoring")
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator(".field.wrong")).to_contain_text("Schrijf in een hele zin waarom.")
    journey.look(page)
    choose(page, "criteria", "innovative")
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Hiervoor is een DPIA nodig")
    journey.look(page)


def write_steps(journey: Journey, page: Page, *, left: int) -> None:
    """Every step up to the decision, in its order."""
    page.locator(".dpia-steps a").first.click()
    for step, text in list(STEPS.items())[:3]:
        expect(page).to_have_url(re.compile(f"/stap/{step}/"))
        page.locator("textarea[name=text]").fill(text)
        journey.look(page)
        go_on(page)
    for step in RISKS:
        expect(page).to_have_url(re.compile(f"/stap/{step}/"))
        write_risk(page, left=left if step == "access" else 1)
        journey.look(page)
        go_on(page)
    expect(page).to_have_url(re.compile("/stap/people/"))
    page.locator("textarea[name=text]").fill(STEPS["people"])
    go_on(page)
    expect(page).to_have_url(re.compile("/stap/decision/"))


def write_risk(page: Page, *, left: int) -> None:
    page.get_by_label("Hoe kan het gebeuren, en door wie?").fill(
        "Iemand raadt een wachtwoord of leest mee op een gedeelde computer."
    )
    page.get_by_label("Wat betekent dat voor mensen?").fill(
        "Ongewenste mail, en iemand weet wat zij graag lezen."
    )
    page.get_by_label("Wat doet u ertegen?").fill(
        "Een tweede stap bij het inloggen, en elke avond uitloggen."
    )
    for name, value in (
        ("severity", 3),
        ("likelihood", 3),
        ("left_severity", 3),
        ("left_likelihood", left),
    ):
        choose(page, name, str(value))


def decide(page: Page, decision: str) -> None:
    choose(page, "decision", decision)
    page.get_by_label("Waarom?").fill("De maatregelen staan er en iedereen kan het uitzetten.")
    day = timezone.localdate() + timedelta(days=200)
    page.get_by_label("Opnieuw bekijken op").fill(day.isoformat())
    page.locator("main").get_by_role("button", name="Beslissen").click()
    page.wait_for_load_state()


def test_from_nine_criteria_to_a_version_in_the_dossier(journey: Journey, shop: Any) -> None:
    page = journey.page(WIDE)
    journey.log_in(page)
    criteria(journey, page)
    page.locator("main").get_by_role("button", name="Beginnen").click()
    journey.look(page)
    write_steps(journey, page, left=3)
    # A high risk stays: it cannot simply go ahead (art. 36).
    expect(page.locator("main")).to_contain_text("De AP moet eerst gevraagd worden")
    assert not page.locator("input[name=decision][value=go]").count()
    journey.look(page)
    page.locator(".dpia-steps a").nth(3).click()
    choose(page, "left_likelihood", "1")
    go_on(page)
    page.locator(".dpia-steps a").last.click()
    expect(page.locator("main")).not_to_contain_text("De AP moet eerst gevraagd worden")
    journey.look(page)
    decide(page, "go")
    expect(page.locator("main")).to_contain_text("Besloten. Deze versie verandert nooit meer")
    expect(page.locator(".page-head, main").first).to_contain_text("Gemaakt en besloten")
    journey.look(page)
    paper = page.request.get(f"{journey.base}/controle/dpia/{KEY}/1.pdf")
    assert paper.body().startswith(b"%PDF")

    page.get_by_role("button", name="Begin een nieuwe versie").click()
    expect(page.locator(".dpia-steps .is-done")).to_have_count(7)
    journey.look(page)
    page.locator(".dpia-steps a").last.click()
    decide(page, "stop")
    expect(page.locator("main")).to_contain_text("Mag niet doorgaan")
    expect(page.locator("main")).to_contain_text("Versie 1, besloten op")
    journey.look(page)
    page.goto(f"{journey.base}/controle/dpia/")
    expect(page.locator("tr", has_text="Nieuwsbrief")).to_contain_text("Mag niet doorgaan")

    dossier = page.request.get(f"{journey.base}/controle/dossier.zip")
    with ZipFile(BytesIO(dossier.body())) as archive:
        found = {name for name in archive.namelist() if name.startswith("dpia/")}
    assert {f"dpia/{KEY}-001.pdf", f"dpia/{KEY}-002.pdf", "dpia/criteria.csv"} <= found


def test_the_steps_fit_a_phone(journey: Journey, shop: Any) -> None:
    page = journey.page(PHONE)
    journey.log_in(page)
    criteria(journey, page)
    page.locator("main").get_by_role("button", name="Beginnen").click()
    journey.look(page)
    write_steps(journey, page, left=1)
    journey.look(page)
    decide(page, "go")
    expect(page.locator("main")).to_contain_text("Gemaakt en besloten")
    journey.look(page)
