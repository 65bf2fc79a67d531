"""What the fields of the catalogue are called in a text that people write, in Dutch.

In English a field is called by its key. The names stand here, low in the house, so that no own
field takes one of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

DUTCH: Mapping[str, str] = MappingProxyType(
    {
        "last_purchase": "laatste aankoop",
        "purchase_amount": "aankoopbedrag",
        "product_group": "soort product",
        "relation": "relatie",
        "company": "bedrijf",  # the other side of a relation; no field of its own
        "email": "e-mailadres",
        "street": "straat",
        "postcode": "postcode",
        "city": "stad",
        "country": "land",
        "first_name": "voornaam",
        "last_name": "achternaam",
        "language": "taal",
        "source": "herkomst",
        "known_since": "bekend sinds",
    }
)
"""The one Dutch name of each field, by its key."""

_ALSO = {"plaats": "city", "woonplaats": "city"}
KEYS: Mapping[str, str] = MappingProxyType(
    {name: key for key, name in DUTCH.items()}
    | {key.replace("_", " "): key for key in DUTCH}
    | _ALSO
)
"""The key of each name, in either language; a name of two words has one blank between them."""


def key_called(name: str) -> str:
    """The key of a field by how it was written; what is no name of the catalogue stays."""
    return KEYS.get(name, name)


def called(key: str, language: str) -> str:
    """What a field is called in a text in this language."""
    return DUTCH.get(key, key) if language.startswith("nl") else key
