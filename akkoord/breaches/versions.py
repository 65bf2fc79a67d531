"""How the record of a leak stood after each change, so that a change can be seen later.

Art. 33(5) asks a record by which the AP can check what was known when. A version is the row as
the database holds it, with the ways by which people were found; one that differs from none is not
kept. It goes with its leak, and an erasure empties a text in it that names somebody.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from akkoord.trail.actions import Actor

# What follows from the rest, says who wrote when, or never changes.
LEFT_OUT: Final = (
    *("id", "reference", "is_drill", "begun_at", "begun_by", "changed_at", "due_at", "found"),
    *("counted_at", "decided_at", "decided_by", "letter_at", "closed_at", "closed_by"),
)
# Does the record differ from its last version? Index: breaches_version_once.
_KEEP = """
INSERT INTO breaches_breachversion
       (id, breach_id, number, at, actor_kind, actor_id, code, content)
SELECT akkoord_uuid7_at(%(moment)s, 1), b.id, coalesce(last.number, 0) + 1, %(at)s,
       %(kind)s, %(actor)s, %(code)s, stands.content
  FROM breaches_breach b
 CROSS JOIN LATERAL (
   SELECT to_jsonb(b) - %(left_out)s::text[] || jsonb_build_object('ways', coalesce((
            SELECT jsonb_agg(jsonb_build_object('kind', s.kind, 'value', s.value, 'since', s.since,
                                                'until', s.until, 'people', s.people) ORDER BY s.id)
              FROM breaches_breachscope s WHERE s.breach_id = b.id), '[]'::jsonb)) AS content
 ) AS stands
  LEFT JOIN LATERAL (
   SELECT number, content FROM breaches_breachversion
    WHERE breach_id = b.id ORDER BY number DESC LIMIT 1
 ) AS last ON true
 WHERE b.id = %(breach)s AND last.content IS DISTINCT FROM stands.content
    ON CONFLICT (breach_id, number) DO NOTHING
"""


def keep_version(breach_id: UUID, code: str, *, at: datetime, actor: Actor) -> bool:
    """Keep how the record stands now, in the caller's transaction.

    One statement; False: nothing differs from the last version, or another keeps it at this moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "moment": int(at.timestamp() * 1000),
                "at": at,
                "kind": actor.kind,
                "actor": actor.id,
                "code": code,
                "left_out": list(LEFT_OUT),
                "breach": breach_id,
            },
        )
        return bool(cursor.rowcount)
