"""The ground of the journeys: the app on a port of its own, jobs, one Chromium, a strict eye.

Every page that is opened is watched: no message of the console (a breach of the content policy
is one), no request to another host. `Journey.look()` also asks axe-core, which the assets bring
as a development dependency.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.journey import CHROMIUM, SWITCHES, Journey


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the module; stopped with it, so that no event loop stays in this thread."""
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop runs in this thread; Django sees it and would refuse every query.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            with closing(browser):
                yield browser


@pytest.fixture
def served(live_server: Any, settings: Any) -> str:
    """The address of the app, which also stands in the mails."""
    from akkoord.datamap.keys import check_keys

    check_keys()
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def shop(served: str) -> Any:
    """A bicycle shop with a form."""
    from tests.browser.world import make_shop

    return make_shop()


@pytest.fixture
def journey(chromium: Browser, served: str) -> Iterator[Journey]:
    """A fresh visitor who reads Dutch."""
    context = chromium.new_context(
        locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
    )
    visit = Journey(context, served)
    yield visit
    context.close()
    assert not visit.wrongs, visit.wrongs


@pytest.fixture
def english(chromium: Browser, served: str, shop: Any) -> Iterator[Journey]:
    """A fresh visitor who reads English, at a shop whose owner does too."""
    shop.owner.language = "en"
    shop.owner.save(update_fields=["language"])
    context = chromium.new_context(
        locale="en-GB", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
    )
    visit = Journey(context, served, language="en")
    yield visit
    context.close()
    assert not visit.wrongs, visit.wrongs
