"""What higher rooms do when two records are joined or parted; they enter in their `sections.py`.

What only follows its person needs no step: `datamap.joining` moves it by its declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from akkoord.trail.actions import Actor


@dataclass(frozen=True, slots=True)
class Join:
    """Two records on their way to be one, or to be two again. `since`: when they were joined."""

    old: UUID
    new: UUID
    at: datetime
    actor: Actor
    since: datetime | None = None


def _nothing(_join: Join) -> None:
    """No lock."""


def _no_refusal(_join: Join) -> str:
    """No objection."""
    return ""


def _no_note(_join: Join) -> dict[str, Any]:
    """Nothing to remember."""
    return {}


def _no_undo(_join: Join, _note: Mapping[str, Any]) -> None:
    """Nothing to put right."""


@dataclass(frozen=True, slots=True)
class JoinStep:
    """A room's part. In order: `lock` before anything else is locked, `refuses` (a sentence, or
    nothing), `before` while the rows are still apart (what it answers is kept for undoing), and
    `undo` once they are apart again. `says`: what the preview tells, in sentences."""

    lock: Callable[[Join], None] = _nothing
    refuses: Callable[[Join], str] = _no_refusal
    before: Callable[[Join], dict[str, Any]] = _no_note
    undo: Callable[[Join, Mapping[str, Any]], None] = _no_undo
    says: Callable[[Join], list[str]] = lambda _join: []


_steps: dict[str, JoinStep] = {}


def add_join_step(key: str, step: JoinStep) -> None:
    """Plug a room's part in."""
    _steps[key] = step


def join_steps() -> list[tuple[str, JoinStep]]:
    """Every room's part, in one order for everybody: two that join wait and never deadlock."""
    return sorted(_steps.items())
