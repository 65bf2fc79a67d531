"""The wiring's own night work: what log-in leaves behind goes."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

ATTEMPTS_KEPT = timedelta(days=1)


@app.periodic(cron="17 3 * * *")
@app.task(name="config.clear_log_in_remains", queueing_lock="config.clear_log_in_remains")
def clear_log_in_remains(timestamp: int) -> None:  # noqa: ARG001 - the schedule passes it
    """Delete sessions that ended and wrong passwords of more than a day ago."""
    from axes.models import AccessAttempt

    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()
