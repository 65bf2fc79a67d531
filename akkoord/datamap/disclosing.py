"""Where rooms say who received people's data: derived from what they keep anyway (art. 19 GDPR).

Sending a letter writes no row for this. A room that hands data to others registers a function that
reads from its own rows which recipients got whose. A room whose rows do not say it writes it down
by `write_down`, which the room of rights answers.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Received:
    """One recipient (of the register) got this person's data. `how`: mail, post, api, file or
    by-hand. `fields`: what was in it, by name; none: what follows from `how`, or all."""

    recipient_id: UUID
    person_id: UUID
    how: str
    fields: frozenset[str] = frozenset()


Source = Callable[[Sequence[UUID]], Iterable[Received]]
_sources: dict[str, str] = {}
_book: list[str] = []


def declare_disclosures(name: str, path: str) -> None:
    """Enter a room's function by its dotted path; the same one twice changes nothing."""
    _sources[name] = path


def keep_book_by(path: str) -> None:
    """Enter the function, by its dotted path, that writes down who got data."""
    _book[:] = [path]


def write_down(
    *, person_ids: Collection[UUID], recipient_id: UUID, how: str, at: datetime, fields: set[str]
) -> int:
    """A recipient got these fields of these people, in the caller's transaction; how many lines
    are new or say more. `how` and `fields`: as in `Received`."""
    (path,) = _book
    write: Callable[..., Any] = import_string(path)
    written: int = write(
        person_ids=person_ids, recipient_id=recipient_id, how=how, at=at, fields=fields
    )
    return written


def received_by_others(person_ids: Sequence[UUID]) -> Iterator[Received]:
    """Who got these people's data, from every room; a few statements however many they are."""
    for path in _sources.values():
        source: Source = import_string(path)
        yield from source(person_ids)
