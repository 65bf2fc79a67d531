"""When a purpose of somebody began to end: what rooms tell, so that terms can be counted from it.

A room says in SQL who is held by which activity, and since when no more. It answers rows of
`person_id uuid, activity text, trigger text, ended date`: `infinity` while it goes on. Terms are
counted from these (retention); a room that tells nothing keeps nobody.
"""

import re

_sources: dict[str, str] = {}
_THOSE = re.compile(r"\{those:([a-z_.]+)\}")


def register_spans(name: str, sql: str) -> None:
    """Add a source under a name; the same name again replaces it.

    `{those:COLUMN}` stands where a condition on the person's id can be put.
    """
    _sources[name] = sql


def all_spans() -> str:
    """All sources in one, with their places still open."""
    return "\nUNION ALL\n".join(sql for _name, sql in sorted(_sources.items()))


def only_those(sql: str, *, some: bool) -> str:
    """Fill the places: of the people `%(people)s` alone, or of everybody."""
    return _THOSE.sub(r" AND \1 = ANY(%(people)s::uuid[])" if some else "", sql)
