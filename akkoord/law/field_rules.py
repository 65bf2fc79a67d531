"""What an own field may be, and which values fit it (art. 5(1)(c) and (d), 9, 10 GDPR; INV-31, 32).

A field announces by its name what will stand in it; what the name or one of its choices gives away
is refused before anybody fills it in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from akkoord.law.sensitive import Sensitive, classes_in, classes_of_header
from akkoord.law.sensitive_lexicon import without_innocent, words_of

FEWEST_CHOICES, MOST_CHOICES = 2, 30


class FieldKind(StrEnum):
    """What kind of value an own field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes-no"


def fits(kind: str, value: str, choices: Collection[str] = ()) -> bool:
    """Whether a typed value is of its kind: a number, a day, yes or no, one of the choices, a text.

    A choice without choices is one of an older form, whose words were not written down.
    """
    if kind == FieldKind.NUMBER:
        return _is_number(value)
    if kind == FieldKind.DATE:
        return _is_day(value)
    if kind == FieldKind.YES_NO:
        return value in ("yes", "no")
    if kind == FieldKind.CHOICE and choices:
        return value in choices
    return True


def stored_as(kind: str, value: str) -> str:
    """A value as it is kept: a number with a point, so that it can be compared."""
    return value.replace(",", ".") if kind == FieldKind.NUMBER else value


_HEALTH = """
    gezondheid ziekte ziektes aandoening klacht klachten handicap beperking dieet allergieën medisch
    dieetwensen rugklachten gezondheidsklachten huisarts therapie overgewicht gehoorapparaat
    incontinentie menstruatie zorgverzekeraar zorgverzekering
    health illness condition handicaps diet allergies medical
"""
_IN_A_NAME: dict[str, Sensitive] = {
    **dict.fromkeys(_HEALTH.split(), Sensitive.HEALTH),
    **dict.fromkeys(("geloof", "kerk", "faith", "church"), Sensitive.RELIGION),
    **dict.fromkeys(("herkomst", "afkomst", "huidskleur"), Sensitive.ETHNICITY),
}
_WHOLE_NAMES = frozenset({"race", "ras", "kleur huid"})
_STEMS: tuple[tuple[str, Sensitive], ...] = (
    (r"klacht(en)?$|pijn$|ziekten?$|letsels?$|aandoening|beperk(t|ing)", Sensitive.HEALTH),
    (r"verslav|zwanger", Sensitive.HEALTH),
    (r"^gewicht|bloedgroep|^bmi$|medicijn|^bril$|gehoor|rolstoel", Sensitive.HEALTH),
    (r"^gelooft|godsdienst|religie|^kerkelijk", Sensitive.RELIGION),
    (r"nationaliteit|geboorteland|moedertaal", Sensitive.ETHNICITY),
    (r"^boetes?$|strafblad|^vog$|veroordeel", Sensitive.CRIMINAL),
)
"""Words that say little in a sentence ("ik geloof het"), but everything as the name of a field."""


def announced_by(words: Iterable[str]) -> frozenset[Sensitive]:
    """The classes of data that the words around a field announce: its choices, its reason."""
    found: set[Sensitive] = set()
    for each in words:
        found |= classes_of_header(each) | classes_in(each)
    return frozenset(found)


def announced_by_name(*names: str) -> frozenset[Sensitive]:
    """The classes of data that the name of a field announces."""
    words = {word for name in names for word in without_innocent(words_of(name))}
    plain = {Sensitive.ETHNICITY for name in names if name.strip().lower() in _WHOLE_NAMES}
    plain |= {_IN_A_NAME[word] for word in words if word in _IN_A_NAME}
    plain |= {kind for stem, kind in _STEMS for word in words if re.search(stem, word)}
    return announced_by(names) | plain


def _is_number(value: str) -> bool:
    try:
        return Decimal(value.replace(",", ".")).is_finite()
    except InvalidOperation:
        return False


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
