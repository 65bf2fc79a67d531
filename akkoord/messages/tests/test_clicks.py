"""Presses counted of nobody: one address for all, that leads only where the letter did."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from akkoord.consent.models import Standing
from akkoord.datamap.ids import uuid7
from akkoord.delivery.smtp import SmtpPool
from akkoord.delivery.tests.smtp_server import smtp_server
from akkoord.messages import bursts
from akkoord.messages.clicks import counting_base, web_copy_url
from akkoord.messages.compile import MessageSource
from akkoord.messages.counting import key_of, run_of, with_counted_links
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import compile_for, start_dispatch
from akkoord.messages.models import Dispatch, Link, LinkCount
from akkoord.messages.public_copy import copy_of
from akkoord.messages.template import CompileError
from akkoord.messages.tests.factories import make_many, make_organisation, make_source, make_topic
from akkoord.messages.tests.test_conditions import letter

BODY = (
    "Dag {{ first_name | default: 'lezer' }},\n\n"
    "[De beurt](https://winkel.example.nl/beurt?a=1&b=2) en "
    "[de zadels](https://winkel.example.nl/zadels), [nog eens](https://winkel.example.nl/zadels), "
    "[onveilig](http://winkel.example.nl/), [mail](mailto:info@example.nl), "
    "[https://winkel.example.nl/](https://winkel.example.nl/)"
)
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    bursts._seen.clear()
    yield
    bursts._seen.clear()


def sent(count: int = 6, *, body: str = BODY, counts_clicks: bool = True) -> Dispatch:
    make_organisation()
    topic = make_topic()
    make_many(count, topic)
    return start_dispatch(
        purpose=topic,
        source=make_source(body=body),
        segment="",
        approved_by=None,
        at=timezone.now(),
        counts_clicks=counts_clicks,
        has_web_copy=True,
    )


def address(dispatch: Dispatch, place: int) -> str:
    return f"/k/{key_of(dispatch.id)}/{place}/"


def counted(dispatch: Dispatch) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for each in LinkCount.objects.filter(link__dispatch=dispatch).select_related("link"):
        key = (each.link.place, each.kind)
        found[key] = found.get(key, 0) + each.n
    return {key: n for key, n in found.items() if n}


def test_a_run_in_an_address() -> None:
    key = uuid7()
    assert run_of(key_of(key)) == key
    for wrong in ("", "x", key_of(key) + "A", "é" * 22, "!" * 22):
        assert run_of(wrong) is None


def test_only_safe_links_of_others_are_counted() -> None:
    page = (
        '<a href="https://a.example/x?1&amp;2">een</a><a style="x" href="https://a.example/x?1&amp;2">'
        'b</a><a href="http://a.example/">c</a><a href="https://wij.example/v/">d</a>'
        '<a href="https://b.example">www.b.example</a><a href="mailto:a@b.example">e</a>'
        '<a title="x" href="https://c.example"><img src="https://c.example/p.png"></a>'
    )
    made, links = with_counted_links(page, "https://wij.example/k/R")
    assert links == ("https://a.example/x?1&2", "https://c.example")
    assert re.findall(r'href="([^"]*)"', made) == [
        "https://wij.example/k/R/1/",
        "https://wij.example/k/R/1/",
        "http://a.example/",
        "https://wij.example/v/",
        "https://b.example",
        "mailto:a@b.example",
        "https://wij.example/k/R/2/",
    ]
    many = "".join(f'<a href="https://a.example/{n}">x</a>' for n in range(501))
    with pytest.raises(CompileError, match="too-many-links"):
        with_counted_links(many, "https://wij.example/k/R")


@pytest.mark.django_db(transaction=True)
def test_inv28_everybody_gets_the_same_counting_links() -> None:
    dispatch = sent(4)
    with smtp_server() as server:
        pool = SmtpPool(server.url, connections=2)
        try:
            run_dispatch(dispatch.id, worker_id=uuid7(), transport=pool)
        finally:
            pool.close()
        letters = [content for _sender, _recipient, content in server.accepted]
    assert len(letters) == 4
    found = [
        re.findall(rb"/k/[\w/-]+", content.replace(b"=\r\n", b"").replace(b"=3D", b"="))
        for content in letters
    ]
    assert all(each == found[0] for each in found)
    run = key_of(dispatch.id)
    assert set(found[0]) == {f"/k/{run}/{place}/".encode() for place in (1, 2)}


@pytest.mark.django_db
def test_the_ways_out_and_the_text_part_keep_their_own_addresses() -> None:
    dispatch = sent()
    assert dispatch.template["counting"] == counting_base(dispatch.id)
    assert list(dispatch.links.order_by("place").values_list("url", flat=True)) == [
        "https://winkel.example.nl/beurt?a=1&b=2",
        "https://winkel.example.nl/zadels",
    ]
    compiled = compile_for(dispatch.purpose, MessageSource.from_json(dispatch.template))
    assert compiled.content_hash == dispatch.content_hash
    ways = {
        name: f"{settings.BASE_URL}/{name}/"
        for name in ("unsubscribe_url", "preferences_url", "why_url")
    }
    shown = compiled.preview(ways)
    for url in ways.values():
        assert f'href="{url}"' in shown.html
    assert "/k/" not in shown.text
    assert "https://winkel.example.nl/zadels" in shown.text
    assert web_copy_url(dispatch.id) in shown.html
    assert web_copy_url(dispatch.id) in shown.text


@pytest.mark.django_db
def test_inv28_counting_off_leaves_every_link_alone() -> None:
    dispatch = sent(counts_clicks=False)
    assert not dispatch.links.exists()
    assert dispatch.template["counting"] == ""


@pytest.mark.django_db
def test_inv28_a_press_is_counted_and_of_nobody(client: Client) -> None:
    dispatch = sent()
    before = list(Standing.objects.order_by("id").values())
    for _ in range(2):
        answer = client.get(address(dispatch, 1), **BROWSER)
        assert answer.status_code == 302
        assert answer.headers["Location"] == "https://winkel.example.nl/beurt?a=1&b=2"
        assert not answer.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert counted(dispatch) == {(1, "press"): 2}
    assert list(Standing.objects.order_by("id").values()) == before
    # Of a row there is no more than link, hour, kind and number.
    assert {each.name for each in LinkCount._meta.get_fields()} == {
        "id", "link", "hour", "kind", "shard", "n",
    }  # fmt: skip
    each = LinkCount.objects.first()
    assert each is not None
    assert (each.hour.minute, each.hour.second) == (0, 0)


@pytest.mark.django_db
def test_a_press_costs_two_statements(client: Client) -> None:
    dispatch = sent()
    client.get(address(dispatch, 1), **BROWSER)
    with CaptureQueriesContext(connection) as asked:
        client.get(address(dispatch, 1), **BROWSER)
    assert len(asked) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/k/x/1/",
        f"/k/{key_of(UUID(int=7))}/1/",
        "/k/{run}/9/",
        "/k/{run}/1/?u=https://evil.example",
    ],
)
def test_no_open_redirect(client: Client, path: str) -> None:
    dispatch = sent()
    answer = client.get(path.format(run=key_of(dispatch.id)), **BROWSER)
    assert answer.status_code == (302 if "?" in path else 404)
    if answer.status_code == 302:
        assert answer.headers["Location"] == "https://winkel.example.nl/beurt?a=1&b=2"


@pytest.mark.django_db
def test_the_database_keeps_no_link_that_is_not_safe() -> None:
    dispatch = sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(dispatch=dispatch, place=9, url="javascript:alert(1)")


@pytest.mark.django_db
def test_machines_are_counted_apart(client: Client) -> None:
    dispatch = sent()
    client.head(address(dispatch, 1), **BROWSER)
    client.get(address(dispatch, 1), **BROWSER, HTTP_SEC_PURPOSE="prefetch")
    client.get(address(dispatch, 1), HTTP_USER_AGENT="Mozilla/5.0 (compatible; Googlebot/2.1)")
    assert client.post(address(dispatch, 1), **BROWSER).status_code == 405
    assert counted(dispatch) == {(1, "ahead"): 3}


@pytest.mark.django_db
def test_many_links_at_once_are_a_machine(client: Client) -> None:
    dispatch = sent(body="".join(f"[{n}](https://a.example/{n}) " for n in range(1, 6)))
    for place in range(1, 6):
        client.get(address(dispatch, place), **BROWSER)
    # Somebody else, at the same moment.
    client.get(address(dispatch, 1), **BROWSER, REMOTE_ADDR="192.0.2.9")
    assert counted(dispatch) == {(1, "press"): 1} | {(n, "ahead"): 1 for n in range(1, 6)}


@pytest.mark.django_db
def test_the_public_copy_counts_nothing_and_names_nobody() -> None:
    copy = copy_of(MessageSource.from_json(sent().template))
    assert copy.subject == "Nieuws voor u"
    assert "Dag lezer" in copy.html
    assert "/k/" not in copy.html
    assert "https://winkel.example.nl/zadels" in copy.html
    assert f"{settings.BASE_URL}/voorkeuren/" in copy.html


def test_blocks_for_some_people_never_stand_in_the_public_copy() -> None:
    source = letter("voor allen", "voor weinigen", conditions={2: 'city is "Utrecht"'})
    shown = copy_of(source)
    assert "voor allen" in shown.html
    assert "voor weinigen" not in shown.html + shown.text
    assert "voor weinigen" in copy_of(source, every_block=True).html
