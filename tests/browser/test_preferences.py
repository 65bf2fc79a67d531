"""Less, pause, proof and back again: what a person does with the links in their mailbox."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def newest_mail(address: str) -> str:
    """The text of the mail that stands on top of the mailbox."""
    from email import message_from_bytes
    from email.policy import default

    from akkoord.delivery.models import MailboxMessage

    row = MailboxMessage.objects.filter(recipient=address).latest("received_at")
    mail = message_from_bytes(bytes(row.raw), policy=default)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_from_a_letter_to_less_to_the_proof(journey: Journey, shop: Any, width: int) -> None:
    from django.utils import timezone

    from akkoord.consent.tokens import preference_link
    from tests.browser.world import make_people, point_of

    make_people(shop)
    point = point_of("Anna Bakker")
    page = journey.page(width)
    page.goto(journey.here(preference_link(point_id=point.id, at=timezone.now())))
    expect(page.get_by_role("heading", level=1)).to_have_text("Minder, of niets meer")
    expect(page.get_by_text("anna.bakker")).to_have_count(0)  # a forwarded mail tells nothing
    journey.look(page)
    page.get_by_label("Hoe vaak?").select_option("month")
    page.get_by_role("button", name="Minder vaak").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.get_by_role("button", name="Mail mij de link").click()
    work_queue()
    page.goto(link_in_here(journey, newest_mail("anna.bakker@example.nl")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw voorkeuren")
    expect(page.get_by_label("Hoe vaak?").first).to_have_value("month")
    journey.look(page)
    page.get_by_role("button", name="Alles uit").click()
    expect(page.get_by_role("heading", name="Wilt u zeggen waarom?")).to_be_visible()
    journey.look(page)
    page.get_by_role("button", name="Het kwam te vaak").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.locator("label[for=topic-1]").click()  # and back again, on the same page
    page.get_by_role("button", name=re.compile("^(Bewa|Opslaan)")).first.click()
    page.get_by_role("link", name="Bewijs van wat u afsprak").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw bewijs")
    journey.look(page)
    page.get_by_role("link", name=re.compile("^Bekijk")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bewijs van wat u afsprak")
    journey.look(page)


def link_in_here(journey: Journey, text: str) -> str:
    found = re.search(r"https?://\S+/(?:v|kloppen)/\S+", text)
    assert found is not None
    return journey.here(found.group())


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_one_device_is_taken_off_without_javascript(
    journey: Journey, shop: Any, chromium: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.consent.device_link import link_device
    from akkoord.consent.tests.test_devices import allow, browser, make_page
    from akkoord.consent.tokens import fresh_link
    from akkoord.people.models import PushDevice
    from akkoord.register.actions import offer_channels
    from akkoord.trail.actions import Actor
    from tests.browser.world import make_people, point_of

    make_people(shop)
    now, point = timezone.now(), point_of("Anna Bakker")
    offer_channels(
        purpose_id=shop.topic.id,
        channels=["email", "push"],
        at=now,
        actor=Actor.staff(shop.owner.pk),
    )
    shop.topic.refresh_from_db()
    shown = make_page(shop.topic)
    devices = [allow(shown, browser(name), at=now) for name in ("phone", "laptop")]
    for device in devices:
        assert link_device(device_id=device.id, mailbox_id=point.id, at=now)
    link = journey.here(fresh_link(point_id=point.id, at=now))
    page = journey.page(width)
    page.goto(link)
    expect(page.get_by_role("heading", name="Uw apparaten voor pushberichten")).to_be_visible()
    journey.look(page)
    bare = chromium.new_context(locale="nl-NL", java_script_enabled=False)
    plain = bare.new_page()
    plain.set_viewport_size({"width": width, "height": 900})
    plain.goto(link)
    plain.get_by_role("button", name=f"Haal {devices[0].value} eraf").click()
    expect(plain.get_by_role("status").first).to_contain_text("geen pushberichten meer")
    expect(plain.get_by_role("button", name=re.compile("^Haal Firefox"))).to_have_count(1)
    bare.close()
    assert list(PushDevice.objects.values_list("contact_point_id", flat=True)) == [devices[1].id]


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_inv24_who_calls_to_stop_costs_staff_two_presses(
    journey: Journey, shop: Any, width: int
) -> None:
    from django.utils import timezone

    from akkoord.permission.queries import ask
    from tests.browser.world import make_people, point_of

    make_people(shop)
    point = point_of("Anna Bakker")
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/mensen/{point.person_id}/")
    page.get_by_role("link", name="Stop de mail").click()
    journey.look(page)
    page.get_by_role("button", name="Nieuwsbrief").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Bakker")
    journey.look(page)
    assert not ask([point.id], shop.topic, "email", at=timezone.now())[point.id].allowed
