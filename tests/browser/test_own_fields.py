"""A field of one's own: made with its reason, put on a form, chosen by a visitor, seen by staff."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_own_choice_from_its_reason_to_the_person(
    journey: Journey, shop: Any, width: int
) -> None:
    from akkoord.consent.confirm import confirm_sign_up
    from akkoord.consent.models import SignUp
    from akkoord.consent.tests.factories import confirmation_token

    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/velden/")
    journey.look(page)
    page.get_by_role("link", name="Nieuw veld").first.click()
    page.get_by_label("Wat vraagt u? In het Nederlands").fill("Geloof")
    page.get_by_label("Wat vraagt u? In het Engels").fill("Kind of bicycle")
    page.get_by_text("Een keuze uit een lijst").first.click()
    page.get_by_label("Waaruit kunnen mensen kiezen?").fill(
        "Racefiets | Racing bicycle\nBakfiets | Cargo bicycle"
    )
    page.get_by_label("Waarvoor hebt u het nodig?").select_option(label="Nieuwsbrief")
    page.get_by_label("Waarom hebt u het nodig? In het Nederlands").fill("Om te tonen wat past.")
    page.get_by_label("Waarom hebt u het nodig? In het Engels").fill("To show what suits you.")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("gevoelige gegevens").first).to_be_visible()
    journey.look(page)
    page.get_by_label("Wat vraagt u? In het Nederlands").fill("Soort fiets")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("Racefiets, Bakfiets")).to_be_visible()
    journey.look(page)
    page.goto(journey.base + "/register/topic-nieuwsbrief/velden/")
    expect(page.get_by_text("Om te tonen wat past.")).to_be_visible()
    journey.look(page)

    page.goto(f"{journey.base}/formulieren/{shop.form.id}/wijzigen/")
    page.locator("label", has_text="Soort fiets").first.click()
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    visitor = journey.page(width)
    visitor.goto(f"{journey.base}/f/{shop.form.slug}/")
    journey.look(visitor)
    visitor.get_by_label("Soort fiets").select_option(label="Bakfiets")
    visitor.locator("label[for=id_topics_0]").click()
    visitor.get_by_label("E-mailadres").fill("gerda@example.nl")
    visitor.get_by_role("button", name="Aanmelden").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    sign_up = SignUp.objects.get(typed__has_key="soort-fiets")
    token = confirmation_token(sign_up)
    confirm_sign_up(token, at=sign_up.requested_at)

    page.goto(f"{journey.base}/mensen/{sign_up.contact_point.person_id}/")
    expect(page.get_by_text("Bakfiets").first).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name="Verbeteren").click()
    page.get_by_label("Soort fiets").select_option(label="Racefiets")
    journey.look(page)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Racefiets").first).to_be_visible()
