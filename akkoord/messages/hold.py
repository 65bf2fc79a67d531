"""Hold what is being sent, when nobody can know what left already (INV-36)."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from akkoord.messages.dispatch import record_dispatch
from akkoord.messages.models import Dispatch, Message


@transaction.atomic
def hold_dispatches(*, at: datetime, reason: str) -> int:
    """Pause every dispatch that is ready or under way; how many.

    What a worker had begun to hand over is uncertain: it may have arrived, and is not sent again.
    """
    under_way = Dispatch.objects.select_for_update().filter(
        state__in=[Dispatch.State.READY, Dispatch.State.RUNNING]
    )
    ids = list(under_way.values_list("id", flat=True))
    Dispatch.objects.filter(id__in=ids).update(
        state=Dispatch.State.PAUSED, pause_reason=reason[:120]
    )
    Message.objects.filter(
        dispatch_id__in=ids, state=Message.State.CLAIMED, evidence_id__isnull=False
    ).update(
        state=Message.State.UNCERTAIN,
        outcome_at=at,
        outcome_code=reason,
        handing_at=Coalesce("handing_at", "claimed_at"),
    )
    for each in ids:
        record_dispatch("dispatch.pause", each, None, at)
    return len(ids)
