-- Question: what did an import bring, what came of it since, and how is it taken back?
-- Ids are UUIDv7 and grow with time, so everything since the import began is one range of the
-- primary keys (people_person_pkey, consent_permissionevent_pkey). Parameters: %(import_id)s,
-- %(begun)s (lowest id of that moment), %(point)s (its collection point), %(at)s, %(ms)s, %(kept)s
-- (who is held for a legal claim or frozen: of them everything stays as it is).

-- name: events
-- Every fact that the file brought, also by proof added to its group afterwards.
CREATE TEMP TABLE undo_event ON COMMIT DROP AS
SELECT e.id, e.person_ref, e.contact_point_ref, e.purpose_version_id, e.state, e.happened_at
  FROM consent_permissionevent e
 WHERE e.id >= %(begun)s AND e.method = 'import'
   AND (%(import_id)s::text IN (e.evidence ->> 'import', e.evidence ->> 'undone')
        OR e.collection_point_id = %(point)s::uuid);

-- name: people
-- Whom it made, and whom it touched.
CREATE TEMP TABLE undo_person ON COMMIT DROP AS
SELECT id, true AS is_made FROM people_person
 WHERE id >= %(begun)s AND source = 'import' AND source_ref = %(import_id)s
UNION
SELECT DISTINCT e.person_ref, false FROM undo_event e
  JOIN people_person p ON p.id = e.person_ref
 WHERE p.source_ref IS DISTINCT FROM %(import_id)s;

-- name: sent
-- What left, or may have left, for these people since.
SELECT count(*) FROM messages_message m
  JOIN undo_person u ON u.id = m.person_id
 WHERE m.due_at >= %(at)s AND m.state IN ('sent', 'uncertain', 'claimed');

-- name: stay
-- Who said no in the file, had anything else happen since, or was joined with another, stays.
DELETE FROM undo_person u WHERE u.is_made AND (
  EXISTS (SELECT 1 FROM people_personalias a WHERE a.person_id = u.id) OR
  EXISTS (SELECT 1 FROM undo_event e
           WHERE e.person_ref = u.id AND e.state IN ('withdrawn', 'objected'))
  OR EXISTS (SELECT 1 FROM consent_permissionevent e
              WHERE e.person_ref = u.id AND e.id NOT IN (SELECT id FROM undo_event)));

-- name: claims
SELECT count(*) FROM undo_event e
  JOIN consent_standing s ON s.event_id = e.id AND s.contact_point_id = e.contact_point_ref
 WHERE e.state IN ('given', 'confirmed');

-- name: invalidated
-- Only where today's standing rests on the file: what people did themselves is theirs.
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY e.id)), e.person_ref,
       e.contact_point_ref, e.purpose_version_id, 'email', 'consent', 'invalidated',
       e.happened_at, %(now)s, NULL, 'import', %(staff)s::uuid, 'import', NULL, NULL, false,
       jsonb_build_object('undone', %(import_id)s::text)
  FROM undo_event e
  JOIN consent_standing s ON s.event_id = e.id AND s.contact_point_id = e.contact_point_ref
 WHERE e.state IN ('given', 'confirmed');

-- name: to_be_judged
-- Who has no basis left stands under "import to be judged" again (INV-44).
UPDATE people_person p SET judge_by = %(judge_by)s::date
 WHERE p.judge_by IS NULL
   AND p.id IN (SELECT person_ref FROM staged_permission_event)
   AND NOT EXISTS (SELECT 1 FROM consent_standing s WHERE s.person_id = p.id
                      AND s.state IN ('given', 'confirmed')
                      AND s.event_id NOT IN (SELECT id FROM undo_event))
   AND NOT EXISTS (SELECT 1 FROM people_purchase b WHERE b.person_id = p.id);

-- name: names_back
-- A name that was changed again since is left alone.
UPDATE people_person p SET given_name = o.given_name, family_name = o.family_name,
                           updated_at = %(now)s
  FROM imports_overwrittenname o
 WHERE o.import_file_id = %(import_id)s AND p.id = o.person_id AND p.updated_at = %(at)s
   AND p.id <> ALL(%(kept)s::uuid[]);

-- name: values_back
-- Own fields that the file brought, and nobody changed since. Of who is held for a legal claim
-- or frozen everything stays (here and below; art. 17(3)(e), 18).
DELETE FROM people_ownfieldvalue
 WHERE updated_at = %(at)s AND person_id <> ALL(%(kept)s::uuid[]);

-- name: special_back
DELETE FROM consent_specialvalue
 WHERE updated_at = %(at)s AND source = 'import' AND person_id <> ALL(%(kept)s::uuid[]);

-- name: addresses_back
DELETE FROM people_postaladdress
 WHERE created_at = %(at)s AND person_id <> ALL(%(kept)s::uuid[]);

-- name: post_points_back
-- A point on which something rests stays.
DELETE FROM people_contactpoint c
 WHERE c.created_at = %(at)s AND c.channel = 'post' AND c.source = 'import'
   AND c.person_id <> ALL(%(kept)s::uuid[])
   AND NOT EXISTS (SELECT FROM consent_standing s WHERE s.contact_point_id = c.id)
   AND NOT EXISTS (SELECT FROM consent_permissionevent e WHERE e.contact_point_ref = c.id);
