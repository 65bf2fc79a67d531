"""Minimal valid people."""

from datetime import UTC, datetime

from django.db import connection

from akkoord.datamap.identifiers import normalise_email
from akkoord.datamap.ids import uuid7
from akkoord.datamap.keys import keyed_hash
from akkoord.people.models import ContactPoint, Person

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_CROWD = """
INSERT INTO people_person (id, given_name, family_name, language, customer_number, source,
  created_at, updated_at)
SELECT akkoord_uuid7_at(1700000000000 + n, n), 'Naam' || n %% 997, 'Achter' || n %% 9973, 'nl', '',
  'test', now(), now() FROM generate_series(1, %s) n
"""


def make_person(**more: object) -> Person:
    """Somebody without an address."""
    values: dict[str, object] = {
        "given_name": "Anna",
        "family_name": "de Wit",
        "source": "staff",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Person.objects.create(**(values | more))


def make_point(person: Person | None = None, email: str = "", **more: object) -> ContactPoint:
    """An e-mail address of somebody."""
    value = email or f"{uuid7().hex}@example.nl"
    normalised = normalise_email(value)
    values: dict[str, object] = {
        "person": person or make_person(),
        "channel": "email",
        "value": value,
        "normalised": normalised,
        "keyed_hash": keyed_hash(normalised),
        "source": "staff",
        "created_at": NOW,
    }
    return ContactPoint.objects.create(**(values | more))


def make_crowd(number: int) -> None:
    """So many people without an address, and the planner knows of them.

    For tests of plans: without ANALYZE the planner goes by what an earlier test left (the size of a
    table is not rolled back).
    """
    with connection.cursor() as cursor:
        cursor.execute(_CROWD, [number])
        cursor.execute("ANALYZE people_person, people_contactpoint")
