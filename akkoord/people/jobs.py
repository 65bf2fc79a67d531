"""What the worker calls every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.people.duplicates import find_duplicates
from akkoord.people.joining import forget_joinings


@app.periodic(cron="50 3 * * *")
@app.task(name="akkoord.people.jobs.accuracy", queueing_lock="akkoord.people.jobs.accuracy")
def accuracy(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Look for records of one person; what was kept to part joined ones goes when its term ends."""
    now = timezone.now()
    forget_joinings(at=now)
    find_duplicates(at=now)
