"""What the worker calls: counting, reminders, the terms of leaks; arguments are ids only."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.breaches.affected import COUNT_JOB
from akkoord.breaches.counting import count_data
from akkoord.breaches.models import Breach
from akkoord.breaches.reminders import remind
from akkoord.breaches.sweeps import forget_affected, forget_breaches
from akkoord.breaches.told import settle_all
from akkoord.breaches.versions import keep_version
from akkoord.trail.actions import Actor


@app.task(name=COUNT_JOB)
def count(breach_id: str) -> None:
    """Count what is kept of the affected people."""
    now = timezone.now()
    count_data(UUID(breach_id), at=now)
    with transaction.atomic():
        # Who writes in the record at this moment is waited for: both versions are kept.
        if Breach.objects.select_for_update().filter(id=breach_id).exists():
            keep_version(UUID(breach_id), "count", at=now, actor=Actor.system())


@app.periodic(cron="*/15 * * * *")
@app.task(name="breaches.remind", queueing_lock="breaches.remind")
def remind_often(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Write to who decides when the clock of a leak runs out; at night and at weekends too.

    And write down whom the letters about leaks reached since.
    """
    now = timezone.now()
    remind(at=now)
    settle_all(at=now)


@app.periodic(cron="41 3 * * *")
@app.task(name="breaches.forget", queueing_lock="breaches.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Let go of who was affected, and of leaks, when their terms are over."""
    now = timezone.now()
    forget_affected(at=now)
    forget_breaches(at=now)
