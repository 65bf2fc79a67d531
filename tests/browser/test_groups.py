"""A group is built, counted while one types, kept, and gets a letter."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_group_is_built_counted_kept_and_written_to(
    journey: Journey, shop: Any, width: int
) -> None:
    from akkoord.segments.models import Group
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/groepen/nieuw/?onderwerp={shop.topic.slug}")
    page.get_by_label("Naam", exact=True).fill("Nederlands")
    page.get_by_label("Wat", exact=True).select_option("language")
    page.get_by_label("Waarde").fill("nl")
    page.get_by_label("Waarde").press("Tab")
    status = page.locator("#builder").get_by_role("status")
    expect(status).to_contain_text("mogen een brief krijgen")
    expect(status.locator(".stat").nth(1)).to_contain_text("4")
    journey.look(page)
    page.get_by_role("button", name="Blok toevoegen").click()
    expect(page.locator("fieldset legend")).to_have_text("minstens één van deze")
    page.get_by_role("button", name="Deze regel weghalen").last.click()
    expect(page.locator("fieldset legend")).to_have_count(0)
    page.get_by_role("button", name="Groep bewaren").click()
    expect(page.get_by_text("De groep is bewaard.")).to_be_visible()
    assert Group.objects.get().text == 'language is "nl"'
    journey.look(page)
    page.get_by_role("link", name="Schrijf aan deze groep").click()
    page.get_by_role("link", name="Gewone tekst met eenvoudige opmaak").click()
    expect(page.get_by_label("Alleen een groep")).to_have_value('taal is "nl"')


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_what_people_did_and_a_group_in_a_group(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.segments.models import Group
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/groepen/nieuw/?onderwerp={shop.topic.slug}")
    page.get_by_label("Naam", exact=True).fill("Trouw")
    page.get_by_label("Wat", exact=True).select_option("language")
    page.get_by_label("Waarde").fill("nl")
    page.get_by_label("Waarde").press("Tab")
    expect(page.locator("#builder .group-text code")).to_have_text('taal is "nl"')
    page.get_by_role("button", name="Groep bewaren").click()
    expect(page.get_by_text("De groep is bewaard.")).to_be_visible()
    page.goto(f"{journey.base}/groepen/nieuw/?onderwerp={shop.topic.slug}")
    page.get_by_label("Naam", exact=True).fill("Trouw en Nederlands")
    page.get_by_label("Wat", exact=True).select_option("@group")
    page.get_by_label("Welke groep").select_option("Trouw")
    expect(page.locator("#builder .group-text code")).to_have_text('in groep "Trouw"')
    page.get_by_role("button", name="Regel toevoegen").click()
    expect(page.get_by_label("Wat", exact=True)).to_have_count(2)
    page.get_by_label("Wat", exact=True).last.select_option("@bought")
    expect(page.get_by_label("Dagen")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Deze regel weghalen").last.click()
    expect(page.get_by_label("Dagen")).to_have_count(0)
    page.get_by_role("button", name="Groep bewaren").click()
    expect(page.get_by_text("De groep is bewaard.")).to_be_visible()
    assert Group.objects.get(name="Trouw en Nederlands").text == 'in group "Trouw"'
