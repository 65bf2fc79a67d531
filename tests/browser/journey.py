"""One visit in a browser, watched; and the queue, worked through as the worker does."""

import asyncio
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, Page

AXE = Path("akkoord/web/assets/node_modules/axe-core/axe.min.js")
# What passes is not listed, and no style sheet is fetched anew: no rule of these needs it.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "iframes": False,
    "preload": False,
}
CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE, PHONE = 1280, 390
# Words that hardly a Dutch sentence does without, and no English one has.
DUTCH = re.compile(
    r"\b(?:de|het|een|uw|niet|geen|van|voor|naar|wordt|worden|zijn|met|deze|wij|ons|mensen|bewaren|"
    r"en|om|maar|ook|nog|bij|hebt|heeft|kunt|kies|mail mij)\b",
    re.IGNORECASE,
)
OF_THE_SHOP = r"(?:Nieuwsbrief van )?Fietsen van Dam|Anouk van Dam"
PASSWORD = "zeven groene fietsen staan"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Journey:
    """A person at a browser: pages they open, and everything that went wrong meanwhile."""

    context: BrowserContext
    base: str
    language: str = "nl"
    wrongs: list[str] = field(default_factory=list)

    def page(self, width: int = WIDE) -> Page:
        """A page that is watched."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.set_default_timeout(15_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrongs.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))
        return page

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrongs.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        if url.startswith(("data:", "blob:", "about:")):
            return
        if urlsplit(url).netloc != urlsplit(self.base).netloc:
            self.wrongs.append(f"request to another host: {url}")

    def here(self, url: str) -> str:
        """A link of a mail, on the port of this test."""
        parts = urlsplit(url)
        return self.base + parts.path + (f"?{parts.query}" if parts.query else "")

    def look(self, page: Page) -> None:
        """The page has no violation of WCAG 2.2 AA, does not scroll sideways, breaks nothing.

        Looked at from its top: half under a bar that stays, any link is too small to hit.
        """
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        found = page.evaluate("options => axe.run(document, options)", OPTIONS)
        wrong = [
            f"{each['id']}: {node['html'][:160]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert not wrong, f"{page.url}: " + "\n".join(wrong)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url}: {wide} px too wide"
        assert not self.wrongs, f"{page.url}: {self.wrongs}"

    def read_english(self, page: Page, *, own: str = "") -> None:
        """The page is in English and no sentence of ours on it is Dutch; `own`: the shop's own
        words there, as a pattern."""
        assert page.locator("html").get_attribute("lang") == "en", page.url
        # What somebody was shown in Dutch stays so, and says so; so does the choice of languages.
        text = page.evaluate(
            "() => { const copy = document.body.cloneNode(true);"
            " copy.querySelectorAll('[lang=nl], script, style, option').forEach(e => e.remove());"
            " document.body.append(copy); const text = copy.innerText; copy.remove(); return text }"
        )
        for words in (own, OF_THE_SHOP):
            text = re.sub(words, " ", text) if words else text
        found = DUTCH.findall(text)
        assert not found, f"{page.url}: {found}"

    def log_in(self, page: Page) -> None:
        """As the owner, by a session as logging in makes it (`log_in_by_hand` walks the page)."""
        from django.test import Client

        from akkoord.accounts.models import Staff

        client = Client()
        client.force_login(Staff.objects.get(email="anouk@example.nl"), backend=BACKEND)
        made = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": made.key, "value": made.value, "url": self.base}])
        page.goto(self.base + "/")

    def log_in_by_hand(self, page: Page) -> None:
        """As the owner, on the page for it."""
        page.goto(self.base + "/account/login/")
        page.locator("input[type=email]").fill("anouk@example.nl")
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in" if self.language == "en" else "Inloggen").click()
        page.wait_for_url(self.base + "/")


def work_queue() -> None:
    """Do every job that is due, as the worker does; in a thread, for this one has a loop."""
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(_work())
        except BaseException as problem:
            trouble.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(120)
    assert not thread.is_alive()
    if trouble:
        raise trouble[0]


async def _work() -> None:
    from procrastinate.contrib.django import app

    from akkoord.config.processes import with_own_connection

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        tasks = {task: task.func for task in set(working.tasks.values())}
        for task, function in tasks.items():
            if not asyncio.iscoroutinefunction(function):
                task.func = with_own_connection(function)
        try:
            async with working.open_async():
                await working.run_worker_async(
                    wait=False, install_signal_handlers=False, listen_notify=False
                )
        finally:
            for task, function in tasks.items():
                task.func = function
