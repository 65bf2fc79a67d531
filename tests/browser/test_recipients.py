"""Companies that got somebody's data: told, asked again, answered; the list of who did not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def company() -> Any:
    """A call centre that stands in the register, of which nobody said how to reach it."""
    from django.utils import timezone

    from akkoord.register.models import Recipient

    return Recipient.objects.create(
        key="belhuis",
        name="Belhuis De Lijn",
        service_nl="Belt klanten na",
        service_en="Calls customers",
        contract_on=timezone.localdate(),
        valid_from=timezone.now() - timedelta(days=9),
    )


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_a_company_that_got_a_file_hears_that_it_must_go(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.delivery.models import MailboxMessage
    from akkoord.rights.models import Disclosure, RecipientNotice
    from akkoord.rights.telling import acknowledge_link, tell_due
    from tests.browser.world import make_people, point_of

    make_people(shop)
    company()
    person = point_of("Anna Bakker").person
    page = journey.page(width)
    journey.log_in(page)
    # Asked once, with the download; nobody writes it down.
    page.goto(f"{journey.base}/verzoeken/persoon/{person.id}/")
    page.get_by_role("link", name="Downloaden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alles in een bestand")
    journey.look(page)
    page.locator("main label", has_text="Belhuis De Lijn").click()
    with page.expect_download():
        page.get_by_role("button", name="Downloaden").click()
    assert Disclosure.objects.get().how == "file"

    page.goto(f"{journey.base}/verzoeken/persoon/{person.id}/vergeten/")
    page.get_by_role("button", name="Voorgoed vergeten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Certificaat"))

    # Nobody said how to reach them: that is what staff see first.
    page.goto(f"{journey.base}/verzoeken/ontvangers/")
    expect(page.locator("main")).to_contain_text("Wij weten niet hoe wij hen bereiken")
    journey.look(page)
    page.get_by_role("link", name="Kiezen hoe zij het horen").first.click()
    page.get_by_label("Hoe vertellen wij het?").select_option("mail")
    page.get_by_label("Mailadres of webadres").fill("privacy@belhuis.example.nl")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("main")).to_contain_text("Nog niet verteld")

    tell_due(at=timezone.now())
    work_queue()
    first = MailboxMessage.objects.filter(recipient="privacy@belhuis.example.nl")
    assert first.count() == 1
    RecipientNotice.objects.update(next_at=timezone.now())  # an hour later: no answer yet
    tell_due(at=timezone.now())
    work_queue()
    assert first.count() == 2
    page.goto(f"{journey.base}/verzoeken/ontvangers/")
    expect(page.locator("main")).to_contain_text("Verteld, nog geen antwoord")
    journey.look(page)

    raw = bytes(first.latest("received_at").raw).decode()
    assert "anna.bakker" not in raw.lower()
    theirs = journey.page(width)
    theirs.goto(journey.here(acknowledge_link(RecipientNotice.objects.get().id)))
    expect(theirs.locator("main")).to_contain_text("anna.bakker@example.nl")
    journey.look(theirs)
    theirs.get_by_role("button", name="Het is gedaan").click()
    expect(theirs.locator("main")).not_to_contain_text("anna.bakker@example.nl")

    page.goto(f"{journey.base}/verzoeken/ontvangers/")
    expect(page.locator("main")).to_contain_text("Iedereen die het moest weten, heeft geantwoord.")
    journey.look(page)
