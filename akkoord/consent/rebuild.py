"""Standings made again from the ledger, and what differs from it."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction

from akkoord.trail.actions import Actor, record_change
from akkoord.trail.ledger import Fault

# The fold over events, as rows of the standing table. `{events}` narrows the events.
# Index used: consent_event_point when narrowed; the whole ledger otherwise.
FOLDED = """
    SELECT p.person_id, p.id AS contact_point_id, g.purpose_id, p.channel, (g.f).state AS state,
           (g.f).basis AS basis, e.method, e.id AS event_id, v.number AS purpose_version_number,
           (g.f).since AS since, e.recorded_at AS heard_at, (g.f).valid_until AS valid_until,
           e.is_declared
      FROM (SELECT e.contact_point_ref AS point, v.purpose_id,
                   consent_fold(e.state, e.basis, e.method, e.actor_kind, e.happened_at,
                                e.valid_until, e.id
                                ORDER BY e.happened_at,
                                         e.state IN ('objected', 'withdrawn', 'refused'),
                                         e.recorded_at, e.id) AS f
              FROM {events}
              JOIN register_purposeversion v ON v.id = e.purpose_version_id
             WHERE e.contact_point_ref IS NOT NULL
             GROUP BY e.contact_point_ref, v.purpose_id) AS g
      JOIN people_contactpoint p ON p.id = g.point
      JOIN consent_permissionevent e ON e.id = (g.f).ref
      JOIN register_purposeversion v ON v.id = e.purpose_version_id
"""

COLUMNS = (
    "person_id, contact_point_id, purpose_id, channel, state, basis, method, event_id, "
    "purpose_version_number, since, heard_at, valid_until, is_declared"
)

UPSERT = (
    "INSERT INTO consent_standing (id, " + COLUMNS + ") "  # noqa: S608 - constants only
    "SELECT event_id, " + COLUMNS + " FROM ({rows}) AS folded "
    "ORDER BY contact_point_id, purpose_id "
    "ON CONFLICT (contact_point_id, purpose_id) DO UPDATE SET "
    + ", ".join(
        f"{name} = excluded.{name}"
        for name in COLUMNS.split(", ")
        if name not in ("contact_point_id", "purpose_id")
    )
)

_DIFFERENT = (
    "SELECT coalesce(f.event_id, s.event_id), "  # noqa: S608 - constants only
    "CASE WHEN s.id IS NULL THEN 'standing-missing' "
    "WHEN f.event_id IS NULL THEN 'standing-without-event' ELSE 'standing-differs' END "
    "FROM (" + FOLDED.format(events="consent_permissionevent e") + ") AS f "
    "FULL JOIN consent_standing s USING (contact_point_id, purpose_id) "
    "WHERE (f.person_id, f.channel, f.state, f.basis, f.method, f.event_id, "
    "f.purpose_version_number, f.since, f.heard_at, f.valid_until, f.is_declared) "
    "IS DISTINCT FROM (s.person_id, s.channel, s.state, s.basis, s.method, s.event_id, "
    "s.purpose_version_number, s.since, s.heard_at, s.valid_until, s.is_declared)"
)


def standing_faults() -> Iterator[Fault]:
    """Standings that the ledger does not make, missing or different; part of `ledger verify`."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        while rows := cursor.fetchmany(1000):
            for event, fault in rows:
                yield Fault(event=str(event), fault=fault)


def rebuild_standings(*, at: datetime, actor: Actor) -> int:
    """Throw all standings away and fold them again from the ledger; how many there are.

    Writers wait meanwhile. Leaves a line in the trail.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE consent_standing IN ACCESS EXCLUSIVE MODE")
        cursor.execute("DELETE FROM consent_standing")
        cursor.execute(UPSERT.format(rows=FOLDED.format(events="consent_permissionevent e")))
        count = int(cursor.rowcount)
        record_change(actor=actor, action="standing.rebuild", object_kind="standing", at=at)
    return count
