"""A letter that is drawn: opened from its blocks, a block dragged on, a text and a field written,
looked at, and tried on a colleague through the built-in mailbox."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_blocks import begin, kept, kinds
from tests.browser.test_sign_up import newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_canvas(page: Page) -> tuple[FrameLocator, FrameLocator]:
    """The tools and the letter on the canvas."""
    page.get_by_role("link", name="Vrij tekenen").click()
    tools = page.frame_locator("#canvas")
    expect(tools.locator("body[data-ready]")).to_be_attached()
    return tools, tools.frame_locator("iframe.gjs-frame")


def drag(page: Page, tools: FrameLocator, label: str, letter: FrameLocator) -> None:
    """Drag a block from the panel to just under the first text of the letter."""
    tile = tools.locator(".gjs-block", has_text=re.compile(f"^\\s*{label}\\s*$")).bounding_box()
    text = letter.locator("[data-gjs-type=mj-text]").nth(2).bounding_box()
    assert tile is not None
    assert text is not None
    page.mouse.move(tile["x"] + 20, tile["y"] + 20)
    page.mouse.down()
    page.mouse.move(tile["x"] + 200, tile["y"] + 60, steps=6)
    page.mouse.move(text["x"] + 80, text["y"] + text["height"] * 0.7, steps=12)
    page.wait_for_timeout(300)  # the canvas measures its places in its own time
    page.mouse.up()


def test_from_blocks_to_the_canvas_to_the_mailbox(journey: Journey, shop: Any) -> None:
    from akkoord.campaigns.models import Campaign

    page = journey.page(WIDE)
    page.set_viewport_size({"width": WIDE, "height": 1300})
    begin(journey, page, "Dringend bericht")
    before = Campaign.objects.get().body
    tools, letter = open_canvas(page)
    journey.look(page)

    drag(page, tools, "Knop", letter)
    kept(page)
    expect(page.locator("#letter-state")).to_contain_text("De knop gaat nergens heen")
    link = tools.locator("#draw-settings [inputmode=url]")
    link.fill("https://example.nl/open")
    link.blur()

    # A text, and a person's field chosen from the list.
    text = letter.locator("[data-gjs-type=mj-text]").nth(2)
    text.dblclick()
    expect(letter.locator("[contenteditable=true]")).to_have_count(1)
    page.keyboard.press("Control+A")
    page.keyboard.type("Morgen zijn wij dicht, ")
    tools.locator("[data-inserts=first_name]").click()
    expect(text).to_contain_text('dicht, {{ first_name | default: "lezer" }}')
    letter.locator("[data-gjs-type=mj-text]").nth(1).click()
    expect(page.locator("#letter-state")).to_contain_text("Bewaard om")

    # As it arrives: by day and in the dark, on a phone.
    page.get_by_role("button", name="Zoals hij aankomt").click()
    look = page.frame_locator("#look")
    expect(look.get_by_text("Morgen zijn wij dicht, Anna")).to_be_visible()
    page.get_by_role("button", name="Donker").click()
    expect(page.locator("#look")).to_have_attribute("src", re.compile("licht=donker"))
    page.get_by_role("button", name="Telefoon").last.click()
    expect(page.locator(".look-telefoon")).to_be_visible()
    expect(look.get_by_role("link", name="Afmelden")).to_be_visible()
    journey.look(page)

    campaign = Campaign.objects.get()
    assert campaign.body_kind == "mjml"
    page.get_by_role("link", name="Naar de controle").click()
    journey.look(page)
    page.locator("label", has_text="Anouk van Dam").click()
    page.get_by_role("button", name="Proef versturen").click()
    page.wait_for_load_state()
    work_queue()
    mail = newest_mail_to("anouk@example.nl")
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Morgen zijn wij dicht, Anna" in words
    assert "https://example.nl/open" in mail.get_body(("html",)).get_content()

    # Back to the list: the blocks as they were; the drawing stays among the versions.
    page.goto(f"{journey.base}/campagnes/{campaign.id}/tekenen/")
    page.get_by_role("button", name="Lijst met blokken").click()
    expect(page.locator("dialog[open]")).to_contain_text("past niet in de lijst")
    page.locator("dialog[open]").get_by_role("button", name="Terug naar de blokken").click()
    expect(page.locator("#block-list .block").first).to_be_visible()
    assert Campaign.objects.get().body == before
    assert campaign.versions.filter(body__contains="Morgen zijn wij dicht").exists()


def test_a_narrow_screen_is_offered_the_list(journey: Journey, shop: Any) -> None:
    page = journey.page(PHONE)
    begin(journey, page, "Dringend bericht")
    page.get_by_role("link", name="Vrij tekenen").click()
    expect(page.get_by_text("Tekenen vraagt een breed scherm")).to_be_visible()
    assert not page.locator("#canvas").get_attribute("src"), "nothing of the canvas is fetched"
    journey.look(page)
    page.get_by_role("link", name="Naar de lijst met blokken").click()
    assert kinds(page)
