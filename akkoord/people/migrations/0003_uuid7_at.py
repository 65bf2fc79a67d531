"""UUIDv7 for sets of rows: ordered by place within one moment, random in the rest (RFC 9562)."""

from django.db import migrations


class Migration(migrations.Migration):
    """One SQL function."""

    dependencies = [("people", "0002_search")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION akkoord_uuid7_at(ms bigint, place bigint) RETURNS uuid
            LANGUAGE sql VOLATILE PARALLEL SAFE AS $body$
              SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex((place >> 14) & 4095), 3, '0')
                      || to_hex(32768 | (place & 16383)) || right(gen_random_uuid()::text, 12))::uuid
            $body$
            """,
            "DROP FUNCTION akkoord_uuid7_at(bigint, bigint)",
        ),
    ]
