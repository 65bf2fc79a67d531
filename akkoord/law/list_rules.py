"""Who may decide over a list of people to forget, and when: pure rules (art. 5(2), 24, 32 GDPR)."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID


class ListStep(StrEnum):
    """What somebody wants to do with a list."""

    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    STOP = "stop"


FROM: dict[ListStep, frozenset[str]] = {
    ListStep.ASK: frozenset({"draft"}),
    ListStep.APPROVE: frozenset({"asked"}),
    ListStep.REFUSE: frozenset({"draft", "asked"}),
    ListStep.STOP: frozenset({"running"}),
}
LEFT_TO_A_REQUEST = frozenset({"access", "portability", "rectification", "objection-use"})
"""Who waits for the answer to one of these is not forgotten by a list: they are answered first."""


class ListRefusal(StrEnum):
    """Why a step is refused."""

    NOT_NOW = "not-now"  # the list is not in a state for it
    SAME_PERSON = "same-person"  # who asked does not approve
    NOT_THEIRS = "not-theirs"  # only who made the list asks for it
    TOO_LATE = "too-late"
    NOBODY = "nobody"  # there is nobody on it who goes


def refusal_of(
    step: ListStep, *, state: str, by: UUID | None, made_by: UUID, is_late: bool, goes: int
) -> ListRefusal | None:
    """Why this step may not be done; None: it may. Nobody in particular may do nothing."""
    if state not in FROM[step]:
        return ListRefusal.NOT_NOW
    if by is None or (step is ListStep.ASK and by != made_by):
        return ListRefusal.NOT_THEIRS
    if step is ListStep.APPROVE and by == made_by:
        return ListRefusal.SAME_PERSON
    if step in (ListStep.ASK, ListStep.APPROVE):
        if is_late:
            return ListRefusal.TOO_LATE
        if not goes:
            return ListRefusal.NOBODY
    return None


def left_out(kinds: Collection[str]) -> bool:
    """Whether somebody with this open request is left out: it is answered first (art. 12(3))."""
    return "erasure" not in kinds and not LEFT_TO_A_REQUEST.isdisjoint(kinds)
