"""Where the room that forgets people plugs in, so that others can ask for it by name.

Retention says who is due; rights erases, proves and certifies. They stand on one floor and do not
see each other: they meet here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from akkoord.datamap.holds import holds_on


class Forgetting(Protocol):
    """Forgets people whose term is over, in one run."""

    def __call__(self, *, person_ids: Sequence[UUID], at: datetime) -> int:
        """Erase, prove, certify; answers how many people are gone."""


class NobodyForgets(Exception):
    """No room has said that it can forget people."""


_forgetting: list[Forgetting] = []


def register_forgetting(function: Forgetting) -> None:
    """Say who forgets; the last one counts."""
    _forgetting[:] = [function]


def forget_people(*, person_ids: Sequence[UUID], at: datetime) -> int:
    """Forget these people because their term is over; how many are gone.

    Who is held for a legal claim stays. Raises NobodyForgets when no room can do it.
    """
    if not _forgetting:
        raise NobodyForgets
    held = {each.person_id for each in holds_on(person_ids)}
    return _forgetting[0](person_ids=[each for each in person_ids if each not in held], at=at)
