"""The pages for push messages, as a browser uses them (INV-8, 12, 23, 24, 34)."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akkoord.consent.devices import device_at
from akkoord.consent.models import CollectionPoint, PermissionEvent
from akkoord.consent.push_tokens import (
    device_token,
    joining_link,
    linking_link,
    renewal_token,
    stop_link,
)
from akkoord.consent.tests.factories import make_form, make_organisation, make_point, make_topic
from akkoord.consent.tests.test_devices import allow, browser, make_page, subscription
from akkoord.datamap.keys import vapid_public_key
from akkoord.delivery.models import OutboxMail
from akkoord.delivery.push_crypto import as_text
from akkoord.people.models import ContactPoint, Person, PushDevice
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    return make_topic(channels=("email", "push"))


@pytest.fixture
def shown(topic: Purpose) -> CollectionPoint:
    return make_page(topic)


@pytest.fixture
def client() -> Client:
    return Client(
        HTTP_ACCEPT_LANGUAGE="nl",
        HTTP_USER_AGENT=FIREFOX,
        REMOTE_ADDR="203.0.113.77",
        enforce_csrf_checks=True,
    )


def post(client: Client, url: str, values: object) -> Any:
    return client.post(url, json.dumps(values), content_type="application/json")


def said(shown: CollectionPoint, /, **values: object) -> dict[str, object]:
    of = browser()
    return {
        "shown": str(shown.id),
        "topics": [str(each) for each in shown.purpose_version_ids],
        "sixteen": False,
        "website": "",
        "subscription": {"endpoint": of.endpoint, "expirationTime": None, "keys": of.keys},
        **values,
    }


def test_the_page_explains_first_and_ticks_nothing(client: Client, shown: CollectionPoint) -> None:
    answer = client.get("/p/berichten/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ja, stuur mij pushberichten: Nieuws newsletter." in page
    assert " checked" not in page
    assert "requestPermission" not in page  # only our script asks, and only after a press
    assert as_text(vapid_public_key()) in page
    assert "Pushberichten hebben JavaScript nodig" in page  # our script hides it
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies.get("akkoord_session")


def test_a_form_for_mail_is_offered_to_who_cannot_have_push(
    client: Client, shown: CollectionPoint, topic: Purpose
) -> None:
    assert "/f/" not in client.get("/p/berichten/").content.decode()
    make_form(topic)
    assert 'href="/f/nieuwsbrief/"' in client.get("/p/berichten/").content.decode()


def test_the_worker_has_its_own_place_and_asks_nobody_else(client: Client) -> None:
    answer = client.get("/p/dienst.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/p/"
    script = answer.content.decode()
    assert "notificationclick" in script
    assert "https://" not in script
    assert client.get("/p/icoon.png").content.startswith(b"\x89PNG")


def test_home_screen(client: Client, shown: CollectionPoint) -> None:
    found = client.get("/p/berichten/app.webmanifest").json()
    assert (found["start_url"], found["scope"], found["display"]) == (
        "/p/berichten/",
        "/p/",
        "standalone",
    )
    assert client.get("/p/").headers["Location"] == "/p/berichten/"


def test_the_page_says_that_one_box_is_needed(client: Client, shown: CollectionPoint) -> None:
    page = client.get("/p/berichten/").content.decode()
    legend = re.search(r"<legend>(.*?)</legend>", page)
    assert legend is not None
    assert "kies er minstens één" in legend.group(1)


def test_inv12_allowing_gives_push_and_no_mail(
    client: Client, shown: CollectionPoint, topic: Purpose
) -> None:
    answer = post(client, "/p/berichten/aan/", said(shown))
    assert answer.status_code == 200, answer.content
    point = ContactPoint.objects.get()
    assert point.channel == "push"
    assert ask([point.id], topic, "push", at=timezone.now())[point.id].allowed
    assert not ask([point.id], topic, "email", at=timezone.now())[point.id].allowed
    assert PushDevice.objects.get().browser == "Firefox"
    assert PushDevice.objects.get().network == "203.0.113.0"
    page = client.get(answer.json()["url"].replace("http://127.0.0.1:8000", ""))
    assert page.status_code == 200
    assert "Pushberichten op dit apparaat" in page.content.decode()
    assert browser().endpoint not in page.content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"topics": []},
        {"topics": "alles"},
        {"topics": [7, None, "x"]},
        {"shown": "x"},
        {"shown": "00000000-0000-7000-8000-000000000000"},
        {"website": "http://spam.example"},
        {"subscription": None},
        {"subscription": []},
        {"subscription": {"endpoint": browser().endpoint}},
        {"subscription": {"endpoint": browser().endpoint, "keys": "x"}},
        {"subscription": {"endpoint": "https://10.0.0.1/x", "keys": browser().keys}},
        {"subscription": {"endpoint": "https://db.internal/x", "keys": browser().keys}},
        {"subscription": {"endpoint": browser().endpoint, "keys": {"p256dh": "BA", "auth": "x"}}},
    ],
)
def test_bad_input_changes_nothing(
    client: Client, shown: CollectionPoint, values: dict[str, object]
) -> None:
    answer = post(client, "/p/berichten/aan/", said(shown, **values))
    assert answer.status_code in (410, 422)
    assert "problem" in answer.json()
    assert not Person.objects.exists()
    assert not PermissionEvent.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "1" * 20_000, "[" * 5000, "\x00", "é"])
def test_what_is_no_json_of_ours_is_refused(
    client: Client, shown: CollectionPoint, body: str
) -> None:
    for url in ("/p/berichten/aan/", "/p/mijn/", "/p/vernieuwd/"):
        answer = client.post(url, body.encode(), content_type="application/json")
        assert answer.status_code == 422, url


def test_another_sites_page_cannot_post_for_a_visitor(
    client: Client, shown: CollectionPoint
) -> None:
    """What a page may post across sites without asking us is no JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/p/berichten/aan/", json.dumps(said(shown)), content_type=kind)
        assert answer.status_code == 422


def test_who_shows_the_secret_gets_the_page_and_nobody_else(
    client: Client, shown: CollectionPoint
) -> None:
    point = allow(shown, at=timezone.now())
    of = browser()
    good = post(client, "/p/mijn/", {"endpoint": of.endpoint, "auth": of.keys["auth"]})
    assert "/p/v/" in good.json()["url"]
    for values in ({"endpoint": of.endpoint, "auth": "A" * 22}, {"endpoint": of.endpoint}, {}):
        assert post(client, "/p/mijn/", values).status_code == 404
    assert device_at(point.id) is not None


def test_the_browser_changes_its_address(client: Client, shown: CollectionPoint) -> None:
    point = allow(shown, at=timezone.now())
    fresh = browser("fresh")
    values = {
        "renewal": renewal_token(point.id),
        "subscription": {"endpoint": fresh.endpoint, "keys": fresh.keys},
    }
    assert post(client, "/p/vernieuwd/", values).status_code == 200
    assert PushDevice.objects.get().endpoint == fresh.endpoint
    assert post(client, "/p/vernieuwd/", {**values, "renewal": "forged"}).status_code == 410
    client.post(f"/p/v/{device_token(point_id=point.id, at=timezone.now())}/", {"do": "off"})
    assert post(client, "/p/vernieuwd/", values).status_code == 410
    assert not PushDevice.objects.exists()


def test_inv23_inv24_one_press_in_the_notification_stops(
    client: Client, shown: CollectionPoint, topic: Purpose
) -> None:
    point = allow(shown, at=timezone.now())
    url = stop_link(point_id=point.id, purpose_id=topic.id).replace("http://127.0.0.1:8000", "")
    page = client.get(url)
    assert page.status_code == 200
    assert "<form" in page.content.decode()
    assert device_at(point.id) is not None  # opening is not stopping
    answer = client.post(url, "", content_type="text/plain")
    assert (answer.status_code, answer.content) == (200, b"LAST")
    assert not PushDevice.objects.exists()
    assert not ask([point.id], topic, "push", at=timezone.now())[point.id].allowed
    assert client.post(url).status_code == 200  # once more is no mistake


def test_one_of_two_topics_stops_and_the_device_stays(client: Client, topic: Purpose) -> None:
    point = allow(make_page(topic, make_topic("acties", channels=("push",))), at=timezone.now())
    url = stop_link(point_id=point.id, purpose_id=topic.id).replace("http://127.0.0.1:8000", "")
    assert client.post(url).content == b"OK"
    assert device_at(point.id) is not None


def device_url(point: ContactPoint, *, days: int = 0) -> str:
    return f"/p/v/{device_token(point_id=point.id, at=timezone.now() - timedelta(days=days))}/"


def test_topics_on_and_off_on_the_devices_page(
    client: Client, shown: CollectionPoint, topic: Purpose
) -> None:
    other = make_topic("acties", channels=("push",))
    point = allow(shown, at=timezone.now())
    page = client.get(device_url(point)).context
    both = [row["version"] for row in page["topics"]]
    assert [row["is_on"] for row in page["topics"]] == [True, False]
    values = {"do": "topics", "shown": page["shown"], "on_screen": both, "topic": both}
    assert client.post(device_url(point), values).status_code == 200
    now = timezone.now()
    assert ask([point.id], other, "push", at=now)[point.id].allowed
    assert not ask([point.id], other, "email", at=now)[point.id].allowed
    values["topic"] = both[1:]
    client.post(device_url(point), values)
    assert not ask([point.id], topic, "push", at=timezone.now())[point.id].allowed
    assert device_at(point.id) is not None
    stale = {**values, "shown": "other words", "topic": both}
    assert client.post(device_url(point), stale).status_code == 422
    values["topic"] = []
    assert "Het is gestopt" in client.post(device_url(point), values).content.decode()
    assert not PushDevice.objects.exists()


def test_inv34_an_old_link_shows_nothing_and_still_stops(
    client: Client, shown: CollectionPoint
) -> None:
    point = allow(shown, at=timezone.now())
    old = device_url(point, days=40)
    page = client.get(old)
    assert page.status_code == 410
    assert point.value not in page.content.decode()
    assert client.post(old, {"do": "topics"}).status_code == 410
    assert device_at(point.id) is not None
    assert "Het is gestopt" in client.post(old, {"do": "off"}).content.decode()
    assert not PushDevice.objects.exists()
    assert client.get("/p/v/forged/").status_code == 404


def test_forgetting_from_the_device_itself(client: Client, shown: CollectionPoint) -> None:
    """INV-35: an anonymous device proves itself; its address is nowhere afterwards."""
    point = allow(shown, at=timezone.now())
    links = {each.label: each.url for each in client.get(device_url(point)).context["entries"]}
    url = next(url for label, url in links.items() if label == "Vergeet mij")
    url = url.replace("http://127.0.0.1:8000", "")
    assert client.get(url).status_code == 200
    assert Person.objects.exists()
    answer = client.post(url)
    assert answer.status_code == 302
    assert "/certificaat/" in answer.headers["Location"]
    assert not Person.objects.exists()
    assert not PushDevice.objects.exists()


def test_inv34_a_lent_device_shows_and_erases_nothing_of_a_person(
    client: Client, shown: CollectionPoint
) -> None:
    point = allow(shown, at=timezone.now())
    mailbox = make_point()
    link = linking_link(point_id=mailbox.id, at=timezone.now()).replace("http://127.0.0.1:8000", "")
    of = browser()
    answer = post(client, link, {"endpoint": of.endpoint, "auth": of.keys["auth"]})
    assert answer.status_code == 200
    page = client.get(device_url(point))
    assert mailbox.value not in page.content.decode()
    for each in page.context["entries"]:
        assert "/mijn/vraag/" in each.url  # a page that mails the link to the mailbox


def test_linking_needs_the_devices_own_secret(client: Client, shown: CollectionPoint) -> None:
    point = allow(shown, at=timezone.now())
    mailbox = make_point()
    link = linking_link(point_id=mailbox.id, at=timezone.now()).replace("http://127.0.0.1:8000", "")
    values = {"endpoint": browser().endpoint, "auth": "A" * 22}
    assert post(client, link, values).status_code == 404
    point.refresh_from_db()
    assert point.person_id != mailbox.person_id
    old = linking_link(point_id=mailbox.id, at=timezone.now() - timedelta(days=2))
    assert client.get(old.replace("http://127.0.0.1:8000", "")).status_code == 410


def test_joining_by_a_mailed_link_tells_a_stranger_nothing(
    client: Client, shown: CollectionPoint
) -> None:
    point = allow(shown, at=timezone.now())
    mailbox = make_point("anna@example.nl")
    known = client.post(device_url(point), {"do": "join", "email": "anna@example.nl"})
    unknown = client.post(device_url(point), {"do": "join", "email": "niemand@example.nl"})
    bare = [re.sub(rb'value="\w{64}"', b"", each.content) for each in (known, unknown)]
    assert bare[0] == bare[1]  # but for the language form's own token
    mail = OutboxMail.objects.get()
    assert mail.recipient == "anna@example.nl"
    assert "/p/samen/" in mail.text
    link = next(word for word in mail.text.split() if "/p/samen/" in word)
    link = link.replace("http://127.0.0.1:8000", "")
    client.get(link)
    point.refresh_from_db()
    assert point.person_id != mailbox.person_id  # opening is not agreeing
    assert client.post(link).status_code == 200
    point.refresh_from_db()
    assert point.person_id == mailbox.person_id
    old = joining_link(
        device_id=point.id, mailbox_id=mailbox.id, at=timezone.now() - timedelta(days=2)
    )
    assert client.post(old.replace("http://127.0.0.1:8000", "")).status_code == 410


def test_a_push_page_is_no_form_and_a_form_no_push_page(
    client: Client, shown: CollectionPoint, topic: Purpose
) -> None:
    make_form(topic)
    assert client.get("/f/berichten/").status_code == 404
    assert client.get("/p/nieuwsbrief/").status_code == 404
    assert subscription(browser()).endpoint == browser().endpoint
