"""Staff forget a person: what we keep, the certificate, and a file that cannot bring them back."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_forget_a_person_and_keep_them_out(journey: Journey, shop: Any, tmp_path: Path) -> None:
    from akkoord.people.models import ContactPoint
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page()
    journey.log_in(page)
    page.goto(journey.base + "/mensen/")
    journey.look(page)
    page.locator("#find").fill("Carla")
    page.locator("#find").press("Enter")
    page.get_by_role("link", name="Carla Smit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carla Smit")
    journey.look(page)
    page.locator("main details.menu summary").first.click()
    page.get_by_role("link", name="Wat wij bewaren").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wat wij bewaren")
    expect(page.locator("main")).to_contain_text("carla.smit@example.nl")
    journey.look(page)
    page.locator("main a[href$='/vergeten/']").click()
    journey.look(page)
    page.locator("main form button.danger").click()
    expect(page).to_have_url(re.compile("/certificaat/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Certificaat")
    expect(page.locator("main")).not_to_contain_text("Carla")
    journey.look(page)
    page.locator("a[href*='/certificaat/']:not([href*='bewijs'])").last.click()
    journey.look(page)

    path = tmp_path / "mensen.csv"
    path.write_text(
        "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP\n"
        "carla.smit@example.nl,Carla,Smit,2025-01-02 10:00:00,,2025-01-02 11:00:00,\n"
    )
    page.goto(journey.base + "/importeren/")
    page.get_by_text("Eigen aanmelding").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Bestand doorkijken").click()
    page.get_by_role("button", name="Laat zien wat er zou gebeuren").click()
    work_queue()
    page.get_by_role("button", name="Importeren").click()
    work_queue()
    expect(page.get_by_text("Het bestand is binnen")).to_be_visible()
    assert not ContactPoint.objects.filter(normalised="carla.smit@example.nl").exists()
