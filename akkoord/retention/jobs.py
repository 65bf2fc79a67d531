"""What the worker calls every night; no arguments, so no personal data in the queue."""

import contextlib

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.retention.actions import clean_up
from akkoord.retention.plan import COUNT_JOB, recount
from akkoord.retention.run import CleanUpUnderWay


@app.periodic(cron="23 2 * * *")
@app.task(name="retention.clean_up", queueing_lock="retention.clean_up")
def clean_up_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Expire, then let go of what is past its term, and count the plan anew.

    Somebody who is cleaning up by hand at this moment does it for us.
    """
    with contextlib.suppress(CleanUpUnderWay):
        clean_up(at=timezone.now())
    recount(at=timezone.now())


@app.task(name=COUNT_JOB, queueing_lock=COUNT_JOB)
def count() -> None:
    """Count the plan anew after a rule or a hold changed."""
    recount(at=timezone.now())
