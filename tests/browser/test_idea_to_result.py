"""From an idea to its result, in one go: a ready letter, dragged and edited, for a saved group,
seen as a person gets it, sent, and watched while it leaves and while its results come in."""

import re
import threading
from email import message_from_bytes, policy
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from akkoord.delivery.tests.smtp_server import SmtpServer, smtp_server
from tests.browser.journey import WIDE, Journey, work_queue
from tests.browser.test_blocks import drag_block, kept, kinds, make_own

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DUTCH, ENGLISH, HELD = 30, 10, 15
SLOW = 30_000  # milliseconds: a worker begins, on a machine that does other work too


def make_group(shop: Any) -> None:
    """People who said yes, some of whom read English, and a saved group of the others."""
    from django.utils import timezone

    from akkoord.messages.tests.factories import make_many
    from akkoord.people.models import ContactPoint, Person
    from akkoord.segments.actions import create_group
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people

    make_people(shop)
    points = make_many(DUTCH + ENGLISH, shop.topic)
    english = ContactPoint.objects.filter(id__in=points[DUTCH:]).values("person_id")
    Person.objects.filter(id__in=english).update(language="en")
    create_group(
        purpose=shop.topic,
        name="Nederlands",
        text='language is "nl"',
        at=timezone.now(),
        actor=Actor.staff(shop.owner.pk),
    )


def figure(page: Page, label: str) -> Locator:
    """The number under a label."""
    exact = page.get_by_text(label, exact=True)
    return page.locator("#live .stat").filter(has=exact).locator("strong")


def link_in(server: SmtpServer) -> str:
    """The counted link in a letter that arrived."""
    message = message_from_bytes(server.accepted[0][2], policy=policy.default)
    part = message.get_body(("html",))
    assert part is not None
    found = re.search(r'href="([^"]*/k/[^"]*)"', str(part.get_content()))
    assert found is not None
    return found[1]


def write(journey: Journey, page: Page) -> None:
    """From the saved group to a ready letter of one's own, dragged and edited."""
    page.goto(journey.base + "/groepen/")
    page.get_by_role("link", name="Nederlands").first.click()
    page.get_by_role("link", name="Schrijf aan deze groep").click()
    page.get_by_role("link", name=re.compile("^Nieuwsbrief")).first.click()
    page.get_by_role("button", name="Naar de brief").click()
    expect(page.locator("#block-list .block").first).to_be_visible()
    page.locator(".editor-head > summary").click()
    expect(page.get_by_label("Alleen een groep")).to_have_value('taal is "nl"')
    page.locator(".editor-head > summary").click()
    before = kinds(page)
    drag_block(page, 1, 3)
    assert kinds(page) != before
    assert sorted(kinds(page)) == sorted(before)
    heading = page.locator(".block[data-block]", has_text="Kop").first
    heading.locator("summary").first.click()
    heading.locator("[name=text]").fill("Welkom in de werkplaats")
    kept(page)
    make_own(page)
    look = page.frame_locator("#look")
    expect(look.get_by_role("heading", name="Welkom in de werkplaats")).to_be_visible()
    journey.look(page)


def test_from_idea_to_result(
    journey: Journey, shop: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from akkoord.messages import deliver

    monkeypatch.setattr(deliver, "HAND_OVER", 10)
    monkeypatch.setattr(deliver, "FIRST", 10)
    make_group(shop)
    work_queue()  # the mails of signing up are not what is watched
    page = journey.page(WIDE)
    journey.log_in(page)
    write(journey, page)

    # As one person gets it.
    page.get_by_role("link", name="Naar de controle").click()
    expect(page.locator("main")).to_contain_text(f"{DUTCH + 4} van ")
    page.locator("#who").fill("Bram")
    page.locator("#found").get_by_role("link", name="Bram Visser").click()
    expect(page.locator("#als")).to_have_value(re.compile("."))
    expect(page.locator("#als option:checked")).to_have_text("Bram Visser")
    journey.look(page)

    # It leaves, and the mail server takes its time after the fifteenth.
    go_on = threading.Event()

    def holding(_recipient: str, count: int) -> str:
        if count >= HELD:
            go_on.wait(100)
        return "250 ok"

    with smtp_server(content=holding) as server:
        settings.SMTP_URL = server.url
        page.get_by_role("button", name="Nu versturen").first.click()
        page.locator("dialog[open]").get_by_role("button", name="Nu versturen").click()
        expect(figure(page, "verstuurd")).to_have_text("0")
        worker = threading.Thread(target=work_queue)
        worker.start()
        try:
            watch(journey, page, server, go_on)
        finally:
            go_on.set()
            worker.join(120)
        arrived = [recipient for _sender, recipient, _content in server.accepted]
    assert len(arrived) == len(set(arrived)) == DUTCH + 4
    assert "bram.visser@example.nl" in arrived
    assert b"Welkom in de werkplaats" in server.accepted[0][2]


def watch(journey: Journey, page: Page, server: SmtpServer, go_on: threading.Event) -> None:
    """Both pages stand open, and what is on them changes without a press."""
    everybody = str(DUTCH + 4)
    expect(figure(page, "verstuurd")).to_have_text("10", timeout=SLOW)
    expect(figure(page, "nog te gaan")).not_to_have_text("0")
    journey.look(page)
    results = journey.page(WIDE)
    results.goto(page.url)
    results.get_by_role("link", name="Resultaat").click()
    expect(figure(results, "verstuurd")).to_have_text("10")
    expect(figure(results, "keer gedrukt")).to_have_text("0")
    for page_here in (page, results):
        page_here.evaluate("window.stood = true")
    for _ in range(7):
        answer = journey.context.request.get(journey.here(link_in(server)), max_redirects=0)
        assert answer.status == 302
    expect(figure(results, "keer gedrukt")).to_have_text("7", timeout=SLOW)
    expect(figure(results, "verstuurd")).to_have_text("10")
    journey.look(results)
    go_on.set()
    expect(figure(page, "verstuurd")).to_have_text(everybody, timeout=SLOW)
    expect(figure(page, "nog te gaan")).to_have_text("0")
    expect(figure(results, "verstuurd")).to_have_text(everybody, timeout=SLOW)
    expect(results.get_by_role("progressbar")).to_have_count(0)
    for page_here in (page, results):
        assert page_here.evaluate("window.stood"), "the page was not opened anew"
        journey.look(page_here)
