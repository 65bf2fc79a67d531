"""Whose system stands behind a key: the room that knows the companies plugs in here.

Accounts stand on the ground and see no register; a key keeps the plain id of a recipient of it.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

Parties = Callable[[], Sequence[tuple[UUID, str]]]
Names = Callable[[], Mapping[UUID, str]]
_parties: list[Parties] = []
_names: list[Names] = []


def register_parties(function: Parties, names: Names) -> None:
    """Say who knows the companies that a key can be of, and the names of all that ever were; the
    last one counts."""
    _parties[:] = [function]
    _names[:] = [names]


def parties() -> list[tuple[UUID, str]]:
    """The companies that a key can be of, by name."""
    return list(_parties[0]()) if _parties else []


def party_names() -> Mapping[UUID, str]:
    """The names of the companies, also of those that get nothing any more."""
    return _names[0]() if _names else {}
