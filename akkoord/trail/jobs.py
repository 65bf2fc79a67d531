"""What the worker calls: sealing every minute, and the term of who was seen."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.law.terms import law_day
from akkoord.trail.seal import seal
from akkoord.trail.seen import forget_seen


@app.periodic(cron="* * * * *")
@app.task(name="trail.seal", queueing_lock="trail.seal", pass_context=False)
def seal_waiting(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Seal what waits; a tick that finds another sealer at work waits for it and goes on."""
    seal(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(name="trail.forget_seen", queueing_lock="trail.forget_seen")
def forget_seen_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Let go of who was seen in lists longer ago than the term of such a log."""
    forget_seen(today=law_day(timezone.now()))
