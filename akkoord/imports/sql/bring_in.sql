-- Question: what does each row of the file bring, and what does that change?
-- Runs over the temp table import_row (see bring_in.py) in one transaction, set by set; sorted by
-- address, so that the unique index people_point_one_living grows at one end.
-- Parameters: %(at)s, %(import_id)s, %(judge_by)s, %(ms)s (unix milliseconds, for UUIDv7),
-- %(source)s. Statements are parted by lines that begin with "-- name:".

-- name: duplicates
DELETE FROM import_row d USING (
    SELECT line, row_number() OVER (
        PARTITION BY normalised
        ORDER BY (stop_state <> '') DESC, (cleaned_at IS NOT NULL) DESC, (reason = '') DESC,
                 (state <> '') DESC, line
    ) AS place FROM import_row
) p WHERE p.line = d.line AND p.place > 1
RETURNING d.line;

-- name: match
-- Who is known (people_point_one_living), who stays out: forgotten or objected before, by the
-- keyed hash (consent_suppression_once), when nobody living has the address. Who left another
-- topic only may come in for this one.
CREATE TEMP TABLE import_match ON COMMIT DROP AS
SELECT r.line, r.value, r.normalised, r.keyed_hash, r.given_name, r.family_name, r.language,
       r.state, r.happened_at, r.stop_state, r.stopped_at, r.cleaned_at, r.evidence, r.reason,
       c.id IS NULL AS is_new,
       -- Another name than we know; an empty cell says nothing.
       c.id IS NOT NULL AND ((r.given_name <> '' AND r.given_name <> k.given_name)
         OR (r.family_name <> '' AND r.family_name <> k.family_name)) AS differs,
       CASE WHEN c.id IS NULL THEN (
           SELECT s.reason FROM consent_suppression s
            WHERE s.keyed_hash = r.keyed_hash AND s.channel = 'email'
              AND s.scope IN ('marketing', %(scope)s)
            ORDER BY (s.reason = 'erasure') DESC LIMIT 1) END AS stays_out,
       coalesce(c.person_id, akkoord_uuid7_at(%(ms)s, n)) AS person_id,
       coalesce(c.id, akkoord_uuid7_at(%(ms)s, n)) AS point_id
  FROM (SELECT *, row_number() OVER (ORDER BY normalised) AS n FROM import_row) r
  LEFT JOIN people_contactpoint c
    ON c.normalised = r.normalised AND c.channel = 'email' AND c.ended_at IS NULL
  LEFT JOIN people_person k ON k.id = c.person_id
 ORDER BY r.n;

-- name: stayed_out
DELETE FROM import_match WHERE stays_out IS NOT NULL RETURNING line, stays_out;

-- name: points
-- Before the persons (the foreign key is checked at the end): somebody who signs up at this very
-- moment keeps the address, and the row of the file becomes theirs (people_point_one_living).
INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash, source,
                                 is_legal_person, undeliverable_at, undeliverable_why, created_at)
SELECT point_id, person_id, 'email', value, normalised, keyed_hash, 'import', false, cleaned_at,
       CASE WHEN cleaned_at IS NULL THEN '' ELSE 'cleaned-before' END, %(at)s
  FROM import_match WHERE is_new
ON CONFLICT (normalised, channel) WHERE ended_at IS NULL DO NOTHING;

-- name: rematch
UPDATE import_match m SET person_id = c.person_id, point_id = c.id, is_new = false
  FROM people_contactpoint c
 WHERE m.is_new AND c.normalised = m.normalised AND c.channel = 'email' AND c.ended_at IS NULL
   AND c.id <> m.point_id;

-- name: persons
INSERT INTO people_person (id, given_name, family_name, language, customer_number, source,
                           source_ref, judge_by, created_at, updated_at)
SELECT person_id, given_name, family_name, language, '', 'import', %(import_id)s,
       CASE WHEN reason <> '' AND stop_state = '' THEN %(judge_by)s::date END, %(at)s, %(at)s
  FROM import_match WHERE is_new;

-- name: undeliverable
WITH marked AS (
  UPDATE people_contactpoint c SET undeliverable_at = m.cleaned_at,
                                   undeliverable_why = 'cleaned-before'
    FROM import_match m
   WHERE c.id = m.point_id AND NOT m.is_new AND m.cleaned_at IS NOT NULL
     AND c.undeliverable_at IS NULL
  RETURNING c.id)
INSERT INTO import_touched SELECT id FROM marked;

-- name: differing
SELECT count(*) FROM import_match WHERE differs;

-- name: remember_names
-- What an overwritten name was, so that the whole import can be undone.
INSERT INTO imports_overwrittenname (id, import_file_id, person_id, given_name, family_name)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY m.normalised)), %(import_id)s, p.id,
       p.given_name, p.family_name
  FROM import_match m JOIN people_person p ON p.id = m.person_id
 WHERE m.differs AND NOT EXISTS (
       SELECT 1 FROM trail_change t WHERE t.subject_id = p.id AND t.actor_kind = 'person'
          AND t.action = 'person.correct')
   AND NOT EXISTS (
       SELECT 1 FROM consent_permissionevent e WHERE e.person_ref = p.id
          AND e.actor_kind = 'person' AND e.method IN ('web-form', 'confirmation'))
ON CONFLICT (import_file_id, person_id) DO NOTHING;

-- name: overwrite_names
-- Only whose name was remembered: what a person said of themself stays (art. 16).
WITH changed AS (
  UPDATE people_person p
     SET given_name = CASE WHEN m.given_name <> '' THEN m.given_name ELSE p.given_name END,
         family_name = CASE WHEN m.family_name <> '' THEN m.family_name ELSE p.family_name END,
         updated_at = %(at)s
    FROM import_match m, imports_overwrittenname o
   WHERE m.differs AND p.id = m.person_id AND o.person_id = p.id
     AND o.import_file_id = %(import_id)s
  RETURNING m.point_id)
INSERT INTO import_touched SELECT point_id FROM changed;

-- name: touched
INSERT INTO import_touched
SELECT DISTINCT e.contact_point_ref FROM staged_permission_event e
  JOIN import_match m ON m.point_id = e.contact_point_ref WHERE NOT m.is_new;

-- name: begin
-- Per file, over all its tables: who is to be asked of the gate, and who is not proven.
CREATE TEMP TABLE import_seen (point_id uuid) ON COMMIT DROP;
CREATE TEMP TABLE import_unproven (point_id uuid, reason text) ON COMMIT DROP;

-- name: seen
INSERT INTO import_seen
SELECT point_id FROM import_match m WHERE m.reason = '' OR m.stop_state <> '' OR
       EXISTS (SELECT 1 FROM consent_standing s WHERE s.contact_point_id = m.point_id);

-- name: first_rows
-- What becomes of the first rows, for the screen. Sorts the lines; only when looking through.
SELECT line, is_new, point_id IN (SELECT point_id FROM import_touched), differs, state, reason,
       stop_state, cleaned_at IS NOT NULL, point_id
  FROM import_match ORDER BY line LIMIT %(left)s;

-- name: grants
-- A file brought in twice adds nothing: the same fact of the same person is not written again.
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%(ms)s, 1 + row_number() OVER (ORDER BY m.normalised)), m.person_id,
       m.point_id, %(version)s::uuid, 'email', 'consent', m.state, m.happened_at, %(at)s, NULL,
       'import', %(staff)s::uuid, 'import', %(collection_point)s::uuid, %(notice)s::uuid, true,
       m.evidence || jsonb_build_object('import', %(import_id)s::text)
  FROM import_match m
 WHERE m.state <> '' AND m.reason = '' AND (m.is_new OR NOT EXISTS (
       SELECT 1 FROM consent_permissionevent e
        WHERE e.person_ref = m.person_id AND e.contact_point_ref = m.point_id
          AND e.purpose_version_id = %(version)s::uuid AND e.method = 'import'
          AND e.state = m.state AND e.happened_at = m.happened_at));

-- name: stops
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%(ms)s, 1 + row_number() OVER (ORDER BY m.normalised)), m.person_id,
       m.point_id, v.id, 'email', 'consent', m.stop_state, m.stopped_at, %(at)s, NULL,
       'import', %(staff)s::uuid, 'import', NULL, NULL, false,
       m.evidence || jsonb_build_object('import', %(import_id)s::text)
  FROM import_match m CROSS JOIN (
       SELECT id FROM register_purposeversion WHERE id = ANY(%(stop_versions)s)) v
 WHERE m.stop_state <> '' AND (m.is_new OR NOT EXISTS (
       SELECT 1 FROM consent_permissionevent e
        WHERE e.person_ref = m.person_id AND e.contact_point_ref = m.point_id
          AND e.purpose_version_id = v.id AND e.method = 'import'
          AND e.state = m.stop_state AND e.happened_at = m.stopped_at));

-- name: objections
INSERT INTO consent_suppression (id, keyed_hash, channel, scope, reason, since, review_on,
                                 by_staff)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER ()), m.keyed_hash, 'email', 'marketing',
       'objection', m.stopped_at, %(review_on)s::date, %(staff)s::uuid
  FROM import_match m WHERE m.stop_state = 'objected'
ON CONFLICT (keyed_hash, channel, scope) DO UPDATE
   SET reason = excluded.reason, since = excluded.since, review_on = excluded.review_on,
       lifted_for = '{}'
 WHERE consent_suppression.since < excluded.since;

-- name: pending
INSERT INTO imports_pendingevidence (id, import_file_id, person_id, contact_point_id, row, reason,
                                     state, happened_at, evidence)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY m.normalised)), %(import_id)s,
       m.person_id, m.point_id, m.line, m.reason, m.state, m.happened_at, m.evidence
  FROM import_match m
 WHERE m.reason <> '' AND m.stop_state = '' AND (m.is_new OR NOT EXISTS (
       SELECT 1 FROM consent_standing s WHERE s.contact_point_id = m.point_id))
ON CONFLICT (import_file_id, contact_point_id) DO NOTHING;

-- name: not_proven
INSERT INTO import_unproven
SELECT m.point_id, m.reason FROM import_match m
 WHERE m.reason <> '' AND m.stop_state = '' AND (m.is_new OR NOT EXISTS (
       SELECT 1 FROM consent_standing s WHERE s.contact_point_id = m.point_id));

-- name: unproven
-- Each person once; whom another table of the file proves is not among them.
SELECT reason, count(*) FROM (
  SELECT DISTINCT ON (point_id) point_id, reason FROM import_unproven u
   WHERE NOT EXISTS (SELECT 1 FROM import_seen s WHERE s.point_id = u.point_id)
   ORDER BY point_id, reason) each
 GROUP BY reason;

-- name: judged
-- Who has a basis now no longer stands under "import to be judged" (INV-44).
UPDATE people_person p SET judge_by = NULL
  FROM import_match m
 WHERE p.id = m.person_id AND NOT m.is_new AND p.judge_by IS NOT NULL AND m.reason = ''
   AND m.state <> '';
