"""A form on somebody else's page, from another port: strict policy, hostile style and script."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import PHONE, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Winkel</title>
<style>
* { display: none !important; all: unset; color: white !important; font-size: 2px !important }
html, head, body, main { display: block !important }
input { visibility: hidden !important } label::before { content: "Akkoord met alles" }
</style></head><body><main><p>Onze winkel</p>
<script>
  Array.prototype.evil = () => 1; window.JSON.evil = 1;
  setInterval(() => {
    for (const each of document.querySelectorAll("input")) each.checked = each.required = true;
    for (const each of document.querySelectorAll("*")) if (each.shadowRoot) window.reached = true;
  }, 50);
</script>
%s</main></body></html>"""
PLAIN = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Site</title></head>
<body>%s</body></html>"""


class Site(ThreadingHTTPServer):
    """A site of somebody else: its page and its content policy."""

    page = ""
    policy = ""


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.server.policy:  # type: ignore[attr-defined]
            self.send_header("Content-Security-Policy", self.server.policy)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(self.server.page.encode())  # type: ignore[attr-defined]

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def visit(chromium: Browser, site: Site, width: int) -> tuple[Page, list[str]]:
    context = chromium.new_context(
        locale="nl-NL", viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page, wrongs = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on(
        "console", lambda message: wrongs.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.goto(f"http://127.0.0.1:{site.server_port}/")
    return page, wrongs


def _closed_roots(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for root in node.get("shadowRoots", ()):
        if root["shadowRootType"] == "closed":
            yield root
    for child in node.get("children", ()):
        yield from _closed_roots(child)


def in_closed_root(page: Page, script: str) -> Any:
    """A look into the closed root, by the browser's own tools; a page cannot do this."""
    client = page.context.new_cdp_session(page)
    client.send("DOM.enable")
    tree = client.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    root = next(_closed_roots(tree))
    handle = client.send("DOM.resolveNode", {"nodeId": root["nodeId"]})["object"]["objectId"]
    answer = client.send(
        "Runtime.callFunctionOn",
        {"objectId": handle, "functionDeclaration": script, "returnByValue": True},
    )
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_form_works_on_a_strict_page_of_another_origin(
    chromium: Browser, site: Site, shop: Any, served: str, width: int
) -> None:
    from akkoord.consent.models import SignUp

    site.page = PLAIN % f'<script src="{served}/f/{shop.form.slug}/formulier.js" async></script>'
    site.policy = f"default-src 'none'; script-src {served}; connect-src {served}"
    page, wrongs = visit(chromium, site, width)
    page.wait_for_timeout(1500)
    fill = """function () {
      const form = this.querySelector("form");
      const boxes = [...form.querySelectorAll("[type=checkbox]")];
      const before = boxes.some((box) => box.checked || box.required);
      form.email.value = "gerda@example.nl"; form.first_name.value = "Gerda";
      boxes[0].click();
      form.requestSubmit();
      return [before, getComputedStyle(form).display, this.querySelector("h2").textContent];
    }"""
    before, display, title = in_closed_root(page, fill)
    assert before is False  # INV-8: nothing was ticked, nothing required
    assert (display, title) == ("grid", shop.form.name)
    page.wait_for_timeout(1500)
    said = in_closed_root(page, "function () { return this.querySelector('h2').textContent }")
    assert said == "Kijk in uw mailbox"
    sign_up = SignUp.objects.get()
    assert (sign_up.state, sign_up.given_name) == ("waiting", "Gerda")
    assert page.context.cookies() == []
    assert not wrongs, wrongs
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    page.context.close()


def test_hostile_style_and_script_around_it_change_nothing(
    chromium: Browser, site: Site, shop: Any, served: str
) -> None:
    site.page = HOSTILE % f'<script src="{served}/f/{shop.form.slug}/formulier.js" async></script>'
    page, _wrongs = visit(chromium, site, PHONE)
    page.wait_for_timeout(2000)
    look = """function () {
      const form = this.querySelector("form"), box = form.querySelector("[type=checkbox]");
      const style = getComputedStyle(form), host = getComputedStyle(this.host);
      return [style.display, host.display, style.fontSize, box.checked, box.required,
              getComputedStyle(box).visibility, form.getBoundingClientRect().height > 200];
    }"""
    assert in_closed_root(page, look) == ["grid", "block", "16px", False, False, "visible", True]
    assert page.evaluate("window.reached") is None
    page.context.close()


def test_plain_html_posts_from_any_site(
    chromium: Browser, site: Site, shop: Any, served: str
) -> None:
    from akkoord.consent.models import SignUp
    from akkoord.consent.placing import plain_html

    site.page = PLAIN % plain_html(shop.form, shop.shown)
    site.policy = f"default-src 'none'; form-action {served}"
    page, wrongs = visit(chromium, site, WIDE)
    page.get_by_label("E-mailadres").fill("hans@example.nl")
    page.locator("input[name=topics]").check()
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{served}/f/{shop.form.slug}/gevraagd/")
    assert SignUp.objects.get().collection_point_id == shop.shown.id
    assert not wrongs, wrongs
    page.context.close()
