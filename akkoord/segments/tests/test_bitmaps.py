"""Counts from bitmaps say what the database says, are kept for a while, and bind as letters do."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from akkoord.law.states import Channel
from akkoord.people.models import Company, ContactPoint, Person, PostalAddress, Purchase, Relation
from akkoord.permission.queries import audience
from akkoord.permission.tests.factories import NOW, give, make_point, make_topic
from akkoord.register.measuring import offer_measuring
from akkoord.register.models import Purpose
from akkoord.segments import bitmaps
from akkoord.segments.actions import create_group
from akkoord.segments.bitmaps import (
    SHELF,
    Shelf,
    are_grounds_there,
    count_with_bitmaps,
    is_large,
)
from akkoord.segments.language import parse, segment_condition
from akkoord.segments.places import bring_places
from akkoord.segments.queries import count_of
from akkoord.segments.refusals import SegmentError
from akkoord.segments.tests.test_compile import TODAY
from akkoord.segments.tests.test_compile import topic as topic  # a fixture
from akkoord.segments.tests.test_places import MADE_UP
from akkoord.segments.tests.test_reading import hit
from akkoord.segments.tree import And, Node, Not, Or
from akkoord.segments.writing import text_of
from akkoord.trail.actions import Actor

pytestmark = pytest.mark.django_db
LEAVES = [
    'city is "Utrecht"',
    'city is not "Utrecht"',
    "city is empty",
    'city starts with "Z"',
    "last_purchase within 90 days",
    "last_purchase before 2026-06-01",
    "purchase_amount more than 100",
    'product_group is "banden"',
    'email contains "7"',
    'chose topic "newsletter"',
    "bought at least 2 times within 365 days",
    "bought at most 1 times within 200 days",
    "spent at least 150 within 365 days",
    "last_purchase at least 100 days ago",
    "known_since anniversary within 366 days",
    'company starts with "Fiets"',
    "pressed link within 30 days",
    "opened letter within 2 letters",
    'in group "Saved"',
    'within 12 km of "1000"',
    'relation is "contact"',
    "last_purchase is 2026-11-23",
]
leaves = st.sampled_from(LEAVES).map(parse)  # when the database is there


def _grown(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


@pytest.fixture
def sixty(topic: Purpose) -> None:
    """Sixty people of every kind: no town, no yes, frozen, withdrawn, an address that ended."""
    bring_places(MADE_UP.splitlines(), at=NOW, actor=Actor.system())
    measuring = offer_measuring(at=NOW, actor=Actor.system())
    text = 'city is "Utrecht" or not pressed link within 9 days'
    create_group(purpose=topic, name="Saved", text=text, at=NOW, actor=Actor.system())
    for number in range(60):
        point = make_point(f"p{number}@example.nl")
        if number % 3 == 2:
            give(point, measuring, state="withdrawn" if number % 9 == 2 else "given")
        hit(point, topic, days=number, what="open" if number % 2 else "click")
        if number % 4:
            PostalAddress.objects.create(
                person=point.person,
                city=["Utrecht", "Zeist", ""][number % 3],
                postcode=["1000 AA", "1001ZZ", "1002", ""][number % 7 % 4],
                created_at=NOW,
            )
        if number % 3:
            Purchase.objects.create(
                person=point.person,
                number=str(number),
                bought_on=TODAY - timedelta(days=number * 7),
                amount=number * 5,
                product_group=["banden", "fietsen"][number % 2],
                source="shop",
                created_at=NOW,
            )
        if number % 4 == 1:
            Purchase.objects.create(
                person=point.person,
                number=f"{number}b",
                bought_on=TODAY - timedelta(days=number),
                amount=100,
                reversed_on=TODAY if number % 3 else None,
                source="shop",
                created_at=NOW,
            )
        if number % 6 == 1:
            Relation.objects.create(
                person=point.person,
                kind="contact",
                company=Company.objects.create(name=f"Fietsen {number % 2}", created_at=NOW),
                since=TODAY,
                until=TODAY - timedelta(days=1) if number % 5 else None,
            )
        if number % 5:
            give(point, topic, state="withdrawn" if number % 7 == 0 else "given")
        if number % 11 == 0:
            Person.objects.filter(id=point.person_id).update(restricted_at=NOW)
        if number % 13 == 0:
            ContactPoint.objects.filter(id=point.id).update(ended_at=NOW)


def by_database(tree: Node, topic: Purpose) -> tuple[int, int]:
    condition = segment_condition(text_of(tree), topic, NOW)
    living = ContactPoint.objects.filter(channel="email", ended_at=None)
    may = audience(topic, Channel.EMAIL, at=NOW)
    return living.filter(condition).count(), may.filter(condition).count()


def by_bitmaps(tree: Node, topic: Purpose, shelf: Shelf | None = None) -> tuple[int, int]:
    return count_with_bitmaps(tree, topic, Channel.EMAIL, at=NOW, shelf=shelf or Shelf())


@pytest.mark.usefixtures("sixty")
def test_every_group_counts_as_the_database_counts(topic: Purpose) -> None:
    shelf = Shelf()  # nothing changes meanwhile, so what is kept stays right

    @settings(deadline=None)  # it asks a database that others use too
    @given(st.recursive(leaves, _grown, max_leaves=8))
    def agree(tree: Node) -> None:
        assert by_bitmaps(tree, topic, shelf) == by_database(tree, topic)

    agree()


@pytest.mark.usefixtures("sixty")
def test_inv38_who_is_frozen_is_in_no_count(topic: Purpose) -> None:
    everybody = parse('city is "Utrecht" or not city is "Utrecht"')
    before = by_bitmaps(everybody, topic)
    Person.objects.update(restricted_at=NOW)
    assert before > (0, 0) == by_bitmaps(everybody, topic)


@pytest.mark.usefixtures("sixty")
def test_inv31_a_field_outside_the_purpose_is_refused_though_its_bitmap_is_there(
    topic: Purpose,
) -> None:
    shelf = Shelf()
    by_bitmaps(parse('city is "Utrecht"'), topic, shelf)
    with pytest.raises(SegmentError) as refused:
        by_bitmaps(parse('city is "Utrecht"'), make_topic("other"), shelf)
    assert refused.value.code == "field-outside-purpose"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(bitmaps, "monotonic", lambda: now[0])

    def goes_on(seconds: float) -> None:
        now[0] += seconds

    return goes_on


def test_a_bitmap_is_kept_a_hundred_times_as_long_as_it_took(
    clock: Callable[[float], None],
) -> None:
    made: list[float] = []

    def slow(seconds: float) -> BitMap:
        made.append(seconds)
        clock(seconds)
        return BitMap([1])

    shelf = Shelf()
    for wait, times in ((0, 1), (49, 1), (2, 2)):
        clock(wait)
        shelf.get(b"half a second", lambda: slow(0.5))
        assert len(made) == times
    shelf.get(b"long", lambda: slow(10))
    clock(119)
    shelf.get(b"long", lambda: slow(10))
    assert len(made) == 3
    clock(2)
    shelf.get(b"long", lambda: slow(10))
    assert len(made) == 4
    shelf.get(b"at once", lambda: slow(0))
    shelf.get(b"at once", lambda: slow(0))
    assert len(made) == 6  # what costs nothing is exact


def test_the_least_used_go_when_there_is_no_room(clock: Callable[[float], None]) -> None:
    made: list[bytes] = []

    def take(name: bytes) -> None:
        def make() -> BitMap:
            made.append(name)
            clock(1)
            return BitMap(range(0, 60_000, 2))

        shelf.get(name, make)

    size = len(BitMap(range(0, 60_000, 2)).serialize())
    shelf = Shelf(room=2 * size)
    for name in (b"a", b"b", b"a", b"c", b"a"):
        take(name)
    assert made == [b"a", b"b", b"c"]
    take(b"b")
    assert made == [b"a", b"b", b"c", b"b"]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sixty people count as very many, and this process kept nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_contactpoint")
    monkeypatch.setattr(bitmaps, "FEW", 10)
    SHELF.clear()
    yield
    SHELF.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sixty", "many")
def test_the_first_count_is_the_databases_and_the_next_is_from_bitmaps(
    topic: Purpose, django_assert_max_num_queries: Any
) -> None:
    texts = ['city is "Utrecht"', 'city is "Zeist"', 'city is "Utrecht" or city is "Zeist"']
    exact = [count_of(text, topic, at=NOW) for text in texts]
    for _try in range(200):
        if are_grounds_there(topic, Channel.EMAIL):
            break
        sleep(0.05)
    assert [count_of(text, topic, at=NOW) for text in texts] == exact
    with django_assert_max_num_queries(5) as asked:  # the size, topics and fields
        count_of(texts[2], topic, at=NOW)
    assert not any("consent_standing" in each["sql"] for each in asked.captured_queries)


@pytest.mark.usefixtures("sixty")
def test_few_people_are_counted_by_the_database(topic: Purpose) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_contactpoint")  # other tests may have left an estimate
    assert not is_large()
    count_of('city is "Utrecht"', topic, at=NOW)
    assert not are_grounds_there(topic, Channel.EMAIL)


def test_every_address_has_a_number_of_its_own(topic: Purpose) -> None:
    one, other = make_point("a@example.nl"), make_point("b@example.nl")
    numbers = ContactPoint.objects.filter(id__in=[one.id, other.id]).values_list("number")
    assert len(set(numbers)) == 2
