"""A letter: written, checked, sent, in the mailbox; one press stops it for one person."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Journey, work_queue
from tests.browser.test_sign_up import newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_write_check_and_send_a_letter(journey: Journey, shop: Any) -> None:
    from akkoord.delivery.models import MailboxMessage
    from tests.browser.world import make_people

    make_people(shop)
    page = journey.page()
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/nieuw/?hoe=markdown")
    journey.look(page)
    page.locator("[name=name]").fill("Herfst")
    page.locator("[name=subject]").fill("De herfst is er")
    page.locator("[name=body]").fill("# Dag {{ first_name | default: 'lezer' }}\n\nKom langs.")
    page.get_by_role("button", name="Bewaren en controleren").click()

    expect(page.get_by_text(re.compile(r"4 van de? ?6 mensen|4 van 6 mensen"))).not_to_have_count(0)
    name = page.locator("#als option:checked").inner_text().split()[0]
    frame = page.frame_locator("iframe.mail")
    expect(frame.get_by_role("heading", name=f"Dag {name}")).to_be_visible()
    journey.look(page)
    check = page.url
    reason = page.locator("main a[href*='/controle/']").first
    reason.click()
    expect(page.locator("main")).to_contain_text(re.compile("eva.bos@|fleur.jong@"))
    journey.look(page)

    page.goto(check)
    page.get_by_role("button", name="Nu versturen").first.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("6 mensen")
    journey.look(page)
    dialog.get_by_role("button", name="Nu versturen").click()
    expect(page.locator("#live")).to_be_visible()
    work_queue()
    expect(page.locator("#live .pill.good")).to_be_visible()
    journey.look(page)
    assert MailboxMessage.objects.filter(subject="De herfst is er").count() == 4
    mail = newest_mail_to("anna.bakker@example.nl")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    page.goto(journey.base + "/mailbox/")
    journey.look(page)
    page.get_by_role("link", name="De herfst is er").first.click()
    journey.look(page)
    page.goto(page.url.split("?")[0] + "?toon=headers")
    expect(page.get_by_role("cell", name="List-Unsubscribe-Post")).to_be_visible()
    journey.look(page)


@pytest.mark.parametrize(
    "body",
    [
        {"form": {"List-Unsubscribe": "One-Click"}},
        {"multipart": {"List-Unsubscribe": "One-Click"}},
    ],
    ids=["urlencoded", "multipart"],
)
def test_one_press_in_the_mail_program_stops(
    journey: Journey, shop: Any, body: dict[str, Any]
) -> None:
    from django.utils import timezone

    from akkoord.campaigns.actions import send_campaign
    from akkoord.delivery.models import MailboxMessage
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_letter, make_people

    make_people(shop)
    actor = Actor.staff(shop.owner.pk)
    send_campaign(campaign_id=make_letter(shop).id, at=timezone.now(), actor=actor)
    work_queue()
    sent = MailboxMessage.objects.filter(recipient="anna.bakker@example.nl").count()
    link = re.search(
        r"<(https?://[^>]+)>", newest_mail_to("anna.bakker@example.nl")["List-Unsubscribe"]
    )
    assert link
    page = journey.page()
    page.goto(journey.here(link.group(1)))  # a link scanner changes nothing
    journey.look(page)
    answer = journey.context.request.post(journey.here(link.group(1)), **body)
    assert (answer.status, answer.text()) == (200, "OK")
    assert "set-cookie" not in answer.headers

    send_campaign(campaign_id=make_letter(shop).id, at=timezone.now(), actor=actor)
    work_queue()
    assert MailboxMessage.objects.filter(recipient="anna.bakker@example.nl").count() == sent
    assert MailboxMessage.objects.filter(recipient="bram.visser@example.nl").count() == sent + 1
