"""Requests, as the person and as staff: asked without an account, handled, fetched, judged."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_preferences import newest_mail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANNA = "anna.bakker@example.nl"


def ask(journey: Journey, page: Page, address: str, *kinds: str, words: str = "") -> None:
    """At the page for requests, by the link in the foot of another public page."""
    page.goto(journey.base + "/voorkeuren/")
    page.get_by_role("link", name="Vraag iets over uw gegevens").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vraag iets over uw gegevens")
    for kind in kinds:
        page.locator("main label", has_text=kind).click()
    page.get_by_label("E-mailadres").fill(address)
    page.get_by_label("Wilt u er meer over zeggen?").fill(words)
    journey.look(page)
    page.get_by_role("button", name="Mijn verzoek versturen").click()


def mailed(journey: Journey, address: str = ANNA) -> str:
    """The link in the newest mail, on the port of this test."""
    work_queue()
    found = re.search(r"https?://\S+/(?:mijn|privacyverzoek|antwoord)/\S+", newest_mail(address))
    assert found
    return journey.here(found[0])


def confirm(journey: Journey, page: Page) -> None:
    page.goto(mailed(journey))
    expect(page.get_by_role("heading", level=1)).to_have_text("Was u dit?")
    expect(page.get_by_text("anna.bakker")).to_have_count(0)
    journey.look(page)
    page.get_by_role("button", name="Ja, dit was ik").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw verzoek")
    journey.look(page)


@pytest.mark.parametrize(
    ("width", "kind"), [(PHONE, "Zien wat u van mij bewaart"), (WIDE, "Mijn gegevens meenemen")]
)
def test_see_and_take_along_by_oneself(
    journey: Journey, shop: Any, width: int, kind: str, tmp_path: Path
) -> None:
    """Each of the two alone: one request, and the one link answers it."""
    from akkoord.rights.models import RightsRequest
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page(width)
    ask(journey, page, "Anna.Bakker@example.nl", kind)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mailbox")
    journey.look(page)
    confirm(journey, page)
    page.goto(mailed(journey))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn gegevens")
    expect(page.locator("main")).to_contain_text(ANNA)
    expect(page.get_by_role("heading", name="Wat wij ermee doen")).to_be_visible()
    journey.look(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Alles downloaden").click()
    path = tmp_path / "gegevens.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as book:
        assert {"overzicht.pdf", "gegevens.json", "meenemen.json"} <= set(book.namelist())
    assert RightsRequest.objects.get().state == "done"


@pytest.mark.parametrize(
    ("width", "kinds"),
    [(PHONE, ["Geen reclame meer"]), (WIDE, ["Intrekken waar ik ja op zei"])],
)
def test_a_no_works_at_once(journey: Journey, shop: Any, width: int, kinds: list[str]) -> None:
    from akkoord.consent.models import Standing
    from tests.browser.world import make_people, point_of

    make_people(shop)
    page = journey.page(width)
    ask(journey, page, ANNA, *kinds)
    expect(page.get_by_role("heading", level=1)).to_have_text("Het is gestopt")
    journey.look(page)
    work_queue()
    live = Standing.objects.filter(
        contact_point=point_of("Anna Bakker"), state__in=["given", "confirmed"]
    )
    assert not live.exists()


def test_be_forgotten_by_oneself(journey: Journey, shop: Any) -> None:
    from akkoord.people.models import ContactPoint
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page(PHONE)
    ask(journey, page, ANNA, "Vergeten worden")
    confirm(journey, page)
    page.goto(mailed(journey))
    journey.look(page)
    page.get_by_role("button", name="Vergeet mij voorgoed").click()
    expect(page).to_have_url(re.compile("/certificaat/"))
    assert not ContactPoint.objects.filter(normalised=ANNA).exists()


def test_staff_answer_and_the_person_fetches(journey: Journey, shop: Any, tmp_path: Path) -> None:
    """Correct, judge an objection, refuse, write, approve, deliver; a mailbox check before it."""
    from tests.browser.world import make_people

    make_people(shop)
    person = journey.page(PHONE)
    ask(
        journey,
        person,
        ANNA,
        "Mijn gegevens meenemen",
        "Iets verbeteren",
        "Ander gebruik van mijn gegevens stoppen",
        "Een mens laten kijken naar een besluit",
        words="Mijn achternaam is Bakker-Smit.",
    )
    confirm(journey, person)
    work_queue()
    page = journey.page(WIDE)
    journey.log_in(page)
    page.get_by_role("link", name="Antwoorden").click()
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text("Mijn achternaam is Bakker-Smit.")
    expect(page.locator("main")).to_contain_text("Stilgezet")
    journey.look(page)
    _decide(page)
    page.get_by_role("button", name="Brief goedkeuren").click()
    expect(page.get_by_text("Goedgekeurd. De brief kan weg.")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Bezorgen").click()
    expect(page.locator(".request-log")).to_contain_text("Antwoord bezorgd")
    journey.look(page)
    _fetch(journey, person, tmp_path)
    page.reload()
    expect(page.locator(".request-log")).to_contain_text("Antwoord opgehaald door de persoon")


def _decide(page: Page) -> None:
    """What is decided before the letter: done, judged, refused on a ground."""
    page.locator(".request-parts li", has_text="Iets verbeteren").get_by_role(
        "button", name="Dit is klaar"
    ).click()
    expect(page.get_by_text("Klaar").first).to_be_visible()
    page.locator("label", has_text="Het bezwaar: wij stoppen dit gebruik").click()
    page.locator("textarea[name=reasons]").fill(
        "Wij gebruiken deze gegevens niet meer voor het onderzoek onder klanten."
    )
    page.get_by_role("button", name="Beoordelen").click()
    page.locator("summary", has_text="Weigeren").click()
    refusal = page.locator("form[action$='/weigeren/']")
    refusal.locator("label", has_text="Een mens laten kijken").click()
    refusal.locator("select[name=ground]").select_option("no-such-decision")
    refusal.locator("textarea").fill("Bij ons beslist altijd een mens.")
    refusal.get_by_role("button", name="Weigeren").click()
    letter = page.locator("textarea[name=text]")
    expect(letter).to_have_value(re.compile("Autoriteit Persoonsgegevens"))
    expect(letter).to_have_value(re.compile("Bij ons beslist altijd een mens."))


def _fetch(journey: Journey, person: Page, tmp_path: Path) -> None:
    """The first link gives a mail; the second, of an hour, the file."""
    person.goto(mailed(journey))
    expect(person.get_by_role("heading", level=1)).to_have_text("Uw antwoord is klaar")
    journey.look(person)
    person.get_by_role("button", name="Mail mij de link").click()
    person.goto(mailed(journey))
    expect(person.get_by_role("heading", level=1)).to_have_text("Antwoord op uw verzoek")
    journey.look(person)
    with person.expect_download() as download:
        person.get_by_role("button", name="Alles downloaden").click()
    path = tmp_path / "antwoord.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as book:
        assert {"brief.pdf", "meenemen.json"} <= set(book.namelist())


def test_more_time_and_then_a_person_looks(journey: Journey, shop: Any) -> None:
    """Extended by a mail with the reason; done by hand, it waits until the person heard it."""
    from tests.browser.world import make_people

    make_people(shop)
    person = journey.page(PHONE)
    ask(journey, person, ANNA, "Een mens laten kijken naar een besluit")
    confirm(journey, person)
    page = journey.page(WIDE)
    journey.log_in(page)
    page.goto(journey.base + "/verzoeken/")
    page.locator("main table a").first.click()
    page.locator("summary", has_text="Twee maanden erbij").click()
    page.locator("form[action$='/langer/'] textarea").fill("Het zijn er dertig tegelijk.")
    page.locator("form[action$='/langer/'] button").click()
    expect(page.locator(".request-log")).to_contain_text("Verteld dat het langer duurt")
    journey.look(page)
    work_queue()
    assert "Het zijn er dertig tegelijk." in newest_mail(ANNA)
    page.get_by_role("button", name="Dit is klaar").click()
    expect(page.get_by_text("De persoon weet nog niet wat u besloot")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Brief goedkeuren").click()
    page.get_by_role("button", name="Bezorgen").click()
    expect(page.get_by_text("De persoon weet nog niet wat u besloot")).to_have_count(0)
    work_queue()
    assert "heeft er zelf naar gekeken" in newest_mail(ANNA)


def test_a_freeze_and_its_end(journey: Journey, shop: Any) -> None:
    """By telephone: staff write it down, the record is frozen, and the end is told before."""
    from tests.browser.world import make_people, point_of

    make_people(shop)
    page = journey.page(WIDE)
    journey.log_in(page)
    page.goto(journey.base + "/verzoeken/nieuw/")
    page.locator("main label", has_text="Wel bewaren, niet gebruiken").click()
    page.locator("input[name=email]").fill(ANNA)
    page.locator("select[name=channel]").select_option("phone")
    journey.look(page)
    page.get_by_role("button", name="Opschrijven").click()
    expect(page.locator("main")).to_contain_text("Stilgezet: bewaard, en niet gebruikt")
    page.locator("textarea[name=reason]").last.fill("De gegevens zijn nagekeken en kloppen.")
    page.get_by_role("button", name="De persoon inlichten").click()
    page.get_by_role("button", name="De gegevens weer gebruiken").click()
    expect(page.get_by_text("Stilgezet: bewaard")).to_have_count(0)
    journey.look(page)
    work_queue()
    assert "De gegevens zijn nagekeken" in newest_mail(ANNA)
    assert point_of("Anna Bakker").person.restricted_at is None
