-- Question: what does each sale of the file bring, and what does that change?
-- Runs over the temp table sale_row (see bring_sales.py) in one transaction, set by set.
-- Parameters: %(at)s, %(import_id)s, %(source)s, %(place)s, %(judge_by)s and %(oldest)s (a
-- newest sale before that day keeps nobody), %(ms)s, %(saw)s (answers that count), %(names)s
-- (whether first and last names may be kept). Statements are parted by lines "-- name:".

-- name: duplicates
DELETE FROM sale_row d USING (
    SELECT line, part, row_number() OVER (PARTITION BY number, is_credit ORDER BY line) AS place
      FROM sale_row) p
 WHERE p.line = d.line AND p.part = d.part AND p.place > 1
RETURNING d.line, d.part;

-- name: match
-- Whose sale it is: the living address (people_point_one_living), else the customer number. Who
-- was forgotten stays out with sales of that day and before; a later one may be recorded (INV-5).
CREATE TEMP TABLE sale_match ON COMMIT DROP AS
SELECT r.*, coalesce(c.person_id, k.id) AS known_person, c.id AS known_point,
       r.normalised <> '' AND c.id IS NULL AND EXISTS (
           SELECT FROM consent_suppression s WHERE s.keyed_hash = r.keyed_hash
              AND s.channel = 'email' AND s.reason = 'erasure'
              AND (s.since AT TIME ZONE 'Europe/Amsterdam')::date >= r.bought_on) AS stays_out
  FROM sale_row r
  LEFT JOIN people_contactpoint c
    ON r.normalised <> '' AND c.normalised = r.normalised AND c.channel = 'email'
   AND c.ended_at IS NULL
  LEFT JOIN LATERAL (
      SELECT p.id FROM people_person p
       WHERE r.normalised = '' AND r.customer_number <> ''
         AND p.customer_number = r.customer_number
       ORDER BY p.id LIMIT 1) k ON true
 WHERE NOT r.is_credit;

-- name: stayed_out
DELETE FROM sale_match WHERE stays_out RETURNING line, part;

-- name: nobody
-- No address, and nobody here has this customer number.
DELETE FROM sale_match WHERE normalised = '' AND known_person IS NULL RETURNING line, part;

-- name: newcomers
-- One per address, by the newest sale; the person and the point get ids of this moment.
CREATE TEMP TABLE sale_newcomer ON COMMIT DROP AS
SELECT n.*, akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY normalised)) AS person_id,
       akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY normalised)) AS point_id
  FROM (SELECT DISTINCT ON (normalised) normalised, value, keyed_hash, given_name, family_name,
               language, customer_number, company, bought_on AS newest
          FROM sale_match WHERE known_person IS NULL
         ORDER BY normalised, bought_on DESC, line) n;

-- name: persons
INSERT INTO people_person (id, given_name, family_name, language, customer_number, source,
                           source_ref, judge_by, created_at, updated_at)
SELECT person_id, CASE WHEN %(names)s THEN given_name ELSE '' END,
       CASE WHEN %(names)s THEN family_name ELSE '' END, language, customer_number, 'purchase',
       %(import_id)s, CASE WHEN newest < %(oldest)s THEN %(judge_by)s::date END, %(at)s, %(at)s
  FROM sale_newcomer;

-- name: points
INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash, source,
                                 is_legal_person, undeliverable_why, created_at)
SELECT point_id, person_id, 'email', value, normalised, keyed_hash, 'purchase', company <> '', '',
       %(at)s
  FROM sale_newcomer;

-- name: whose
UPDATE sale_match m SET known_person = n.person_id, known_point = n.point_id
  FROM sale_newcomer n WHERE m.known_person IS NULL AND n.normalised = m.normalised;

-- name: companies
-- By their number in the trade register, else by name; legal persons only (INV-17).
INSERT INTO people_company (id, name, legal_form, registration_number, created_at)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER ()), c.company, '', c.registration, %(at)s
  FROM (SELECT DISTINCT ON (coalesce(nullif(registration, ''), lower(company)))
               company, registration FROM sale_match WHERE company <> '') c
 WHERE NOT EXISTS (
       SELECT FROM people_company k
        WHERE CASE WHEN c.registration <> '' AND k.registration_number <> ''
                   THEN k.registration_number = c.registration
                   ELSE lower(k.name) = lower(c.company) END);

-- name: company_of
CREATE TEMP TABLE sale_company ON COMMIT DROP AS
SELECT DISTINCT ON (m.company, m.registration) m.company, m.registration, k.id
  FROM sale_match m JOIN people_company k
    ON CASE WHEN m.registration <> '' AND k.registration_number <> ''
            THEN k.registration_number = m.registration ELSE lower(k.name) = lower(m.company) END
 WHERE m.company <> ''
 ORDER BY m.company, m.registration, k.id;

-- name: relations
-- A customer, or a contact at a company, since the first sale; a contact that left and buys again
-- is a new relation.
INSERT INTO people_relation (id, person_id, company_id, kind, since, proof)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER ()), r.person, r.company, r.kind, r.since,
       r.number
  FROM (SELECT DISTINCT ON (m.known_person, c.id) m.known_person AS person, c.id AS company,
               CASE WHEN c.id IS NULL THEN 'customer' ELSE 'contact' END AS kind,
               m.bought_on AS since, m.number
          FROM sale_match m
          LEFT JOIN sale_company c
            ON c.company = m.company AND c.registration = m.registration
         WHERE m.known_person IS NOT NULL
         ORDER BY m.known_person, c.id, m.bought_on, m.line) r
 WHERE NOT EXISTS (
       SELECT FROM people_relation k
        WHERE k.person_id = r.person AND k.kind = r.kind
          AND k.company_id IS NOT DISTINCT FROM r.company
          AND (k.until IS NULL OR k.until > r.since));

-- name: before
-- Known sales as they are, so that undoing the file can put back what it adds to them.
CREATE TEMP TABLE sale_before ON COMMIT DROP AS
SELECT p.id, p.person_id, jsonb_build_object(
           'product_group', p.product_group, 'other_groups', p.other_groups,
           'place_id', p.place_id, 'optout_shown_id', p.optout_shown_id) AS was
  FROM sale_match m
  JOIN people_purchase p ON p.source = %(source)s AND p.number = m.number
 WHERE p.person_id = m.known_person;

-- name: sales
-- Once per source and number. Nothing of a known sale changes but its group, by the seller's own
-- mapping, and what was unknown of it.
INSERT INTO people_purchase AS p (
    id, person_id, contact_point_id, company_id, number, bought_on, amount, currency,
    product_group, other_groups, source, source_ref, place_id, optout_answer, optout_shown_id,
    created_at)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY m.bought_on, m.number)),
       m.known_person, m.known_point, c.id, m.number, m.bought_on, m.amount, m.currency,
       m.product_group, nullif(m.other_groups, '{}'), %(source)s, %(import_id)s, %(place)s::uuid,
       m.answer, f.collection_point_id, %(at)s
  FROM sale_match m
  LEFT JOIN sale_company c ON c.company = m.company AND c.registration = m.registration
  LEFT JOIN consent_placeproof f
    ON f.place_id = %(place)s::uuid AND m.answer = ANY(%(saw)s) AND m.bought_on >= f.first_day
   AND (f.last_day IS NULL OR m.bought_on <= f.last_day)
ON CONFLICT (source, number) DO UPDATE
   SET product_group = excluded.product_group, other_groups = excluded.other_groups,
       place_id = coalesce(p.place_id, excluded.place_id),
       optout_shown_id = coalesce(p.optout_shown_id,
           CASE WHEN p.place_id IS NULL OR p.place_id = excluded.place_id
                THEN excluded.optout_shown_id END)
 WHERE p.person_id = excluded.person_id
   AND ((p.product_group, p.other_groups)
        IS DISTINCT FROM (excluded.product_group, excluded.other_groups)
     OR (p.place_id IS NULL AND excluded.place_id IS NOT NULL)
     OR (p.optout_shown_id IS NULL AND excluded.optout_shown_id IS NOT NULL
         AND p.optout_answer = excluded.optout_answer))
RETURNING (xmax = 0) AS is_new;

-- name: changed
INSERT INTO imports_changedsale (id, import_file_id, person_id, sale_id, was, became)
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER ()), %(import_id)s, b.person_id, b.id, b.was,
       n.became
  FROM sale_before b JOIN people_purchase p ON p.id = b.id
 CROSS JOIN LATERAL (SELECT jsonb_build_object(
           'product_group', p.product_group, 'other_groups', p.other_groups,
           'place_id', p.place_id, 'optout_shown_id', p.optout_shown_id) AS became) n
 WHERE n.became <> b.was;

-- name: credits
-- A credit note takes the whole sale back, unless its amount is surely less.
UPDATE people_purchase p SET reversed_on = greatest(c.bought_on, p.bought_on),
                             reversed_ref = %(import_id)s
  FROM sale_row c
 WHERE c.is_credit AND p.source = %(source)s AND p.number = c.credits AND p.reversed_on IS NULL
   AND (p.amount IS NULL OR c.amount IS NULL OR abs(c.amount) >= p.amount)
RETURNING p.contact_point_id;

-- name: credits_of_nothing
SELECT c.line, c.part FROM sale_row c
 WHERE c.is_credit AND c.credits <> c.number AND NOT EXISTS (
       SELECT FROM people_purchase p WHERE p.source = %(source)s AND p.number = c.credits);

-- name: no_longer_judged
-- Who bought of late has a reason to be here (INV-44).
UPDATE people_person p SET judge_by = NULL
  FROM sale_match m
 WHERE p.id = m.known_person AND p.judge_by IS NOT NULL AND m.bought_on >= %(oldest)s;

-- name: addresses
-- The postal address of the newest sale, for who has none here (nothing is overwritten), with the
-- point that post goes to. Post needs a last name; of who is restricted nothing is added; an
-- address that was forgotten stays out (consent_suppression_once).
WITH newest AS (
  SELECT DISTINCT ON (m.known_person) m.known_person AS person_id, m.post
    FROM sale_match m
    JOIN people_person p ON p.id = m.known_person AND p.restricted_at IS NULL
     AND p.family_name <> ''
   WHERE m.post IS NOT NULL
     AND NOT EXISTS (SELECT FROM people_postaladdress a
                      WHERE a.person_id = p.id AND a.ended_at IS NULL)
     AND NOT EXISTS (SELECT FROM consent_suppression s
                      WHERE s.keyed_hash = decode(m.post ->> 'hash', 'hex')
                        AND s.channel = 'post' AND s.reason = 'erasure')
   ORDER BY m.known_person, m.bought_on DESC, m.line
), kept AS (
  INSERT INTO people_postaladdress (id, person_id, street, house_number, postcode, city, country,
                                    created_at)
  SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY person_id)), person_id,
         post ->> 'street', post ->> 'house_number', post ->> 'postcode', post ->> 'city',
         post ->> 'country', %(at)s
    FROM newest
  RETURNING 1
), points AS (
  INSERT INTO people_contactpoint (id, person_id, channel, value, normalised, keyed_hash, source,
                                   is_legal_person, undeliverable_why, created_at)
  SELECT DISTINCT ON (post ->> 'normalised')
         akkoord_uuid7_at(%(ms)s, 500000 + row_number() OVER (ORDER BY person_id)), person_id,
         'post', post ->> 'value', post ->> 'normalised', decode(post ->> 'hash', 'hex'),
         'purchase', false, '', %(at)s
    FROM newest
  ON CONFLICT (normalised, channel) WHERE ended_at IS NULL DO NOTHING)
SELECT count(*) FROM kept;
