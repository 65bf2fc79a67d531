"""Changes for tests, and a table made evented for one test."""

from datetime import UTC, datetime
from uuid import UUID

from akkoord.datamap.ids import uuid7
from akkoord.trail.actions import Actor, record_change
from akkoord.trail.models import Change

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def make_change(*, subject: UUID | None = None, action: str = "person.read") -> Change:
    """A member of staff reads a person's page."""
    return record_change(
        actor=Actor.staff(uuid7()),
        action=action,
        object_kind="person",
        object_id=subject,
        subject_id=subject,
        fields=("first_name", "email"),
        at=AT,
    )


def make_changes(number: int) -> list[Change]:
    """So many changes."""
    return [make_change() for _ in range(number)]
