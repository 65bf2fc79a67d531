"""Somebody was written where nobody is expected: the run is blocked, and staff clear each place."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_inv35_every_place_that_was_found_is_opened_and_cleared(
    journey: Journey, shop: Any, width: int
) -> None:
    """A letter and a place of collecting name her: change the one, empty the other; then it is
    proven."""
    from django.urls import reverse
    from django.utils import timezone

    from akkoord.campaigns.models import Campaign
    from akkoord.consent.places import open_place
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_letter, make_people, point_of

    make_people(shop)
    carla = point_of("Carla Smit")
    letter = make_letter(shop)
    Campaign.objects.filter(id=letter.id).update(preheader="Vraag carla.smit@example.nl om tips")
    open_place(
        name="Tafel van carla.smit@example.nl",
        kind="other",
        at=timezone.now(),
        actor=Actor.staff(shop.owner.pk),
    )
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + reverse("rights:forget", args=[carla.person_id]))
    page.locator("main form button.danger").click()
    expect(page).to_have_url(re.compile("/certificaat/"))
    blocked = page.url
    main = page.locator("main")
    expect(main).to_contain_text("Er is nog geen certificaat")
    expect(main).not_to_contain_text("carla", ignore_case=True)
    journey.look(page)

    page.get_by_role("link", name="De brief “Herfst”").click()
    page.get_by_role("link", name="Wijzigen").click()
    page.locator("[name=preheader]").fill("Tips voor natte dagen")
    page.get_by_role("button", name="Bewaren en controleren").click()
    page.goto(blocked)
    page.get_by_role("button", name="Zoek opnieuw").click()
    expect(main).to_contain_text("Er is nog geen certificaat")
    expect(page.get_by_role("link", name="De brief “Herfst”")).to_have_count(0)

    page.get_by_role("link", name="Openen").first.click()
    expect(main).to_contain_text("Tafel van")
    journey.look(page)
    page.goto(blocked)
    page.get_by_text("Het moet blijven").click()
    journey.look(page)
    page.get_by_label("Hoe kwam het daar?").select_option("typed")
    page.get_by_role("button", name="Maak leeg en kijk opnieuw").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Certificaat")
    expect(main).to_contain_text("De handtekening klopt")
    journey.look(page)
    assert "carla" not in Campaign.objects.get(id=letter.id).preheader
