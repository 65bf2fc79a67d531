"""A whole address in one cell is taken apart where that is certain, and else left out."""

import pytest

from akkoord.imports.orders import GIFTS, sale_layout_of
from akkoord.imports.postal import take_apart

HOME = {"street": "Kyanopad 121", "postcode": "7200CT", "city": "Walsoorden", "country": "NL"}


@pytest.mark.parametrize(
    "text",
    [
        "Kyanopad 121  7200CT  Walsoorden  NL",
        "  Kyanopad 121  Walsoorden  7200CT   NL ",
    ],
)
def test_street_postcode_town_and_country(text: str) -> None:
    assert take_apart(text) == HOME


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kyanopad 121",
        "Kyanopad 121, 7200CT Walsoorden",  # one blank: anybody's guess
        "Kyanopad 121  7200CT  Walsoorden",  # no country
        "Kyanopad 121  t.a.v. Anna  7200CT  Walsoorden  NL",
        "Kyanopad 121  Zeeland  Walsoorden  NL",  # no postcode
        "Kyanopad 121  7200CT  2e etage  NL",  # two with figures
        "Kyanopad 121  7200CT  Walsoorden  Ergens",
    ],
)
def test_what_is_not_certain_is_not_taken_apart(text: str) -> None:
    assert take_apart(text) == {}


@pytest.mark.parametrize("other", ["Giftdatum", "Donateur"])
def test_a_charity_calls_the_number_of_a_gift_number_too(other: str) -> None:
    assert sale_layout_of(["Nummer", other, "Bedrag", "E-mail"]) is GIFTS
