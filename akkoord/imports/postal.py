"""Postal addresses of customers, as files of shops carry them (INV-19, 31).

They belong to the customers' activity: to deliver, to serve, and to write by post to who bought.
So they come in with a sale, or for who is a customer already, and only when the register admits
them; else they are dropped and reported. Nothing that is known is overwritten.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from akkoord.datamap.identifiers import (
    BadIdentifier,
    normalise_postcode,
    plain_name,
    split_street,
)
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.layouts import POSTAL
from akkoord.law.sensitive import numbers_in
from akkoord.people.points import post_key
from akkoord.register.queries import field_allowed

CUSTOMERS = "customers"
_BETWEEN = re.compile(r"\s{2,}")
_CODE = re.compile(r"[A-Z]{2}")
_NEEDED = frozenset({"street", "postcode", "city"})
_HOME = frozenset({"", "NL", "NEDERLAND", "NETHERLANDS", "THE NETHERLANDS"})
_NAMES_OF_COUNTRIES = {"BELGIE": "BE", "BELGIË": "BE", "BELGIUM": "BE", "DUITSLAND": "DE"}
_NAMES_OF_COUNTRIES |= {"GERMANY": "DE", "FRANKRIJK": "FR", "FRANCE": "FR", "LUXEMBURG": "LU"}


@dataclass(frozen=True, slots=True)
class Postal:
    """Whether the customers' activity may keep postal addresses, and those abroad."""

    is_kept: bool = False
    is_kept_abroad: bool = False


NO_POST = Postal()


def postal_rules() -> Postal:
    """What the register admits now."""
    allowed = field_allowed(CUSTOMERS)
    return Postal(allowed >= _NEEDED, allowed >= _NEEDED | {"country"})


def post_of(
    parts: Mapping[str, str], rules: Postal, *, given: str, family: str
) -> dict[str, Any] | None:
    """An address as it is kept, with its one spelling and keyed hash; None when it is not whole.

    Post needs a last name, a street with a number, a postcode and a town; a country by its code.
    """
    country = _country(parts.get("country", ""))
    street, number = plain_name(parts.get("street", "")), plain_name(parts.get("house_number", ""))
    if not number:
        street, number = split_street(street)
    city = plain_name(parts.get("city", ""))
    try:
        postcode = normalise_postcode(parts.get("postcode", ""), country)
    except BadIdentifier:
        return None
    if not (family and street and number and city and len(country) == 2):
        return None
    if not (rules.is_kept_abroad if country != "NL" else rules.is_kept):
        return None
    if numbers_in(f"{street} {number} {city}"):  # somebody's IBAN is no street (INV-32)
        return None
    normalised = post_key(postcode, number, family_name=family, given_name=given)
    return {
        "street": street[:160],
        "house_number": number[:20],
        "postcode": postcode[:12],
        "city": city[:80],
        "country": country,
        "value": f"{street} {number}, {postcode} {city}"[:320],
        "normalised": normalised[:320],
        "hash": keyed_hash(normalised).hex(),
    }


def take_apart(text: str) -> dict[str, str]:
    """A whole address in one cell by its parts, two blanks between them; empty: not certain.

    The street comes first, the country last and by its code; of what lies between one part alone
    has a figure in it, the postcode, and one other is the town. A fourth would be a guess.
    """
    parts = [part.strip() for part in _BETWEEN.split(text.strip())]
    if len(parts) != 4 or not all(parts):
        return {}
    street, *middle, country = parts
    postcodes = [part for part in middle if any(sign.isdigit() for sign in part)]
    if len(postcodes) != 1 or not _CODE.fullmatch(_country(country)):
        return {}
    town = next(part for part in middle if part != postcodes[0])
    return {"street": street, "postcode": postcodes[0], "city": town, "country": country}


def has_any(parts: Mapping[str, str]) -> bool:
    """Whether something of an address was filled in; a country alone says nothing."""
    return any(parts.get(part, "").strip() for part in POSTAL if part != "country")


def _country(text: str) -> str:
    name = text.strip().upper()
    return "NL" if name in _HOME else _NAMES_OF_COUNTRIES.get(name, name)
