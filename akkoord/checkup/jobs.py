"""What the worker calls: how the duties stand, kept every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.checkup.actions import keep_today
from akkoord.register.queries import organisation


@app.periodic(cron="10 5 * * *")
@app.task(name="akkoord.checkup.jobs.keep", queueing_lock="akkoord.checkup.jobs.keep")
def keep(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every night, after the clean-up: how it stands, for the history."""
    if organisation() is not None:
        keep_today(at=timezone.now())
