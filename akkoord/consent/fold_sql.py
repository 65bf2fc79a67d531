"""SQL that the standings stand on: the fold of `law.standings`, and stopping in one statement.

Migration 0002 runs it; what it makes must never change afterwards (a new migration replaces it).
`tests/test_fold_sql.py` shows that the SQL and the Python fold agree on random histories.
"""

from typing import Final

FOLD: Final = r"""
CREATE TYPE consent_folded AS (
  state text, basis text, since timestamptz, ref uuid, is_own boolean,
  valid_until timestamptz, pending_since timestamptz
);

-- Whether messages may leave on this standing at that moment (law.standings.FoldedState.is_live).
CREATE FUNCTION consent_is_live(was consent_folded, at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT (was.state = 'given' OR (was.state = 'confirmed' AND was.basis = 'consent'))
     AND (was.valid_until IS NULL OR at < was.valid_until)
$body$;

-- Whether it is the person's own fresh act (law.states.is_own_act; INV-5).
CREATE FUNCTION consent_is_own(actor text, method text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE actor
    WHEN 'staff' THEN method IN ('paper', 'counter')
    WHEN 'person' THEN method IN ('web-form', 'confirmation', 'preference-centre', 'checkout',
                                  'counter', 'paper', 'mailto', 'reply')
    ELSE false END
$body$;

-- What a fact really brings: a consent still to be confirmed is a request (INV-13).
CREATE FUNCTION consent_effective(state text, basis text, method text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE WHEN state = 'given' AND basis = 'consent'
    AND method NOT IN ('checkout', 'counter', 'paper', 'import', 'preference-centre',
                       'confirmation') THEN 'requested' ELSE state END
$body$;

CREATE FUNCTION consent_fold_step(
  was consent_folded, f_state text, f_basis text, f_method text, f_actor text,
  f_happened timestamptz, f_until timestamptz, f_ref uuid
) RETURNS consent_folded LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
  brings text := consent_effective(f_state, f_basis, f_method);
  own boolean := consent_is_own(f_actor, f_method);
  none boolean := was.state IS NULL;
  stopped boolean := coalesce(was.state IN ('objected', 'withdrawn', 'refused'), false);
  live boolean := coalesce(consent_is_live(was, f_happened), false);
  fresh consent_folded;
BEGIN
  fresh := ROW(brings, f_basis, f_happened, f_ref, own, f_until,
               CASE WHEN brings = 'requested' THEN f_happened END);
  IF brings IN ('objected', 'withdrawn', 'refused') THEN
    IF stopped AND array_position(ARRAY['refused', 'withdrawn', 'objected'], was.state)
                 > array_position(ARRAY['refused', 'withdrawn', 'objected'], brings) THEN
      was.pending_since := NULL;
      RETURN was;
    END IF;
    RETURN fresh;
  ELSIF brings = 'requested' THEN
    IF none OR NOT (stopped OR live) THEN RETURN fresh; END IF;
    IF live OR own THEN was.pending_since := f_happened; END IF;
    RETURN was;
  ELSIF brings IN ('given', 'confirmed') THEN
    IF NOT none AND NOT live AND was.pending_since IS NULL AND f_method = 'confirmation' THEN
      RETURN was;
    END IF;
    IF stopped AND NOT (own AND f_basis = 'consent') THEN RETURN was; END IF;
    IF live AND ((was.basis = 'consent' AND f_basis <> 'consent') OR (was.is_own AND NOT own)) THEN
      RETURN was;
    END IF;
    IF NOT (own OR brings = 'confirmed') THEN fresh.pending_since := was.pending_since; END IF;
    RETURN fresh;
  END IF;
  IF none THEN RETURN fresh; END IF;
  IF stopped OR (brings = 'expired' AND was.pending_since IS NOT NULL AND live) THEN
    was.pending_since := NULL;
    RETURN was;
  END IF;
  fresh.basis := was.basis;
  RETURN fresh;
END $body$;

CREATE AGGREGATE consent_fold(
  f_state text, f_basis text, f_method text, f_actor text,
  f_happened timestamptz, f_until timestamptz, f_ref uuid
) (SFUNC = consent_fold_step, STYPE = consent_folded);

-- Make the standing of one contact point for one purpose again from its events.
CREATE FUNCTION consent_refold(p_point uuid, p_purpose uuid) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
  f consent_folded;
BEGIN
  SELECT * INTO f FROM (
    SELECT (consent_fold(e.state, e.basis, e.method, e.actor_kind, e.happened_at, e.valid_until,
                         e.id ORDER BY e.happened_at,
                         e.state IN ('objected', 'withdrawn', 'refused'), e.recorded_at, e.id)).*
      FROM consent_permissionevent e
      JOIN register_purposeversion v ON v.id = e.purpose_version_id
     WHERE e.contact_point_ref = p_point AND v.purpose_id = p_purpose) AS folded;
  IF f.state IS NULL THEN RETURN; END IF;
  INSERT INTO consent_standing AS s (id, person_id, contact_point_id, purpose_id, channel, state,
      basis, method, event_id, purpose_version_number, since, heard_at, valid_until, is_declared)
  SELECT e.id, p.person_id, p.id, p_purpose, p.channel, f.state, f.basis, e.method, e.id,
         v.number, f.since, e.recorded_at, f.valid_until, e.is_declared
    FROM people_contactpoint p, consent_permissionevent e
    JOIN register_purposeversion v ON v.id = e.purpose_version_id
   WHERE p.id = p_point AND e.id = f.ref
  ON CONFLICT (contact_point_id, purpose_id) DO UPDATE SET
    person_id = excluded.person_id, channel = excluded.channel, state = excluded.state,
    basis = excluded.basis, method = excluded.method, event_id = excluded.event_id,
    purpose_version_number = excluded.purpose_version_number, since = excluded.since,
    heard_at = excluded.heard_at, valid_until = excluded.valid_until,
    is_declared = excluded.is_declared;
END $body$;

-- A no of the person for one purpose, in one statement: -1 no such contact point (erased),
-- 0 there was a no already, 1 it is recorded. The contact point's row is the lock that every
-- writer of its standing takes.
CREATE FUNCTION consent_stop(
  p_event uuid, p_point uuid, p_purpose uuid, p_method text, p_at timestamptz, p_evidence jsonb
) RETURNS integer LANGUAGE plpgsql AS $body$
DECLARE
  person uuid;
  point_channel text;
  version uuid;
  was text;
  was_basis text;
BEGIN
  SELECT person_id, channel INTO person, point_channel
    FROM people_contactpoint WHERE id = p_point FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN -1; END IF;
  SELECT state, basis INTO was, was_basis
    FROM consent_standing WHERE contact_point_id = p_point AND purpose_id = p_purpose;
  IF was IN ('withdrawn', 'objected') THEN RETURN 0; END IF;
  SELECT id INTO version FROM register_purposeversion
   WHERE purpose_id = p_purpose ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN RETURN -1; END IF;
  INSERT INTO consent_permissionevent (id, person_ref, contact_point_ref, purpose_version_id,
      channel, basis, state, happened_at, recorded_at, actor_kind, method, is_declared, evidence,
      commitment)
  VALUES (p_event, person, p_point, version, point_channel, coalesce(was_basis, 'consent'),
          'withdrawn', p_at, p_at, 'person', p_method, false, p_evidence, '\x');
  PERFORM consent_refold(p_point, p_purpose);
  RETURN 1;
END $body$;
"""

# Migration 0009: the person's own browser, with its own question, is an own act and no request.
BROWSER: Final = r"""
CREATE OR REPLACE FUNCTION consent_is_own(actor text, method text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE actor
    WHEN 'staff' THEN method IN ('paper', 'counter')
    WHEN 'person' THEN method IN ('web-form', 'confirmation', 'preference-centre', 'browser',
                                  'checkout', 'counter', 'paper', 'mailto', 'reply')
    ELSE false END
$body$;

CREATE OR REPLACE FUNCTION consent_effective(state text, basis text, method text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE WHEN state = 'given' AND basis = 'consent'
    AND method NOT IN ('checkout', 'counter', 'paper', 'import', 'preference-centre',
                       'confirmation', 'browser') THEN 'requested' ELSE state END
$body$;
"""

FOLD_REVERSE: Final = """
DROP FUNCTION consent_stop(uuid, uuid, uuid, text, timestamptz, jsonb);
DROP FUNCTION consent_refold(uuid, uuid);
DROP AGGREGATE consent_fold(text, text, text, text, timestamptz, timestamptz, uuid);
DROP FUNCTION consent_fold_step(
  consent_folded, text, text, text, text, timestamptz, timestamptz, uuid);
DROP FUNCTION consent_effective(text, text, text);
DROP FUNCTION consent_is_own(text, text);
DROP FUNCTION consent_is_live(consent_folded, timestamptz);
DROP TYPE consent_folded;
"""
