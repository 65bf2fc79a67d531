"""The first minutes, and a file that comes in."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("width", "trade", "topic", "activity", "example"),
    [
        (
            WIDE,
            "Boekhouder of accountant",
            "Belastingnieuws",
            "Opdrachten van klanten",
            "Lonen van klanten",
        ),
        (PHONE, "Makelaar", "Nieuw aanbod", "Opdrachten en bezichtigingen", "Taxaties"),
    ],
)
def test_the_first_run_ends_on_the_start_page(
    journey: Journey, width: int, trade: str, topic: str, activity: str, example: str
) -> None:
    """A trade of its own brings its activity, its topic and examples to the register."""
    page = journey.page(width)
    page.goto(journey.base + "/")
    expect(page).to_have_url(journey.base + "/begin/")
    journey.look(page)
    for name, value in {
        "name": "Fietsen van Dam",
        "address": "Dorpsstraat 1, 1234 AB Ergens",
        "contact_email": "info@example.nl",
        "owner_name": "Anouk van Dam",
        "owner_email": "anouk@example.nl",
        "owner_password": "zeven groene fietsen staan",
        "topic_name": topic,
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=trade]").select_option(label=trade)
    page.get_by_role("button", name="Beginnen").click()
    expect(page).to_have_url(journey.base + "/")
    expect(page.get_by_text("Alles staat klaar")).to_be_visible()
    journey.look(page)
    page.goto(journey.base + "/register/")
    for name in (activity, topic):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    page.goto(journey.base + "/register/nieuw/")
    expect(page.locator(".register-examples").first.get_by_text(example)).to_be_visible()
    journey.look(page)


def test_a_file_is_looked_through_and_brought_in(
    journey: Journey, shop: Any, tmp_path: Path
) -> None:
    from akkoord.people.models import Person

    path = tmp_path / "mensen.csv"
    proven = "2025-01-02 10:00:00,,2025-01-02 11:00:00,"
    path.write_text(
        "Email Address,First Name,Last Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,NOTES\n"
        f"hanna@example.nl,Hanna,Vos,{proven},houdt van katten\n"
        "ivo@example.nl,Ivo,Kok,,,,,\n"
        "geen adres,Jan,Jansen,,,,,\n"
    )
    page = journey.page()
    journey.log_in_by_hand(page)
    page.goto(journey.base + "/importeren/")
    journey.look(page)
    page.get_by_text("Eigen aanmelding").click()
    page.locator("input[type=file]").set_input_files(path)
    page.locator("[name=wording]").fill("Ja, stuur mij de nieuwsbrief per e-mail.")
    page.get_by_role("button", name="Bestand doorkijken").click()
    with page.expect_navigation():  # the job is there when its page is
        page.get_by_role("button", name="Laat zien wat er zou gebeuren").click()
    work_queue()
    expect(page.get_by_text("Er is nog niets veranderd")).to_be_visible()
    assert not Person.objects.exists()
    journey.look(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Importeren").click()
    work_queue()
    expect(page.get_by_text("Het bestand is binnen")).to_be_visible()
    assert Person.objects.count() == 2
    journey.look(page)
    page.goto(journey.base + "/importeren/")
    journey.look(page)
