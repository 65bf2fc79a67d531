"""A leak from the button on every page to the letters, at a desk and on a phone."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from akkoord.delivery.tests.smtp_server import smtp_server
from tests.browser.journey import PHONE, WIDE, Journey, work_queue
from tests.browser.world import make_people


def tick(page: Any, words: str) -> None:
    """Press the first choice that begins with these words."""
    page.locator(".choice label", has_text=re.compile(f"^{re.escape(words)}")).first.click()


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_from_the_button_to_the_decision(journey: Journey, shop: Any, width: int) -> None:
    make_people(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/mensen/")
    page.get_by_role("link", name="Datalek melden").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Datalek melden")
    journey.look(page)
    page.get_by_label("Wat is er gebeurd?").fill("De lijst van de rit ging naar een andere klant.")
    tomorrow = timezone.localtime() + timedelta(days=1)
    noticed = page.get_by_label("Wanneer merkte iemand bij u het?")
    noticed.fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Bewaren en verder").click()
    expect(page.locator(".field.wrong")).to_contain_text("Dit moment moet nog komen.")
    journey.look(page)
    before = timezone.localtime() - timedelta(hours=30, minutes=10)
    noticed.fill(before.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.locator(".leak-clock")).to_contain_text("nog 41 uur")
    tick(page, "Iemand zag of kreeg")
    page.get_by_label("Hoe kwam het?").select_option(
        label="Aan de verkeerde persoon gestuurd of gegeven"
    )
    tick(page, "Mailbox")
    journey.look(page)
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Wie is geraakt")
    page.get_by_role("link", name="Iedereen van een onderwerp").click()
    page.get_by_label("Welk onderwerp?").select_option(label="Nieuwsbrief")
    page.get_by_role("button", name="Deze mensen zoeken").click()
    expect(page.locator(".stats")).to_contain_text("mensen in Akkoord")
    journey.look(page)
    tick(page, "E-mailadres")
    page.get_by_role("button", name="Bewaren en verder").click()

    tick(page, "Gevoelige gegevens")
    tick(page, "Meteen")
    tick(page, "Ja, en u weet wie")
    page.get_by_label("Wat kan het voor de mensen betekenen?").fill("Ongewenste mail.")
    page.get_by_label("Wat hebt u al gedaan?").fill("De ontvanger heeft de lijst gewist.")
    journey.look(page)
    page.get_by_role("button", name="Bewaren en verder").click()

    expect(page.locator("main")).to_contain_text("Advies: licht de AP en de mensen in")
    journey.look(page)
    tick(page, "De AP en de mensen inlichten")
    page.get_by_label("Waarom?", exact=True).fill("Er stonden medische gegevens bij.")
    # Elsewhere the clock goes along: deciding to tell the AP does not stop it, telling does.
    other = journey.page(width)
    other.goto(f"{journey.base}/mensen/")
    expect(other.locator("#progress")).to_contain_text("nog 41 uur")
    journey.look(other)
    page.get_by_role("button", name="Beslissen").click()
    expect(page.locator("main")).to_contain_text("Besloten")
    journey.look(page)
    other.reload()
    expect(other.locator("#progress")).to_contain_text("nog 41 uur")
    page.get_by_role("link", name="Bekijk wat u invult").click()
    page.get_by_label("Nummer dat de AP gaf").fill("AP-2026-0041")
    page.get_by_role("button", name="Opschrijven dat de AP is ingelicht").click()
    expect(page.locator("main")).to_contain_text("AP-2026-0041")
    other.reload()
    expect(other.locator("#progress")).not_to_contain_text("uur")
    page.goto(f"{journey.base}/datalekken/")
    journey.look(page)


@pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
def test_from_the_decision_to_the_letters(
    journey: Journey, shop: Any, settings: Any, width: int
) -> None:
    """Told to the AP, to the people by a real mail server, to the rest by post; then closed."""
    make_people(shop)
    breach = decided_leak(shop)
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/datalekken/{breach.id}/")
    page.get_by_role("link", name="Bekijk wat u invult").click()
    expect(page.locator("main")).to_contain_text("Soort melding")
    journey.look(page)
    page.get_by_label("Nummer dat de AP gaf").fill("AP-2026-0042")
    page.get_by_role("button", name="Opschrijven dat de AP is ingelicht").click()
    expect(page.locator("main")).to_contain_text("AP-2026-0042")

    page.get_by_role("link", name="De brief schrijven").click()
    journey.look(page)
    yourself = page.get_by_label("Wat u zelf kunt doen")
    before = yourself.input_value()
    yourself.fill("Koop nu met 10% korting.")
    page.get_by_role("button", name="Brief bewaren").click()
    expect(page.locator(".form-error").first).to_contain_text("korting")
    yourself.fill(before)
    page.get_by_role("button", name="Brief bewaren").click()
    expect(page.locator("main")).to_contain_text("Bewaard. Bekijk de brief hieronder.")
    journey.look(page)
    with smtp_server() as server:
        settings.SMTP_URL = server.url
        page.get_by_role("button", name="Brieven versturen").click()
        page.get_by_role("dialog").get_by_role("button", name="Brieven nu versturen").click()
        expect(page.locator("main")).to_contain_text("onderweg")
        work_queue()
        page.reload()
        expect(page.locator("main")).to_contain_text(re.compile(r"(\d) van \1 verstuurd"))
        # Also to who wants no letters any more (INV-4).
        sent = {recipient: content for _sender, recipient, content in server.accepted}
        assert "eva.bos@example.nl" in sent
        assert len(sent) == breach.affected.count()
        assert all(b"art. 34 AVG" in content for content in sent.values())
    journey.look(page)
    page.goto(f"{journey.base}/datalekken/{breach.id}/")
    page.get_by_role("button", name="Lek afsluiten").click()
    page.get_by_role("dialog").get_by_label("Hoe liep het af?").fill("Iedereen weet het.")
    page.get_by_role("dialog").get_by_role("button", name="Lek afsluiten").click()
    expect(page.locator("main")).to_contain_text("Afgesloten")
    page.get_by_label("Wat leerde u ervan?").fill("Het adresveld vult zich zelf in.")
    page.get_by_label("Wat gaat u eraan doen?").fill("Aanvullen uitzetten")
    page.get_by_label("Vóór welke dag?").fill(f"{timezone.localdate() + timedelta(days=7)}")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator("main")).to_contain_text("Aanvullen uitzetten")
    journey.look(page)
    for path in (
        *("protocol/", "", f"{breach.id}/openbaar/", f"{breach.id}/post/"),
        f"{breach.id}/geschiedenis/",
    ):
        page.goto(f"{journey.base}/datalekken/{path}")
        journey.look(page)
    person = breach.affected.first()
    page.goto(f"{journey.base}/mensen/{person.person_id}/")
    expect(page.locator("main")).to_contain_text("Brief over een datalek verstuurd")


def decided_leak(
    shop: Any,
    *,
    what: str = "De lijst van de rit ging naar een andere klant.",
    consequences: str = "Iemand kan zich voor u uitgeven.",
    taken: str = "De ontvanger heeft de lijst gewist.",
    reason: str = "Er stonden medische gegevens bij.",
) -> Any:
    """A leak of the worst kind about everybody of the shop, decided: tell the AP and the people."""
    from akkoord.breaches.actions import DecisionFacts, begin_breach, decide, keep_step
    from akkoord.breaches.affected import ScopeFacts, add_scope
    from akkoord.law.breach_rules import Decision
    from akkoord.trail.actions import Actor

    now, actor = timezone.now() - timedelta(hours=20), Actor.staff(shop.owner.pk)
    breach = begin_breach(
        values={"what": what, "aware_at": now},
        at=now,
        actor=actor,
    )
    add_scope(
        breach_id=breach.id,
        facts=ScopeFacts("topic", shop.topic.id),
        at=timezone.now(),
        actor=actor,
    )
    kind = {"natures": ["confidentiality"], "cause": "wrong-recipient", "systems": ["mailbox"]}
    bad = {
        "context": 4,
        "identification": Decimal(1),
        "confidentiality": Decimal("0.25"),
        "consequences": consequences,
        "taken": taken,
    }
    for step, values in (("kind", kind), ("severity", bad)):
        keep_step(breach_id=breach.id, step=step, values=values, at=timezone.now(), actor=actor)
    decide(
        breach_id=breach.id,
        facts=DecisionFacts(Decision.PERSONS, reason),
        at=timezone.now(),
        actor=actor,
    )
    return breach
