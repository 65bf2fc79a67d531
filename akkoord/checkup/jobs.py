"""What the worker calls: how the duties stand, kept every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.checkup.actions import keep_today
from akkoord.checkup.mail_look import look_at_mail
from akkoord.register.measures import note_seen_measures
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor


@app.periodic(cron="10 5 * * *")
@app.task(name="akkoord.checkup.jobs.keep", queueing_lock="akkoord.checkup.jobs.keep")
def keep(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every night, after the clean-up: how mail and measures stand, and how all stands, kept.

    The day is kept whatever happens before it; what went wrong still fails the job, to be seen.
    """
    if organisation() is not None:
        now = timezone.now()
        try:
            look_at_mail(at=now)
            note_seen_measures(at=now, actor=Actor.system())
        finally:
            keep_today(at=now)
