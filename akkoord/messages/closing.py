"""The end of a run's rows: what a dead worker held, what was cancelled, what is done, what waits.

Every function is one short transaction; none is open while mail leaves.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from akkoord.consent.rhythm import give_turns_back
from akkoord.law.states import Channel
from akkoord.messages.liveness import dead_among
from akkoord.messages.models import Dispatch, Message

CLAIM_LEASE = timedelta(minutes=5)  # a claim without hand-over: the row is free again after it
HANDING_LEASE = timedelta(minutes=15)  # longer than any time-out of a transport
State = Message.State
# Index messages_due, a step at a time.
_CANCEL = """
UPDATE messages_message SET state = 'skipped', reason = 'campaign-cancelled', outcome_at = %s
 WHERE id IN (SELECT id FROM messages_message WHERE dispatch_id = %s AND state = 'due'
               LIMIT 5000 FOR UPDATE SKIP LOCKED)
"""


def skip_cancelled(dispatch_id: UUID, *, at: datetime) -> int:
    """What still waits in a cancelled dispatch is skipped, step by step; answers how many."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CANCEL, [at, dispatch_id])
            if not cursor.rowcount:
                return total
            total += cursor.rowcount


@transaction.atomic
def release_lost(*, at: datetime) -> dict[str, int]:
    """After a worker died: what was not handed over is due again, what may have been, is uncertain.

    At once when its process is gone, after a lease when it hangs. Uncertain is never sent again by
    itself: it may have arrived (index messages_claimed).
    """
    claimed = Message.objects.filter(state=State.CLAIMED)
    holders = claimed.values_list("claimed_by", flat=True).distinct()
    is_lost = Q(claimed_by__in=dead_among([each for each in holders if each is not None]))
    # Locked first: a worker that wakes up now waits in `begin`, and finds that it is too late.
    lost = claimed.filter(is_lost | Q(claimed_at__lt=at - CLAIM_LEASE))
    ids = list(lost.order_by("id").select_for_update().values_list("id", flat=True))
    held = claimed.filter(id__in=ids)
    begun = Exists(
        claimed.filter(
            claimed_by=OuterRef("claimed_by"),
            claimed_at=OuterRef("claimed_at"),
            handing_at__isnull=False,
        )
    )
    unused = held.filter(~begun)
    turns = list(
        unused.values_list(Coalesce("purpose_id", "dispatch__purpose_id"), "contact_point_id")
    )
    due = unused.update(state=State.DUE, claimed_at=None, claimed_by=None, evidence_id=None)
    for purpose_id in {purpose for purpose, _ in turns}:
        points = [point for purpose, point in turns if purpose == purpose_id and point]
        give_turns_back(points, purpose_id=purpose_id)
    uncertain = held.filter(begun, is_lost | Q(claimed_at__lt=at - HANDING_LEASE)).update(
        state=State.UNCERTAIN,
        outcome_at=at,
        outcome_code="worker-lost",
        handing_at=Coalesce("handing_at", "claimed_at"),
    )
    return {"due": due, "uncertain": uncertain}


def finish(dispatch_id: UUID, *, at: datetime) -> bool:
    """A running dispatch of which every row has its outcome is finished.

    Its row is locked before it is looked at once more: who adds rows to a run (a welcome, a series)
    holds that lock too, so that no row is left in a run that is closed.
    Letters on paper are finished by who says that they were handed over.
    """
    waiting = Message.objects.filter(dispatch_id=dispatch_id, state__in=[State.DUE, State.CLAIMED])
    if waiting.exists():
        return False
    with transaction.atomic():
        run = Dispatch.objects.filter(
            id=dispatch_id, state=Dispatch.State.RUNNING, fanned_out_at__isnull=False
        ).exclude(channel=Channel.POST)
        if run.select_for_update().first() is None or waiting.exists():
            return False
        return bool(run.update(state=Dispatch.State.FINISHED, ended_at=at))


def next_due(dispatch_id: UUID) -> datetime | None:
    """When the next row may be tried, also in the past; None: nothing waits."""
    return (
        Message.objects.filter(dispatch_id=dispatch_id, state=State.DUE)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def is_due(dispatch_id: UUID, *, at: datetime) -> bool:
    """Whether a row may be tried now."""
    moment = next_due(dispatch_id)
    return moment is not None and moment <= at


def abandoned_dispatches(*, at: datetime) -> list[UUID]:
    """Dispatches with work to do now, or to be closed, that no worker seems to be at."""
    due = Message.objects.filter(dispatch_id=OuterRef("id"), state=State.DUE)
    is_open = Message.objects.filter(
        dispatch_id=OuterRef("id"), state__in=[State.DUE, State.CLAIMED]
    )
    wanted = Dispatch.objects.filter(
        Q(state=Dispatch.State.RUNNING, fanned_out_at=None)
        | Q(Exists(due.filter(due_at__lte=at)), state=Dispatch.State.RUNNING)
        | Q(~Exists(is_open), state=Dispatch.State.RUNNING)
        | Q(Exists(due), state=Dispatch.State.CANCELLED)
    )
    busy = set(
        Message.objects.filter(state=State.CLAIMED, claimed_at__gt=at - timedelta(minutes=1))
        .values_list("dispatch_id", flat=True)
        .distinct()
    )
    return [each for each in wanted.values_list("id", flat=True) if each not in busy]
