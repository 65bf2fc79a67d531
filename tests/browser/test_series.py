"""A series over weeks: who confirms is welcomed, and gets the next letters in their time.

One stops, one reaches the goal, one is taken out.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import fill_in, link_in, newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = "Fijn dat u er bent", "Drie dingen die u misschien nog niet wist"
THIRD = "Kom langs"
DAY = timedelta(days=1)


def make_offers(shop: Any) -> Any:
    """A second topic: a yes to it is what the series is for."""
    from akkoord.register.actions import TopicWords, create_topic
    from akkoord.trail.actions import Actor

    return create_topic(
        slug="acties",
        words=TopicWords(
            name_nl="Acties",
            name_en="Offers",
            description_nl="Aanbiedingen van de winkel.",
            description_en="Offers of the shop.",
            frequency_nl="elke maand",
            frequency_en="every month",
        ),
        at=timezone.now() - DAY,
        actor=Actor.staff(shop.owner.pk),
    )


def work(at: datetime) -> dict[str, int]:
    """A round of the series, and what the workers send after it."""
    from akkoord.campaigns.series_work import work_series
    from akkoord.datamap.ids import uuid7
    from akkoord.messages.deliver import run_dispatch
    from akkoord.messages.models import Dispatch

    counts = work_series(at=at)
    for dispatch in Dispatch.objects.filter(state="running"):
        run_dispatch(dispatch.id, worker_id=uuid7(), clock=lambda: at)
    return counts


def letters_of(name: str) -> list[str]:
    """The subjects of what somebody got of the series, in order."""
    from akkoord.delivery.models import MailboxMessage
    from tests.browser.world import address_of

    found = MailboxMessage.objects.filter(
        recipient=address_of(name) if " " in name else f"{name.lower()}@example.nl",
        subject__in=[FIRST, SECOND, THIRD],
    )
    return list(found.order_by("id").values_list("subject", flat=True))


def begin_series(journey: Journey, page: Page) -> None:
    """The owner makes a welcome with a goal and a third letter, and turns it on."""
    page.goto(f"{journey.base}/campagnes/reeksen/")
    journey.look(page)
    page.get_by_role("link", name="Welkom").click()
    page.get_by_label("Naam, voor uzelf").fill("Welkom bij ons")
    page.locator("[name=purpose]").select_option("nieuwsbrief")
    page.locator("[name=goal]").select_option("choice")
    journey.look(page)
    page.get_by_role("button", name="Reeks maken").click()
    expect(page.get_by_text("Kies het onderwerp dat er een eind aan maakt.")).to_be_visible()
    page.locator("[name=goal_topic]").select_option(label="Acties")
    page.get_by_role("button", name="Reeks maken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welkom bij ons")
    expect(page.get_by_text("4 dagen later")).to_be_visible()

    page.get_by_role("link", name="Nog een brief").click()
    page.locator("[name=delay_days]").fill("7")
    page.locator("[name=body_kind]").select_option("markdown")
    page.get_by_role("button", name="Naar de brief").click()
    page.locator("[name=subject]").fill(THIRD)
    page.get_by_role("button", name="Bewaren en controleren").click()
    expect(page.get_by_text("Deze brief hoort bij een reeks")).to_be_visible()
    page.goto(f"{journey.base}/campagnes/reeksen/")
    page.get_by_role("link", name="Welkom bij ons").click()
    expect(page.get_by_role("heading", name=THIRD)).to_be_visible()
    expect(page.get_by_text("zegt nog wat u zelf moet schrijven")).to_be_visible()
    expect(page.get_by_role("button", name="Aanzetten")).to_have_count(0)
    page.get_by_role("link", name="Drie dingen die u misschien nog niet wist").click()
    page.locator("[name=body]").fill("Wij zijn open van negen tot zes.")
    page.get_by_role("button", name="Bewaren en controleren").click()
    page.goto(f"{journey.base}/campagnes/reeksen/")
    page.get_by_role("link", name="Welkom bij ons").click()
    page.get_by_role("button", name="Aanzetten").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Aanzetten").click()
    expect(page.get_by_text("Sinds")).to_be_visible()
    journey.look(page)


def welcome_gerda(journey: Journey, shop: Any) -> Page:
    """She signs up on her phone; only after she confirmed she is in it."""
    from akkoord.campaigns.models import SeriesRun

    phone = journey.page(PHONE)
    phone.goto(f"{journey.base}/f/{shop.form.slug}/")
    fill_in(phone)
    work_queue()
    work(timezone.now())
    assert SeriesRun.objects.count() == 4  # the others, who had confirmed
    assert letters_of("Gerda") == []
    phone.goto(link_in(newest_mail_to("gerda@example.nl"), "/b/"))
    phone.get_by_role("button", name="Ja, ik bevestig").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("U bent aangemeld")
    work(timezone.now())
    assert SeriesRun.objects.count() == 5
    assert letters_of("Gerda") == [FIRST]
    return phone


def bram_stops(journey: Journey, phone: Page) -> None:
    """By the link in his own letter."""
    phone.goto(journey.here(link_in(newest_mail_to("bram.visser@example.nl"), "/u/")))
    journey.look(phone)
    phone.locator("main button[type=submit], main button.primary").first.click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()


def carla_says_yes(journey: Journey, phone: Page) -> None:
    """To the offers too, in her preference centre: that is the goal."""
    from akkoord.consent.tokens import fresh_link
    from tests.browser.world import point_of

    point = point_of("Carla Smit")
    phone.goto(journey.here(fresh_link(point_id=point.id, at=timezone.now())))
    phone.locator("label", has_text="Acties").first.click()
    phone.get_by_role("button", name="Bewaren").first.click()
    expect(phone.get_by_label("Acties").first).to_be_checked()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_series_over_three_weeks(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.campaigns.models import Series
    from tests.browser.world import sign_up

    make_offers(shop)
    page = journey.page(width)
    journey.log_in(page)
    begin_series(journey, page)
    Series.objects.update(on_since=timezone.now() - timedelta(hours=3))
    for name in ("Anna Bakker", "Bram Visser", "Carla Smit", "Daan Mulder"):
        sign_up(shop, name, at=timezone.now() - timedelta(hours=1))

    phone = welcome_gerda(journey, shop)
    flow = page.url
    bram_stops(journey, phone)
    carla_says_yes(journey, phone)

    page.goto(flow)
    page.get_by_role("link", name="Wie erin zitten").click()
    journey.look(page)
    page.get_by_role("row", name="Daan Mulder").get_by_role("button", name="Eruit halen").click()
    expect(page.get_by_text("Deze persoon is uit de reeks.")).to_be_visible()

    got: dict[int, list[str]] = {}
    morning = timezone.now().replace(hour=8, minute=30)
    for day in range(1, 22):
        before = letters_of("Gerda")
        work(morning + day * DAY)
        if new := letters_of("Gerda")[len(before) :]:
            got[day] = new
    assert got == {4: [SECOND], 11: [THIRD]}
    assert letters_of("Anna Bakker") == [FIRST, SECOND, THIRD]
    for name in ("Bram Visser", "Carla Smit", "Daan Mulder"):
        assert letters_of(name) == [FIRST]

    page.goto(flow)
    said = page.locator(".stats").inner_text().replace("\n", " ")
    for words in (
        "kwamen erin 5",
        "zitten er nu in 0",
        "kregen alle brieven 2",
        "bereikten het doel 1",
        "gingen er eerder uit 2",
    ):
        assert words in said, said
    journey.look(page)
    page.get_by_role("link", name="Wie erin zitten").click()
    page.get_by_role("link", name="Bram Visser").click()
    expect(page.get_by_text("Uit de reeks")).to_be_visible()
    journey.look(page)
