"""What the worker calls: files that lost their row go."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.datamap.attachments import sweep_orphans


@app.periodic(cron="41 * * * *")
@app.task(name="datamap.sweep_attachments", queueing_lock="datamap.sweep_attachments")
def sweep_attachments(timestamp: int) -> None:  # noqa: ARG001 - the schedule passes it
    """Every hour: remove attachments whose row was never committed, or is gone."""
    sweep_orphans(at=timezone.now())
