"""What the worker calls every night; no arguments, so no personal data in the queue."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.retention.actions import clean_up


@app.periodic(cron="23 2 * * *")
@app.task(name="retention.clean_up", queueing_lock="retention.clean_up")
def clean_up_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Expire, then forget who is due."""
    clean_up(at=timezone.now())
