"""Records of one person are joined and parted; people look whether their details are right."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_staff_join_two_records_and_part_them(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.people.models import Person
    from tests.browser.world import make_people, point_of

    make_people(shop)
    first, second = point_of("Anna Bakker").person, point_of("Bram Visser").person
    Person.objects.filter(id=first.id).update(customer_number="K-100")
    Person.objects.filter(id=second.id).update(
        given_name="A.", family_name="Bakker", customer_number="k-100"
    )
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.here("/mensen/"))
    page.get_by_role("link", name="Na te kijken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Na te kijken")
    journey.look(page)
    page.get_by_role("link", name=re.compile("^Dubbel")).click()
    expect(page.get_by_text("Niemand lijkt hier dubbel te staan.")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Nu nakijken").click()
    expect(page.get_by_text("Ze hebben hetzelfde klantnummer.")).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name="Vergelijken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eén persoon?")
    journey.look(page)
    page.get_by_role("radio", name=re.compile(r"^A\. ")).press("Space")  # by the keyboard
    page.get_by_role("button", name="Voeg samen tot één kaart").press("Enter")
    expect(page.get_by_text("De twee kaarten zijn nu één kaart.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("A. Bakker")
    journey.look(page)
    assert Person.objects.filter(id__in=[first.id, second.id]).count() == 1
    page.get_by_role("button", name="Haal uit elkaar").first.click()
    expect(page.get_by_text("Het zijn weer twee kaarten.")).to_be_visible()
    assert Person.objects.filter(id__in=[first.id, second.id]).count() == 2
    page.get_by_role("link", name="De kaart die terug is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A. Bakker")


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_person_confirms_and_corrects(journey: Journey, shop: Any, width: int) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from akkoord.consent.details import ask_tonight
    from akkoord.consent.models import DetailsQuestion
    from akkoord.people.models import Person
    from tests.browser.test_preferences import link_in_here, newest_mail
    from tests.browser.world import make_people, point_of

    make_people(shop)
    point = point_of("Anna Bakker")
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.here("/formulieren/kloppen/"))
    page.get_by_label("Een eigen zin, in het Nederlands").fill("Nu 20% korting")
    page.get_by_text("Vraag iedereen één keer per jaar").click()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Dit verkoopt")).to_be_visible()
    journey.look(page)
    page.get_by_label("Een eigen zin, in het Nederlands").fill("Bedankt voor uw hulp.")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Bewaard.")).to_be_visible()
    journey.look(page)
    now = timezone.now()
    Person.objects.filter(id=point.person_id).update(created_at=now - timedelta(days=800))
    assert ask_tonight(at=now) == 1
    work_queue()
    page.goto(link_in_here(journey, newest_mail("anna.bakker@example.nl")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kloppen uw gegevens nog?")
    expect(page.get_by_text("Vandaan:").first).to_be_visible()
    expect(page.get_by_text("Waarvoor:").first).to_be_visible()
    journey.look(page)
    page.get_by_label("Voornaam").fill("Anneke")
    page.get_by_role("button", name="Mijn gegevens verbeteren").click()
    expect(page.get_by_role("status").first).to_have_text(re.compile("verbeterd"))
    assert Person.objects.get(id=point.person_id).given_name == "Anneke"
    journey.look(page)
    page.reload()
    assert DetailsQuestion.objects.get().answer == "corrected"
    assert Person.objects.get(id=point.person_id).confirmed_at is not None
