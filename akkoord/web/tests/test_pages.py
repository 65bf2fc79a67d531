"""The frame, the components, the errors and the language, rendered with unknown names fatal."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory

from akkoord.accounts.tests.factories import make_staff
from akkoord.config.errors import csrf_failure, not_found
from akkoord.web import brand as brands
from akkoord.web import strips as work
from akkoord.web.build_assets import build
from akkoord.web.language import LanguageMiddleware
from akkoord.web.plots import round_top, trend, with_percent


@pytest.fixture
def staff_client(db: Any) -> Client:
    client = Client()
    client.force_login(make_staff(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def render(source: str, **values: Any) -> str:
    return Template("{% load akkoord %}" + source).render(Context(values))


def test_the_style_page_shows_every_component(staff_client: Client) -> None:
    page = staff_client.get("/stijl/").content.decode()
    parts = "standing stat callout card reasons timeline table bulk pages bars trend progress facts"
    parts += " fingerprint copy wording nothing steps field panel dialog menu tabs pill crumbs"
    missing = [part for part in parts.split() if not re.search(rf'class="[^"]*\b{part}\b', page)]
    assert missing == []


def test_pages_obey_the_content_policy(staff_client: Client) -> None:
    for url in ("/stijl/", "/stijl/persoon/", "/medewerkers/"):
        page = staff_client.get(url).content.decode()
        assert "style=" not in page
        assert "<style" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"\son\w+=", page)


def test_ids_on_a_page_are_unique(staff_client: Client) -> None:
    ids = re.findall(r'\bid="([^"]+)"', staff_client.get("/stijl/").content.decode())
    assert sorted(ids) == sorted(set(ids))


def test_a_public_page_stays_under_15_kb_and_needs_no_script(staff_client: Client) -> None:
    build()
    page = staff_client.get("/stijl/persoon/").content.decode()
    assert "<script" not in page
    from akkoord.web import built

    style = (built.DIST / (built.built_files()["public.css"] + ".gz")).stat().st_size
    assert len(page.encode()) + style < 15_000
    assert "Akkoord bewaart het bewijs" in page or "Akkoord keeps the proof" in page


@pytest.mark.parametrize(
    ("state", "word"), [("may", "allowed"), ("may-not", "not allowed"), ("waiting", "waiting")]
)
def test_the_badge_says_its_state_in_words(state: str, word: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        made = render('{% standing state reason="Because" proof_url="/p/" %}', state=state)
    assert word in made
    assert 'href="/p/"' in made
    assert "popovertarget" in made


def test_text_is_escaped_in_components() -> None:
    bad = "<b>x</b>"
    for source in (
        "{% button bad %}",
        "{% pill bad %}",
        "{% standing 'may' reason=bad %}",
        "{% callout 'info' title=bad %}{{ bad }}{% endcallout %}",
        "{% card title=bad %}{{ bad }}{% endcard %}",
        "{% nothing bad %}",
        "{% copy bad %}",
        "{% stat bad bad %}",
        "{% button 'a' data_x=bad %}",
    ):
        assert "<b>" not in render(source, bad=bad), source


def test_numbers_in_shapes_are_never_written_the_dutch_way() -> None:
    made = render("{% bars rows sentence='s' %}", rows=[("a", 3000), ("b", 1000)])
    assert 'width="33.33"' in made
    assert 'width="100.0"' in made or 'width="100"' in made
    assert 'max="2500"' in render("{% progress 1200 2500 'x' %}")


def test_plots_begin_at_zero() -> None:
    assert [row["percent"] for row in with_percent([{"n": 0}, {"n": 4}], "n")] == [0, 100]
    assert with_percent([{"n": 0}], "n")[0]["percent"] == 0
    assert [round_top(value) for value in (0, 7, 10, 790, 1102)] == [1, 8, 10, 800, 2000]
    assert trend([])["path"] == ""
    assert trend([("a", 0), ("b", 10)])["path"] == "M0.00 40.00L100.00 0.00"


def test_the_progress_strip_shows_what_runs(staff_client: Client) -> None:
    work.running_work("test")(lambda: [work.Strip("Herfst", 412, 1102, "/c/")])
    try:
        page = staff_client.get("/voortgang/").content.decode()
    finally:
        work._sources.pop("test")
    assert 'value="412"' in page
    assert "Herfst" in page
    assert "Herfst" not in staff_client.get("/voortgang/").content.decode()


def test_the_house_colour_is_made_readable(monkeypatch: pytest.MonkeyPatch, db: Any) -> None:
    monkeypatch.setattr(brands, "_source", lambda: brands.Brand("X", accent="#ffe600"))
    answer = Client().get("/huisstijl.css")
    assert answer.headers["Content-Type"] == "text/css"
    assert "--accent:#ffe600" in answer.content.decode().split("@media")[1]
    monkeypatch.setattr(brands, "_source", lambda: brands.Brand("X", accent="red;}"))
    assert Client().get("/huisstijl.css").content == b""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_errors_say_what_to_do(language: str, rf: RequestFactory, db: Any) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.utils import translation

    request = rf.get("/x/")
    request.user = AnonymousUser()
    with translation.override(language):
        for answer, status in ((not_found(request), 404), (csrf_failure(request), 403)):
            page = answer.content.decode()
            assert answer.status_code == status
            assert 'class="alone"' in page
            assert 'href="/"' in page


def ask_language(**request: Any) -> str:
    seen: list[str] = []

    def view(asked: Any) -> Any:
        from django.http import HttpResponse

        seen.append(asked.LANGUAGE_CODE)
        return HttpResponse("")

    asked = RequestFactory().get("/", headers=request.get("headers"))
    asked.COOKIES.update(request.get("cookies", {}))
    answer = LanguageMiddleware(view)(asked)
    assert answer.headers["Content-Language"] == seen[0]
    assert "Accept-Language" in answer.headers["Vary"]
    return seen[0]


def test_the_browser_decides_the_language() -> None:
    assert ask_language(headers={"accept-language": "en-GB,en;q=0.9"}) == "en"
    assert ask_language(headers={"accept-language": "fr"}) == "nl"


def test_a_chosen_language_wins_from_the_browser() -> None:
    cookies = {settings.LANGUAGE_COOKIE_NAME: "en"}
    assert ask_language(headers={"accept-language": "nl"}, cookies=cookies) == "en"
    assert ask_language(cookies={settings.LANGUAGE_COOKIE_NAME: "../x"}) == "nl"


def test_the_language_of_staff_wins_from_the_cookie(staff_client: Client) -> None:
    staff_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = staff_client.get("/stijl/", headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "nl"


def test_choosing_a_language_keeps_it_and_goes_back(staff_client: Client) -> None:
    answer = staff_client.post("/taal/", {"language": "en", "next": "/stijl/"})
    assert answer.headers["Location"] == "/stijl/"
    assert staff_client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert staff_client.get("/stijl/").headers["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:1"])
def test_choosing_a_language_never_leads_elsewhere(elsewhere: str) -> None:
    answer = Client().post("/taal/", {"language": "xx", "next": elsewhere})
    assert answer.headers["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
