"""Record who did what: reads of a person page, exports, sends, refusals, every change (INV 45)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.http import HttpRequest

from akkoord.datamap.prepared import prepared
from akkoord.trail.models import ActorKind, Change


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted. A person acting on their own data is named by the change's `subject_id` only."""

    kind: ActorKind
    id: UUID | None = None

    @classmethod
    def staff(cls, staff_id: UUID) -> Self:
        """A member of staff."""
        return cls(ActorKind.STAFF, staff_id)

    @classmethod
    def api(cls, key_id: UUID) -> Self:
        """An API key."""
        return cls(ActorKind.API, key_id)

    @classmethod
    def person(cls) -> Self:
        """The person that the change is about."""
        return cls(ActorKind.PERSON)

    @classmethod
    def system(cls) -> Self:
        """Akkoord itself: a job, a command."""
        return cls(ActorKind.SYSTEM)


def actor_of(request: HttpRequest) -> Actor:
    """The member of staff behind a request; before there is one, Akkoord itself."""
    staff_id = request.user.pk
    return Actor.staff(staff_id) if staff_id is not None else Actor.system()


def record_change(
    *,
    actor: Actor,
    action: str,
    object_kind: str,
    at: datetime,
    object_id: UUID | None = None,
    fields: Iterable[str] = (),
    subject_id: UUID | None = None,
    request: str = "",
) -> Change:
    """Write one line of the trail, in the caller's transaction.

    `action` is a dotted code (`person.read`, `campaign.send`); `fields` are names, never values;
    `subject_id` is the person whom it concerns, blanked with `object_id` at erasure.
    """
    change = Change(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        subject_id=subject_id,
        fields=sorted(fields),
        request=request,
    )
    prepared(_RECORD, {name: getattr(change, name) for name in _COLUMNS})
    change._state.adding = False
    return change


# Written with nearly every act, so the database plans it once.
_COLUMNS = (
    *("id", "at", "actor_kind", "actor_id", "action", "object_kind", "object_id"),
    *("subject_id", "fields", "request"),
)
_RECORD = """
INSERT INTO trail_change (id, at, actor_kind, actor_id, action, object_kind, object_id,
                          subject_id, fields, request)
VALUES (%(id)s, %(at)s, %(actor_kind)s, %(actor_id)s, %(action)s, %(object_kind)s, %(object_id)s,
        %(subject_id)s, %(fields)s, %(request)s)
"""
