"""When a letter leaves: now, at a time, spread; how much is enough; which servers take part."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_letter(shop: Any) -> Any:
    from akkoord.campaigns.actions import CampaignText, create_campaign
    from akkoord.register.models import Purpose
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people

    make_people(shop)
    topic = Purpose.objects.filter(is_topic=True, ended_at=None).order_by("id").first()
    text = CampaignText(name="Winter", subject="De winter is er", body="Kom langs.")
    return create_campaign(purpose=topic, text=text, at=timezone.now(), actor=Actor.system())


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_plan_a_letter_move_it_and_take_it_off(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.campaigns.models import Plan

    letter = make_letter(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/campagnes/{letter.id}/controle/")
    page.get_by_role("link", name="Kies een moment").first.click()
    expect(page.get_by_role("heading", name="Wanneer vertrekt hij?")).to_be_visible()
    journey.look(page)

    page.get_by_text("Op een tijd", exact=True).click()
    expect(page.get_by_text("Europe/Amsterdam")).to_be_visible()
    page.locator("[name=day]").fill("2001-01-01")
    page.locator("[name=clock]").fill("09:30")
    page.get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text(re.compile("is voorbij"))).to_be_visible()
    journey.look(page)

    day = (timezone.now() + timedelta(days=20)).date()
    page.locator("[name=day]").fill(day.isoformat())
    page.get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text("tijd in Nederland")).to_be_visible()
    expect(page.locator(".plan-when")).to_contain_text("09:30")
    journey.look(page)

    page.get_by_role("link", name="Een ander moment").click()
    page.get_by_text("Verspreid", exact=True).click()
    page.locator("[name=hours]").fill("6")
    page.locator("[name=spread_day]").fill(day.isoformat())
    page.locator("[name=spread_clock]").fill("10:00")
    journey.look(page)
    page.get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text("Verspreid over 6 uur")).to_be_visible()
    assert Plan.objects.get().spread_minutes == 360

    page.get_by_role("button", name="Van de planning halen").click()
    expect(page.get_by_text("begint niet meer vanzelf")).to_be_visible()
    assert not Plan.objects.exists()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_how_much_is_enough_and_by_which_servers(journey: Journey, shop: Any, width: int) -> None:
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/campagnes/versturen/")
    journey.look(page)
    page.locator("[name=messages]").fill("2")
    page.locator("[name=days]").fill("7")
    page.get_by_role("button", name="Bewaren").first.click()
    expect(page.get_by_text("Het geldt voor alles")).to_be_visible()
    page.get_by_text("Een mailserver (SMTP)", exact=True).click()
    page.locator("[name=host]").fill("mail.example.nl")
    page.locator("[name=user]").fill("anouk")
    page.locator("[name=password]").fill("heel geheim")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("mail.example.nl:587").first).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Verwijderen").click()
    expect(page.get_by_text("vertrekken niet meer via deze server")).to_be_visible()
