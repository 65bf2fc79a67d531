"""A letter's links: pressed by who said nothing, by who said yes to it, and by who took that back;
then its results and its archive."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "# Dag {{ first_name | default: 'lezer' }}\n\n[De zadels](https://winkel.example.nl/zadels)"


def link_of(name: str) -> str:
    """The counted link in the newest letter to somebody."""
    from akkoord.delivery.models import MailboxMessage
    from tests.browser.world import address_of

    found = MailboxMessage.objects.filter(recipient=address_of(name)).order_by("-id").first()
    assert found is not None
    part = message_from_bytes(bytes(found.raw), policy=policy.default).get_body(("html",))
    assert part is not None
    link = re.search(r'href="([^"]*/k/[^"]*)"', part.get_content())
    assert link is not None
    return link[1]


def test_presses_of_three_people(journey: Journey, shop: Any) -> None:
    from django.utils import timezone

    from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
    from akkoord.consent.tokens import fresh_link
    from akkoord.messages.models import Hit, LinkCount
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of, sign_up

    make_people(shop)
    for name in ("Gijs Vos", "Hanna Kok", "Ivo Post"):
        sign_up(shop, name)
    page = journey.page()
    journey.log_in(page)

    # Staff let people be asked; Anna says yes in her preference centre.
    page.goto(journey.base + "/onderwerpen/")
    page.get_by_role("button", name="Vraag het mensen apart").click()
    expect(page.get_by_text("Het vakje is er.")).to_be_visible()
    journey.look(page)
    anna, phone = point_of("Anna Bakker"), journey.page(PHONE)
    centre = journey.here(fresh_link(point_id=anna.id, at=timezone.now()))
    phone.goto(centre)
    box = phone.get_by_label("Meten wat u leest")
    expect(box).not_to_be_checked()
    journey.look(phone)
    phone.locator("label", has_text="Meten wat u leest").first.click()
    phone.get_by_role("button", name="Bewaren").first.click()
    expect(phone.get_by_label("Meten wat u leest")).to_be_checked()

    actor = Actor.staff(shop.owner.pk)
    letter = create_campaign(
        purpose=shop.topic,
        text=CampaignText(name="Herfst", subject="De herfst is er", body=BODY),
        at=timezone.now(),
        actor=actor,
    )
    send_campaign(campaign_id=letter.id, at=timezone.now(), actor=actor)
    work_queue()
    asking = journey.context.request

    def press(link: str) -> None:
        answer = asking.get(journey.here(link), max_redirects=0)
        assert answer.status == 302
        assert answer.headers["location"] == "https://winkel.example.nl/zadels"
        assert "set-cookie" not in answer.headers

    # Bram said nothing: counted, and nobody is named.
    assert link_of("Bram Visser") == link_of("Carla Smit")
    for _ in range(2):
        press(link_of("Bram Visser"))
    pressed = LinkCount.objects.filter(kind="press").values_list("n", flat=True)
    assert (sum(pressed), Hit.objects.count()) == (2, 0)
    # Anna said yes: it is hers.
    own = link_of("Anna Bakker")
    press(own)
    assert Hit.objects.get().person_id == anna.person_id
    page.goto(f"{journey.base}/mensen/{anna.person_id}/")
    expect(page.get_by_text("Gedrukt in: De herfst is er")).to_be_visible()
    journey.look(page)
    # She takes it back; the link of the same letter goes on leading, and stores nothing.
    phone.goto(centre)
    phone.locator("label", has_text="Meten wat u leest").first.click()
    phone.get_by_role("button", name="Bewaren").first.click()
    counted = sum(LinkCount.objects.values_list("n", flat=True))
    press(own)
    assert Hit.objects.count() == 1
    assert sum(LinkCount.objects.values_list("n", flat=True)) == counted

    for width in (1280, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{journey.base}/inzicht/brieven/{letter.id}/")
        expect(page.locator("main")).to_contain_text("Er is 3 keer op een link gedrukt.")
        heat = page.frame_locator("iframe.mail")
        expect(heat.get_by_role("link", name="De zadels")).to_be_visible()
        journey.look(page)

    # The archive opens with one press; the letter stands there with nobody in it.
    page.goto(journey.base + "/campagnes/archief/")
    page.get_by_role("button", name="Openen voor iedereen").click()
    journey.look(page)
    visitor = journey.page(PHONE)
    visitor.goto(f"{journey.base}/archief/{shop.topic.slug}/")
    journey.look(visitor)
    visitor.get_by_role("link", name="De herfst is er").click()
    expect(visitor.get_by_role("heading", name="Dag lezer")).to_be_visible()
    page.get_by_role("button", name="Eruit halen").click()
    expect(page.get_by_role("button", name="Terugzetten")).to_be_visible()
    visitor.goto(f"{journey.base}/archief/{shop.topic.slug}/")
    expect(visitor.get_by_role("link", name="De herfst is er")).to_have_count(0)
    assert timezone.now() - letter.created_at < timedelta(minutes=5)
