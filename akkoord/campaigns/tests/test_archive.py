"""Letters in the browser: nobody in them, no trace of who looked, an archive only where it was
opened."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akkoord.accounts.actions import create_staff
from akkoord.accounts.models import Staff
from akkoord.campaigns.actions import CampaignText, create_campaign, send_campaign
from akkoord.campaigns.archive import set_archive, set_in_archive
from akkoord.campaigns.models import Campaign
from akkoord.datamap.ids import uuid7
from akkoord.delivery.transports import MemoryTransport
from akkoord.messages.clicks import web_copy_url
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import cancel_dispatch
from akkoord.messages.models import LinkCount
from akkoord.messages.tests.factories import make_many, make_organisation, make_topic
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
BODY = (
    "Dag {{ first_name | default: 'lezer' }},\n\n[De beurt](https://winkel.example.nl/beurt)\n\n"
    "<script>alert(1)</script> [x](javascript:alert(1))"
)


@pytest.fixture
def owner() -> Staff:
    return create_staff(
        email="o@example.nl", name="O", role="owner", language="nl", password="lang-genoeg-1"
    )


@pytest.fixture
def topic() -> Purpose:
    make_organisation()
    found = make_topic()
    make_many(3, found)
    return found


def sent(
    topic: Purpose,
    *,
    subject: str = "Nieuws voor {{ first_name | default: 'u' }}",
    segment: str = "",
    body: str = BODY,
    is_delivered: bool = True,
) -> Campaign:
    text = CampaignText(name="Herfst", subject=subject, body=body, segment=segment)
    now = timezone.now()
    campaign = create_campaign(purpose=topic, text=text, at=now, actor=Actor.system())
    campaign = send_campaign(campaign_id=campaign.id, at=now, actor=Actor.system())
    if is_delivered and campaign.dispatch_id is not None:
        run_dispatch(campaign.dispatch_id, worker_id=uuid7(), transport=MemoryTransport())
    return campaign


def path_of(campaign: Campaign) -> str:
    assert campaign.dispatch_id is not None
    return web_copy_url(campaign.dispatch_id).removeprefix(settings.BASE_URL)


def opened(topic: Purpose, *, is_open: bool = True) -> None:
    set_archive(purpose=topic, is_open=is_open, at=timezone.now(), actor=Actor.system())


def test_inv28_the_letter_in_the_browser_names_nobody_and_keeps_no_trace(
    topic: Purpose, client: Client
) -> None:
    campaign = sent(topic)
    answer = client.get(path_of(campaign))
    page = answer.content.decode()
    assert "Dag lezer" in page
    assert "Anna" not in page
    assert "https://winkel.example.nl/beurt" in page
    assert "/k/" not in page
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not LinkCount.objects.exists()


def test_nothing_runs_in_it(topic: Purpose, client: Client) -> None:
    answer = client.get(path_of(sent(topic)))
    page = answer.content.decode()
    assert "<script" not in page
    assert 'href="javascript:' not in page
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_a_letter_that_did_not_leave_has_no_page(topic: Purpose, client: Client) -> None:
    assert client.get("/lees/x/").status_code == 404
    assert client.get("/lees/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_letter_that_nobody_got_stands_nowhere(
    topic: Purpose, owner: Staff, client: Client, is_stopped: bool
) -> None:
    campaign = sent(topic, is_delivered=False)
    opened(topic)
    assert campaign.dispatch_id is not None
    if is_stopped:
        cancel_dispatch(dispatch_id=campaign.dispatch_id, at=timezone.now())
    for page in (f"/archief/{topic.slug}/", f"/archief/{topic.slug}/rss.xml"):
        assert "Nieuws voor u" not in client.get(page).content.decode()
    assert client.get(path_of(campaign)).status_code == 404
    client.force_login(owner)
    for name in ("campaigns:archive", "insight:compare", "insight:trends"):
        page = client.get(reverse(name)).content.decode()
        assert "Nieuws voor u" not in page
        assert "Herfst" not in page


def test_the_archive_is_closed_until_it_is_opened(topic: Purpose, client: Client) -> None:
    campaign = sent(topic)
    page, feed = f"/archief/{topic.slug}/", f"/archief/{topic.slug}/rss.xml"
    assert client.get(page).status_code == 404
    assert client.get(feed).status_code == 404
    opened(topic)
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Nieuws voor u" in answer.content.decode()
    assert not answer.cookies
    assert client.get(feed).status_code == 200
    assert "X-Robots-Tag" not in client.get(path_of(campaign)).headers
    opened(topic, is_open=False)
    assert client.get(page).status_code == 404
    assert client.get(path_of(campaign)).headers["X-Robots-Tag"] == "noindex"


def test_a_letter_to_a_group_stays_out(topic: Purpose, client: Client) -> None:
    campaign = sent(topic, segment='language is "nl"', subject="Voor weinigen")
    opened(topic)
    assert "Voor weinigen" not in client.get(f"/archief/{topic.slug}/").content.decode()
    assert "Voor weinigen" not in client.get(f"/archief/{topic.slug}/atom.xml").content.decode()
    assert client.get(path_of(campaign)).headers["X-Robots-Tag"] == "noindex"


def test_one_press_takes_a_letter_out(topic: Purpose, owner: Staff, client: Client) -> None:
    campaign = sent(topic)
    opened(topic)
    staff = Client()
    staff.force_login(owner)
    url = reverse("campaigns:archive_move", args=[campaign.id])
    assert staff.post(url, {"do": "out"}).status_code == 302
    assert "Nieuws voor u" not in client.get(f"/archief/{topic.slug}/").content.decode()
    assert "Nieuws voor u" not in client.get(f"/archief/{topic.slug}/rss.xml").content.decode()
    answer = client.get(path_of(campaign))  # who has the letter can still read it
    assert answer.headers["X-Robots-Tag"] == "noindex"
    staff.post(url, {"do": "back"})
    assert "Nieuws voor u" in client.get(f"/archief/{topic.slug}/").content.decode()


def test_the_feeds_are_whole(topic: Purpose, client: Client) -> None:
    campaign = sent(topic, subject="Zadels & “sturen” <5 euro")
    opened(topic)
    rss = client.get(f"/archief/{topic.slug}/rss.xml")
    assert rss.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert not rss.cookies
    channel = ET.fromstring(rss.content).find("channel")
    assert channel is not None
    item = channel.find("item")
    assert item is not None
    assert item.findtext("title") == "Zadels & “sturen” <5 euro"
    assert item.findtext("link") == item.findtext("guid") == settings.BASE_URL + path_of(campaign)
    assert parsedate_to_datetime(item.findtext("pubDate") or "")
    assert (channel.findtext("link") or "").startswith(settings.BASE_URL)
    atom = ET.fromstring(client.get(f"/archief/{topic.slug}/atom.xml").content)
    assert atom.findtext(f"{ATOM}id")
    entry = atom.find(f"{ATOM}entry")
    assert entry is not None
    for name in ("id", "title", "updated"):
        assert entry.findtext(f"{ATOM}{name}")
    for link in atom.iter(f"{ATOM}link"):
        assert link.attrib["href"].startswith(settings.BASE_URL)
    assert client.get(f"/archief/{topic.slug}/json.xml").status_code == 404


def test_a_reader_that_has_the_feed_hears_so(topic: Purpose, client: Client) -> None:
    campaign = sent(topic)
    opened(topic)
    url = f"/archief/{topic.slug}/rss.xml"
    first = client.get(url)
    assert "max-age=300" in first.headers["Cache-Control"]
    tag = first.headers["ETag"]
    assert client.get(url, HTTP_IF_NONE_MATCH=tag).status_code == 304
    since = first.headers["Last-Modified"]
    assert client.get(url, HTTP_IF_MODIFIED_SINCE=since).status_code == 304
    set_in_archive(
        campaign_id=campaign.id,
        is_in=False,
        at=timezone.now() + timedelta(minutes=1),
        actor=Actor.system(),
    )
    assert client.get(url, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_page_for_staff(topic: Purpose, owner: Staff, client: Client) -> None:
    sent(topic)
    client.force_login(owner)
    page = reverse("campaigns:archive")
    assert "Nieuws voor u" not in client.get(page).content.decode()
    switch = reverse("campaigns:archive_switch", args=[topic.slug])
    client.post(switch, {"do": "open"})
    assert "Nieuws voor u" in client.get(page).content.decode()
    client.post(switch, {"do": "close"})
    assert "Nieuws voor u" not in client.get(page).content.decode()
