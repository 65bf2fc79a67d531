"""What a file may bring of a person besides an address, names and proof (INV-31).

Own fields, notes among them, as far as the register admits them to the topic of the file.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from akkoord.datamap.identifiers import plain_name
from akkoord.imports.evidence import Judging
from akkoord.imports.layouts import FIELDS, OWN, Columns
from akkoord.imports.postal import (
    NO_POST,
    Postal,
    has_any,
    post_of,
    postal_rules,
    take_apart,
)
from akkoord.imports.screening import Screen
from akkoord.imports.special import Special, sealed_cell, special_fields
from akkoord.law.field_rules import FieldKind, fits, stored_as
from akkoord.law.import_rules import is_yes, read_day
from akkoord.register.models import PersonalDataField, Purpose
from akkoord.register.queries import field_allowed, own_fields

TO_BE_JUDGED = "import-to-be-judged"
MAX_VALUE = 500
_FROM_THEMSELVES = ("own-signup", "customers")
POSTAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "street": (
        *("straat", "straat en huisnummer", "street", "adres", "address"),
        "billing_address_1",
    ),
    "house_number": ("huisnummer", "house number"),
    "postcode": ("postcode", "zip", "billing_postcode"),
    "city": ("woonplaats", "plaats", "town", "city", "billing_city"),
    "country": ("land", "country", "billing_country"),
}
"""What the columns of a postal address are called."""
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that a file may bring: role -> what it is called; the columns that mean it."""

    labels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: Mapping[str, PersonalDataField] = field(default_factory=dict)
    postal: Postal = NO_POST
    special: Special = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """What a column may be, beside evidence."""
        return frozenset(self.labels)


def fields_of(
    topic: Purpose | None, source: str, *, by_staff: UUID | None = None, at: datetime
) -> Fields:
    """What may be kept of the people of a file: what its topic, or the review, admits (INV-31).

    Who came in without a topic stands under the review: names and address, nothing else. A postal
    address belongs to the customers' activity, and comes from the people themselves only. A field
    of a special category is there for who is of the role that it is opened to (INV-32).
    """
    allowed = field_allowed(topic.activity_key if topic else TO_BE_JUDGED)
    labels = {role: "" for role in FIELDS if role in allowed}
    own = [each for each in own_fields() if topic and each.key in allowed]
    special = special_fields(by_staff, at=at)
    opened = [each.field for each in special.values()]
    postal = postal_rules() if source in _FROM_THEMSELVES else NO_POST
    parts = POSTAL_NAMES if postal.is_kept else {}
    own += opened
    return Fields(
        labels=labels | dict.fromkeys(parts, "") | {OWN + each.key: each.name for each in own},
        names={OWN + each.key: _names(each) for each in own} | dict(parts),
        own={OWN + each.key: each for each in own},
        postal=postal,
        special=special,
    )


def _names(own: PersonalDataField) -> tuple[str, ...]:
    return tuple(dict.fromkeys((own.key, own.name_nl.lower(), own.name_en.lower())))


def besides(
    cells: Sequence[str], columns: Columns, judging: Judging, screen: Screen, name: tuple[str, str]
) -> str | None:
    """The other fields of a row as JSON by role, screened; None when there is nothing.

    What is not of its field's kind, begins like a formula or may not be stored stays behind. The
    parts of a postal address are one thing (`post`); `name`: first and last, for post needs them.
    """
    found: dict[str, Any] = {}
    parts: dict[str, str] = {}
    for role, place in columns.besides.items():
        text = cells[place].strip()
        if not text:
            continue
        if role in POSTAL_NAMES:
            parts[role] = screen.clean(place, text)
        elif value := _of_kind(judging.own[role], text, place, screen):
            exception = judging.special.get(role)
            value = sealed_cell(exception, value) if exception else value
            if value:
                found[role] = value
    if apart := take_apart(parts.get("street", "")):
        parts |= apart  # one cell that says it all counts before a town in another column
    if has_any(parts):
        found["post"] = post_of(parts, judging.postal, given=name[0], family=name[1])
    return json.dumps(found) if found else None


def without(found: str | None, held: Collection[str]) -> str | None:
    """The other fields of a row without those that are held back."""
    if found is None or not held:
        return found
    gone = {"post" if role in POSTAL_NAMES else role for role in held}
    left = {role: value for role, value in json.loads(found).items() if role not in gone}
    return json.dumps(left) if left else None


def _of_kind(own: PersonalDataField, text: str, place: int, screen: Screen) -> str:
    kind = own.value_kind
    if kind == FieldKind.NUMBER:
        text = screen.clean(place, text)
        return stored_as(kind, text) if text and fits(kind, text) else ""
    if kind == FieldKind.DATE:
        day = read_day(text)
        return day.isoformat() if day else ""
    if kind == FieldKind.YES_NO:
        return _yes_or_no(text)
    if kind == FieldKind.CHOICE:
        return _choice(own, text)
    if text.startswith(_FORMULA):
        screen.formulas += 1
        return ""
    return plain_name(screen.clean(place, text))[:MAX_VALUE]


def _choice(own: PersonalDataField, text: str) -> str:
    """One of the field's choices, in either language; kept as its Dutch word."""
    for words in zip(own.choices_nl, own.choices_en, strict=True):
        if text.lower() in (each.lower() for each in words):
            return str(words[0])
    return ""


def _yes_or_no(text: str) -> str:
    if is_yes(text):
        return "yes"
    return "no" if text.lower() in ("no", "nee", "n", "0", "false", "onwaar") else ""
