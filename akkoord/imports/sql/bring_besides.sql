-- Question: which other fields does a file bring of whom, and for whom may they be kept?
-- Runs over the temp tables import_row and import_match (see bring_in.sql); only for a file that
-- has such columns. Parameters: %(at)s, %(ms)s.

-- name: any
SELECT EXISTS (SELECT FROM import_row WHERE besides IS NOT NULL);

-- name: unproven
SELECT count(*) FROM import_row r JOIN import_match m ON m.line = r.line
 WHERE r.besides IS NOT NULL AND (m.state = '' OR m.reason <> '' OR m.stop_state <> '');

-- name: own_values
-- Nothing is overwritten (people_own_value_once), and of who is restricted nothing is added.
WITH kept AS (
  INSERT INTO people_ownfieldvalue (id, person_id, field_id, value, updated_at)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY m.line)), m.person_id, f.id,
         o.value, %(at)s
    FROM import_row r
    JOIN import_match m ON m.line = r.line
    JOIN people_person p ON p.id = m.person_id AND p.restricted_at IS NULL
   CROSS JOIN LATERAL jsonb_each_text(r.besides) o(role, value)
    JOIN register_personaldatafield f
      ON f.key = substr(o.role, 5) AND o.role LIKE 'own:%%' AND f.is_own AND NOT f.is_special
     AND f.ended_at IS NULL
   WHERE m.state <> '' AND m.reason = '' AND m.stop_state = ''
  ON CONFLICT (person_id, field_id) DO NOTHING
  RETURNING person_id
), touched AS (
  INSERT INTO import_touched
  SELECT DISTINCT m.point_id FROM import_match m JOIN kept k ON k.person_id = m.person_id
   WHERE NOT m.is_new)
SELECT count(*) FROM kept;
