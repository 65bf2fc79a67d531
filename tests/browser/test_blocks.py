"""A letter of blocks: begun from a ready one, changed by keyboard or by dragging, sent."""

import io
import json
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def kinds(page: Page) -> list[str]:
    """What the list says, from top to bottom."""
    return [
        re.sub(r"^\d+\.\s+", "", words.strip())
        for words in page.locator(".block[data-block] .block-words > strong").all_inner_texts()
    ]


def kept(page: Page) -> None:
    expect(page.locator("#letter-state")).to_contain_text("Bewaard om")


def begin(journey: Journey, page: Page, ready: str = "Nieuwsbrief") -> None:
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/nieuw/")
    journey.look(page)
    page.get_by_role("link", name=re.compile(f"^{ready}")).first.click()
    journey.look(page)
    page.get_by_role("button", name="Naar de brief").click()
    expect(page.locator("#block-list .block").first).to_be_visible()


def make_own(page: Page) -> None:
    """What a ready letter left open is filled, for until then it is stopped."""
    blocks = page.locator(".block[data-block]")
    # Links that lead nowhere yet are named.
    for place in range(blocks.count()):
        block = blocks.nth(place)
        for link in block.locator("[name$=link]").all():
            if not link.input_value():
                open_block(block)
                link.fill("https://fietsen.example.nl/")
                link.blur()
                kept(page)
    # The examples are to be one's own words, too.
    for place in range(blocks.count()):
        block = blocks.nth(place)
        for text in block.locator("textarea, input[type=text]:not([name$=link])").all():
            if len(text.input_value()) >= 25 and "werkplaats" not in text.input_value():
                open_block(block)
                text.fill("Onze eigen woorden.")
                text.blur()
                kept(page)


def open_block(block: Locator) -> None:
    """Show what stands in a block, when it is folded."""
    if not block.locator(".block-details[open]").count():
        block.locator("summary").first.click()


def drag_block(page: Page, place: int, under: int) -> None:
    """Drag one block by its grip to under another one."""
    grip = page.locator(".block-grip").nth(place).bounding_box()
    other = page.locator(".block[data-block]").nth(under).bounding_box()
    assert grip is not None
    assert other is not None
    x, start = grip["x"] + 10, grip["y"] + 28
    page.mouse.move(x, start)
    page.mouse.down()
    for step in range(1, 16):
        page.mouse.move(x, start + (other["y"] + 50 - start) * step / 15)
    page.mouse.up()
    expect(page.locator("#blocks-said")).to_contain_text("Nu op plaats")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_from_a_ready_letter_to_the_mailbox(journey: Journey, shop: Any, width: int) -> None:
    from akkoord.campaigns.models import Campaign
    from akkoord.composing.tree import read_tree
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page(width)
    begin(journey, page)
    journey.look(page)
    assert kinds(page)[:4] == ["Logo", "Beeld", "Kop", "Tekst"]

    # In place: what is typed is kept and seen.
    page.locator(".block-details > summary").nth(2).click()
    heading = page.locator(".block-details[open] [name=text]")
    heading.fill("Welkom in de werkplaats")
    kept(page)
    frame = page.frame_locator("#look")
    expect(frame.get_by_role("heading", name="Welkom in de werkplaats")).to_be_visible()

    # By the keyboard: down with the button, which keeps the focus; up with Alt and an arrow.
    down = page.get_by_role("button", name="Kop (3) omlaag")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#blocks-said")).to_contain_text("Nu op plaats 4")
    assert kinds(page)[:4] == ["Logo", "Beeld", "Tekst", "Kop"]
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#blocks-said")).to_contain_text("Nu op plaats 3")
    assert kinds(page)[:4] == ["Logo", "Beeld", "Kop", "Tekst"]

    # Add under a block, take away, put back.
    page.locator("[data-adds-after]").nth(3).click()
    expect(page.locator("#palette-where")).to_contain_text("onder blok 4")
    page.get_by_role("button", name="Knop", exact=True).click()
    expect(page.locator(".block-details[open] [name=words]")).to_be_focused()
    assert kinds(page)[4] == "Knop"
    page.locator(".block-details[open] [name=words]").fill("Maak een afspraak")
    page.locator(".block-details[open] [name=link]").fill("https://fietsen.example.nl/afspraak")
    page.locator(".block-details[open] [name=link]").blur()
    expect(frame.get_by_role("link", name="Maak een afspraak")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Lijn \(\d+\) weghalen")).click()
    expect(page.locator(".undo")).to_be_visible()
    journey.look(page)
    assert "Lijn" not in kinds(page)
    page.locator("#undo").click()
    expect(page.locator(".undo")).to_have_count(0)
    assert "Lijn" in kinds(page)

    make_own(page)
    expect(page.locator(".state-wrong")).to_have_count(0)
    journey.look(page)

    page.get_by_role("button", name="Donker").click()
    expect(page.locator("#look")).to_have_attribute("src", re.compile("licht=donker"))
    page.get_by_role("button", name="Telefoon").click()
    expect(page.locator(".look-telefoon")).to_be_visible()
    journey.look(page)

    page.get_by_role("link", name="Naar de controle").click()
    journey.look(page)
    page.get_by_role("button", name="Nu versturen").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Nu versturen").click()
    expect(page.locator("#live")).to_be_visible()
    work_queue()
    mail = newest_mail_to("anna.bakker@example.nl")
    html = mail.get_body(("html",)).get_content()
    assert "Welkom in de werkplaats" in html
    assert "https://fietsen.example.nl/afspraak" in mail.get_body(("plain",)).get_content()
    assert "Afmelden" in html
    campaign = Campaign.objects.get(name="Nieuwsbrief")
    assert read_tree(campaign.body).blocks[2]["text"] == "Welkom in de werkplaats"


def test_blocks_are_dragged_and_pictures_and_fields_chosen(journey: Journey, shop: Any) -> None:
    page = journey.page()
    begin(journey, page, "Dringend bericht")
    before = kinds(page)
    drag_block(page, 1, 3)
    assert kinds(page) != before
    assert sorted(kinds(page)) == sorted(before)

    # A person's field, with what stands there when it is not known.
    page.locator(".block-details > summary").first.click()
    page.locator(".block[data-block]", has_text="Tekst").first.locator("summary").first.click()
    text = page.locator(".block-details[open] textarea[name=text]")
    text.fill("Dag ")
    page.locator(".block-details[open] [data-mark=field]").click()
    dialog = page.locator("#field-picker[open]")
    expect(dialog).to_be_visible()
    journey.look(page)
    dialog.locator("[data-inserts=first_name]").click()
    expect(text).to_have_value('Dag {{ first_name | default: "lezer" }}')
    kept(page)
    expect(page.frame_locator("#look").get_by_text("Dag Anna")).to_be_visible()

    # A picture, brought in on the spot.
    page.get_by_role("button", name="Beeld", exact=True).click()
    page.locator(".block-details[open] [data-chooses-for]").click()
    panel = page.locator("#panel[open]")
    expect(panel.get_by_role("heading", name="Kies een beeld")).to_be_visible()
    out = io.BytesIO()
    Image.new("RGB", (900, 400), "#b5471b").save(out, "PNG")
    panel.locator("[name=file]").set_input_files(
        {"name": "fiets.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    panel.get_by_role("button", name="Toevoegen en gebruiken").click()
    expect(panel).to_contain_text("Zeg in een paar woorden")
    panel.locator("[name=file]").set_input_files(
        {"name": "fiets.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    panel.locator("[name=alt]").fill("Een rode fiets")
    journey.look(page)
    panel.get_by_role("button", name="Toevoegen en gebruiken").click()
    expect(page.locator("#panel[open]")).to_have_count(0)
    expect(page.locator(".block-details[open] [name=alt]")).to_have_value("Een rode fiets")
    shown = page.frame_locator("#look").get_by_alt_text("Een rode fiets")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.naturalWidth") == 900


def test_a_double_press_adds_one_block(journey: Journey, shop: Any) -> None:
    page = journey.page()
    begin(journey, page, "Dringend bericht")
    before = kinds(page)
    page.get_by_role("button", name="Lijn", exact=True).dblclick()
    expect(page.locator("#blocks-said")).to_contain_text("Toegevoegd")
    page.wait_for_load_state("networkidle")
    assert kinds(page) == [*before, "Lijn"]


def test_two_people_at_one_letter(journey: Journey, shop: Any) -> None:
    from django.utils import timezone

    from akkoord.campaigns.editing import Moment, save_head
    from akkoord.campaigns.models import Campaign
    from akkoord.trail.actions import Actor

    page = journey.page()
    begin(journey, page, "Dringend bericht")
    campaign = Campaign.objects.get()
    save_head(
        campaign_id=campaign.id,
        values={"subject": "Door een ander"},
        moment=Moment(campaign.version, timezone.now(), Actor.staff(shop.owner.pk)),
    )
    page.locator(".block-details > summary").nth(1).click()
    page.locator(".block-details[open] [name=text]").fill("Van mij")
    expect(page.locator("#letter-state")).to_contain_text("Anouk van Dam wijzigde deze brief om")
    journey.look(page)
    expect(page.locator(".block-details[open] [name=text]")).to_have_value("Van mij")
    page.get_by_role("link", name="Opnieuw openen").click()
    expect(page.locator("#head-subject")).to_have_text("Door een ander")
    page.get_by_label("Meer doen").click()
    page.get_by_role("link", name="Eerdere versies").click()
    journey.look(page)
    page.get_by_role("button", name=re.compile("Terugzetten")).first.click()
    journey.look(page)
    campaign.refresh_from_db()
    assert campaign.subject != "Door een ander"
    assert json.loads(campaign.body)["v"] == 1


def test_the_style_and_the_pictures(journey: Journey, shop: Any) -> None:
    page = journey.page()
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/stijl/")
    journey.look(page)
    page.locator("[name=accent]").fill("#ffe08a")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator(".wrong")).to_contain_text("niet goed te lezen")
    journey.look(page)
    page.locator("[name=accent]").fill("#8a3b12")
    page.get_by_role("button", name="Bewaren").click()
    link = page.frame_locator("iframe.mail").get_by_role("link", name="Lees verder")
    assert link.evaluate("each => getComputedStyle(each).color") == "rgb(255, 255, 255)"
    page.goto(journey.base + "/campagnes/beelden/")
    journey.look(page)
