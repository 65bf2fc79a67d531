"""What the worker calls: telling people of a change, some hundreds a minute."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.policy.telling import tell_some


@app.periodic(cron="* * * * *")
@app.task(name="akkoord.policy.jobs.tell", queueing_lock="akkoord.policy.jobs.tell")
def tell(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every minute: the next mails about a version that matters, if there is one."""
    tell_some(at=timezone.now())
