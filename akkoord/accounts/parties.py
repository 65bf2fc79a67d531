"""Whose system stands behind a key: the room that knows the companies plugs in here.

Accounts stand on the ground and see no register; a key keeps the plain id of a recipient of it.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

Parties = Callable[[], Sequence[tuple[UUID, str]]]
_parties: list[Parties] = []


def register_parties(function: Parties) -> None:
    """Say who knows the companies that a key can be of; the last one counts."""
    _parties[:] = [function]


def parties() -> list[tuple[UUID, str]]:
    """The companies that a key can be of, by name."""
    return list(_parties[0]()) if _parties else []
