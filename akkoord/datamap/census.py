"""The guard at the database: every table and column that exists is declared, or named as a gap.

Reads PostgreSQL's own catalogue, so that raw tables of libraries, materialised views and columns
that an upgrade or a hand added are seen too.
"""

from dataclasses import dataclass
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from akkoord.datamap.declaration import declaration_of, declarations

# Index: pg_class by oid. Every relation that can hold rows, outside PostgreSQL's own schemas.
COLUMNS: Final = """
SELECT CASE WHEN n.nspname = current_schema() THEN c.relname
            ELSE n.nspname || '.' || c.relname END AS store,
       c.relkind, a.attname, t.typname, t.typcategory, coalesce(e.typname, ''), c.relispartition
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type d ON d.oid = a.atttypid
  JOIN pg_type t ON t.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
 WHERE c.relkind IN ('r', 'p', 'm', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND n.nspname NOT LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast_temp%'
 ORDER BY 1, a.attnum
"""


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column as the database knows it. `element`: an array's type of element."""

    store: str
    kind: str
    name: str
    type: str
    type_category: str
    element: str
    is_partition: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in the database that nobody declared, or a declaration of nothing.

    `column` is empty when the whole table is meant. `fault`: `undeclared` or `absent`.
    """

    table: str
    column: str
    fault: str

    def __str__(self) -> str:
        return (
            f"{self.table}.{self.column} {self.fault}"
            if self.column
            else (f"{self.table} {self.fault}")
        )


def live_columns(connection: BaseDatabaseWrapper) -> list[LiveColumn]:
    """Every column of every table, partition and materialised view, in order."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return [LiveColumn(*row) for row in cursor.fetchall()]


def census(connection: BaseDatabaseWrapper) -> list[Gap]:
    """All gaps between the live database and the declarations; an empty list is what we want.

    A partition is its parent's matter.
    """
    found: dict[str, set[str]] = {}
    for each in live_columns(connection):
        if not each.is_partition:
            found.setdefault(each.store, set()).add(each.name)
    gaps: list[Gap] = []
    for table, columns in sorted(found.items()):
        declaration = declaration_of(table)
        if declaration is None:
            gaps.append(Gap(table, "", "undeclared"))
            continue
        gaps += [Gap(table, name, "undeclared") for name in sorted(columns - declaration.named)]
        gaps += [Gap(table, name, "absent") for name in sorted(declaration.named - columns)]
    gaps += [Gap(each.table, "", "absent") for each in declarations() if each.table not in found]
    return gaps
