"""Where the room that forgets people plugs in, so that others can ask for it by name.

Retention says who is due; rights erases, proves and certifies. They stand on one floor and do not
see each other: they meet here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from akkoord.datamap.holds import holds_on

ForgetBatch = Callable[[Sequence[UUID]], int]


class Forgetting(Protocol):
    """Forgets people whose term is over, in one run of as many batches as it takes."""

    def __call__(self, *, at: datetime) -> AbstractContextManager[ForgetBatch]:
        """Gives a function that erases a batch for good and says how many are gone; at the end all
        of them are looked for at once, and certified."""


class NobodyForgets(Exception):
    """No room has said that it can forget people."""


_forgetting: list[Forgetting] = []


def register_forgetting(function: Forgetting) -> None:
    """Say who forgets; the last one counts."""
    _forgetting[:] = [function]


@contextmanager
def forgetting(*, at: datetime) -> Iterator[ForgetBatch]:
    """Gives a function that forgets a batch of people because their term is over; how many went.

    One look everywhere for all batches, at the end. Who is held for a legal claim stays. Raises
    NobodyForgets when no room can do it.
    """
    if not _forgetting:
        raise NobodyForgets
    with _forgetting[0](at=at) as forget:

        def forget_free(person_ids: Sequence[UUID]) -> int:
            held = {each.person_id for each in holds_on(person_ids)}
            return forget([each for each in person_ids if each not in held])

        yield forget_free


def forget_people(*, person_ids: Sequence[UUID], at: datetime) -> int:
    """Forget these people because their term is over; how many are gone."""
    with forgetting(at=at) as forget:
        return forget(person_ids)
