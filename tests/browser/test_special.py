"""A field "allergie": refused, then opened by a recorded exception, for one role alone."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _signed_paper() -> dict[str, Any]:
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return {"name": "getekend.png", "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_inv32_an_exception_opens_one_field_for_one_role(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.accounts.models import Role
    from akkoord.consent.tokens import fresh_link
    from tests.browser.world import point_of, sign_up

    sign_up(shop, "Anna Bakker")
    point = point_of("Anna Bakker")
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/velden/nieuw/")
    page.get_by_label("Wat vraagt u? In het Nederlands").fill("Allergie")
    page.get_by_label("Wat vraagt u? In het Engels").fill("Allergy")
    page.get_by_label("Waarvoor hebt u het nodig?").select_option(label="Nieuwsbrief")
    page.get_by_label("Waarom hebt u het nodig? In het Nederlands").fill("Voor de lunch.")
    page.get_by_label("Waarom hebt u het nodig? In het Engels").fill("For the lunch.")
    page.get_by_role("button", name="Maken").click()
    expect(page.get_by_text("Kunt u echt niet zonder?")).to_be_visible()
    journey.look(page)

    page.get_by_role("link", name="Leg een uitzondering vast").click()
    expect(page.get_by_label("Wat bewaart u? In het Nederlands")).to_have_value("Allergie")
    page.get_by_label("Waarom hebt u het nodig? In het Nederlands").fill(
        "Om een lunch te maken die u kunt eten."
    )
    page.get_by_label("Waarom hebt u het nodig? In het Engels").fill("To make your lunch.")
    page.locator("label", has_text="Ieder zegt uitdrukkelijk ja").click()
    page.get_by_label("Waarom kunt u niet zonder?").fill(
        "Wij koken op de fietsdag. Wie iets verkeerds eet, kan ziek worden."
    )
    page.locator("label", has_text="Eigenaar").click()
    journey.look(page)
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("heading", level=1, name="Allergie")).to_be_visible()
    journey.look(page)

    page.goto(f"{journey.base}/formulieren/mens/{point.person_id}/gevoelig/")
    expect(page.get_by_text("Er mag nog niets bewaard worden")).to_be_visible()
    journey.look(page)
    page.get_by_label("Scan of foto van het getekende papier").set_input_files(_signed_paper())
    page.get_by_label("Op welke dag?").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Bewaar dit ja").click()
    page.get_by_label("Allergie").fill("noten")
    page.get_by_role("button", name="Opslaan").or_(
        page.get_by_role("button", name="Bewaren")
    ).first.click()
    expect(page.get_by_text("Versleuteld opgeslagen.")).to_be_visible()
    expect(page.get_by_label("Allergie")).to_have_value("noten")
    journey.look(page)

    shop.owner.role = Role.MARKETER
    shop.owner.save(update_fields=["role"])
    page.goto(f"{journey.base}/mensen/{point.person_id}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anna")
    expect(page.get_by_text("noten")).to_have_count(0)
    expect(page.get_by_text("Allergie")).to_have_count(0)
    journey.look(page)

    person = journey.page(width)
    person.goto(fresh_link(point_id=point.id, at=timezone.now()))
    expect(person.get_by_text("noten")).to_be_visible()
    journey.look(person)
    person.get_by_role("button", name="Trek mijn ja in").click()
    expect(person.get_by_text("Wat er stond, is weg.")).to_be_visible()
    expect(person.get_by_text("noten")).to_have_count(0)
