"""Names in Latin letters, whatever alphabet they are in: to compare, never to show or keep.

Иванов and Ivanov may be one person; so may Łukasz and Lukasz. The letters come from a kept library
(anyascii); nothing of it is stored, and nobody is joined by it: people look at the pair.
"""

import re
import unicodedata

from anyascii import anyascii
from django.db import connection
from django.db.backends.utils import CursorWrapper

STEP = 5000
# Whoever has a sign beyond plain ASCII in a name; the rest is as it should be already.
_OTHERS = """
SELECT id, given_name, family_name FROM people_person
 WHERE restricted_at IS NULL AND (given_name || family_name) ~ '[^ -~]'
"""
_TAKE = """
UPDATE dup_name n SET given = s.given, family = s.family
  FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS s (id, given, family) WHERE n.id = s.id
"""


def in_latin(name: str) -> str:
    """A name in small Latin letters and digits, with one blank between its parts."""
    plain = anyascii(unicodedata.normalize("NFC", name)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def spell_names(cursor: CursorWrapper) -> int:
    """Put the names of `dup_name` that are in another alphabet in Latin letters; how many.

    In the caller's transaction, in steps, so that memory stays flat.
    """
    count = 0
    with connection.cursor() as reader:
        reader.execute("CREATE TEMP TABLE dup_other ON COMMIT DROP AS " + _OTHERS)
        while True:
            reader.execute(
                "DELETE FROM dup_other WHERE id IN (SELECT id FROM dup_other LIMIT %s)"
                " RETURNING id, given_name, family_name",
                [STEP],
            )
            rows = reader.fetchall()
            if not rows:
                reader.execute("DROP TABLE dup_other")
                return count
            spelled = [(key, in_latin(given), in_latin(family)) for key, given, family in rows]
            cursor.execute(_TAKE, [list(column) for column in zip(*spelled, strict=True)])
            count += len(rows)
