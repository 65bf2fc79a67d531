"""SQL that stops one purpose for one person in one statement, whichever of their mails was used.

Migration 0008 runs `STOP` in place of the first `consent_stop`, migration 0016 `STOP_ENDS_REQUESTS`
in place of that, migration 0020 `STOP_AS_SEALED`; what they make must never change afterwards (a
new migration replaces it).
"""

from typing import Final

STOP: Final = r"""
-- A no of the person for one purpose, in one statement: -1 no such contact point (erased),
-- 0 there was a no already, 1 it is recorded. Holds for the contact point of the link, and for
-- every living one of the same person and channel that has a standing for the purpose. Their rows,
-- in the order of their ids, are the locks that every writer of standing takes.
CREATE OR REPLACE FUNCTION consent_stop(
  p_event uuid, p_point uuid, p_purpose uuid, p_method text, p_at timestamptz, p_evidence jsonb
) RETURNS integer LANGUAGE plpgsql AS $body$
DECLARE
  who uuid;
  way text;
  version uuid;
  place record;
  stopped integer := 0;
BEGIN
  SELECT person_id, channel INTO who, way FROM people_contactpoint WHERE id = p_point;
  IF NOT FOUND THEN RETURN -1; END IF;
  SELECT id INTO version FROM register_purposeversion
   WHERE purpose_id = p_purpose ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN RETURN -1; END IF;
  PERFORM FROM people_contactpoint
    WHERE person_id = who AND channel = way AND (ended_at IS NULL OR id = p_point)
    ORDER BY id FOR NO KEY UPDATE;
  FOR place IN
    SELECT c.id, s.state, coalesce(s.basis, 'consent') AS basis
      FROM people_contactpoint c
      LEFT JOIN consent_standing s ON s.contact_point_id = c.id AND s.purpose_id = p_purpose
     WHERE c.id = p_point
        OR (c.person_id = who AND c.channel = way AND c.ended_at IS NULL AND s.id IS NOT NULL)
     ORDER BY c.id
  LOOP
    CONTINUE WHEN place.state IN ('withdrawn', 'objected');
    INSERT INTO consent_permissionevent (id, person_ref, contact_point_ref, purpose_version_id,
        channel, basis, state, happened_at, recorded_at, actor_kind, method, is_declared, evidence,
        commitment)
    VALUES (CASE WHEN place.id = p_point THEN p_event
                 ELSE akkoord_uuid7_at((extract(epoch FROM p_at) * 1000)::bigint, stopped) END,
            who, place.id, version, way, place.basis, 'withdrawn', p_at, p_at, 'person', p_method,
            false, p_evidence, '\x');
    PERFORM consent_refold(place.id, p_purpose);
    stopped := 1;
  END LOOP;
  IF stopped = 0 AND NOT EXISTS (SELECT FROM people_contactpoint WHERE id = p_point) THEN
    RETURN -1;
  END IF;
  RETURN stopped;
END $body$;
"""

_STOPPED_ALREADY: Final = "place.state IN ('withdrawn', 'objected');"

STOP_ENDS_REQUESTS: Final = STOP.replace(
    _STOPPED_ALREADY,
    r"""place.state IN ('withdrawn', 'objected') AND NOT coalesce((
      -- A second no after a new request is no repetition: it ends that request (INV-5).
      SELECT consent_effective(e.state, e.basis, e.method) = 'requested'
        FROM consent_permissionevent e
        JOIN register_purposeversion v ON v.id = e.purpose_version_id
       WHERE e.contact_point_ref = place.id AND v.purpose_id = p_purpose
         AND consent_effective(e.state, e.basis, e.method)
             IN ('requested', 'refused', 'withdrawn', 'objected')
       ORDER BY e.happened_at DESC, e.state IN ('objected', 'withdrawn', 'refused') DESC
       LIMIT 1), false);""",
)

# An address of a joined record goes on under the id that its events were sealed with.
STOP_AS_SEALED: Final = STOP_ENDS_REQUESTS.replace(
    "SELECT c.id, s.state,", "SELECT c.id, c.sealed_as, s.state,"
).replace("who, place.id, version,", "coalesce(place.sealed_as, who), place.id, version,")
