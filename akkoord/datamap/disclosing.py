"""Where rooms say who received people's data: derived from what they keep anyway (art. 19 GDPR).

Sending a letter writes no row for this. A room that hands data to others registers a function that
reads from its own rows which recipients got whose.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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


def declare_disclosures(name: str, path: str) -> None:
    """Enter a room's function by its dotted path; the same one twice changes nothing."""
    _sources[name] = path


def received_by_others(person_ids: Sequence[UUID]) -> Iterator[Received]:
    """Who got these people's data, from every room; a few statements however many they are."""
    for path in _sources.values():
        source: Source = import_string(path)
        yield from source(person_ids)
