"""What the worker calls: work at a dispatch, and the sweep every minute."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.datamap.ids import uuid7
from akkoord.messages.claims import abandoned_dispatches, finish, release_lost
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import JOB, defer_run
from akkoord.messages.models import Dispatch


@app.task(name=JOB)
def run(dispatch_id: str) -> None:
    """Work at a dispatch; what must be tried later gets a job for that moment."""
    key = UUID(dispatch_id)
    if not Dispatch.objects.filter(id=key).exists():
        return
    report = run_dispatch(key, worker_id=uuid7())
    if report.next_try_at is not None:
        defer_run(key, at=max(report.next_try_at, timezone.now()))


@app.periodic(cron="* * * * *")
@app.task(name="messages.sweep", queueing_lock="messages.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: what dead workers left, and dispatches that nobody works at."""
    now = timezone.now()
    release_lost(at=now)
    for dispatch_id in abandoned_dispatches(at=now):
        if not finish(dispatch_id, at=now):
            defer_run(dispatch_id)
