-- Question: which two records may be of one person, and why?
-- In blocks of records that share something, never everybody against everybody; a block of more than
-- %(block)s says nothing (a name shared by hundreds, the telephone of an office) and is passed by.
-- Nobody who is frozen (art. 18). Statements are parted by lines that begin with "-- name:".

-- name: names
CREATE TEMP TABLE dup_name ON COMMIT DROP AS
SELECT id, btrim(regexp_replace(regexp_replace(lower(normalize(given_name, NFD)),
                 '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')) AS given,
       btrim(regexp_replace(regexp_replace(lower(normalize(family_name, NFD)),
                 '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')) AS family,
       lower(btrim(customer_number)) AS customer
  FROM people_person WHERE restricted_at IS NULL;

-- name: named
CREATE UNIQUE INDEX ON dup_name (id);

-- name: heard
-- How each name sounds, beside it: `dup_sound` is made before.
CREATE INDEX ON dup_sound (name);

-- name: heard_figures
ANALYZE dup_sound;

-- name: sounded
CREATE TEMP TABLE dup_key ON COMMIT DROP AS
SELECT n.id, n.given, n.family, n.customer, coalesce(g.key, '') AS given_key,
       coalesce(f.key, '') AS family_key
  FROM dup_name n LEFT JOIN dup_sound g ON g.name = n.given
                  LEFT JOIN dup_sound f ON f.name = n.family;

-- name: sounded_indexed
CREATE UNIQUE INDEX ON dup_key (id);

-- name: sounded_figures
ANALYZE dup_key;

-- name: blocks
CREATE TEMP TABLE dup_block ON COMMIT DROP AS
SELECT DISTINCT why, key, person FROM (
  SELECT 'customer-number' AS why, customer AS key, id AS person FROM dup_key WHERE customer <> ''
  UNION ALL
  SELECT 'phone', c.normalised, c.person_id FROM people_contactpoint c
   WHERE c.channel IN ('phone', 'sms') AND c.ended_at IS NULL
  UNION ALL
  -- Dots are nothing at Gmail only; what stands after a plus is a mark at nearly every provider.
  SELECT 'mailbox', CASE WHEN domain IN ('gmail.com', 'googlemail.com')
                         THEN replace(box, '.', '') || '@gmail.com' ELSE box || '@' || domain END,
         person_id
    FROM (SELECT person_id, split_part(split_part(normalised, '@', 1), '+', 1) AS box,
                 split_part(normalised, '@', 2) AS domain
            FROM people_contactpoint WHERE channel = 'email' AND ended_at IS NULL) m
   WHERE box <> ''
  UNION ALL
  SELECT 'former-address', normalised, person_id FROM people_contactpoint
   WHERE channel = 'email' AND normalised IN (
     SELECT normalised FROM people_contactpoint WHERE channel = 'email' AND ended_at IS NOT NULL)
  UNION ALL
  SELECT 'door', concat_ws('|', lower(regexp_replace(a.postcode, '\s', '', 'g')),
                           lower(regexp_replace(a.house_number, '\s', '', 'g')), n.family_key),
         a.person_id
    FROM people_postaladdress a JOIN dup_key n ON n.id = a.person_id
   WHERE a.ended_at IS NULL AND n.family <> ''
  UNION ALL
  SELECT 'company', r.company_id || '|' || n.family_key, r.person_id
    FROM people_relation r JOIN dup_key n ON n.id = r.person_id
   WHERE r.company_id IS NOT NULL AND r.until IS NULL AND n.family <> ''
) AS every;

-- name: blocked
CREATE INDEX ON dup_block (why, key);

-- name: block_figures
ANALYZE dup_block;

-- name: pairs
CREATE TEMP TABLE dup_pair ON COMMIT DROP AS
WITH small AS MATERIALIZED (
  SELECT why, key FROM dup_block GROUP BY why, key HAVING count(*) BETWEEN 2 AND %(block)s)
SELECT a.person AS one, b.person AS other, array_agg(DISTINCT a.why) AS reasons
  FROM small s
  JOIN dup_block a ON a.why = s.why AND a.key = s.key
  JOIN dup_block b ON b.why = s.why AND b.key = s.key AND b.person > a.person
 GROUP BY 1, 2;

-- name: pair_figures
ANALYZE dup_pair;

-- name: frozen
DELETE FROM dup_pair p WHERE NOT EXISTS (SELECT FROM dup_key n WHERE n.id = p.one)
                          OR NOT EXISTS (SELECT FROM dup_key n WHERE n.id = p.other);

-- name: compared
-- The same first name; an initial for one; one that sounds the same, as the last name does; or
-- another one, which speaks against it.
UPDATE dup_pair p SET reasons = reasons || CASE
    WHEN a.family_key = b.family_key AND a.given_key = b.given_key AND a.family <> ''
         AND a.given <> '' AND (a.family, a.given) <> (b.family, b.given) THEN ARRAY['like-sound']
    WHEN a.family_key = b.family_key AND a.family <> b.family AND left(a.given, 1) = left(b.given, 1)
         AND (length(split_part(a.given, ' ', 1)) = 1 OR length(split_part(b.given, ' ', 1)) = 1)
         THEN ARRAY['like-name']
    WHEN a.family <> b.family THEN CASE
         WHEN a.given <> '' AND b.given <> '' AND a.given <> b.given AND a.family <> ''
              AND b.family <> '' THEN ARRAY['other-name'] ELSE ARRAY[]::text[] END
    WHEN a.family = '' OR a.given = '' OR b.given = '' THEN ARRAY[]::text[]
    WHEN a.given = b.given THEN ARRAY['same-name']
    WHEN left(a.given, 1) = left(b.given, 1)
         AND (length(split_part(a.given, ' ', 1)) = 1 OR length(split_part(b.given, ' ', 1)) = 1
              OR split_part(a.given, ' ', 1) = split_part(b.given, ' ', 1))
         THEN ARRAY['like-name']
    ELSE ARRAY['other-name'] END
  FROM dup_key a, dup_key b WHERE a.id = p.one AND b.id = p.other;

-- name: weighed
CREATE TEMP TABLE dup_found ON COMMIT DROP AS
SELECT one, other, reasons, least(100, score) AS score, NULL::uuid AS pair, false AS is_new FROM (
  SELECT p.*, (SELECT sum((%(weights)s::jsonb ->> r)::int) FROM unnest(p.reasons) r) AS score
    FROM dup_pair p) w
 WHERE score >= %(enough)s;

-- name: found_indexed
CREATE UNIQUE INDEX ON dup_found (one, other);

-- name: found_by_pair
CREATE INDEX ON dup_found (pair);

-- name: found_figures
ANALYZE dup_found;

-- name: known
-- Index: people_side_once and the one of the person. Whoever was looked at is not shown again.
UPDATE dup_found f SET pair = a.pair_id
  FROM people_duplicateside a JOIN people_duplicateside b ON b.pair_id = a.pair_id
 WHERE a.person_id = f.one AND b.person_id = f.other;

-- name: lonely
-- What has lost a side.
DELETE FROM people_duplicateside s USING (
  SELECT o.pair_id FROM people_duplicateside o GROUP BY o.pair_id HAVING count(*) < 2) alone
 WHERE alone.pair_id = s.pair_id
   AND NOT EXISTS (SELECT FROM people_duplicatepair d
                    WHERE d.id = s.pair_id AND d.state = 'joined');

-- name: gone
-- What does not look alike any more, and nobody said so.
DELETE FROM people_duplicateside s USING people_duplicatepair d
 WHERE d.id = s.pair_id AND d.state = 'new' AND NOT 'by-staff' = ANY(d.reasons)
   AND NOT EXISTS (SELECT FROM dup_found f WHERE f.pair = d.id);

-- name: emptied
DELETE FROM people_duplicatepair d
 WHERE NOT EXISTS (SELECT FROM people_duplicateside s WHERE s.pair_id = d.id);

-- name: renewed
UPDATE people_duplicatepair d SET score = f.score, reasons = f.reasons
  FROM dup_found f WHERE f.pair = d.id AND d.state = 'new'
   AND (d.score, d.reasons::text[]) IS DISTINCT FROM (f.score::int, f.reasons);

-- name: fresh
UPDATE dup_found f SET pair = akkoord_uuid7_at(%(ms)s, n), is_new = true
  FROM (SELECT one, other, row_number() OVER (ORDER BY one, other) AS n
          FROM dup_found WHERE pair IS NULL) m
 WHERE f.one = m.one AND f.other = m.other;

-- name: kept
INSERT INTO people_duplicatepair (id, state, score, reasons, found_at)
SELECT pair, 'new', score, reasons, %(at)s FROM dup_found WHERE is_new;

-- name: kept_sides
INSERT INTO people_duplicateside (pair_id, person_id)
SELECT pair, unnest(ARRAY[one, other]) FROM dup_found WHERE is_new;
