-- Question: for these addresses, which topic may go to them because they bought, and which no more?
-- Runs over the temp table settle_point in one transaction. Indexes: people_purchase_contact_point
-- (Django's own on the foreign key), consent_one_standing, consent_suppression_once.
-- Parameters: %(at)s, %(today)s, %(earliest)s (the oldest sale that carries), %(months)s (the
-- term), %(ms)s (unix milliseconds, for UUIDv7), %(staff)s, %(saw)s (answers that count).
-- Statements are parted by lines that begin with "-- name:".

-- name: best
-- The newest sale that carries, per address and topic (INV-15): its own address, a similar
-- product, what customers saw there, nothing taken back, no later "no" at a sale, a contact that is
-- still there. Only topics whose activity names the basis; never a known child (INV-14).
CREATE TEMP TABLE settle_best ON COMMIT DROP AS
WITH topic AS (
    SELECT p.id AS purpose_id, p.slug, p.product_groups, v.id AS version_id
      FROM register_purpose p
      JOIN register_purposeversion v ON v.purpose_id = p.id AND v.valid_to IS NULL
      JOIN register_processingactivity a ON a.key = p.activity_key AND a.valid_to IS NULL
     WHERE p.is_topic AND p.ended_at IS NULL AND 'email' = ANY(p.channels)
       AND p.product_groups <> '{}'
       AND 'existing-customer' = ANY(string_to_array(a.telecom_basis, ' ')))
SELECT DISTINCT ON (c.id, t.purpose_id)
       c.id AS point_id, c.person_id, t.purpose_id, t.version_id, s.id AS sale_id, s.bought_on,
       s.source, s.optout_shown_id, s.place_id
  FROM settle_point w
  JOIN people_contactpoint c ON c.id = w.id AND c.channel = 'email' AND c.ended_at IS NULL
  JOIN people_person x ON x.id = c.person_id AND x.is_known_child IS NOT TRUE
  JOIN people_purchase s ON s.contact_point_id = c.id AND s.person_id = c.person_id
  JOIN topic t
    ON t.product_groups && array_append(coalesce(s.other_groups, '{}'), s.product_group)
 WHERE s.reversed_on IS NULL AND s.optout_shown_id IS NOT NULL AND s.optout_answer = ANY(%(saw)s)
   AND s.bought_on BETWEEN %(earliest)s AND %(today)s
   AND NOT EXISTS (
       SELECT FROM people_purchase n WHERE n.contact_point_id = c.id AND n.optout_answer = 'used'
          AND n.bought_on >= s.bought_on)
   AND (s.company_id IS NULL OR EXISTS (
       SELECT FROM people_relation r WHERE r.person_id = c.person_id
          AND r.company_id = s.company_id AND r.kind = 'contact'
          AND (r.until IS NULL OR r.until > %(today)s)))
   AND NOT EXISTS (
       SELECT FROM consent_suppression z WHERE z.keyed_hash = c.keyed_hash
          AND z.channel = 'email' AND z.scope IN ('marketing', t.slug))
 ORDER BY c.id, t.purpose_id, s.bought_on DESC, s.id DESC;

-- name: given
-- A new or newer sale: the standing begins or is renewed. Never where the person said no, never
-- over a live consent (law.standings would not let it count either: INV-4, 5).
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%(ms)s, row_number() OVER (ORDER BY b.point_id, b.purpose_id)),
       b.person_id, b.point_id, b.version_id, 'email', 'existing-customer', 'given',
       CASE WHEN st.since > d.sold THEN %(at)s ELSE d.sold END, %(at)s,
       ((b.bought_on + make_interval(months => %(months)s))::date + 1)::timestamp
           AT TIME ZONE 'Europe/Amsterdam',
       CASE b.source WHEN 'hand' THEN 'staff' ELSE 'import' END, %(staff)s::uuid,
       CASE b.source WHEN 'hand' THEN 'staff' ELSE 'import' END, b.optout_shown_id, k.notice_id,
       n.is_declared, jsonb_build_object('sale', b.sale_id, 'place', b.place_id)
  FROM settle_best b
 CROSS JOIN LATERAL (
     SELECT b.bought_on::timestamp AT TIME ZONE 'Europe/Amsterdam' AS sold) d
  JOIN consent_collectionpoint k ON k.id = b.optout_shown_id
  JOIN consent_notice n ON n.id = k.notice_id
  LEFT JOIN consent_standing st
    ON st.contact_point_id = b.point_id AND st.purpose_id = b.purpose_id
  LEFT JOIN consent_permissionevent e ON e.id = st.event_id
 WHERE st.id IS NULL
    OR (st.state NOT IN ('refused', 'withdrawn', 'objected')
        AND NOT (st.basis <> 'existing-customer' AND st.state IN ('given', 'confirmed')
                 AND (st.valid_until IS NULL OR st.valid_until > %(at)s))
        AND NOT (st.basis = 'existing-customer' AND st.state = 'given'
                 AND (e.evidence ->> 'sale')::uuid = b.sale_id));

-- name: ended
-- What a standing rests on is gone, taken back, no longer shown to be seen, or the customer said no
-- at a later sale; and no other sale carries. What is merely old runs out by itself.
INSERT INTO staged_permission_event
SELECT akkoord_uuid7_at(%(ms)s, 100000 + row_number() OVER (ORDER BY st.contact_point_id)),
       st.person_id, st.contact_point_id, v.id, 'email', 'existing-customer', w.state, %(at)s,
       %(at)s, NULL, 'import', %(staff)s::uuid, 'import', NULL, NULL, false,
       jsonb_build_object('sale', e.evidence -> 'sale', 'why', w.why)
  FROM settle_point q
  JOIN consent_standing st ON st.contact_point_id = q.id AND st.basis = 'existing-customer'
   AND st.state = 'given' AND (st.valid_until IS NULL OR st.valid_until > %(at)s)
  JOIN register_purposeversion v ON v.purpose_id = st.purpose_id AND v.valid_to IS NULL
  JOIN consent_permissionevent e ON e.id = st.event_id
  LEFT JOIN people_purchase s ON s.id = (e.evidence ->> 'sale')::uuid
  LEFT JOIN settle_best b ON b.point_id = st.contact_point_id AND b.purpose_id = st.purpose_id
 CROSS JOIN LATERAL (
     SELECT CASE WHEN no.said THEN 'refused' ELSE 'invalidated' END AS state,
            CASE WHEN no.said THEN 'said-no' WHEN s.id IS NULL THEN 'sale-gone'
                 WHEN s.reversed_on IS NOT NULL THEN 'credited' ELSE 'not-shown' END AS why
       FROM (SELECT EXISTS (
           SELECT FROM people_purchase n WHERE n.contact_point_id = st.contact_point_id
              AND n.optout_answer = 'used' AND n.bought_on >= s.bought_on) AS said) no) w
 WHERE b.point_id IS NULL AND e.evidence ? 'sale'
   AND (w.state = 'refused' OR s.id IS NULL OR s.reversed_on IS NOT NULL
        OR s.optout_shown_id IS NULL);
