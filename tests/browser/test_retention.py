"""Staff hold a person for a claim, look at the plan, clean up, and see the certificate."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def customer(name: str) -> Any:
    """A customer whose term is long over."""
    from django.utils import timezone

    from akkoord.people.models import Person, Purchase

    now = timezone.now()
    given, family = name.split()
    person = Person.objects.create(
        given_name=given, family_name=family, source="purchase", created_at=now, updated_at=now
    )
    Purchase.objects.create(
        person=person,
        number=f"bon-{given}",
        bought_on=(now - timedelta(days=1300)).date(),
        source="till",
        created_at=now,
    )
    return person


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_hold_plan_clean_up_certificate(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.people.models import Person

    held, _gone = customer("Henk Held"), customer("Gerda Gaat")
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/mensen/{held.id}/")
    page.locator("main details.menu summary").first.click()
    page.get_by_role("link", name="Vasthouden voor een zaak").click()
    journey.look(page)
    page.get_by_label("Voor welke zaak zijn de gegevens nodig?").fill("Geschil over bon-Henk")
    page.get_by_role("button", name="Vasthouden").click()
    expect(page.locator("main")).to_contain_text("Er gaat niets van weg")
    journey.look(page)

    page.goto(f"{journey.base}/verzoeken/persoon/{held.id}/vergeten/")
    expect(page.locator("main")).to_contain_text("Vastgehouden voor een rechtszaak of geschil")
    expect(page.get_by_role("button", name="Voorgoed vergeten")).to_have_count(0)
    journey.look(page)

    page.goto(f"{journey.base}/bewaren/")
    expect(page.locator("main")).to_contain_text("1 is vastgehouden of bevroren")
    journey.look(page)
    page.get_by_role("link", name="Verkoop en service").first.click()
    journey.look(page)
    page.get_by_label("Hoe lang?").fill("9")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator("main")).to_contain_text("Schrijf op waarom u dat nodig hebt.")
    page.get_by_label("Hoe lang?").fill("2")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator("main")).to_contain_text("Tot 2 jaar na uw laatste aankoop of afspraak.")
    journey.look(page)

    page.goto(f"{journey.base}/bewaren/")
    page.get_by_role("button", name="Nu opruimen").click()
    page.get_by_role("dialog").get_by_role("button", name="Opruimen").click()
    expect(page).to_have_url(re.compile("/opgeruimd/"))
    expect(page.locator("main")).to_contain_text("Verkoop en service")
    journey.look(page)
    assert list(Person.objects.values_list("given_name", flat=True)) == ["Henk"]
    page.goto(f"{journey.base}/bewaren/gegevens/")
    journey.look(page)
    page.goto(f"{journey.base}/bewaren/vasthouden/")
    page.get_by_role("button", name="Opheffen").click()
    expect(page.locator("main")).to_contain_text("Opgeheven")
    journey.look(page)
