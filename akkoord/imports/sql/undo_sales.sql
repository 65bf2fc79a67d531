-- Question: which sales did a file bring, what rests on them, and how are they taken back?
-- Ids of people are UUIDv7 and grow with time, so everybody made since the file is one range of
-- people_person_pkey. Parameters: %(import_id)s, %(begun)s (lowest id of that moment), %(at)s (when
-- it came in), %(kept)s (who is held for a legal claim or frozen: their sales and addresses stay as
-- they are).

-- name: sales
-- What the file brought, what its credit notes took back and to what it added; once per undo,
-- with its addresses.
CREATE TEMP TABLE undo_sale ON COMMIT DROP AS
SELECT id, person_id, contact_point_id, company_id, number, bought_on,
       source_ref IS NOT DISTINCT FROM %(import_id)s AS is_brought
  FROM people_purchase
 WHERE (source_ref = %(import_id)s OR reversed_ref = %(import_id)s
        OR id IN (SELECT sale_id FROM imports_changedsale WHERE import_file_id = %(import_id)s))
   AND (person_id IS NULL OR person_id <> ALL(%(kept)s::uuid[]));

-- name: stays
-- Whose sales stay: held for a legal claim or frozen (art. 17(3)(e), 18); how many of each.
SELECT b.person_id, count(*) FROM people_purchase b
 WHERE (b.source_ref = %(import_id)s OR b.reversed_ref = %(import_id)s
        OR b.id IN (SELECT sale_id FROM imports_changedsale WHERE import_file_id = %(import_id)s))
   AND b.person_id = ANY(%(kept)s::uuid[])
 GROUP BY 1 ORDER BY 1;

-- name: sent
-- What left, or may have left, for these customers since, also on a postal address of the file.
SELECT count(*) FROM messages_message m
 WHERE m.person_id IN (SELECT person_id FROM undo_sale WHERE person_id IS NOT NULL
                        UNION SELECT person_id FROM people_postaladdress WHERE created_at = %(at)s)
   AND m.due_at >= %(at)s AND m.state IN ('sent', 'uncertain', 'claimed');

-- name: standings
SELECT count(*) FROM consent_standing s
  JOIN consent_permissionevent e ON e.id = s.event_id
  JOIN undo_sale u ON u.is_brought AND u.id = (e.evidence ->> 'sale')::uuid
 WHERE s.basis = 'existing-customer' AND s.state = 'given'
   AND s.contact_point_id IN (SELECT contact_point_id FROM undo_sale);

-- name: relations
-- A relation that only these sales show.
DELETE FROM people_relation r USING undo_sale u
 WHERE u.is_brought AND r.person_id = u.person_id AND r.proof = u.number
   AND r.since = u.bought_on AND r.company_id IS NOT DISTINCT FROM CASE
       WHEN r.kind = 'contact' THEN u.company_id END;

-- name: gone
DELETE FROM people_purchase
 WHERE source_ref = %(import_id)s AND id IN (SELECT id FROM undo_sale);

-- name: as_they_were
-- Sales that were known are as they were before the file. What was changed once more since stays;
-- what customers saw belongs to the place, and goes back with it.
UPDATE people_purchase p
   SET product_group = CASE WHEN f.is_group THEN c.was ->> 'product_group'
                            ELSE p.product_group END,
       other_groups = CASE WHEN NOT f.is_group THEN p.other_groups
                           WHEN jsonb_typeof(c.was -> 'other_groups') = 'array' THEN
                           ARRAY(SELECT jsonb_array_elements_text(c.was -> 'other_groups')) END,
       place_id = CASE WHEN f.is_place THEN (c.was ->> 'place_id')::uuid ELSE p.place_id END,
       optout_shown_id = CASE WHEN f.is_place AND (f.is_added OR f.is_shown)
                              THEN (c.was ->> 'optout_shown_id')::uuid
                              ELSE p.optout_shown_id END
  FROM imports_changedsale c
  JOIN people_purchase n ON n.id = c.sale_id
 CROSS JOIN LATERAL (SELECT
       (c.became -> 'product_group', c.became -> 'other_groups') IS NOT DISTINCT FROM
           (to_jsonb(n.product_group), coalesce(to_jsonb(n.other_groups), 'null')) AS is_group,
       (c.became ->> 'place_id')::uuid IS NOT DISTINCT FROM n.place_id AS is_place,
       c.became -> 'place_id' <> c.was -> 'place_id' AS is_added,
       (c.became ->> 'optout_shown_id')::uuid IS NOT DISTINCT FROM n.optout_shown_id AS is_shown) f
 WHERE c.import_file_id = %(import_id)s AND p.id = c.sale_id
   AND p.id IN (SELECT id FROM undo_sale);

-- name: changes_gone
DELETE FROM imports_changedsale
 WHERE import_file_id = %(import_id)s AND sale_id IN (SELECT id FROM undo_sale);

-- name: valid_again
-- What a credit note of the file took back counts again.
UPDATE people_purchase SET reversed_on = NULL, reversed_ref = NULL
 WHERE reversed_ref = %(import_id)s AND id IN (SELECT id FROM undo_sale);

-- name: people
-- Whom it made.
CREATE TEMP TABLE undo_person ON COMMIT DROP AS
SELECT id, true AS is_made FROM people_person
 WHERE id >= %(begun)s AND source = 'purchase' AND source_ref = %(import_id)s;

-- name: stay
-- Who did anything since stays: an event that does not rest on a sale is theirs. Who was joined
-- with another, too.
DELETE FROM undo_person u WHERE EXISTS (
  SELECT 1 FROM people_personalias a WHERE a.person_id = u.id) OR EXISTS (
  SELECT 1 FROM consent_permissionevent e
   WHERE e.person_ref = u.id AND e.basis IS DISTINCT FROM 'existing-customer');

-- name: said_no
-- Who said no at one of these sales keeps that no.
DELETE FROM undo_person u WHERE EXISTS (
  SELECT 1 FROM consent_permissionevent e
   WHERE e.person_ref = u.id AND e.state IN ('refused', 'withdrawn', 'objected'));

-- name: to_be_judged
-- Who stays without any reason to be here stands under "import to be judged" again (INV-44).
UPDATE people_person p SET judge_by = %(judge_by)s::date
 WHERE p.judge_by IS NULL
   AND p.id IN (SELECT person_id FROM undo_sale WHERE is_brought)
   AND p.id NOT IN (SELECT id FROM undo_person)
   AND NOT EXISTS (SELECT 1 FROM consent_standing s WHERE s.person_id = p.id
                      AND s.state IN ('given', 'confirmed'))
   AND NOT EXISTS (SELECT 1 FROM people_purchase b WHERE b.person_id = p.id);

-- name: addresses
-- Postal addresses that the file brought, also to who was known with all these sales. Of who is
-- held for a legal claim or frozen they stay.
DELETE FROM people_postaladdress
 WHERE created_at = %(at)s AND person_id <> ALL(%(kept)s::uuid[]);

-- name: points
DELETE FROM people_contactpoint c
 WHERE c.created_at = %(at)s AND c.channel = 'post' AND c.source = 'purchase'
   AND c.person_id <> ALL(%(kept)s::uuid[])
   AND NOT EXISTS (SELECT FROM consent_standing s WHERE s.contact_point_id = c.id)
   AND NOT EXISTS (SELECT FROM consent_permissionevent e WHERE e.contact_point_ref = c.id);
