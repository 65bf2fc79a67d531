"""Who let us see what they read is seen, and nobody else; after a no nothing is stored (INV-28)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akkoord.campaigns.actions import CampaignRefused, CampaignText, create_campaign
from akkoord.consent.withdraw import withdraw
from akkoord.datamap.ids import uuid7
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.law.states import Method
from akkoord.messages import bursts
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import DispatchRefused, start_dispatch
from akkoord.messages.measured import click_token, forget_hits, hits_of
from akkoord.messages.models import Dispatch, Hit, LinkCount
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.people.models import ContactPoint, Person
from akkoord.permission.tests.factories import give
from akkoord.register.actions import RegisterRefused, offer_channels, set_consent_life
from akkoord.register.customers import allow_customers
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Purpose
from akkoord.register.queries import field_allowed
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db(transaction=True)
BODY = "[De beurt](https://winkel.example.nl/beurt) [Zadels](https://winkel.example.nl/zadels)"
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    bursts._seen.clear()
    yield
    bursts._seen.clear()


@pytest.fixture
def measuring() -> Purpose:
    make_organisation()
    return offer_measuring(at=timezone.now(), actor=Actor.system())


def sent(
    *, agreed: int, count: int = 3, measuring: Purpose | None = None
) -> tuple[Dispatch, dict[str, str]]:
    """A letter that left; the HTML of each by its recipient. The first so many let us see it."""
    topic = make_topic()
    points = list(ContactPoint.objects.filter(id__in=make_many(count, topic)).order_by("value"))
    for point in points[:agreed]:
        assert measuring is not None
        give(point, measuring)
    dispatch = start_dispatch(
        purpose=topic,
        source=make_source(body=BODY),
        segment="",
        approved_by=None,
        at=timezone.now(),
        counts_clicks=True,
    )
    with smtp_server() as server:
        pool = SmtpPool(server.url, connections=2)
        try:
            run_dispatch(dispatch.id, worker_id=uuid7(), transport=pool)
        finally:
            pool.close()
        letters = {}
        for _sender, recipient, content in server.accepted:
            part = message_from_bytes(content, policy=policy.default).get_body(("html",))
            assert part is not None
            letters[recipient.strip("<>")] = part.get_content()
    return dispatch, letters


def own_links(page: str) -> list[str]:
    found = re.findall(r'href="([^"]*/k/[^"]*)"', page)
    return [each.removeprefix(settings.BASE_URL) for each in found]


def picture(page: str) -> str:
    found = re.search(r'src="([^"]*/k/o/[^"]*)"', page)
    return found[1].removeprefix(settings.BASE_URL) if found else ""


def test_inv28_only_who_agreed_gets_links_of_their_own(measuring: Purpose) -> None:
    _dispatch, letters = sent(agreed=1, measuring=measuring)
    own = own_links(letters["p0@example.nl"])
    assert [each.count("/") for each in own] == [5, 5]  # /k/run/place/token/
    assert picture(letters["p0@example.nl"])
    for address in ("p1@example.nl", "p2@example.nl"):
        assert [each.count("/") for each in own_links(letters[address])] == [4, 4]
        assert not picture(letters[address])
    assert own_links(letters["p1@example.nl"]) == own_links(letters["p2@example.nl"])


def test_inv28_without_a_purpose_of_its_own_nobody_is_seen() -> None:
    make_organisation()
    _dispatch, letters = sent(agreed=0)
    assert not any(picture(page) for page in letters.values())


def test_a_hit_of_who_agreed_is_theirs(measuring: Purpose, client: Client) -> None:
    dispatch, letters = sent(agreed=1, measuring=measuring)
    page = letters["p0@example.nl"]
    answer = client.get(own_links(page)[1], **BROWSER)
    assert answer.headers["Location"] == "https://winkel.example.nl/zadels"
    assert not answer.cookies
    seen = client.get(picture(page), **BROWSER)
    assert seen.headers["Content-Type"] == "image/gif"
    assert seen.content.startswith(b"GIF89a")
    assert not seen.cookies
    point = ContactPoint.objects.get(normalised="p0@example.nl")
    hits = list(Hit.objects.order_by("at"))
    assert [(each.person_id, each.what, each.kind) for each in hits] == [
        (point.person_id, "click", "press"),
        (point.person_id, "open", "press"),
    ]
    yes = point.standings.get(purpose=measuring)
    assert {each.evidence_id for each in hits} == {yes.event_id}
    assert LinkCount.objects.get(link__dispatch=dispatch).n == 1


def test_inv28_after_a_no_nothing_is_stored(measuring: Purpose, client: Client) -> None:
    _dispatch, letters = sent(agreed=1, measuring=measuring)
    page = letters["p0@example.nl"]
    point = ContactPoint.objects.get(normalised="p0@example.nl")
    withdraw(
        point_id=point.id,
        purpose_id=measuring.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=timezone.now(),
    )
    answer = client.get(own_links(page)[0], **BROWSER)
    assert answer.headers["Location"] == "https://winkel.example.nl/beurt"
    assert client.get(picture(page), **BROWSER).status_code == 200
    assert not Hit.objects.exists()
    assert not LinkCount.objects.exists()


def test_inv38_a_frozen_record_is_not_seen(measuring: Purpose, client: Client) -> None:
    _dispatch, letters = sent(agreed=1, measuring=measuring)
    Person.objects.update(restricted_at=timezone.now())
    client.get(own_links(letters["p0@example.nl"])[0], **BROWSER)
    client.get(picture(letters["p0@example.nl"]), **BROWSER)
    assert not Hit.objects.exists()


def test_a_forged_link_stores_nothing_and_leads_on(measuring: Purpose, client: Client) -> None:
    _dispatch, letters = sent(agreed=1, measuring=measuring)
    link = own_links(letters["p1@example.nl"])[0]
    for token in ("x", click_token(UUID(int=5)), "AAAA" * 12):
        answer = client.get(f"{link}{token}/", **BROWSER)
        assert answer.headers["Location"] == "https://winkel.example.nl/beurt"
        assert client.get(f"/k/o/{token}.gif", **BROWSER).status_code == 200
    assert not Hit.objects.exists()
    assert not LinkCount.objects.exists()


def test_machines_are_told_apart(measuring: Purpose, client: Client) -> None:
    _dispatch, letters = sent(agreed=1, measuring=measuring)
    page = letters["p0@example.nl"]
    client.get(picture(page), HTTP_USER_AGENT="Mozilla/5.0")  # Apple's proxy
    client.head(own_links(page)[0], **BROWSER)
    assert set(Hit.objects.values_list("what", "kind")) == {("open", "ahead"), ("click", "ahead")}


def test_inv28_the_database_keeps_no_hit_without_its_yes(measuring: Purpose) -> None:
    dispatch, _letters = sent(agreed=1, measuring=measuring)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hit.objects.create(
            person_id=uuid7(),
            message_id=uuid7(),
            dispatch=dispatch,
            what="open",
            kind="press",
            at=timezone.now(),
            evidence_id=None,
        )


def test_what_is_old_or_taken_back_goes(measuring: Purpose, client: Client) -> None:
    _dispatch, letters = sent(agreed=2, measuring=measuring)
    for address in ("p0@example.nl", "p1@example.nl"):
        client.get(own_links(letters[address])[0], **BROWSER)
    now = timezone.now()
    assert forget_hits(at=now) == 0
    point = ContactPoint.objects.get(normalised="p0@example.nl")
    withdraw(
        point_id=point.id,
        purpose_id=measuring.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=now,
    )
    assert forget_hits(at=now) == 1
    assert forget_hits(at=now + timedelta(days=100)) == 0
    assert forget_hits(at=now + timedelta(days=190)) == 1


def test_inv28_staff_see_nothing_from_the_moment_it_is_taken_back(
    measuring: Purpose, client: Client
) -> None:
    _dispatch, letters = sent(agreed=2, measuring=measuring)
    points = [ContactPoint.objects.get(normalised=f"p{n}@example.nl") for n in (0, 1)]
    for point in points:
        client.get(own_links(letters[point.normalised])[0], **BROWSER)
    people, now = [point.person_id for point in points], timezone.now()
    assert {each.person_id for each in hits_of(people, at=now)} == set(people)
    withdraw(
        point_id=points[0].id,
        purpose_id=measuring.id,
        method=Method.PREFERENCE_CENTRE,
        actor=Actor.person(),
        at=now,
    )
    assert [each.person_id for each in hits_of(people, at=timezone.now())] == [people[1]]
    assert Hit.objects.count() == 2, "before the night"


def test_nothing_is_ever_sent_for_it(measuring: Purpose) -> None:
    text = CampaignText(name="x", subject="x", body="x")
    now, actor = timezone.now(), Actor.system()
    with pytest.raises(CampaignRefused):
        create_campaign(purpose=measuring, text=text, at=now, actor=actor)
    with pytest.raises(DispatchRefused):
        start_dispatch(
            purpose=measuring, source=make_source(), segment="", approved_by=None, at=now
        )
    with pytest.raises(RegisterRefused):
        allow_customers(purpose_id=measuring.id, product_groups=["Fietsen"], at=now, actor=actor)
    with pytest.raises(RegisterRefused):
        offer_channels(purpose_id=measuring.id, channels=["email", "push"], at=now, actor=actor)
    with pytest.raises(RegisterRefused):
        offer_measuring(at=now, actor=actor)
    changed = set_consent_life(
        purpose_id=measuring.id,
        months=12,
        refresh_weeks=4,
        reminds_yearly=True,
        at=now,
        actor=actor,
    )
    assert (changed.refresh_weeks, changed.reminds_yearly) == (0, False)
    assert field_allowed(measuring.activity_key) == {"email"}
