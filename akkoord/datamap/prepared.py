"""Statements that the database plans once per connection, and is then only told to do.

An erasure asks the same of the same tables every time. Sent as text it is read and planned anew
each time, which takes longer than doing it: for one person there are a few rows.
"""

import functools
import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from django.db import connection
from psycopg import RawCursor
from psycopg._queries import PostgresQuery

_NAME = re.compile(r"%\((\w+)\)s|%%")
_NEVER_BY_ITSELF = 1 << 30  # how often a statement runs before psycopg prepares it unasked
_KEPT = 256  # texts come from code and declarations, so there are a few dozen


def prepared(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement with `%(name)s` in it, planned once per connection; all rows it answers.

    One that answers no rows gives none. Its text must be the same every time: what differs goes
    into the values. Seen by `connection.execute_wrapper` as any other statement.
    """
    connection.ensure_connection()
    if connection.connection.prepare_threshold is None:  # Django's: nothing is ever prepared
        connection.connection.prepare_threshold = _NEVER_BY_ITSELF
    # Django's own cursors put the values into the text. This one sends them beside it.
    with closing(connection._prepare_cursor(_Prepared(connection.connection))) as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement, values)
        return [] if cursor.description is None else cursor.fetchall()


def plan_at_once() -> None:
    """Until the transaction ends keep the first plan of a prepared statement, also of the checks
    of foreign keys. Otherwise the database plans the first five times with the values at hand:
    for who asks by ids alone, through an index, that changes nothing."""
    prepared("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)", {})


class _Prepared(RawCursor[Any]):
    """Takes statements as Django's cursors do, and asks psycopg to prepare them."""

    def execute(self, query: Any, params: Any = None, **_how: Any) -> Any:
        text, names = _numbered(query)
        done = super().execute(text, [params[name] for name in names], prepare=True)
        self._query = PostgresQuery(self._tx)  # where Django's log of statements looks for it
        self._query.query = text.encode()
        return done


@functools.lru_cache(maxsize=_KEPT)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1` for its first name, and the names in that order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return _NAME.sub(number, statement), tuple(names)
