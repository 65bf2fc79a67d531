"""The form builder: a form for questions with its live preview, published, asked, answered."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.test_sign_up import newest_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_form_for_questions_from_builder_to_answer(
    journey: Journey, shop: Any, width: int
) -> None:
    from akkoord.consent.models import Enquiry, PermissionEvent

    page = journey.page(width)
    journey.log_in(page)
    page.goto(journey.base + "/formulieren/nieuw/")
    journey.look(page)
    page.get_by_text("Vraag of offerte").first.click()
    page.get_by_label("Naam van het formulier").fill("Vraag het de fietsenmaker")
    page.locator("label", has_text="Woonplaats").first.click()
    look = page.frame_locator("#preview iframe").first
    expect(look.get_by_role("heading", level=1)).to_have_text("Vraag het de fietsenmaker")
    expect(look.get_by_text("Uw vraag").first).to_be_visible()
    expect(look.get_by_text("Woonplaats").first).to_be_visible()
    page.get_by_text("Bureau", exact=True).first.click()
    journey.look(page)
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("button", name="Publiceren").click()
    page.get_by_role("link", name="Zet het op uw site of in uw winkel").click()
    expect(page.get_by_role("img", name="QR-code van het formulier")).to_be_visible()
    journey.look(page)

    visitor = journey.page(width)
    visitor.goto(journey.base + "/f/vraag-het-de-fietsenmaker/")
    journey.look(visitor)
    visitor.get_by_label("Uw vraag").fill("Maakt u ook bakfietsen?")
    visitor.get_by_label("E-mailadres").fill("gerda@example.nl")
    visitor.get_by_role("button", name="Versturen").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Uw vraag is binnen")
    journey.look(visitor)
    assert not PermissionEvent.objects.exists()  # asking is not saying yes to letters

    page.goto(journey.base + "/formulieren/vragen/")
    journey.look(page)
    page.get_by_role("link", name=re.compile("bakfietsen")).click()
    page.get_by_label("Uw antwoord").fill("Ja, kom langs. Nu 20% korting!")
    page.get_by_role("button", name="Antwoord versturen").click()
    expect(page.get_by_text("is reclame").first).to_be_visible()
    journey.look(page)
    page.get_by_label("Uw antwoord").fill("Ja, kom gerust langs.")
    page.get_by_role("button", name="Antwoord versturen").click()
    expect(page.get_by_text("Niemand wacht op antwoord.")).to_be_visible()
    work_queue()
    text = newest_mail_to("gerda@example.nl").get_body(("plain",)).get_content()
    assert "Ja, kom gerust langs." in text
    assert Enquiry.objects.get().answered_by == shop.owner.pk


def test_under_sixteen_a_parent_decides(journey: Journey, shop: Any) -> None:
    from akkoord.consent.models import PermissionEvent
    from akkoord.register.models import Purpose
    from tests.browser.test_sign_up import link_in

    Purpose.objects.update(asks_age=True)
    from django.utils import timezone

    from akkoord.consent.forms_publishing import publish_form
    from akkoord.trail.actions import Actor

    publish_form(form_id=shop.form.id, at=timezone.now(), actor=Actor.staff(shop.owner.pk))
    page = journey.page(PHONE)
    page.goto(f"{journey.base}/f/{shop.form.slug}/")
    journey.look(page)
    page.get_by_label("E-mailadres", exact=True).fill("kim@example.nl")
    page.locator("label[for=id_topics_0]").click()
    page.get_by_label(re.compile("van een van uw ouders")).fill("ouder@example.nl")
    page.get_by_role("button", name="Aanmelden").click()
    work_queue()
    page.goto(link_in(newest_mail_to("kim@example.nl"), "/b/"))
    page.get_by_role("button", name="Ja, ik bevestig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nu nog een van uw ouders")
    journey.look(page)
    assert not PermissionEvent.objects.filter(state="confirmed").exists()
    work_queue()
    page.goto(link_in(newest_mail_to("ouder@example.nl"), "/ouder/"))
    journey.look(page)
    page.get_by_role("button", name="Ja, ik ben de ouder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dank u, het is geregeld")
    assert PermissionEvent.objects.filter(state="confirmed").exists()
    page.goto(link_in(newest_mail_to("ouder@example.nl"), "/ouder/stop/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stoppen voor uw kind?")
    journey.look(page)
    page.get_by_role("button", name="Ja, stop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het is gestopt")
    journey.look(page)
    assert PermissionEvent.objects.filter(state="withdrawn", method="parent").exists()
