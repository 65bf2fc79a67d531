"""The wiring's own work: backups for the page, and at night what log-in leaves behind goes."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.trail.backups import JOB, asked_for, sweep_files

ATTEMPTS_KEPT = timedelta(days=1)


@app.periodic(cron="17 3 * * *")
@app.task(name="config.clear_log_in_remains", queueing_lock="config.clear_log_in_remains")
def clear_log_in_remains(timestamp: int) -> None:  # noqa: ARG001 - the schedule passes it
    """Delete sessions that ended and wrong passwords of more than a day ago."""
    from axes.models import AccessAttempt

    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()


@app.task(name=JOB, queueing_lock=JOB)
def make_backup(backup_id: str) -> None:
    """A backup that somebody asked for on the page; the argument names its record, nobody."""
    from akkoord.config.making import make_for_page

    # One that waits in the queue while its record was given up makes the one that was asked since.
    for each in dict.fromkeys([UUID(backup_id), *asked_for()]):
        make_for_page(each, at=timezone.now())


@app.periodic(cron="41 * * * *")
@app.task(name="config.sweep_backups", queueing_lock="config.sweep_backups")
def sweep_backups(timestamp: int) -> None:  # noqa: ARG001 - the schedule passes it
    """Every hour: backups that waited a day to be taken away leave the data folder."""
    sweep_files(at=timezone.now())
