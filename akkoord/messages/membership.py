"""Who is in the group of a run at the moment that their letter leaves: asked again per batch.

A row made at fan-out says who was in the group then. Whoever left it since gets nothing, and a
saved group counts as it is now.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from akkoord.messages.groups import asked_again, group_condition
from akkoord.messages.models import Dispatch
from akkoord.messages.topics import group_for_all, topics_in
from akkoord.people.models import ContactPoint


def group_now(dispatch: Dispatch, *, at: datetime) -> Q | None:
    """The condition of a run's group; None: it goes to everybody, or to a group of Akkoord's own.

    Raises GroupRefused when it cannot be asked any more: a field that the topic lost (INV-31).
    """
    segment = asked_again(dispatch.segment)
    if not segment.strip():
        return None
    if not dispatch.also:
        return group_condition(segment, dispatch.purpose, at)
    return group_for_all(segment, dispatch.purpose, topics_in(dispatch.also), at)


def still_in(point_ids: Collection[UUID], group: Q) -> set[UUID]:
    """Which of these addresses are in the group: one statement, by the primary key."""
    return set(ContactPoint.objects.filter(group, id__in=point_ids).values_list("id", flat=True))
