"""Consent off-line: a card with its scan, a list line by line, the tablet on the counter."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from akkoord.consent.models import EvidenceFile, EvidenceRow, PermissionEvent, Standing
from akkoord.law.terms import law_day
from akkoord.people.models import Person
from tests.browser.journey import PASSWORD, PHONE, WIDE, Journey
from tests.browser.world import NAMES, Shop, make_people, point_of, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = (1024, 768)
YESTERDAY = f"{law_day(timezone.now()) - timedelta(days=1)}"  # the shop's form is two days old


def scan() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(drawn, "JPEG")
    return {"name": "kaartje.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_inv07_a_card_is_entered_with_its_scan(journey: Journey, shop: Shop, width: int) -> None:
    sign_up(shop, "Fleur Jong", confirmed=False)
    person = point_of("Fleur Jong").person_id
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/formulieren/mens/{person}/ja/")
    journey.look(page)
    assert page.get_by_label("Scan of foto").is_visible()
    assert not page.get_by_label("Waar staat de opname?").is_visible()
    page.locator("label[for=id_method_2]").click()
    assert page.get_by_label("Waar staat de opname?").is_visible()
    page.locator("label[for=id_method_0]").click()
    page.get_by_label("Op welke dag?").fill(YESTERDAY)
    page.locator("label[for=id_was_ticked]").click()
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_text("Zonder kan niemand zien dat deze persoon ja zei").wait_for()
    journey.look(page)
    page.get_by_label("Scan of foto").set_input_files(scan())  # type: ignore[arg-type]
    page.get_by_role("button", name="Bewaren").click()
    page.wait_for_url(f"**/mensen/{person}/")
    assert Standing.objects.get(person_id=person).state == "given"
    file = EvidenceFile.objects.get()
    assert page.locator(f'a[href*="{file.id}"]').count() == 1


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_somebody_is_added_by_hand(journey: Journey, shop: Shop, width: int) -> None:
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/mensen/")
    page.get_by_role("link", name="Iemand toevoegen").click()
    journey.look(page)
    page.get_by_label("E-mailadres").fill("noor@example.nl")
    page.get_by_text("Ik heb alleen het adres").click()
    assert not page.get_by_label("Op welke dag?").is_visible()
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_text("Alleen een adres is geen reden").wait_for()
    journey.look(page)
    assert not Person.objects.filter(points__value="noor@example.nl").exists()
    page.get_by_text("Deze persoon zei ja, en ik kan dat laten zien").click()
    page.get_by_label("Op welke dag?").fill(YESTERDAY)
    page.get_by_label("Scan of foto").set_input_files(scan())  # type: ignore[arg-type]
    page.locator("label[for=id_was_ticked]").click()
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_text("Bewaard, met het bewijs").wait_for()
    person = Person.objects.get(points__value="noor@example.nl")
    assert page.url.endswith(f"/mensen/{person.id}/")
    assert Standing.objects.get(person=person).state == "given"


def test_a_signed_list_is_matched_line_by_line(journey: Journey, shop: Shop) -> None:
    make_people(shop)
    page = journey.page()
    journey.log_in(page)
    page.goto(f"{journey.base}/formulieren/lijst/nieuw/")
    journey.look(page)
    page.get_by_label("Scan van de lijst").set_input_files(scan())  # type: ignore[arg-type]
    page.get_by_label("Wanneer is de lijst getekend?").fill(f"{YESTERDAY}T10:00")
    page.get_by_label("De regels op de lijst").fill(
        f"{NAMES[0]}, anna.bakker@example.nl\nNieuwe Klant, nieuw@example.nl\nZonder Adres"
    )
    page.get_by_role("button", name="Naar de regels").click()
    page.get_by_role("heading", name="Lijst vergelijken").wait_for()
    journey.look(page)
    page.set_viewport_size({"width": PHONE, "height": 900})
    journey.look(page)
    assert page.locator("input[name=ticked]").count() == 2
    page.get_by_label("Regel 2").check()
    page.get_by_role("button", name="Aangevinkte regels bewaren").click()
    page.get_by_text("1 regel werd een ja").wait_for()
    assert EvidenceRow.objects.get().row == 2


@pytest.mark.parametrize("size", [TABLET, (TABLET[1], TABLET[0])])
def test_inv13_the_tablet_keeps_no_trace_of_the_person_before(
    journey: Journey, shop: Shop, size: tuple[int, int]
) -> None:
    page = journey.page(size[0])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    journey.log_in(page)
    page.goto(f"{journey.base}/formulieren/{shop.form.id}/")
    set_ready(page, journey.base)
    journey.look(page)
    page.get_by_label("E-mailadres").fill("gast@example.nl")
    page.get_by_role("button", name="Ja, dit wil ik").click()  # no box ticked: refused
    page.locator("#id_topics_error").wait_for()
    journey.wrongs.clear()  # the browser notes the 422 in its console
    page.locator("label[for=id_topics_0]").click()
    if page.locator("input[name=sixteen]").count():
        page.locator("label[for=id_sixteen]").click()
    page.get_by_role("button", name="Ja, dit wil ik").click()
    page.get_by_role("heading", name="Dank u, het is bewaard").wait_for()
    journey.look(page)
    assert PermissionEvent.objects.get(method="counter").state == "given"
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "gast@example.nl" not in page.content()
        assert page.evaluate(
            "![...document.querySelectorAll('input')].some(each => each.value.includes('gast'))"
        )
    page.goto(f"{journey.base}/mensen/")  # the browser is logged out
    assert "/account/login/" in page.url
    page.goto(f"{journey.base}/balie/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/account/login/**")
    page.get_by_label("E-mail").fill("anouk@example.nl")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("heading", name="Dit scherm verlaten").wait_for()
    journey.look(page)
    page.get_by_label("Pincode van deze tablet").fill("1357")
    page.get_by_role("button", name="Verlaten").click()
    page.get_by_text("nog 4 keer").wait_for()
    page.goto(f"{journey.base}/mensen/")  # the password alone opens nothing
    page.get_by_label("Pincode van deze tablet").fill("4829")
    page.get_by_role("button", name="Verlaten").click()
    page.wait_for_url(f"{journey.base}/formulieren/{shop.form.id}/")


def set_ready(page: Page, base: str) -> None:
    """From the form's page to the tablet, with a PIN."""
    page.get_by_role("link", name="Op de tablet").click()
    page.get_by_label("Kies een pincode voor deze tablet").fill("4829")
    page.get_by_label("De pincode nog een keer").fill("4829")
    page.get_by_role("button", name="Tablet starten").click()
    page.wait_for_url(f"{base}/balie/")


def test_the_tablet_goes_back_to_its_start_when_nobody_touches_it(
    journey: Journey, shop: Shop
) -> None:
    page = journey.page(TABLET[0])
    page.clock.install()
    journey.log_in(page)
    page.goto(f"{journey.base}/formulieren/{shop.form.id}/")
    set_ready(page, journey.base)
    page.get_by_label("E-mailadres").fill("half@example.nl")
    page.clock.fast_forward(59_000)
    assert page.get_by_label("E-mailadres").input_value() == "half@example.nl"
    journey.wrongs.clear()  # the preview's sandbox keeps out the clock that the test brings
    with page.expect_navigation():
        page.clock.fast_forward(2_000)
    assert page.get_by_label("E-mailadres").input_value() == ""
