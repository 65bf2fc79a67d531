"""What somebody could be found by, collected before an erasure and searched for after it.

Addresses, phone numbers, push end-points, customer numbers, ids, keyed hashes, and a name only
together with postcode and house number: a bare name is anybody's.
"""

import contextlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import zip_longest
from typing import Any
from uuid import UUID

import phonenumbers

from akkoord.datamap.declaration import Column, Identifier, Whose, personal_stores
from akkoord.datamap.identifiers import BadIdentifier, normalise_email, normalise_phone
from akkoord.datamap.identifying import identifying_rows
from akkoord.datamap.keys import keyed_hash

# A shorter number is no identifier outside its own column: it would be found everywhere.
SHORTEST_NUMBER = 5
_AT_ONCE = 60  # needles per pass over a table


class Kind(StrEnum):
    """What was found of somebody."""

    EMAIL = "email"
    PHONE = "phone"
    PUSH = "push-endpoint"
    CUSTOMER_NUMBER = "customer-number"
    ID = "id"
    KEYED_HASH = "keyed-hash"
    RESIDENCE = "name-and-address"


@dataclass(frozen=True, slots=True)
class Residence:
    """A name with postcode and house number, all in lower case."""

    family_name: str
    given_name: str
    postcode: str
    number: str


@dataclass(frozen=True, slots=True)
class Needles:
    """What to look for. Texts are in lower case; phones are national digits without the 0;
    spellings are texts as they were typed, for codings that hide the case.

    Personal data: lives in memory between erasure and scan, and is never stored.
    """

    ids: frozenset[UUID] = frozenset()
    texts: frozenset[tuple[Kind, str]] = frozenset()
    phones: frozenset[tuple[str, str]] = frozenset()  # country code, national digits
    residences: frozenset[Residence] = frozenset()
    hashes: frozenset[bytes] = frozenset()
    spellings: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return sum(map(len, (self.ids, self.texts, self.phones, self.residences, self.hashes)))

    def __repr__(self) -> str:
        """Counts only, so that no log or traceback shows whom we look for."""
        return f"<Needles: {len(self)}>"


@dataclass(slots=True)
class _Collected:
    """What is gathered while going over the stores."""

    ids: set[UUID] = field(default_factory=set)
    texts: set[tuple[Kind, str]] = field(default_factory=set)
    phones: set[tuple[str, str]] = field(default_factory=set)
    hashes: set[bytes] = field(default_factory=set)
    spellings: set[str] = field(default_factory=set)
    given_names: set[str] = field(default_factory=set)
    family_names: set[str] = field(default_factory=set)
    doors: set[tuple[str, str]] = field(default_factory=set)


def needles_of(person_ids: Sequence[UUID], *, whose: Whose = Whose.PERSON) -> Needles:
    """The needles of one person, who may have former ids, from the identifying columns of every
    declared store.

    Call it before erasing: afterwards nothing is left to know them by.
    """
    return needles_of_many([person_ids], whose=whose)


def needles_of_many(people: Sequence[Sequence[UUID]], *, whose: Whose = Whose.PERSON) -> Needles:
    """The needles of many people, each with their former ids, together.

    One statement over all stores with identifiers, however many they are. A name is joined with
    the doors of its own person only.
    """
    number: dict[UUID | None, int] = {
        each: place for place, group in enumerate(people) for each in group
    }
    found = [_Collected(ids=set(group)) for group in people]
    for who, row in identifying_rows(
        personal_stores(whose), [each for group in people for each in group]
    ):
        _collect_row(found[number.get(who, 0)], row)
    return Needles(
        ids=frozenset().union(*(each.ids for each in found)),
        texts=frozenset().union(*(each.texts for each in found)),
        phones=frozenset().union(*(each.phones for each in found)),
        residences=frozenset(home for each in found for home in _residences(each)),
        hashes=frozenset().union(*(each.hashes for each in found)),
        spellings=frozenset().union(*(each.spellings for each in found)),
    )


def join_needles(parts: Sequence[Needles]) -> Needles:
    """The needles of several people together."""
    return Needles(
        ids=frozenset().union(*(each.ids for each in parts)),
        texts=frozenset().union(*(each.texts for each in parts)),
        phones=frozenset().union(*(each.phones for each in parts)),
        residences=frozenset().union(*(each.residences for each in parts)),
        hashes=frozenset().union(*(each.hashes for each in parts)),
        spellings=frozenset().union(*(each.spellings for each in parts)),
    )


def portions_of(needles: Needles) -> Iterator[Needles]:
    """The needles in portions that one statement can carry."""
    portions = [
        _in_portions(sorted(getattr(needles, each.name), key=repr)) for each in fields(Needles)
    ]
    for portion in zip_longest(*portions, fillvalue=()):
        yield Needles(*map(frozenset, portion))


def _in_portions(things: Sequence[Any]) -> list[Sequence[Any]]:
    """A list cut into lists that are short enough."""
    return [things[at : at + _AT_ONCE] for at in range(0, len(things), _AT_ONCE)]


def email_needles(address: str) -> Needles:
    """The needles of one address, for whoever wants to know where it still stands."""
    found = _Collected()
    _add_address(found, address)
    return Needles(
        texts=frozenset(found.texts),
        hashes=frozenset(found.hashes),
        spellings=frozenset(found.spellings),
    )


def _collect_row(found: _Collected, row: Sequence[tuple[Column, Any]]) -> None:
    """Sort one row's values by what they are; the value tells, for one column may hold
    addresses of every channel."""
    postcode = number = ""
    for column, value in row:
        if isinstance(value, UUID):
            found.ids.add(value)
        elif isinstance(value, bytes | memoryview):
            found.hashes.add(bytes(value))
        elif column.identifier is Identifier.NAME:
            is_given = column.category == "pd:GivenName"
            (found.given_names if is_given else found.family_names).add(fold(str(value)))
        elif column.identifier is Identifier.POSTCODE:
            postcode = re.sub(r"\s", "", fold(str(value)))
        elif column.identifier is Identifier.HOUSE_NUMBER:
            number = fold(str(value))
        elif column.identifier is Identifier.CUSTOMER_NUMBER:
            _add_number(found, str(value))
        elif column.identifier:
            _add_address(found, str(value))
    if postcode and number:
        found.doors.add((postcode, number))


def _add_address(found: _Collected, value: str) -> None:
    """Add an e-mail address, push end-point or phone number, with its keyed hash."""
    if value.startswith(("https://", "http://")):
        found.texts.add((Kind.PUSH, fold(value)))
        found.spellings.add(value)
        found.hashes.add(keyed_hash(value))
    elif "@" in value:
        found.texts.add((Kind.EMAIL, fold(value.strip())))
        found.spellings |= {value.strip(), fold(value.strip())}
        with contextlib.suppress(BadIdentifier):
            normal = normalise_email(value)
            local, _at, domain = normal.rpartition("@")
            found.texts |= {(Kind.EMAIL, normal), (Kind.EMAIL, f"{local}@{_in_unicode(domain)}")}
            found.hashes.add(keyed_hash(normal))
    else:
        with contextlib.suppress(BadIdentifier):
            normal = normalise_phone(value)
            number = phonenumbers.parse(normal)
            bare = str(phonenumbers.national_significant_number(number))
            found.phones.add((str(number.country_code), bare))
            found.hashes.add(keyed_hash(normal))


def _add_number(found: _Collected, value: str) -> None:
    """Add a customer number, when it is long enough to mean somebody."""
    if len(value) >= SHORTEST_NUMBER and any(map(str.isdigit, value)):
        found.texts.add((Kind.CUSTOMER_NUMBER, fold(value)))


def _residences(found: _Collected) -> Iterator[Residence]:
    """Every name with every door of the person."""
    for family_name in found.family_names:
        for given_name in found.given_names or {""}:
            for postcode, number in found.doors:
                yield Residence(family_name, given_name, postcode, number)


def _in_unicode(domain: str) -> str:
    """A domain as people write it."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def fold(text: str) -> str:
    """The form in which needles and haystacks are compared: NFC, lower case."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower()
