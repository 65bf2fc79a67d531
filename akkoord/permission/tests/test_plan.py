"""The audience's first batch comes from indexes, whatever the number of people."""

import json
import re
from typing import Any

import pytest
from django.db import connection

from akkoord.permission.queries import audience
from akkoord.permission.tests.factories import NOW, make_organisation, make_topic
from akkoord.register.models import Purpose

PEOPLE = 60_000
_PERSON = """
INSERT INTO people_person (id, given_name, family_name, language, customer_number, source,
  created_at, updated_at)
SELECT akkoord_uuid7_at(1700000000000 + n, n), 'A', 'B', 'nl', '', 'test', now(), now()
  FROM generate_series(1, %s) n
"""
_POINT = """
INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash, source,
  is_legal_person, created_at, undeliverable_why)
SELECT gen_random_uuid(), id, 'email', id || '@example.nl', id || '@example.nl',
  sha256(id::text::bytea), 'test', false, now(), '' FROM people_person
"""
_STANDING = """
INSERT INTO consent_standing (id, person_id, contact_point_id, purpose_id, channel, state, basis,
  method, event_id, purpose_version_number, since, heard_at, is_declared)
SELECT gen_random_uuid(), person_id, id, %s, 'email',
  CASE WHEN random() < 0.6 THEN 'confirmed' ELSE 'withdrawn' END, 'consent', 'web-form',
  gen_random_uuid(), 1, now(), now(), false FROM people_contactpoint
"""
_SUPPRESSION = """
INSERT INTO consent_suppression (id, keyed_hash, channel, scope, reason, since, review_on)
SELECT gen_random_uuid(), keyed_hash, 'email', 'marketing', 'objection', now(), current_date
  FROM people_contactpoint WHERE random() < 0.02
"""
_PURCHASE = """
INSERT INTO people_purchase (id, person_id, contact_point_id, number, bought_on, currency,
  product_group, source, created_at)
SELECT gen_random_uuid(), person_id, id, id::text, current_date, 'EUR', 'Fietsen', 'test', now()
  FROM people_contactpoint WHERE random() < 0.4
"""
_COMPANY = """
INSERT INTO people_company (id, name, legal_form, registration_number, created_at)
SELECT akkoord_uuid7_at(1700000000000 + n, n), 'Fietsen ' || n, 'BV', '', now()
  FROM generate_series(1, 5000) n
"""
_RELATION = """
INSERT INTO people_relation (id, person_id, company_id, kind, since, proof)
SELECT gen_random_uuid(), p.id, c.id, 'contact', current_date, ''
  FROM (SELECT id, row_number() OVER () AS n FROM people_person) p
  JOIN (SELECT id, row_number() OVER () AS n FROM people_company) c ON c.n = p.n
"""
BIG = {
    *("people_person", "people_contactpoint", "people_purchase"),
    *("people_company", "people_relation"),
    *("consent_standing", "consent_suppression"),
}


def begin_with_new_files() -> None:
    """What other tests left in the files makes reading a table cheap and its indexes dear."""
    names = [each for each in connection.introspection.table_names() if "migrations" not in each]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(map(connection.ops.quote_name, names)))
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def topic(db: None) -> Purpose:
    begin_with_new_files()
    make_organisation()
    topics = [make_topic(slug) for slug in ("newsletter", "offers", "urgent")]
    with connection.cursor() as cursor:
        cursor.execute(_PERSON, [PEOPLE])
        cursor.execute(_POINT)
        for each in topics:
            cursor.execute(_STANDING, [each.id])
        cursor.execute(_SUPPRESSION)
        cursor.execute(_PURCHASE)
        cursor.execute(_COMPANY)
        cursor.execute(_RELATION)
        cursor.execute("ANALYZE " + ", ".join(sorted(BIG)))
    return topics[0]


def scans(plan: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Node, table and index of every scan in a plan."""
    here = [(plan["Node Type"], plan.get("Relation Name", ""), plan.get("Index Name", ""))]
    return here + [each for part in plan.get("Plans", []) for each in scans(part)]


def test_a_batch_uses_indexes_only(topic: Purpose) -> None:
    first = audience(topic, "email", at=NOW).order_by("id")[:1000]
    ids = [point.id for point in first]
    assert len(ids) == 1000
    later = audience(topic, "email", at=NOW, after=ids[-1]).order_by("id")[:1000]
    assert min(point.id for point in later) > ids[-1]
    for batch in (first, later):
        sql, parameters = batch.values_list("id", "evidence_id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            answer = cursor.fetchone()[0]
        plan = answer if isinstance(answer, list) else json.loads(answer)
        found = scans(plan[0]["Plan"])
        whole = [each for each in found if each[0] == "Seq Scan" and each[1] in BIG]
        assert not whole, found
        assert "consent_standing_live" in {index for _node, _table, index in found}
        assert not any(re.search("Sort|Hash", node) for node, _table, _index in found), found
