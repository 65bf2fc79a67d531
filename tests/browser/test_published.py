"""A company asks for offers on its site: written down with its proof, mailed, ended by one no."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import link_in, newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "inkoop@bouw.example.nl"
PAGE = "https://bouw.example.nl/inkoop"


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_published_address_from_its_proof_to_the_no(
    journey: Journey, shop: Any, width: int
) -> None:
    page = journey.page(width)
    journey.log_in(page)
    open_topic(journey, page, shop)
    write_it_down(journey, page)
    send_letter(shop)
    say_no(journey)
    refused(journey, page)


def open_topic(journey: Journey, page: Page, shop: Any) -> None:
    """The register says that this topic is for such addresses, and why that weighs little."""
    page.goto(f"{journey.base}/onderwerpen/{shop.topic.slug}/bedrijven/")
    journey.look(page)
    page.get_by_text("Ja, als wij kunnen laten zien waar het stond").click()
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("ten minste een hele zin")
    page.locator("[name=because]").fill(
        "Deze inkopers vragen zelf om aanbiedingen, en krijgen er vier per jaar."
    )
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("op een adres dat zij ervoor hebben gepubliceerd")
    journey.look(page)


def write_it_down(journey: Journey, page: Page) -> None:
    """Somebody new, by the page of their company; a sole trader is refused."""
    page.goto(journey.base + "/formulieren/mens/nieuw/")
    page.locator("[name=email]").fill(ADDRESS)
    page.locator("[name=given_name]").fill("Ilse")
    page.locator("[name=family_name]").fill("Bouwman")
    page.get_by_text("Hun bedrijf heeft dit adres gepubliceerd voor zulke mail").click()
    journey.look(page)
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("heading", name="Gepubliceerd zakelijk adres")).to_be_visible()
    journey.look(page)
    page.locator("[name=company]").fill("Bouw van Dam BV")
    page.locator("[name=legal_form]").select_option("eenmanszaak")
    page.locator("[name=url]").fill(PAGE)
    page.locator("[name=quote]").fill("Aanbiedingen? Mail onze inkoop.")
    page.locator("[name=seen_on]").fill(timezone.localdate().isoformat())
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Een eenmanszaak en vennoten tellen als mensen")
    journey.look(page)
    page.locator("[name=legal_form]").select_option("b.v.")
    page.locator("main").get_by_role("button", name="Bewaren").click()
    card = page.locator("section.card", has_text="Waar het stond")
    expect(card).to_contain_text(PAGE)
    expect(card).to_contain_text("Anouk van Dam")
    expect(page.get_by_text("mag", exact=True).first).to_be_visible()
    journey.look(page)


def send_letter(shop: Any) -> None:
    """A letter of the topic, by the worker."""
    from akkoord.campaigns.actions import send_campaign
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_letter

    send_campaign(
        campaign_id=make_letter(shop).id, at=timezone.now(), actor=Actor.staff(shop.owner.pk)
    )
    work_queue()


def say_no(journey: Journey) -> None:
    """The letter says why, and where the address came from; one press stops it."""
    mail = newest_mail_to(ADDRESS)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    reader = journey.page()
    reader.goto(journey.here(link_in(mail, "/waarom/")))
    expect(reader.locator("main")).to_contain_text(PAGE)
    expect(reader.locator("main")).to_contain_text("Aanbiedingen? Mail onze inkoop.")
    journey.look(reader)
    reader.get_by_role("button", name=re.compile("stop", re.IGNORECASE)).first.click()
    journey.look(reader)


def refused(journey: Journey, page: Page) -> None:
    """Her page says no now, and the same page of the company does not bring it back."""
    from akkoord.people.models import ContactPoint

    person = ContactPoint.objects.get(normalised=ADDRESS).person_id
    page.goto(f"{journey.base}/mensen/{person}/")
    expect(page.get_by_text("mag niet", exact=True).first).to_be_visible()
    expect(page.locator("section.card", has_text="Waar het stond")).to_have_count(0)
    page.goto(f"{journey.base}/formulieren/mens/{person}/gepubliceerd/")
    page.locator("[name=company]").fill("Bouw van Dam BV")
    page.locator("[name=url]").fill(PAGE)
    page.locator("[name=quote]").fill("Aanbiedingen? Mail onze inkoop.")
    page.locator("[name=seen_on]").fill(timezone.localdate().isoformat())
    page.locator("main").get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Deze persoon heeft eerder nee gezegd")
    journey.look(page)
