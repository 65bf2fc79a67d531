"""Customers without consent: the standings that sales make, renew and end (INV-4, 5, 14, 15).

Set-based: a file of a hundred thousand sales is a few statements. What may be reached is decided
by the gate, each time; here only the evidence is laid down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.law.parameters import Unit, parameter_entry
from akkoord.law.sale_rules import SAW_OPT_OUT, earliest_carrying_sale
from akkoord.trail.actions import Actor


@dataclass(frozen=True, slots=True)
class Settled:
    """What sales changed: standings given or renewed, and ended."""

    given: int = 0
    ended: int = 0


@cache
def _statements() -> dict[str, str]:
    text = (files("akkoord.consent") / "sql" / "settle_customers.sql").read_text()
    parts = text.split("-- name: ")[1:]
    return {name.strip(): sql for name, _, sql in (part.partition("\n") for part in parts)}


def settle_customers(
    *, at: datetime, actor: Actor, point_ids: Iterable[UUID] | None = None
) -> Settled:
    """Lay down, for these addresses (None: all with a sale), what their sales carry now.

    An event of basis `existing-customer` with its evidence (the sale, the place, what was seen)
    for each topic that is about such products, until two years after the sale; renewed by a newer
    sale; ended when what it rests on falls away. A second time changes nothing. Never lifts a no.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _name_points(cursor, point_ids)
        values = _values(at, actor)
        run = _statements()
        cursor.execute(run["best"], values)
        cursor.execute("ANALYZE settle_best")
        create_staging(cursor)
        cursor.execute(run["given"], values)
        given = cursor.rowcount
        cursor.execute(run["ended"], values)
        ended = cursor.rowcount
        append_staged_events(cursor)
        _no_longer_judged(cursor)
        cursor.execute("DROP TABLE settle_point, settle_best, staged_permission_event")
    return Settled(given, ended)


def _name_points(cursor: CursorWrapper, point_ids: Iterable[UUID] | None) -> None:
    cursor.execute("CREATE TEMP TABLE settle_point (id uuid PRIMARY KEY) ON COMMIT DROP")
    if point_ids is None:
        cursor.execute(
            "INSERT INTO settle_point SELECT DISTINCT contact_point_id FROM people_purchase "
            "WHERE contact_point_id IS NOT NULL"
        )
    else:
        cursor.execute(
            "INSERT INTO settle_point SELECT DISTINCT unnest(%s::uuid[])", [list(point_ids)]
        )
    cursor.execute("ANALYZE settle_point")


def _values(at: datetime, actor: Actor) -> dict[str, Any]:
    today = timezone.localdate(at)
    term = parameter_entry("soft-opt-in-term", today)
    return {
        "at": at,
        "today": today,
        "earliest": earliest_carrying_sale(today),
        "months": term.value * (12 if term.unit is Unit.YEARS else 1),
        "ms": int(at.timestamp() * 1000),
        "staff": actor.id,
        "saw": [each.value for each in SAW_OPT_OUT],
    }


def _no_longer_judged(cursor: CursorWrapper) -> None:
    """Who may be written to as a customer no longer waits to be judged (INV-44)."""
    cursor.execute(
        "UPDATE people_person p SET judge_by = NULL FROM settle_best b "
        "WHERE p.id = b.person_id AND p.judge_by IS NOT NULL"
    )
