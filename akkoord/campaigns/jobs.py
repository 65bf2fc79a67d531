"""What the worker calls: planned letters whose moment has come."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.campaigns.plan import start_planned


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.start_planned", queueing_lock="campaigns.start_planned")
def start(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: start what is due; what was missed waits for a person."""
    start_planned(at=timezone.now())
