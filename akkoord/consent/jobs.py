"""What the worker calls: requests that lapse, and counters that are no longer needed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.consent.ask_link import forget_old_requests
from akkoord.consent.devices import sweep_idle
from akkoord.consent.enquiries import forget_old_enquiries
from akkoord.consent.evidence_erase import remove_empty_lists
from akkoord.consent.expire import expire_sign_ups


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="akkoord.consent.jobs.expire",
    queueing_lock="akkoord.consent.jobs.expire",
)
def expire(timestamp: int) -> None:  # noqa: ARG001 - the queue hands it over
    """Every ten minutes: end what is past its term; old requests, empty lists, idle devices go."""
    now = timezone.now()
    expire_sign_ups(at=now)
    forget_old_requests(at=now)
    forget_old_enquiries(at=now)
    remove_empty_lists(at=now)
    sweep_idle(at=now)
