"""The demo's two presses: in from the first page, out from the start page."""

import pytest
from django.conf import settings
from django.test import Client

from akkoord.accounts.models import Staff
from akkoord.config import access
from akkoord.insight import demo_views
from akkoord.insight.demo import load_demo
from akkoord.register.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same demo with fewer people."""
    monkeypatch.setattr(demo_views, "load_demo", lambda **given: load_demo(contacts=40, **given))


def test_one_press_loads_the_demo_and_another_takes_it_out(small_demo: None) -> None:
    client = Client()
    session = client.session
    session[access.MAY_BEGIN] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert b"/begin/demo/" in client.get("/begin/").content
    page = client.post("/begin/demo/", follow=True)
    assert page.status_code == 200
    assert b"/demo/weg/" in page.content
    assert b"demo@deketting.example.nl" in page.content
    assert client.get("/demo/weg/").status_code == 200
    out = client.post("/demo/weg/", follow=True)
    assert out.status_code in (200, 403)  # the first run, for who may begin
    assert not Organisation.objects.exists()
    assert not Staff.objects.exists()


def test_a_stranger_cannot_load_the_demo() -> None:
    assert Client(REMOTE_ADDR="203.0.113.9").post("/begin/demo/").status_code == 403
    assert not Organisation.objects.exists()
