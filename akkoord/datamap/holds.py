"""Legal holds: where the room that keeps them plugs in, so that every clean-up can ask.

Retention writes holds down; rights erases. They stand on one floor and do not see each other:
they meet here (art. 17(3)(e) GDPR).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Hold:
    """Why somebody's data must stay for now: who is held, in whose words, until when (None: until
    it is lifted)."""

    person_id: UUID
    reason: str
    until: date | None


Holds = Callable[[Sequence[UUID] | None], list[Hold]]
_holds: list[Holds] = []
_held_activities: list[Callable[[str], bool]] = []


class HeldByLaw(Exception):
    """Something must stay for a legal claim; it names the holds (art. 17(3)(e))."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        super().__init__("held for a legal claim")
        self.holds = tuple(holds)

    @property
    def until(self) -> date | None:
        """The day on which the last of them ends; None: until it is lifted."""
        days = [each.until for each in self.holds]
        return None if None in days else max(each for each in days if each)


def register_holds(function: Holds, activities: Callable[[str], bool]) -> None:
    """Say who keeps the holds, on people and on activities; the last one counts."""
    _holds[:] = [function]
    _held_activities[:] = [activities]


def holds_on(person_ids: Sequence[UUID]) -> list[Hold]:
    """The holds on these people (pass every alias too) that count today."""
    return _holds[0](person_ids) if _holds and person_ids else []


def held_people() -> list[UUID]:
    """Everybody who is held, for a sweep to leave alone; they are few. One query."""
    return sorted({each.person_id for each in _holds[0](None)}) if _holds else []


def is_activity_held(activity_key: str) -> bool:
    """Whether everything of this activity must stay for now, so that no sweep takes it. One
    query."""
    return bool(_held_activities) and _held_activities[0](activity_key)
