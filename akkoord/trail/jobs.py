"""What the worker calls: sealing every minute."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.trail.seal import seal


@app.periodic(cron="* * * * *")
@app.task(name="trail.seal", queueing_lock="trail.seal", pass_context=False)
def seal_waiting(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Seal what waits; a tick that finds another sealer at work waits for it and goes on."""
    seal(timezone.now())
