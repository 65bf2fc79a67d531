"""Every way in and out in English: the same journeys; each page is read for Dutch that stayed."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from akkoord.delivery.tests.push_service import PushService
from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_breaches import decided_leak
from tests.browser.test_insight import look_at_choices
from tests.browser.test_push import push_shop as push_shop
from tests.browser.test_push import service as service
from tests.browser.test_push import subscribe
from tests.browser.test_sign_up import link_in, newest_mail_to
from tests.browser.test_tell_a_friend import tell_a_friend

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
widths = pytest.mark.parametrize("width", [WIDE, PHONE])
# What the file says, and the words that people saw in Dutch: those are kept as they were.
OF_THE_FILE = r"E-mailadres|Voornaam|Achternaam|de Wit|Ja, (?:ik wil|mail mij)[^\n]*"


@pytest.fixture
def reader(english: Journey, monkeypatch: pytest.MonkeyPatch) -> Journey:
    """Looks at a page as ever, and reads it."""
    look = english.look

    def look_and_read(page: Page) -> None:
        look(page)
        english.read_english(page, own=OF_THE_FILE)

    monkeypatch.setattr(english, "look", look_and_read)
    return english


@widths
def test_a_form_is_built_filled_in_and_confirmed(reader: Journey, shop: Any, width: int) -> None:
    page = reader.page(width)
    reader.log_in_by_hand(page)
    page.goto(f"{reader.base}/formulieren/nieuw/")
    page.get_by_label("Name of the form").fill("Stay informed")
    expect(page.locator("#id_topics_0")).to_be_checked()  # the only topic there is
    reader.look(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name=re.compile("^Publish")).first.click()
    reader.look(page)
    page.context.clear_cookies()
    page.goto(f"{reader.base}/f/stay-informed/")
    reader.look(page)
    page.get_by_label("E-mail address").fill("gerda@example.nl")
    page.locator("label[for=id_topics_0]").click()
    for label in page.locator("label[for=id_sixteen]").all():
        label.click()
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile("/gevraagd/$"))
    reader.look(page)
    work_queue()
    mail = newest_mail_to("gerda@example.nl")
    assert mail["Subject"] == "Please confirm your sign-up at Fietsen van Dam"
    page.goto(link_in(mail, "/b/"))
    reader.look(page)
    page.get_by_role("button", name="Yes, I confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed up")
    reader.look(page)


@widths
def test_less_the_whole_centre_and_everything_off(reader: Journey, shop: Any, width: int) -> None:
    from django.utils import timezone

    from akkoord.consent.tokens import preference_link
    from akkoord.people.models import Person
    from akkoord.permission.queries import ask
    from tests.browser.world import make_people, point_of

    make_people(shop)
    Person.objects.update(language="en")
    point = point_of("Anna Bakker")
    page = reader.page(width)
    page.goto(reader.here(preference_link(point_id=point.id, at=timezone.now())))
    expect(page.get_by_role("heading", level=1)).to_have_text("Less, or nothing more")
    reader.look(page)
    page.get_by_role("button", name="Mail me the link").click()
    reader.look(page)
    work_queue()
    page.goto(link_in(newest_mail_to("anna.bakker@example.nl"), "/v/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your preferences")
    reader.look(page)
    page.get_by_role("link", name="Proof of what you agreed to").click()
    reader.look(page)
    page.get_by_role("link", name=re.compile("^See")).first.click()
    reader.look(page)
    page.go_back()
    page.get_by_role("link", name="Back to your preferences").click()
    page.get_by_role("button", name="Everything off").click()
    expect(page.get_by_role("status").first).to_contain_text("Everything is off")
    reader.look(page)
    assert not ask([point.id], shop.topic, "email", at=timezone.now())[point.id].allowed


@widths
def test_a_yes_on_paper_is_entered_with_its_scan(reader: Journey, shop: Any, width: int) -> None:
    from akkoord.consent.tests.factories import PDF
    from tests.browser.world import make_people, point_of

    make_people(shop)
    person_id = point_of("Eva Bos").person_id
    page = reader.page(width)
    reader.log_in(page)
    page.goto(f"{reader.base}/formulieren/mens/{person_id}/ja/")
    reader.look(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "card.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.goto(f"{reader.base}/mensen/{person_id}/")
    reader.look(page)
    for path in ("/formulieren/lijst/nieuw/", "/formulieren/script/nieuw/", "/formulieren/"):
        page.goto(reader.base + path)
        reader.look(page)


@widths
def test_a_file_is_brought_in(reader: Journey, shop: Any, tmp_path: Path, width: int) -> None:
    from akkoord.imports.tests import samples

    path = tmp_path / "people.xlsx"
    path.write_bytes(samples.LAPOSTA)
    page = reader.page(width)
    reader.log_in(page)
    page.goto(f"{reader.base}/importeren/")
    reader.look(page)
    page.get_by_text("Bought, rented or copied").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look through the file").click()
    expect(page.get_by_text("A bought list cannot be used for e-mail")).to_be_visible()
    reader.look(page)
    page.get_by_text("Another system of ours").click()
    page.locator("[name=system]").select_option("laposta")
    page.locator("[name=wording]").fill("Yes, send me the newsletter by e-mail.")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Look through the file").click()
    expect(page.get_by_text("We recognise the export of Laposta")).to_be_visible()
    reader.look(page)
    page.get_by_role("button", name="Show what would happen").click()
    work_queue()
    expect(page.get_by_text("bewijs@example.nl")).to_be_visible()
    reader.look(page)
    page.get_by_role("button", name="Bring in").click()
    work_queue()
    expect(page.get_by_text("The file is in")).to_be_visible()
    reader.look(page)
    page.get_by_role("link", name="Undo this import").click()
    reader.look(page)


@widths
def test_inv27_tell_a_friend(reader: Journey, shop: Any, width: int) -> None:
    tell_a_friend(reader, shop, width)


@widths
def test_push_is_allowed_and_stopped(
    reader: Journey, push_shop: Any, service: PushService, width: int
) -> None:
    subscribe(reader, service)
    page = reader.page(width)
    page.goto(f"{reader.base}/p/berichten/")
    own = "Berichten van "
    assert page.evaluate("window.asked") == 0
    reader.read_english(page, own=own)
    page.locator("label[for=topic-1]").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Push messages on this device")
    reader.look(page)
    page.get_by_role("button", name="Stop all push messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It has stopped")
    reader.look(page)


@widths
def test_what_people_choose(reader: Journey, shop: Any, width: int) -> None:
    look_at_choices(reader, shop, width)


@widths
def test_a_leak_is_looked_at_and_told_in_english(
    reader: Journey, shop: Any, settings: Any, width: int
) -> None:
    from akkoord.people.models import Person
    from tests.browser.world import make_people

    make_people(shop)
    Person.objects.update(language="en")
    breach = decided_leak(
        shop,
        what="The list of the trip went to another customer.",
        consequences="Somebody may pretend to be you.",
        taken="Who got it deleted the list.",
        reason="Medical data were in it.",
    )
    page = reader.page(width)
    reader.log_in(page)
    for path in ("", "geschiedenis/", "wie/", "besluit/", "ap/", "post/"):
        page.goto(f"{reader.base}/datalekken/{breach.id}/{path}")
        reader.look(page)
    page.goto(f"{reader.base}/datalekken/{breach.id}/brief/")
    page.get_by_role("button", name="Keep the letter").click()
    expect(page.locator("main")).to_contain_text("read English")
    page.get_by_role("link", name="Look at the English letter").click()
    expect(page.locator("main")).to_contain_text("Your own words are not in it yet")
    reader.look(page)
    page.get_by_label("What we did and do").fill("We told the authority. The list is deleted.")
    page.get_by_role("button", name="Keep the letter").click()
    expect(page.locator("main")).not_to_contain_text("Your own words are not in it yet")
    reader.look(page)
    page.get_by_role("button", name="Send the letters").click()
    page.get_by_role("dialog").get_by_role("button", name="Send the letters now").click()
    work_queue()
    mail = newest_mail_to("anna.bakker@example.nl")
    assert mail["Subject"] == "Something went wrong with your data"
