"""The check-up from red to green by its buttons alone: each leads to where it can be done."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.journey import PHONE, WIDE, Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 40  # presses; there are some twenty points and questions to turn
SECRET = "JBSWY3DPEHPK3PXP"


def press(page: Page, name: str) -> None:
    """A button of the page itself, not of the panel or the menu."""
    page.locator("main").get_by_role("button", name=name).first.click()


def answer(page: Page) -> None:
    page.locator("label", has_text=re.compile(r"^\s*Ja\s*$")).first.click()
    page.get_by_label("Waaruit blijkt dat?").fill("Het staat in het handboek van de winkel.")
    press(page, "Bewaren")


def publish(page: Page) -> None:
    page.locator("main").get_by_role("link", name=re.compile("ublice")).first.click()
    page.wait_for_load_state()
    if page.locator("input[name=matters]").count():
        page.locator("input[name=matters][value=no]").check(force=True)
        page.locator("textarea[name=reason_nl]").fill("Er staat nu bij wat wij jaarlijks vragen.")
        page.locator("textarea[name=reason_en]").fill("It now says what we ask every year.")
    press(page, "Publiceren")


def second_step(page: Page) -> None:
    """The page leads to the second step; the code itself is typed in the journey of accounts."""
    from allauth.mfa.totp.internal.auth import TOTP

    from akkoord.accounts.models import Staff

    page.locator("main").get_by_role("link", name="Zet die aan").click()
    expect(page).to_have_url(re.compile("/2fa/"))
    TOTP.activate(Staff.objects.get(role="owner"), SECRET)


def backups(page: Page) -> None:
    """Make one, as the worker would; or say that one was tried."""
    from akkoord.trail import backups
    from akkoord.trail.models import Backup, RestoreTry

    if not Backup.objects.exists():
        press(page, "Nu een back-up maken")
        page.wait_for_load_state()
        made = Backup.objects.get()
        backups.claim(made.id, at=timezone.now())
        backups.note_made(made.id, size=31_000_000, people=12, at=timezone.now())
        return
    if RestoreTry.objects.exists():
        press(page, "Nu kopiëren")
        return
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    page.get_by_label("Wanneer hebt u het geprobeerd?").fill(day)
    page.get_by_label("Ja, alles was er").check(force=True)
    press(page, "Ik heb er een geprobeerd")


def details(page: Page) -> None:
    page.locator("main input[type=checkbox]").first.check(force=True)
    press(page, "Bewaren")


def dpia(page: Page) -> None:
    press(page, "Ik ben het eens")


def drill(page: Page) -> None:
    page.get_by_label("Wat is er gebeurd?").fill("Wij oefenden met een verloren laptop.")
    page.locator("main form button[type=submit], main form button").last.click()


WAYS: dict[str, Callable[[Page], None]] = {
    "/controle/vraag/": answer,
    "/controle/dpia/": dpia,
    "/privacyverklaring/": publish,
    "/medewerkers/": second_step,
    "/back-ups/": backups,
    "/datalekken/": drill,
    "/formulieren/": details,
    "/kloppen": details,
}


def test_from_red_to_green_by_the_buttons_alone(
    journey: Journey, shop: Any, settings: Any, tmp_path: Any
) -> None:
    from akkoord.checkup.actions import keep_today

    settings.JOURNAL_COPY = tmp_path
    page = journey.page(WIDE)
    journey.log_in(page)
    page.goto(journey.base + "/controle/")
    journey.look(page)
    keep_today(at=timezone.now() - timedelta(days=1))
    before = score(page)
    seen: list[str] = []
    for _press in range(MOST):
        page.goto(journey.base + "/controle/")
        if not page.locator(".next .card").count():
            break
        title = page.locator(".next .next-title").first.inner_text()
        assert seen.count(title) < 3, f"{title} does not turn: {page.url}"
        seen.append(title)
        with page.expect_navigation():
            page.locator(".next .card").first.locator(".row a").first.click()
        path = page.url.removeprefix(journey.base)
        way = next((do for start, do in WAYS.items() if path.startswith(start)), None)
        assert way is not None, f"{title} leads to {path}"
        way(page)
        page.wait_for_load_state()
    expect(page.get_by_text("Er is niets meer te doen")).to_be_visible()
    assert score(page) == 100 > before
    journey.look(page)
    keep_today(at=timezone.now())
    page.reload()
    expect(page.locator(".trend, figure, svg").first).to_be_visible()


def score(page: Page) -> int:
    """The score that the page says."""
    found = re.search(r"Samen (\d+) van", page.locator("main").inner_text())
    assert found is not None
    return int(found.group(1))


def test_the_first_three_things_on_a_phone(journey: Journey, shop: Any) -> None:
    page = journey.page(PHONE)
    journey.log_in(page)
    for address in ("/controle/", "/controle/dpia/", "/controle/mail/"):
        page.goto(journey.base + address)
        journey.look(page)
    page.goto(journey.base + "/controle/dpia/topic-nieuwsbrief/criteria/")
    journey.look(page)
