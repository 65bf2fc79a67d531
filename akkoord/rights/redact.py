"""Others' data taken out of what a person gets: the copy may not harm them (art. 15(4), 20(4)).

Addresses that are not the person's own nor the organisation's, telephone numbers that belong to
somebody else, and names of other people whom we know. A name that the person has too stays.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.datamap.export import StoreExport
from akkoord.datamap.identifiers import BadIdentifier, normalise_phone
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.register.queries import organisation

_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.-])(?:\+|0)\d(?:[ ()-]{0,3}\d){7,13}(?![\w-])")
_CAPITALS = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:[ -](?:van|de|den|der|het|ten|ter|te|el|[^\W\d_]+)){1,4}"
)
MOST_NAMES = 400  # pairs of words that are looked up for one person
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
        self._phones = self._others_phones(texts)
        self._names = self._others_names(texts)

    def stores(self, stores: Iterable[StoreExport]) -> list[StoreExport]:
        """The same stores without what is others'."""
        return [replace(each, rows=tuple(self._row(row) for row in each.rows)) for each in stores]

    def text(self, text: str) -> str:
        """One text without what is others'."""
        clean = _ADDRESS.sub(self._address, text)
        if self._phones:
            clean = _PHONE.sub(self._phone, clean)
        if self._names:
            clean = self._names.sub(self._gone, clean)
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
        return found[0] if found[0].lower() in self._own else self._gone(found)

    def _phone(self, found: re.Match[str]) -> str:
        return self._gone(found) if _spelled(found[0]) in self._phones else found[0]

    def _gone(self, found: re.Match[str]) -> str:  # noqa: ARG002 - the shape of a replacement
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

    def _others_phones(self, texts: Iterable[str]) -> set[str]:
        typed = {_spelled(found[0]) for text in texts for found in _PHONE.finditer(text)} - {""}
        if not typed:
            return set()
        return set(
            ContactPoint.objects.filter(
                normalised__in=typed, channel__in=(Channel.PHONE, Channel.SMS)
            )
            .exclude(person_id__in=self._ids)
            .values_list("normalised", flat=True)
        )

    def _others_names(self, texts: Iterable[str]) -> re.Pattern[str] | None:
        """The names of other known people that stand in these texts, whole; None: no such."""
        pairs: set[tuple[str, str]] = set()
        for text in texts:
            for found in _CAPITALS.finditer(text):
                given, _space, family = found[0].replace("-", " ", 0).partition(" ")
                words = family.split(" ")
                pairs |= {(given, " ".join(words[:n])) for n in range(1, len(words) + 1) if family}
        own = set(Person.objects.filter(id__in=self._ids).values_list("given_name", "family_name"))
        asked = Q()
        for given, family in sorted(pairs - own)[:MOST_NAMES]:
            asked |= Q(given_name=given, family_name=family)
        if not asked:
            return None
        others = Person.objects.filter(asked).exclude(id__in=self._ids)
        known = sorted(
            {
                f"{given} {family}"
                for given, family in others.values_list("given_name", "family_name")
            },
            key=len,
            reverse=True,
        )
        if not known:
            return None
        return re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in known))


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
