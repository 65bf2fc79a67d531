"""Others' data taken out of what a person gets: the copy may not harm them (art. 15(4), 20(4)).

Addresses and telephone numbers that are not the person's own nor the organisation's, and names of
other people whom we know. A name that the person has too stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from akkoord.datamap.export import StoreExport
from akkoord.datamap.identifiers import BadIdentifier, normalise_phone
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.register.queries import organisation
from akkoord.rights.others_names import names_of_others, spans_of

_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.-])(?<![A-Z]{4} )(?:\+|0)\d(?:[ ()./-]{0,3}\d){7,13}(?![\w-])")
_DAY = re.compile(r"\d\d?[ ./-]\d\d?[ ./-](?:19|20)\d\d(?!\d)")  # "01-02-2026 10" is no number
OF_OURS = frozenset({"people_contactpoint", "delivery_outboxmail", "people_person"})


class Redactor:
    """Takes others' data out of one person's rows; `count` says how often."""

    def __init__(self, person_ids: Sequence[UUID], stores: Iterable[StoreExport]) -> None:
        self.count = 0
        self._ids = list(person_ids)
        texts = [
            text
            for store in stores
            for row in store.rows
            for value in row.values()
            for text in _texts(value)
        ]
        self._own = self._own_addresses()
        self._numbers = self._own_numbers()
        self._names = names_of_others(texts, self._ids)

    def stores(self, stores: Iterable[StoreExport]) -> list[StoreExport]:
        """The same stores without what is others'."""
        return [replace(each, rows=tuple(self._row(row) for row in each.rows)) for each in stores]

    def text(self, text: str) -> str:
        """One text without what is others'."""
        clean = _PHONE.sub(self._phone, _ADDRESS.sub(self._address, text))
        if not self._names:
            return clean
        clean = unicodedata.normalize("NFC", clean)
        for start, end in reversed(spans_of(clean, self._names)):
            clean = f"{clean[:start]}{self._left_out()}{clean[end:]}"
        return clean

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(value) for name, value in row.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, dict):
            return {key: self._value(each) for key, each in value.items()}
        return value

    def _address(self, found: re.Match[str]) -> str:
        return found[0] if found[0].lower() in self._own else self._left_out()

    def _phone(self, found: re.Match[str]) -> str:
        """Whose number it is need not be known: of a number that is not theirs nothing is owed."""
        number = "" if _DAY.match(found[0]) else _spelled(found[0])
        is_theirs = not number or number in self._numbers or found[0] in self._numbers
        return found[0] if is_theirs else self._left_out()

    def _left_out(self) -> str:
        self.count += 1
        return _("[left out: about somebody else]")

    def _own_addresses(self) -> set[str]:
        points = ContactPoint.objects.filter(person_id__in=self._ids, channel=Channel.EMAIL)
        own = {text.lower() for each in points for text in (each.value, each.normalised)}
        house = organisation()
        if house is not None:
            own |= {
                text.lower()
                for text in (house.sender_email, house.contact_email, house.officer_email)
                if text
            }
        return own

    def _own_numbers(self) -> set[str]:
        """The person's telephone numbers, old ones too, the organisation's, and what looks like a
        telephone number but is the person's customer number."""
        found = set(
            ContactPoint.objects.filter(
                person_id__in=self._ids, channel__in=(Channel.PHONE, Channel.SMS)
            ).values_list("normalised", flat=True)
        )
        found |= set(
            Person.objects.filter(id__in=self._ids).values_list("customer_number", flat=True)
        )
        house = organisation()
        return found | {_spelled(house.contact_phone) if house else ""}


def _texts(value: Any) -> list[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _spelled(text: str) -> str:
    try:
        return normalise_phone(text)
    except BadIdentifier:
        return ""
