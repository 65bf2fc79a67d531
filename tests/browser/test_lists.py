"""Many people forgotten from a list: one brings it in, a second person approves, one report."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import PASSWORD, PHONE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in_as(journey: Journey, page: Page, email: str) -> None:
    """Another member of staff, in a browser of their own."""
    page.goto(journey.base + "/account/login/")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(journey.base + "/")


def test_two_people_forget_a_list(journey: Journey, shop: Any) -> None:
    from akkoord.accounts.models import Staff
    from akkoord.people.models import Person
    from akkoord.rights.models import ErasureList
    from tests.browser.world import make_people

    make_people(shop)
    before = Person.objects.count()
    page = journey.page()
    journey.log_in(page)
    page.goto(journey.base + "/verzoeken/lijsten/")
    journey.look(page)
    page.get_by_role("link", name="Nieuwe lijst").first.click()
    expect(page.locator("main")).to_contain_text("Wie vraagt, keurt nooit zelf goed")
    Staff.objects.create_user("bo@example.nl", PASSWORD, name="Bo", role="privacy-officer")
    page.reload()
    page.get_by_label("Of plak de lijst").fill("carla.smit@example.nl\nniemand@example.nl")
    page.get_by_text("Wij hebben hun gegevens niet meer nodig").click()
    journey.look(page)
    page.get_by_role("button", name="Kijken om wie het gaat").click()
    expect(page.locator("main")).to_contain_text("Carla Smit")
    expect(page.locator("main")).to_contain_text("Dit is van niemand")
    journey.look(page)
    page.get_by_role("button", name="Goedkeuring vragen").click()
    expect(page.locator("main")).to_contain_text("Iemand anders moet dit goedkeuren")
    expect(page.get_by_role("button", name="Goedkeuren en vergeten")).to_have_count(0)

    journey.context.clear_cookies()  # another person, at their own phone
    phone = journey.page(PHONE)
    log_in_as(journey, phone, "bo@example.nl")
    phone.goto(journey.base + "/verzoeken/")
    phone.locator("main .callout a[href*='/lijsten/']").first.click()
    expect(phone.locator("main")).to_contain_text("Uw goedkeuring is gevraagd")
    journey.look(phone)
    phone.get_by_role("button", name="Goedkeuren en vergeten").first.click()
    phone.locator("dialog").get_by_role("button", name="Goedkeuren en vergeten").click()
    expect(phone.locator("main")).to_contain_text("Bezig met vergeten")
    journey.look(phone)
    work_queue()
    expect(phone.locator("main")).to_contain_text("Verslag")
    phone.reload()
    journey.look(phone)
    page.reload()
    expect(page.locator("main")).to_contain_text("Verslag")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Verslag als PDF").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    journey.look(page)
    assert Person.objects.count() == before - 1
    assert ErasureList.objects.get().state == "done"
