"""`akkoord bench audience`: counts and batches, against two ways that others go."""

from datetime import datetime
from typing import Any

from django.db import connection

from akkoord.cli.benches.filling import analyse, fill, lay_ground
from akkoord.cli.benches.results import Result, median_seconds, quicker
from akkoord.law.states import Channel
from akkoord.permission.queries import audience
from akkoord.register.models import Purpose
from akkoord.segments.bitmaps import Shelf, count_with_bitmaps
from akkoord.segments.language import parse, segment_condition

SEGMENT = 'city is "Utrecht" and product_group is "E-bike" and last_purchase within 365 days'
BATCH = 1_000

# The schema that list tools have: a person with a JSON of attributes, and the lists they are on.
_OTHER = """
CREATE TABLE bench_subscribers (id bigserial PRIMARY KEY, email text, name text, attribs jsonb,
                                status text);
CREATE TABLE bench_subscriber_lists (subscriber_id bigint, list_id int, status text,
                                     PRIMARY KEY (subscriber_id, list_id));
INSERT INTO bench_subscribers (email, name, attribs, status)
SELECT c.value, p.given_name || ' ' || p.family_name,
       jsonb_build_object('city', a.city, 'product_group', b.product_group,
                          'last_purchase', b.bought_on), 'enabled'
  FROM people_contactpoint c JOIN people_person p ON p.id = c.person_id
  LEFT JOIN people_postaladdress a ON a.person_id = p.id
  LEFT JOIN people_purchase b ON b.person_id = p.id ORDER BY c.id;
INSERT INTO bench_subscriber_lists
SELECT b.id, 1, CASE s.state WHEN 'confirmed' THEN 'confirmed' ELSE 'unsubscribed' END
  FROM consent_standing s JOIN people_contactpoint c ON c.id = s.contact_point_id
  JOIN bench_subscribers b ON b.email = c.value;
CREATE INDEX ON bench_subscribers (status);
CREATE INDEX ON bench_subscriber_lists (list_id, status);
"""
_OTHER_WHERE = """
  FROM bench_subscribers s JOIN bench_subscriber_lists l ON l.subscriber_id = s.id
 WHERE l.list_id = 1 AND l.status = 'confirmed' AND s.status = 'enabled'
   AND s.attribs->>'city' = 'Utrecht' AND s.attribs->>'product_group' = 'E-bike'
   AND (s.attribs->>'last_purchase')::date >= %s::date - 365
"""
# What anybody would write first over a ledger: the latest event per person and topic.
_LEDGER = """
WITH latest AS (
  SELECT DISTINCT ON (e.contact_point_ref) e.contact_point_ref AS point, e.state
    FROM consent_permissionevent e JOIN register_purposeversion v ON v.id = e.purpose_version_id
   WHERE v.purpose_id = %s ORDER BY e.contact_point_ref, e.happened_at DESC, e.id DESC)
SELECT c.id, c.value FROM latest JOIN people_contactpoint c ON c.id = latest.point
  JOIN people_postaladdress a ON a.person_id = c.person_id
 WHERE latest.state IN ('given', 'confirmed') AND c.ended_at IS NULL AND a.city = 'Utrecht'
   AND NOT EXISTS (SELECT FROM consent_suppression s WHERE s.keyed_hash = c.keyed_hash)
   AND EXISTS (SELECT FROM people_purchase b WHERE b.person_id = c.person_id
                AND b.product_group = 'E-bike' AND b.bought_on >= %s::date - 365)
 ORDER BY c.id LIMIT 1000
"""


def bench(people: int, *, at: datetime) -> list[Result]:
    """Count and first batch of an audience of three conditions; answers must agree."""
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_OTHER)
    analyse()
    day = at.date()
    counted, other = _count(ground.topic, at), _fetch("SELECT count(*)" + _OTHER_WHERE, [day])
    if counted != other[0][0]:
        raise AssertionError(f"the two schemas disagree: {counted} and {other[0][0]}")
    batch = "SELECT s.id, s.email" + _OTHER_WHERE + " ORDER BY s.id LIMIT 1000"
    shelf = Shelf()
    if _preview(ground.topic, at, shelf) != counted:
        raise AssertionError("the bitmaps disagree with the database")
    kept = median_seconds(lambda: _preview(ground.topic, at, shelf))
    asked = median_seconds(lambda: _count(ground.topic, at))
    plain = median_seconds(lambda: _fetch("SELECT count(*)" + _OTHER_WHERE, [day]))
    first = median_seconds(lambda: _first(ground.topic, at))
    return [
        quicker(
            f"audience: count while a group is edited, {people:,} people, against jsonb lists",
            kept,
            plain,
            good=10,
            aim=100,
        ),
        quicker(
            f"audience: the first count, by the database, {people:,} people, against jsonb lists",
            asked,
            plain,
            good=10,
            aim=100,
        ),
        quicker(
            f"audience: first {BATCH:,} of a group, {people:,} people, against jsonb lists",
            first,
            median_seconds(lambda: _fetch(batch, [day])),
            good=1,
            aim=2,
        ),
        quicker(
            f"audience: first {BATCH:,} of a group, {people:,} people, against latest event",
            first,
            median_seconds(lambda: _fetch(_LEDGER, [ground.topic.id, day]), 3),
            good=5,
            aim=30,
        ),
    ]


def _preview(topic: Purpose, at: datetime, shelf: Shelf) -> int:
    """How many may get a letter, as the builder shows it."""
    return count_with_bitmaps(parse(SEGMENT), topic, Channel.EMAIL, at=at, shelf=shelf)[1]


def _count(topic: Purpose, at: datetime) -> int:
    group = segment_condition(SEGMENT, topic, at)
    return audience(topic, Channel.EMAIL, at=at).filter(group).count()


def _first(topic: Purpose, at: datetime) -> list[object]:
    group = segment_condition(SEGMENT, topic, at)
    found = audience(topic, Channel.EMAIL, at=at).filter(group).order_by("id")
    return list(found.values_list("id", "value")[:BATCH])


def _fetch(sql: str, values: list[Any]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows
