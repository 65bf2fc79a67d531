"""What a check of `akkoord doctor` found."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check ended."""

    GOOD = "good"
    WARNING = "warning"
    NOT_CHECKED = "not-checked"
    WRONG = "wrong"

    @property
    def sign(self) -> str:
        """The state in four letters, for the screen."""
        return {"good": "ok  ", "warning": "warn", "not-checked": "?   ", "wrong": "NO  "}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    name: str
    state: State
    says: str
    to_do: str = ""
