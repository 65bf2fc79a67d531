"""Which names are somebody's: for texts that may name nobody (the register, INV-30)."""

from collections.abc import Collection

from django.db import connection

# Question: which of these first and last names belong together? Index: people_person_name.
_KNOWN = """
SELECT DISTINCT p.given_name, p.family_name
  FROM unnest(%s::text[], %s::text[]) AS asked (given, family)
  JOIN people_person p ON p.family_name = asked.family AND p.given_name = asked.given
"""
MOST = 20_000  # pairs in one question; more go in a further one


def full_names_among(names: Collection[str]) -> set[str]:
    """Those of these full names that somebody in the database has, written the same way.

    A name may be parted anywhere between first and last name. One word alone is never a name.
    """
    parts: dict[tuple[str, str], str] = {}
    for name in names:
        words = name.split()
        for place in range(1, len(words)):
            parts[" ".join(words[:place]), " ".join(words[place:])] = name
    pairs, found = list(parts), set()
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), MOST):
            some = pairs[start : start + MOST]
            cursor.execute(_KNOWN, [[given for given, _ in some], [family for _, family in some]])
            found |= {parts[pair] for pair in cursor.fetchall()}
    return found
