"""When two records may be of one person: what speaks for it and against it, weighed (art. 5(1)(d)).

The database finds what two records share; here stands what each of it weighs. Nothing is joined by
a number: it only says what people look at.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Likeness(StrEnum):
    """What two records share, or in what they differ."""

    CUSTOMER_NUMBER = "customer-number"
    MAILBOX = "mailbox"  # the same but for dots, capitals or what stands after a plus
    FORMER_ADDRESS = "former-address"  # an address that the one left and the other has
    PHONE = "phone"
    DOOR = "door"  # postcode and number, with the same last name
    COMPANY = "company"  # at the same company, with the same last name
    SAME_NAME = "same-name"
    LIKE_NAME = "like-name"  # an initial for a first name
    LIKE_SOUND = "like-sound"  # first and last name, spelled in two ways that sound the same
    BY_STAFF = "by-staff"  # somebody says so: it is looked at, whatever else there is
    OTHER_NAME = "other-name"  # another first name: they may share a phone or a door


WEIGHTS: Final[Mapping[Likeness, int]] = MappingProxyType(
    {
        Likeness.CUSTOMER_NUMBER: 60,
        Likeness.MAILBOX: 60,
        Likeness.FORMER_ADDRESS: 50,
        Likeness.PHONE: 40,
        Likeness.DOOR: 35,
        Likeness.COMPANY: 30,
        Likeness.SAME_NAME: 30,
        Likeness.LIKE_NAME: 20,
        Likeness.LIKE_SOUND: 20,
        Likeness.BY_STAFF: 0,
        Likeness.OTHER_NAME: -50,
    }
)

ENOUGH: Final = 50
"""From here on two records are shown."""

BLOCK: Final = 20
"""What more than so many records share says nothing of any two of them: a name shared by hundreds,
the telephone of an office."""


def likeness(found: Collection[Likeness]) -> int:
    """How much speaks for one person, from 0 to 100."""
    return max(0, min(100, sum(WEIGHTS[each] for each in set(found))))


def is_shown(found: Collection[Likeness]) -> bool:
    """Whether it is enough to have somebody look at it."""
    return likeness(found) >= ENOUGH
