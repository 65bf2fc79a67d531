"""What the database says of itself: columns, what they point to, and what they refuse."""

import re
from dataclasses import dataclass

from django.db import connection

TEXTS = {"text", "varchar", "bpchar", "citext", "name"}
LISTS = {"_text", "_varchar"}
PACKED = {"json", "jsonb", "bytea"}

_COLUMNS = """
SELECT c.relname, a.attname, t.typname, NOT a.attnotnull, a.attgenerated <> '',
       CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 0 THEN a.atttypmod - 4 END,
       a.attidentity <> '', f.confrelid::regclass::text, coalesce(p.is_key, false)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN LATERAL (SELECT confrelid FROM pg_constraint f WHERE f.conrelid = c.oid
       AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum] LIMIT 1) f ON true
  LEFT JOIN LATERAL (SELECT true AS is_key FROM pg_constraint p WHERE p.conrelid = c.oid
       AND p.contype = 'p' AND a.attnum = ANY(p.conkey)) p ON true
 WHERE c.relkind = 'r' ORDER BY c.relname, a.attnum
"""
_REFUSALS = """
SELECT r.conrelid::regclass::text, r.conname, array_agg(a.attname),
       pg_get_constraintdef(r.oid)
  FROM pg_constraint r JOIN pg_attribute a ON a.attrelid = r.conrelid AND a.attnum = ANY(r.conkey)
 WHERE r.contype = 'c' GROUP BY 1, 2, r.oid
"""
_PATTERN = re.compile(r"\(*\"?(\w+)\"?\)*(?:::\w+)? (~~?) '((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Place:
    """One column. `longest`: how many characters it takes; `target`: what table it points to."""

    table: str
    name: str
    type: str
    nullable: bool
    generated: bool
    longest: int | None
    identity: bool
    target: str | None
    is_key: bool

    @property
    def holds_text(self) -> bool:
        """Whether words can stand there, in any form."""
        return self.type in TEXTS | LISTS | PACKED and not self.generated and not self.target


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every table of ours and of libraries, and which checks look at which columns."""

    tables: dict[str, list[Place]]
    checks: dict[str, dict[str, list[str]]]
    words: dict[str, list[str]]  # that the checks of a table name
    patterns: dict[tuple[str, str], list[re.Pattern[str]]]  # that the checks ask of a column

    def is_checked(self, place: Place) -> bool:
        """Whether a constraint says what may stand there."""
        return any(place.name in names for names in self.checks.get(place.table, {}).values())


def read_catalogue() -> Catalogue:
    """As the database is now."""
    tables: dict[str, list[Place]] = {}
    checks: dict[str, dict[str, list[str]]] = {}
    words: dict[str, list[str]] = {}
    patterns: dict[tuple[str, str], list[re.Pattern[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for row in cursor.fetchall():
            tables.setdefault(row[0], []).append(Place(*row))
        cursor.execute(_REFUSALS)
        for table, name, columns, text in cursor.fetchall():
            checks.setdefault(table, {})[name] = columns
            words.setdefault(table, []).extend(re.findall(r"'((?:[^']|'')*)'::", text))
            for column, how, pattern in _PATTERN.findall(text):
                exact = re.escape(pattern).replace("%", ".*") + "$" if how == "~~" else pattern
                patterns.setdefault((table, column), []).append(re.compile(exact))
            words[table] += re.findall(r"\b\d+\b", text)
    return Catalogue(tables, checks, words, patterns)
