"""SQL for an evented table: append-only, salted, committed to, queued for sealing.

An evented table has the columns `id uuid primary key`, `salt bytea null` and `commitment bytea
not null`. Its migration runs `evented_sql` after the table is made; from then on the database
itself refuses to change history (INV 6, 45):

- INSERT makes the salt and `commitment = sha256(salt || content)`, and queues the event;
- UPDATE may only blank: salt and all blankable columns empty, while `akkoord.erasing` holds the
  id of an erasure run; the blanking itself is recorded in `trail_blanking`;
- DELETE and TRUNCATE are refused always.

The content is a fixed binary form: the version byte 01, then PostgreSQL's own binary form of a
row (`record_send`: number of columns, and for each its type, its length or -1 for null, its
bytes; numbers big-endian, times in microseconds since 2000-01-01 UTC). The first column is the
table's name, the second the id, so that no event can pass for another.

Migrations call this, so what it makes for a table that exists must never change.
"""

from typing import Final

from django.db import migrations

# The types whose binary form is the same on every server and in every version we support.
# Types of varying length limits go as plain text, so that widening a column changes no commitment.
_CASTS: Final = """
    CASE format_type(a.atttypid, NULL)
      WHEN 'uuid' THEN '' WHEN 'text' THEN '' WHEN 'bytea' THEN '' WHEN 'boolean' THEN ''
      WHEN 'timestamp with time zone' THEN '' WHEN 'date' THEN '' WHEN 'bigint' THEN ''
      WHEN 'text[]' THEN '' WHEN 'uuid[]' THEN ''
      WHEN 'smallint' THEN '::bigint' WHEN 'integer' THEN '::bigint'
      WHEN 'character varying' THEN '::text' WHEN 'jsonb' THEN '::text'
      WHEN 'numeric' THEN '::text' WHEN 'character varying[]' THEN '::text[]'
    END"""

_INSTALL: Final = """
DO $install$
DECLARE
  content text[] := %(content)s;
  blankable text[] := %(blankable)s;
  casts text[];
  unknown text;
  of_new text;
  of_row text;
  emptied text;
BEGIN
  SELECT array_agg(%(casts)s ORDER BY c.place), min(c.name) FILTER (WHERE (%(casts)s) IS NULL)
    INTO casts, unknown
    FROM unnest(content) WITH ORDINALITY AS c(name, place)
    LEFT JOIN pg_attribute a
      ON a.attrelid = '%(table)s'::regclass AND a.attname = c.name AND NOT a.attisdropped;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'column %% of %(table)s is missing or has no fixed binary form', unknown;
  END IF;
  SELECT string_agg(format('NEW."%%s"%%s', name, casts[place]), ', ' ORDER BY place),
         string_agg(format('(event)."%%s"%%s', name, casts[place]), ', ' ORDER BY place)
    INTO of_new, of_row
    FROM unnest(content) WITH ORDINALITY AS c(name, place);
  SELECT coalesce(string_agg(format(
      ' OR coalesce(NEW."%%s"::text, '''') NOT IN ('''', ''{}'', ''[]'', ''\\x'')', name), ''), '')
    INTO emptied FROM unnest(blankable) AS b(name);

  EXECUTE format($make$
    CREATE FUNCTION %(table)s_content(event %(table)s) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE AS $body$
      SELECT '\\x01'::bytea || record_send(ROW('%(table)s'::text, (event).id, %%s))
    $body$ $make$, of_row);

  EXECUTE format($make$
    CREATE FUNCTION %(table)s_commit() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      NEW.salt := coalesce(NEW.salt, uuid_send(gen_random_uuid()));
      NEW.commitment := sha256(NEW.salt || '\\x01'::bytea
        || record_send(ROW('%(table)s'::text, NEW.id, %%s)));
      RETURN NEW;
    END $body$ $make$, of_new);

  EXECUTE format($make$
    CREATE FUNCTION %(table)s_blank() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
      run text := current_setting('akkoord.erasing', true);
      may text[] := %%L::text[] || 'salt'::text;
    BEGIN
      IF coalesce(run, '') = '' THEN
        RAISE EXCEPTION '%(table)s is append-only' USING ERRCODE = 'restrict_violation';
      END IF;
      IF NEW.salt IS NOT NULL OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may%%s THEN
        RAISE EXCEPTION '%(table)s: erasure blanks, it changes nothing'
          USING ERRCODE = 'restrict_violation';
      END IF;
      INSERT INTO trail_blanking (event, run, at) VALUES (OLD.id, run::uuid, now())
        ON CONFLICT (event) DO NOTHING;
      RETURN NEW;
    END $body$ $make$, blankable::text, emptied);
END $install$;

CREATE TRIGGER %(table)s_commit BEFORE INSERT ON %(table)s
  FOR EACH ROW EXECUTE FUNCTION %(table)s_commit();
CREATE TRIGGER %(table)s_enqueue AFTER INSERT ON %(table)s
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION trail_enqueue();
CREATE TRIGGER %(table)s_blank BEFORE UPDATE ON %(table)s
  FOR EACH ROW EXECUTE FUNCTION %(table)s_blank();
CREATE TRIGGER %(table)s_keep BEFORE DELETE OR TRUNCATE ON %(table)s
  FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse();
"""

_REMOVE: Final = """
DROP TRIGGER %(table)s_keep ON %(table)s;
DROP TRIGGER %(table)s_blank ON %(table)s;
DROP TRIGGER %(table)s_enqueue ON %(table)s;
DROP TRIGGER %(table)s_commit ON %(table)s;
DROP FUNCTION %(table)s_blank();
DROP FUNCTION %(table)s_commit();
DROP FUNCTION %(table)s_content(%(table)s);
"""


def evented_table_sql(
    table: str, content_columns: tuple[str, ...], blankable: tuple[str, ...] = ()
) -> tuple[str, str]:
    """The SQL that makes `table` an evented table, and the SQL that takes it back.

    `content_columns` (without id, salt and commitment; in this order for ever) is what the
    commitment covers; `blankable` are those that erasure empties. Refuses (ValueError) a
    blankable column outside the content, and names that are no plain identifiers. The database
    refuses columns whose type has no fixed binary form.
    """
    for name in (table, *content_columns, *blankable):
        if not (name.isascii() and name.isidentifier() and name.islower()):
            raise ValueError(f"not a plain identifier: {name}")
    if {"id", "salt", "commitment"} & set(content_columns):
        raise ValueError("id is always covered, salt and commitment never")
    if not set(blankable) <= set(content_columns):
        raise ValueError("a blankable column stands outside the content")
    values = {
        "table": table,
        "content": _text_array(content_columns),
        "blankable": _text_array(blankable),
        "casts": _CASTS,
    }
    return _INSTALL % values, _REMOVE % values


def evented_table(
    table: str, content_columns: tuple[str, ...], blankable: tuple[str, ...] = ()
) -> migrations.RunSQL:
    """The migration operation that makes `table` evented; see `evented_table_sql`.

    The migration depends on ("trail", "0001_initial").
    """
    forward, reverse = evented_table_sql(table, content_columns, blankable)
    # A list with one (sql, None) is sent as it stands: no splitting, no parameters.
    return migrations.RunSQL(sql=[(forward, None)], reverse_sql=[(reverse, None)])


def _text_array(names: tuple[str, ...]) -> str:
    """A text array literal; the names are plain identifiers."""
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"
