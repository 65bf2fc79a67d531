"""Two subjects on a part of the people, presses that come in, a winner that may be said."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A, B = "De herfst is er", "Uw fiets in de herfst"
PEOPLE = 80
HOUR = timedelta(hours=1)


def make_letter(shop: Any) -> Any:
    """A letter with a link, for people who said yes."""
    from akkoord.campaigns.actions import CampaignText, create_campaign
    from akkoord.messages.tests.factories import make_many
    from akkoord.trail.actions import Actor

    make_many(PEOPLE, shop.topic)
    return create_campaign(
        purpose=shop.topic,
        text=CampaignText(
            name="Herfst", subject=A, body="Kijk [hier](https://winkel.example.nl/zadels)."
        ),
        at=timezone.now(),
        actor=Actor.staff(shop.owner.pk),
    )


def letters() -> list[tuple[str, str]]:
    """Who got a letter, and under which subject."""
    from akkoord.delivery.models import MailboxMessage

    found = MailboxMessage.objects.filter(subject__in=[A, B]).order_by("id")
    return list(found.values_list("recipient", "subject"))


def link_in_letter(subject: str) -> str:
    """The link that is counted in a letter with this subject: the same for everybody."""
    from akkoord.delivery.models import MailboxMessage

    links = set()
    for row in MailboxMessage.objects.filter(subject=subject):
        part = message_from_bytes(bytes(row.raw), policy=policy.default).get_body(("html",))
        assert part is not None
        found = re.search(r'href="([^"]*/k/[^"]*)"', part.get_content())
        assert found is not None
        links.add(found[1])
    assert len(links) == 1  # nobody is known by it
    return links.pop()


def work(at: datetime) -> dict[str, int]:
    """What the worker does in a minute that lies ahead."""
    from akkoord.campaigns.ab import judge_tests
    from akkoord.datamap.ids import uuid7
    from akkoord.messages.deliver import run_dispatch
    from akkoord.messages.models import Dispatch

    judged = judge_tests(at=at)
    for dispatch in Dispatch.objects.filter(state="running"):
        run_dispatch(dispatch.id, worker_id=uuid7(), clock=lambda: at)
    return judged


def set_up(journey: Journey, page: Page, letter: Any) -> None:
    """From the check of a letter to two subjects beside each other."""
    page.goto(f"{journey.base}/campagnes/{letter.id}/controle/")
    page.get_by_role("link", name="Twee versies").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Twee versies")
    journey.look(page)
    page.get_by_label("Tweede onderwerp").fill(A)
    page.locator("[name=percent]").select_option("25")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_text("Dit is hetzelfde onderwerp.")).to_be_visible()
    page.get_by_label("Tweede onderwerp").fill(B)
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_text(f"ongeveer {PEOPLE // 4} mensen").first).to_be_visible()
    journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_two_subjects_to_the_end(journey: Journey, shop: Any, width: int) -> None:
    letter = make_letter(shop)
    page = journey.page(width)
    journey.log_in(page)
    set_up(journey, page, letter)

    page.get_by_role("button", name="Begin met vergelijken").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Begin met vergelijken").click()
    expect(page.get_by_text("Nog te weinig om iets te zeggen.")).to_be_visible()
    began = timezone.now()
    work_queue()
    first = letters()
    assert {subject for _who, subject in first} == {A, B}
    assert len({who for who, _subject in first}) == len(first) < PEOPLE

    asking = journey.context.request
    for subject, times in ((A, 5), (B, 40)):
        link = journey.here(link_in_letter(subject))
        for _ in range(times):
            assert asking.get(link, max_redirects=0).status == 302
    # The page sees it while it stands open.
    expect(page.get_by_text("Op versie B wordt vaker geklikt.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Door toeval .* hoogstens 1 op de"))).to_be_visible()
    journey.look(page)

    # Not a minute before its time, however clear it is; a second look changes nothing.
    assert work(began + 3 * HOUR)["judged"] == 0
    assert letters() == first
    assert work(began + 4 * HOUR + timedelta(minutes=1))["judged"] == 1
    assert work(began + 5 * HOUR)["judged"] == 0

    page.goto(f"{journey.base}/campagnes/{letter.id}/vergelijken/")
    expect(page.get_by_text("De rest kreeg versie B.")).to_be_visible()
    expect(page.get_by_text("Op versie B wordt vaker geklikt.")).to_be_visible()
    expect(page.get_by_text("Won", exact=True)).to_be_visible()
    journey.look(page)

    everybody = letters()
    assert len(everybody) == len({who for who, _subject in everybody}) == PEOPLE
    assert {subject for _who, subject in everybody[len(first) :]} == {B}
