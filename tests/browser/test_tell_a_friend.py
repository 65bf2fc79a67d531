"""Tell a friend: the owner offers it, the customer sees all first, the friend has a way out."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import link_in, newest_mail_to
from tests.browser.words import WORDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRIEND = "vriend@example.org"


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_inv27_from_the_offer_to_the_friends_no(journey: Journey, shop: Any, width: int) -> None:
    tell_a_friend(journey, shop, width)


def tell_a_friend(journey: Journey, shop: Any, width: int) -> None:
    """The whole way, in the language of the visitor."""
    from django.utils import timezone

    from akkoord.consent.models import Suppression
    from akkoord.delivery.models import OutboxMail
    from akkoord.people.models import ContactPoint
    from akkoord.referrals.tokens import tip_link
    from tests.browser.world import point_of, sign_up

    say = WORDS[journey.language]
    sign_up(shop, "Anna Bakker")
    point = point_of("Anna Bakker")
    type(point.person).objects.filter(id=point.person_id).update(language=journey.language)
    page = journey.page(width)
    offer(journey, page, say)
    page.goto(journey.here(tip_link(point_id=point.id, at=timezone.now())))
    journey.look(page)
    page.locator("[name=friend]").fill(FRIEND)
    page.locator("[name=sender_name]").fill("Anna")
    page.locator("[name=words]").fill("Kijk eens." if journey.language == "nl" else "Have a look.")
    page.get_by_role("button", name=say["look"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["this mail"])
    expect(page.locator(".wording")).to_contain_text("Anna")
    journey.look(page)
    assert not OutboxMail.objects.filter(recipient=FRIEND).exists()  # nothing before the press
    page.get_by_role("button", name=say["send it"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["thanks"])
    journey.look(page)
    work_queue()
    mail = newest_mail_to(FRIEND)
    assert not OutboxMail.objects.filter(recipient=FRIEND).exists()  # gone at the hand-over
    assert not ContactPoint.objects.filter(normalised=FRIEND).exists()
    page.goto(journey.here(link_in(mail, "/tip/nooit/")))
    journey.look(page)
    page.locator("main button").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    journey.look(page)
    assert Suppression.objects.filter(channel="email").exists()


def offer(journey: Journey, page: Page, say: dict[str, str]) -> None:
    """The owner switches the mail on; with a reward beside it the page refuses and says why."""
    journey.log_in(page)
    page.goto(f"{journey.base}/tip-een-vriend/")
    page.locator("label[for=id_mail_is_on]").click()
    page.locator("[name=mail_nl]").fill("Wij maken en verkopen fietsen.")
    page.locator("[name=mail_en]").fill("We mend and sell bicycles.")
    page.locator("[name=reward_nl]").fill("een fietsbel")
    page.get_by_role("button", name=say["save"], exact=True).click()
    expect(page.get_by_text(say["spam"])).to_be_visible()
    journey.wrongs.clear()  # the browser notes the 422 in its console
    journey.look(page)
    page.locator("[name=reward_nl]").fill("")
    page.get_by_role("button", name=say["save"], exact=True).click()
    expect(page.get_by_text(say["saved"]).first).to_be_visible()
    journey.look(page)
