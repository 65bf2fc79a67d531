-- Question: which other fields does a file bring of whom, and for whom may they be kept?
-- Runs over the temp tables import_row and import_match (see bring_in.sql); only for a file that
-- has such columns. Parameters: %(at)s, %(ms)s.

-- name: any
SELECT EXISTS (SELECT FROM import_row WHERE besides IS NOT NULL);

-- name: unproven
SELECT count(*) FROM import_row r JOIN import_match m ON m.line = r.line
 WHERE r.besides - 'post' <> '{}' AND (m.state = '' OR m.reason <> '' OR m.stop_state <> '');

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

-- name: special
-- Sealed cells of a field that an exception opens; of who is restricted nothing is added.
SELECT DISTINCT ON (m.person_id) m.person_id, r.besides ->> %(role)s
  FROM import_row r
  JOIN import_match m ON m.line = r.line
  JOIN people_person p ON p.id = m.person_id AND p.restricted_at IS NULL
 WHERE r.besides ? %(role)s
 ORDER BY m.person_id, m.line;

-- name: posts_out
-- Postal addresses that stay out: not whole, or of somebody who is no customer as far as we know.
SELECT CASE WHEN jsonb_typeof(r.besides -> 'post') = 'null' THEN 'incomplete'
            ELSE 'no-customer' END AS why, count(*)
  FROM import_row r JOIN import_match m ON m.line = r.line
 WHERE r.besides ? 'post' AND (jsonb_typeof(r.besides -> 'post') = 'null' OR NOT (
       EXISTS (SELECT FROM people_purchase b
                WHERE b.person_id = m.person_id AND b.reversed_on IS NULL)
    OR EXISTS (SELECT FROM people_relation k WHERE k.person_id = m.person_id
                  AND k.kind = 'customer' AND k.until IS NULL)))
 GROUP BY 1;

-- name: addresses
-- Of who is a customer and has no address here, with the point that post goes to; not of who is
-- restricted, and not what was forgotten (consent_suppression_once).
WITH newest AS (
  SELECT DISTINCT ON (p.id) p.id AS person_id, m.point_id, r.besides -> 'post' AS post
    FROM import_row r
    JOIN import_match m ON m.line = r.line
    JOIN people_person p ON p.id = m.person_id AND p.restricted_at IS NULL
     AND p.family_name <> ''
   WHERE jsonb_typeof(r.besides -> 'post') = 'object'
     AND (EXISTS (SELECT FROM people_purchase b
                   WHERE b.person_id = p.id AND b.reversed_on IS NULL)
       OR EXISTS (SELECT FROM people_relation k WHERE k.person_id = p.id
                     AND k.kind = 'customer' AND k.until IS NULL))
     AND NOT EXISTS (SELECT FROM people_postaladdress a
                      WHERE a.person_id = p.id AND a.ended_at IS NULL)
     AND NOT EXISTS (SELECT FROM consent_suppression s
                      WHERE s.keyed_hash = decode(r.besides #>> '{post,hash}', 'hex')
                        AND s.channel = 'post' AND s.reason = 'erasure')
   ORDER BY p.id, m.line
), kept AS (
  INSERT INTO people_postaladdress (id, person_id, street, house_number, postcode, city, country,
                                    created_at)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY person_id)), person_id,
         post ->> 'street', post ->> 'house_number', post ->> 'postcode', post ->> 'city',
         post ->> 'country', %(at)s
    FROM newest
  RETURNING person_id
), points AS (
  INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash, source,
                                   is_legal_person, undeliverable_why, created_at)
  SELECT DISTINCT ON (post ->> 'normalised')
         akkoord_uuid7_at(%(ms)s, 500000 + row_number() OVER (ORDER BY person_id)), person_id,
         'post', post ->> 'value', post ->> 'normalised', decode(post ->> 'hash', 'hex'),
         'import', false, '', %(at)s
    FROM newest
  ON CONFLICT (normalised, channel) WHERE ended_at IS NULL DO NOTHING
), touched AS (
  INSERT INTO import_touched SELECT point_id FROM newest)
SELECT count(*) FROM kept;
