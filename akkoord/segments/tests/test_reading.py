"""Opened and pressed: only of who let us see it; who did not agree is in neither (INV-28)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akkoord.consent.models import Standing
from akkoord.datamap.ids import uuid7
from akkoord.law.states import Channel
from akkoord.messages.click_models import Hit, Link
from akkoord.messages.models import Dispatch, Message
from akkoord.people.models import ContactPoint
from akkoord.permission.tests.factories import NOW, give, make_point
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Purpose
from akkoord.segments.bitmaps import Shelf, count_with_bitmaps
from akkoord.segments.language import parse, segment_condition
from akkoord.segments.tests.test_compile import found, refusal
from akkoord.segments.tests.test_compile import topic as topic  # a fixture
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db


def hit(
    point: ContactPoint,
    topic: Purpose,
    *,
    days: int,
    what: str = "click",
    kind: str = "press",
    hits: bool = True,
) -> None:
    """A letter to somebody so many days ago that they opened or pressed that day."""
    at = NOW - timedelta(days=days)
    run = Dispatch.objects.create(
        kind="newsletter", purpose=topic, content_hash="x", rule_version="1", created_at=at
    )
    message = Message.objects.create(
        dispatch=run,
        person_id=point.person_id,
        contact_point_id=point.id,
        state="sent",
        evidence_id=uuid7(),
        due_at=at,
        outcome_at=at,
    )
    if not hits:
        return
    link = Link.objects.create(dispatch=run, place=1, url="https://winkel.example.nl/")
    Hit.objects.create(
        person_id=point.person_id,
        message_id=message.id,
        dispatch=run,
        link=link if what == "click" else None,
        what=what,
        kind=kind,
        at=at,
        evidence_id=uuid7(),
    )


@pytest.fixture
def readers(topic: Purpose) -> dict[str, ContactPoint]:
    """Anna agreed and pressed; Bert agreed and did not; Carla pressed and never agreed.

    Dirk pressed, agreed once, and said no since; Else's yes is over; a machine pressed for Fred.
    """
    measuring = offer_measuring(at=NOW, actor=Actor.system())
    names = ("anna", "bert", "carla", "dirk", "else", "fred")
    points = {name: make_point(f"{name}@example.nl") for name in names}
    for name in ("anna", "bert", "else", "fred"):
        give(points[name], measuring)
    give(points["dirk"], measuring, state="withdrawn")
    Standing.objects.filter(contact_point=points["else"], purpose=measuring).update(valid_until=NOW)
    for name in ("anna", "carla", "dirk", "else"):
        hit(points[name], topic, days=10)
    hit(points["bert"], topic, days=10, hits=False)
    hit(points["fred"], topic, days=10, kind="ahead")
    hit(points["anna"], topic, days=5, what="open")
    hit(points["anna"], topic, days=2, hits=False)
    return points


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("pressed link within 30 days", "a"),
        ("pressed link within 10 days", "a"),
        ("pressed link within 9 days", ""),
        ("opened letter within 30 days", "a"),
        ("not pressed link within 30 days", "bf"),  # agreed, and did not
        ("not opened letter within 3 days", "abf"),
        ("pressed link within 3 letters", "a"),
        ("pressed link within 2 letters", ""),
        ("opened letter within 2 letters", "a"),
        ("not pressed link within 2 letters", "abf"),
        ("pressed link within 30 days or not pressed link within 30 days", "abf"),
        ("not (pressed link within 30 days or source is empty)", "bf"),
        ("not (not (not pressed link within 30 days))", "bf"),
        ('not (pressed link within 30 days and source is "x")', "abcdef"),  # judged by source
    ],
)
def test_inv28_only_who_agreed_is_in_or_out(topic: Purpose, text: str, who: str) -> None:
    assert found(text, topic) == set(who)
    point_count = ContactPoint.objects.filter(segment_condition(text, topic, NOW)).count()
    by_bitmaps = count_with_bitmaps(parse(text), topic, Channel.EMAIL, at=NOW, shelf=Shelf())
    assert by_bitmaps[0] == point_count


def test_inv28_after_a_no_nothing_counts_at_once(
    topic: Purpose, readers: dict[str, ContactPoint]
) -> None:
    shelf = Shelf()
    yes, no = "pressed link within 30 days", "not pressed link within 30 days"

    def counted(text: str) -> int:
        return count_with_bitmaps(parse(text), topic, Channel.EMAIL, at=NOW, shelf=shelf)[0]

    assert (found(yes, topic), counted(yes), counted(no)) == ({"a"}, 1, 2)
    Standing.objects.filter(purpose__measures=True).update(state="withdrawn")
    assert Hit.objects.exists()  # what was kept goes in the night; it does not count before
    assert found(yes, topic) == found(no, topic) == set()
    assert counted(yes) == counted(no) == 0


def test_where_nobody_is_asked_no_group_looks_at_it(topic: Purpose) -> None:
    problem = refusal('source is "x" or pressed link within 9 days', topic)
    assert (problem.code, problem.place) == ("not-measured", 17)
    offer_measuring(at=NOW, actor=Actor.system())
    assert segment_condition("pressed link within 9 days", topic, NOW)
    Purpose.objects.filter(measures=True).update(ended_at=NOW)
    assert refusal("pressed link within 9 days", topic).code == "not-measured"


def test_it_is_one_statement(topic: Purpose, readers: Any) -> None:
    text = "pressed link within 5 letters or not opened letter within 9 days"
    condition = segment_condition(text, topic, NOW)
    with CaptureQueriesContext(connection) as queries:
        assert ContactPoint.objects.filter(condition).count() == 3
    assert len(queries) == 1
