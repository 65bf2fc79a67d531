"""Finding people: by the start of a name, an address, and page by page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from akkoord.people.models import Person
from akkoord.people.queries import PAGE, NameVector, SearchMatch, people_page
from akkoord.people.tests.factories import make_crowd, make_person, make_point

pytestmark = pytest.mark.django_db
MANY = 20_000


def names(text: str) -> list[str]:
    return [person.full_name for person in people_page(text=text).people]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna", ["Anna de Wit"]),
        ("wit", ["Anna de Wit"]),
        ("ann wit", ["Anna de Wit"]),
        ("de", ["Anna de Wit", "Bo Dekker"]),
        ("nna", []),
        ("bo@", ["Bo Dekker"]),
        ("BO@Example.nl", ["Bo Dekker"]),
        ("dekker bo@example.nl", ["Bo Dekker"]),
        ("bo@example.org", []),
        ("d'", ["Anna de Wit", "Bo Dekker"]),
        ("'; :* & |", []),
        ("%", []),
    ],
)
def test_found_by_the_start_of_a_name_or_an_address(text: str, found: list[str]) -> None:
    bo = make_person(given_name="Bo", family_name="Dekker")
    make_point(bo, "bo@example.nl")
    make_point(make_person(), "a.dewit@example.nl")
    assert sorted(names(text)) == found


def test_the_first_letters_of_an_address_find_too() -> None:
    make_point(make_person(given_name="", family_name=""), "karel77@example.nl")
    assert names("karel") == [""]


def test_pages_follow_each_other_by_key(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(PAGE + 3):
        make_point(make_person(given_name=f"P{number:03}"))
    with django_assert_num_queries(1):
        first = people_page()
    second = people_page(after=first.next_key)
    seen = [person.given_name for person in (*first.people, *second.people)]
    assert seen == [f"P{number:03}" for number in reversed(range(PAGE + 3))]
    assert second.next_key == ""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def plan_of(sql: str, parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        answer = cursor.fetchone()[0]
    plan = answer if isinstance(answer, list) else json.loads(answer)
    return list(nodes(plan[0]["Plan"]))


def test_a_name_is_found_by_its_index_whatever_the_number_of_people() -> None:
    make_crowd(MANY)
    assert len(names("naam77 achter")) > 0
    found = Person.objects.annotate(names=NameVector("given_name", "family_name"))
    found = found.filter(names=SearchMatch("'achter77':*"))
    sql, parameters = found.values("id").query.sql_with_params()
    used = [node.get("Index Name", "") for node in plan_of(sql, parameters)]
    assert "people_person_search" in used


TOWN = "people_postaladdress WHERE upper(city) = upper('Utrecht') AND ended_at IS NULL"
GROUP = "people_purchase WHERE upper(product_group) = upper('e-bike')"


@pytest.mark.parametrize(
    ("which", "index"), [(TOWN, "people_address_town"), (GROUP, "people_purchase_group")]
)
def test_a_group_by_town_or_product_has_an_index(which: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = plan_of(f"SELECT person_id FROM {which}", None)
    assert index in [node.get("Index Name", "") for node in plan]
