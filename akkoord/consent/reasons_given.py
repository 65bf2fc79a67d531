"""A reason for stopping, if somebody likes to give one: after the act, never before (INV-24)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from akkoord.consent.models import Standing, StopReason
from akkoord.law.states import STOP_STATES
from akkoord.law.stop_reasons import StopReason as Why

TIME_TO_TELL = timedelta(hours=1)


def tell_reason(
    *, point_id: UUID, reason: str, at: datetime, purpose_id: UUID | None = None
) -> int:
    """Keep why this address stopped just now (one purpose, or all that stopped together).

    Answers at how many acts it was kept: 0 when nothing stopped in the last hour, or for a word
    that is not on the list. A second reason replaces the first.
    """
    if reason not in set(Why):
        return 0
    stopped = Standing.objects.filter(
        contact_point_id=point_id, state__in=STOP_STATES, heard_at__gt=at - TIME_TO_TELL
    )
    if purpose_id is not None:
        stopped = stopped.filter(purpose_id=purpose_id)
    last = stopped.aggregate(last=Max("heard_at"))["last"]
    with transaction.atomic():
        events = list(stopped.filter(heard_at=last).values_list("event_id", flat=True))
        for event_id in events:
            StopReason.objects.update_or_create(
                event_id=event_id, defaults={"reason": reason, "given_at": at}
            )
    return len(events)
