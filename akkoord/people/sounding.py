"""Names by how they sound: Sergey and Sergei, Yusuf and Youssef, Jansen and Janssen, Dijk and Dyk.

Who writes a name down by ear, or out of another alphabet, spells it anew each time. A key drops
what such spellings differ in. It is only compared, of records that share something besides, and
never kept or shown; nobody is joined by it: people look at the pair (art. 5(1)(d) GDPR).
"""

import re
from functools import lru_cache
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

STEP = 5000
SHORTEST: Final = 2
"""Letters that a key must have: of what is shorter nothing can be said."""

# In order, on small Latin letters. What stands left is heard as what stands right.
_HEARD: Final = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"ah\b", "a"),  # Fatimah
        (r"ssch|sch(?=e)", "s"),  # Visscher
        (r"\bch(?=r)", "k"),  # Christina
        (r"\bdj", "j"),  # Djamal
        (r"[cskg]h|sj", "g"),  # Rachid, Rashid; Khalid, Chalid
        (r"ph", "f"),
        (r"th", "t"),
        (r"h(?=[bdfgklmnpqrstvwxz])", "g"),  # Ahmed, Achmed
        (r"x", "ks"),  # Hendrix
        (r"c(?=[iy]|e(?!e))", "s"),  # Marcel, not Cees
        (r"[cq]", "k"),  # Claasen, Tariq
        (r"z", "s"),
        (r"ts", "s"),  # Schultz
        (r"dt\b|d\b", "t"),  # Smid, Smidt, Smit
        (r"[vw]|ou(?=[aei])", "f"),  # Ivanov, Ivanoff; Walid, Oualid
        (r"\by(?=[aeiou])", "j"),  # Yusuf, Jusuf
        (r"(?<=[bdfgklmnprst])[ijy](?=[ao])", ""),  # Tatyana, Tatjana, Tatiana
        (r"ou|oe|u|o", "o"),  # Youssef, Yoesoef
        (r"(?<=[ao])y(?=[aeiou])", ""),  # Sayid, Said
        (r"[ae]?[ijy]{2}|e[ijy]|ie|y(?![aeiou])|(?<=i)j(?![aeo])", "i"),  # Dijk, Dyk; Sergey
    )
)
_VOWELS: Final = "aeio"
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def sound_of(name: str) -> str:
    """The key of a name that is in small Latin letters (`spelling.in_latin`), part by part.

    Of each part: the vowel that is heard first, the consonants, and an a or e that it ends in
    (Martin is not Martine, Jan not Jana). Two names that sound alike have one key.
    """
    return " ".join(_key(each) for each in name.split())


def _key(part: str) -> str:
    heard = part
    for pattern, sound in _HEARD:
        heard = pattern.sub(sound, heard)
    heard = _DOUBLE.sub(r"\1", heard)
    first = next((letter for letter in heard if letter in _VOWELS), "")
    bones = _DOUBLE.sub(r"\1", "".join(letter for letter in heard if letter not in _VOWELS))
    last = heard[-1:] if heard[-1:] in ("a", "e") and len(heard) > 1 else ""
    key = f"{bones}{first}{last}"
    return key if len(key) >= SHORTEST else part


_NAMES = """
CREATE TEMP TABLE dup_heard ON COMMIT DROP AS
SELECT DISTINCT name, NULL::text AS key
  FROM (SELECT given AS name FROM dup_name UNION ALL SELECT family FROM dup_name) every
 WHERE name <> ''
"""
_KEPT = """
INSERT INTO dup_sound (name, key) SELECT * FROM unnest(%s::text[], %s::text[])
"""


def sound_names(cursor: CursorWrapper) -> int:
    """Make `dup_sound`: each name of `dup_name` with its key; how many names.

    In the caller's transaction, in steps: each name once, however many people have it.
    """
    count = 0
    with connection.cursor() as reader:
        reader.execute("CREATE TEMP TABLE dup_sound (name text, key text) ON COMMIT DROP")
        reader.execute(_NAMES)
        while True:
            reader.execute(
                "DELETE FROM dup_heard WHERE ctid IN (SELECT ctid FROM dup_heard LIMIT %s)"
                " RETURNING name",
                [STEP],
            )
            names = [row[0] for row in reader.fetchall()]
            if not names:
                reader.execute("DROP TABLE dup_heard")
                return count
            cursor.execute(_KEPT, [names, [sound_of(each) for each in names]])
            count += len(names)
