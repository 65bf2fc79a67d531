"""SQL that the ledger stands on: refusing triggers and the queue for the next block.

Migration 0001 runs it; what it makes must never change afterwards (a new migration replaces it).
"""

from typing import Final

GROUND: Final = r"""
CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $body$;

-- Events of one statement go into the queue as packed rows: 16 bytes of id, 32 of commitment.
-- One row per 16,384 events, so that queueing costs a bulk writer next to nothing.
CREATE FUNCTION trail_enqueue() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO trail_unsealed (source, size, events, commitments)
  SELECT TG_TABLE_NAME, count(*), string_agg(uuid_send(id), ''), string_agg(commitment, '')
    FROM (SELECT id, commitment, (row_number() OVER () - 1) / 16384 AS part FROM added) AS numbered
   GROUP BY part ORDER BY part;
  RETURN NULL;
END $body$;

CREATE TRIGGER trail_block_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_block
  FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_leaf_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_blanking_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_blanking
  FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
"""

GROUND_REVERSE: Final = """
DROP TRIGGER trail_blanking_keep ON trail_blanking;
DROP TRIGGER trail_leaf_keep ON trail_leaf;
DROP TRIGGER trail_block_keep ON trail_block;
DROP FUNCTION trail_enqueue();
DROP FUNCTION trail_refuse();
"""
