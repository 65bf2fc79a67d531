"""Statements that are planned once per connection, and still seen and undone as any other."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from akkoord.datamap.prepared import prepared

pytestmark = pytest.mark.django_db
ONE, OTHER = UUID(int=1), UUID(int=2)


def planned(like: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{like}%"]
        )
        return int(cursor.fetchone()[0])


def test_a_statement_is_planned_at_its_first_time_and_then_only_told() -> None:
    for each in (ONE, OTHER, ONE):
        assert prepared("SELECT %(a)s::uuid AS seen_once, 1 %% 2", {"a": each}) == [(each, 1)]
    assert planned("seen_once") == 1


def test_a_name_may_stand_twice_and_values_may_be_more_than_are_named() -> None:
    found = prepared("SELECT %(b)s::text, %(a)s::int, %(b)s::text", {"a": 1, "b": "x'", "c": 3})
    assert found == [("x'", 1, "x'")]


def test_what_answers_no_rows_gives_none() -> None:
    assert prepared("SET LOCAL lock_timeout = 0", {}) == []


def test_it_is_seen_by_whoever_watches_statements() -> None:
    seen: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch), CaptureQueriesContext(connection) as logged:
        prepared("SELECT %(a)s::int", {"a": 17})
    assert seen == ["SELECT %(a)s::int"]
    assert [each["sql"] for each in logged.captured_queries] == ["SELECT $1::int"]


def test_what_it_did_is_undone_with_its_transaction() -> None:
    statement = "INSERT INTO datamap_keyfingerprint VALUES (%(a)s, 'x', now())"
    asked = "SELECT 1 FROM datamap_keyfingerprint WHERE name = %(a)s"
    with transaction.atomic():
        prepared(statement, {"a": "undone"})
        assert prepared(asked, {"a": "undone"}) == [(1,)]
        transaction.set_rollback(True)
    assert prepared(asked, {"a": "undone"}) == []


def test_ordinary_statements_are_not_planned_apart() -> None:
    prepared("SELECT %(a)s::int", {"a": 1})
    with connection.cursor() as cursor:
        for _time in range(8):
            cursor.execute("SELECT %s::int AS never_planned", [1])
    assert planned("never_planned") == 0


def test_rows_without_columns_are_rows_too() -> None:
    assert len(prepared("SELECT FROM generate_series(1, %(n)s::int)", {"n": 3})) == 3
