"""Insight on consent: what people choose, each plot with its table and file, and the advice."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.journey import PHONE, WIDE, Journey
from tests.browser.words import WORDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_what_people_choose_is_shown_with_its_numbers(
    journey: Journey, shop: Any, width: int
) -> None:
    look_at_choices(journey, shop, width)


def look_at_choices(journey: Journey, shop: Any, width: int) -> None:
    """From the overview to a file; a group under five is in no figure."""
    from tests.browser.world import sign_up

    say = WORDS[journey.language]
    for number in range(7):
        sign_up(shop, f"Iemand Nummer{number}")
    page = journey.page(width)
    journey.log_in(page)
    page.goto(f"{journey.base}/inzicht/")
    journey.look(page)
    page.get_by_role("link", name=say["choices"]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["choices"])
    expect(page.get_by_text("100%").first).to_be_visible()
    page.get_by_text(say["numbers"]).first.click()
    expect(page.locator("details[open] table").first).to_be_visible()
    journey.look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=say["as a file"]).first.click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert "7" in text
    assert "example.nl" not in text  # figures, and nobody in them
