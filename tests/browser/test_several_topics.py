"""A letter for two topics, and a message about an appointment: each to the mailbox."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def second_topic(shop: Any) -> Any:
    """A topic for offers, which Anna chose too and Bram alone."""
    from akkoord.messages.tests.factories import give
    from akkoord.register.actions import TopicWords, create_topic
    from akkoord.trail.actions import Actor
    from tests.browser.world import point_of

    words = TopicWords(
        name_nl="Acties",
        name_en="Offers",
        description_nl="Kortingen in de winkel.",
        description_en="Discounts in the shop.",
        frequency_nl="soms",
        frequency_en="sometimes",
    )
    topic = create_topic(
        slug="acties", words=words, at=timezone.now(), actor=Actor.staff(shop.owner.pk)
    )
    for name in ("Anna Bakker", "Eva Bos"):  # Eva stopped the newsletter
        give(point_of(name), topic)
    return topic


def mails(subject: str) -> dict[str, Any]:
    """What lies in the built-in mailbox, by who got it."""
    from akkoord.delivery.models import MailboxMessage

    found = list(MailboxMessage.objects.filter(subject=subject))
    read = {
        each.recipient: message_from_bytes(bytes(each.raw), policy=policy.default) for each in found
    }
    assert len(read) == len(found), "nobody twice"
    return read


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_one_letter_for_two_topics_reaches_everybody_once(
    journey: Journey, shop: Any, width: int
) -> None:
    from tests.browser.world import make_people

    make_people(shop)
    second_topic(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/nieuw/?hoe=markdown")
    page.get_by_label("Onderwerp", exact=True).first.select_option("nieuwsbrief")
    page.locator("label", has_text="Acties").click()
    journey.look(page)
    page.get_by_label("Naam, voor uzelf").fill("Winter")
    page.locator("[name=subject]").fill("De winter komt")
    page.locator("[name=body]").fill("Dag lezer, kom langs in de winkel.")
    page.get_by_role("button", name="Bewaren en controleren").click()
    expect(page.get_by_text("Wie er meer koos, krijgt de brief één keer")).to_be_visible()
    expect(page.locator("p.big").first).to_contain_text(re.compile(r"5 van \d+ mensen"))
    journey.look(page)
    page.get_by_role("button", name="Nu versturen").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Nu versturen").click()
    page.wait_for_url(re.compile(r"/campagnes/[0-9a-f-]+/$"))
    work_queue()
    page.reload()
    expect(page.get_by_text("Wie er meer koos, krijgt de brief één keer")).to_be_visible()
    journey.look(page)
    got = mails("De winter komt")
    topics = {who.split(".")[0]: str(mail["List-Id"]).split()[0] for who, mail in got.items()}
    assert topics == {
        "anna": "nieuwsbrief",
        "bram": "nieuwsbrief",
        "carla": "nieuwsbrief",
        "daan": "nieuwsbrief",
        "eva": "acties",
    }


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_message_about_an_appointment_from_the_persons_page(
    journey: Journey, shop: Any, width: int
) -> None:
    from akkoord.law.form_rules import FormKind
    from akkoord.register.form_activities import ensure_carrier
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of

    make_people(shop)
    ensure_carrier(kind=FormKind.CHECKOUT, at=timezone.now(), actor=Actor.staff(shop.owner.pk))
    eva = point_of("Eva Bos")  # she wants no letters; this is none
    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/campagnes/service/nieuw/?van=tijden")
    expect(page.locator("[name=about]")).to_have_value("agreement")
    journey.look(page)
    body = page.locator("[name=body]")
    body.fill(body.input_value().replace("van … tot …", "van 10 tot 14"))
    page.get_by_role("button", name="Bewaren").click()
    page.wait_for_url(re.compile("/campagnes/service/$"))
    page.goto(f"{journey.base}/campagnes/service/afspraken/{eva.person_id}/")
    page.locator("[name=kind]").select_option("appointment")
    page.locator("[name=number]").fill("A-17")
    page.locator("[name=day]").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Opschrijven").click()
    expect(page.get_by_text("A-17")).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name="Stuur er een bericht over").click()
    page.get_by_label(re.compile("A-17")).check()
    page.get_by_role("button", name="Bekijk", exact=True).click()
    expect(page.get_by_role("button", name="Nu versturen")).to_be_visible()
    journey.look(page)
    page.get_by_role("link", name="Annuleren").first.click()
    page.goto(journey.base + "/campagnes/service/")
    page.get_by_role("link", name="Naar klanten").first.click()
    page.get_by_label("Alleen nummer A-17").check()
    page.get_by_role("button", name="Alleen de aangevinkte").click()
    expect(page.get_by_label("Alleen nummer A-17")).to_be_checked()
    journey.look(page)
    page.get_by_role("button", name="Nu versturen").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Nu versturen").click()
    page.wait_for_url(re.compile("/campagnes/service/verzonden/"))
    work_queue()
    (mail,) = mails("Uw afspraak: wij zijn dan anders open").values()
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "(nummer A-17)" in text
    assert "Dit bericht gaat over uw afspraak van" in text
    assert mail["List-Unsubscribe"] is None
