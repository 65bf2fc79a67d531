"""A yes whose term is over ends: an `expired` event in the ledger, set-based, every night.

The gate refuses it from the first second (`still-valid`); this writes down that it ended, so that
it is seen and the data goes by its retention rule.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from akkoord.consent.bulk import append_staged_events, create_staging

STEP = 5_000
FIRST = UUID(int=0)

# Which yeses are over? The points are locked first, as every writer of their standings does; what
# was renewed meanwhile is looked at again under the lock. Each step goes on behind the one before,
# so that what ended is not walked over again. Indexes: consent_one_standing, the primary keys.
_LOCK = """
SELECT p.id FROM people_contactpoint p WHERE p.id IN (
  SELECT contact_point_id FROM consent_standing
   WHERE contact_point_id > %s AND valid_until <= %s AND state IN ('given', 'confirmed')
     AND basis = 'consent'
   ORDER BY contact_point_id LIMIT %s)
 ORDER BY p.id FOR NO KEY UPDATE
"""
_STAGE = """
INSERT INTO staged_permission_event (id, person_ref, contact_point_ref, purpose_version_id, channel,
  basis, state, happened_at, recorded_at, valid_until, actor_kind, actor_ref, method,
  collection_point_id, notice_id, is_declared, evidence)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY s.contact_point_id, s.purpose_id)),
  s.person_id, s.contact_point_id, v.id, s.channel, s.basis, 'expired', s.valid_until, %(at)s, NULL,
  'system', NULL, 'system', NULL, NULL, false, jsonb_build_object('term_of', s.event_id)
    || CASE WHEN e.evidence @> '{"parent_consent": true}'
            THEN '{"asks_own_yes": true}'::jsonb ELSE '{}'::jsonb END
  FROM consent_standing s
  JOIN consent_permissionevent e ON e.id = s.event_id
  JOIN register_purposeversion v
    ON v.purpose_id = s.purpose_id AND v.number = s.purpose_version_number
 WHERE s.contact_point_id = ANY(%(points)s) AND s.valid_until <= %(at)s
   AND s.state IN ('given', 'confirmed') AND s.basis = 'consent'
"""


def lapse_consents(*, at: datetime) -> int:
    """End every yes whose term is over, in steps; how many. A second time finds nothing."""
    total, place = 0, FIRST
    while True:
        count, last = _step(place, at=at)
        if last is None:
            return total
        total, place = total + count, last


@transaction.atomic
def _step(after: UUID, *, at: datetime) -> tuple[int, UUID | None]:
    """The next addresses; how many yeses ended, and the last address, None when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [after, at, STEP])
        points = [row[0] for row in cursor.fetchall()]
        if not points:
            return 0, None
        create_staging(cursor)
        cursor.execute(_STAGE, {"at": at, "ms": int(at.timestamp() * 1000), "points": points})
        count = append_staged_events(cursor)
        cursor.execute("DROP TABLE staged_permission_event")
        return count, points[-1]
