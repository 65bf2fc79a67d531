"""An objection to one use that was granted: that use ends for this person (art. 21(1) GDPR)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.consent.devices import drop_idle
from akkoord.consent.withdraw import stop_points
from akkoord.law.states import Method, PermissionState
from akkoord.people.models import ContactPoint
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def end_use(
    *, person_id: UUID, activity_key: str, actor: Actor, at: datetime, happened_at: datetime
) -> Sequence[Purpose]:
    """Nothing of this activity reaches the person any more, over any way; which topics ended.

    An objection stands at each address, as if the person said it there: nobody lifts it but they
    themselves, by a later fresh act (INV-5). What is no topic has no standing; the trail says it.
    """
    topics = list(Purpose.objects.filter(activity_key=activity_key, ended_at=None).order_by("slug"))
    points = list(
        ContactPoint.objects.select_for_update(no_key=True)
        .filter(person_id=person_id)
        .order_by("id")
    )
    if topics:
        stop_points(
            points,
            purposes=[each.id for each in topics],
            state=PermissionState.OBJECTED,
            method=Method.REPLY,
            actor=actor,
            happened_at=happened_at,
            at=at,
        )
        drop_idle(point_ids=[each.id for each in points], at=at)
    record_change(
        actor=actor,
        action="use.end",
        object_kind="person",
        object_id=person_id,
        subject_id=person_id,
        fields=(activity_key,),
        at=at,
    )
    return topics
