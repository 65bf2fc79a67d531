"""Links are asked of the public internet, once, and never of our own network."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from akkoord.delivery.link_check import MOST_LINKS, LinkState, check_links

ANSWERS = {"/fine": 200, "/gone": 404, "/broken": 500, "/members": 403, "/no-head": 405}


class _Site(BaseHTTPRequestHandler):
    seen: list[tuple[str, str]]

    def _answer(self) -> None:
        self.seen.append((self.command, self.path))
        if self.path == "/slow":
            threading.Event().wait(3)
        moved = {"/moved": "/fine", "/round": "/round", "/inwards": "http://192.168.0.1/"}
        status = 302 if self.path in moved else ANSWERS.get(self.path, 200)
        if self.path == "/no-head" and self.command == "GET":
            status = 200
        self.send_response(status)
        if self.path in moved:
            self.send_header("Location", moved[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - as http.server calls them

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    _Site.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/fine", LinkState.WORKS),
        ("/moved", LinkState.WORKS),
        ("/no-head", LinkState.WORKS),
        ("/gone", LinkState.BROKEN),
        ("/broken", LinkState.BROKEN),
        ("/round", LinkState.BROKEN),
        ("/slow", LinkState.BROKEN),
        ("/members", LinkState.UNKNOWN),
        ("/inwards", LinkState.INSIDE),
    ],
)
def test_what_a_site_answers(site: str, path: str, state: LinkState) -> None:
    assert check_links([site + path], allow_loopback=True, patience=0.5) == {site + path: state}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.1.1/",
        "http://[::1]/",
        "http://2130706433/",
        "http://printer.local/",
        "https://intranet/",
        "https://akkoord.nl:8443/",
    ],
)
def test_our_own_network_is_never_asked(url: str) -> None:
    assert check_links([url]) == {url: LinkState.INSIDE}


def test_names_for_examples_are_not_asked() -> None:
    made_up = ["https://example.org/", "https://deketting.example.nl/werkplaats/"]
    assert set(check_links(made_up).values()) == {LinkState.UNKNOWN}


def test_this_machine_is_not_asked_unless_in_a_test(site: str) -> None:
    assert check_links([site + "/fine"]) == {site + "/fine": LinkState.INSIDE}
    assert _Site.seen == []


@pytest.mark.parametrize("url", ["mailto:a@example.nl", "https://", "http://exa mple.nl:x/"])
def test_what_is_no_address_is_broken(url: str) -> None:
    assert check_links([url]) == {url: LinkState.BROKEN}


def test_each_link_once_and_no_more_than_thirty(site: str) -> None:
    found = check_links([f"{site}/{n}" for n in range(40)] * 2, allow_loopback=True)
    assert len(found) == MOST_LINKS == len(_Site.seen)
