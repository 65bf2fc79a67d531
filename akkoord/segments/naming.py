"""What a name in a group stands for, and what a field is called there.

A field of one's own may bear a name that the language took for a field of the catalogue later on
(`stad`, `taal`). Its exact name stays its own, also after it ended: a group never comes to mean
another field. The field of the catalogue is then said by its English name.
"""

from collections.abc import Collection
from functools import cache

from akkoord.datamap.field_words import KEYS, called, key_called
from akkoord.register.models import PersonalDataField


@cache
def taken_names() -> frozenset[str]:
    """Names of the language that a field of one's own bears.

    Asked once per process: no field is made with such a name any more (`make_own_field`).
    """
    own = PersonalDataField.objects.filter(is_own=True, key__in=KEYS)
    return frozenset(own.values_list("key", flat=True))


def key_named(name: str) -> str:
    """The key of the field that a word names."""
    key = key_called(name)
    return name if key != name and name in taken_names() else key


def name_in(key: str, language: str, taken: Collection[str]) -> str:
    """What a field is called in a text in this language, when these names are taken."""
    name = called(key, language)
    return key if name in taken else name
