"""What the worker calls: one mail from the outbox, and the sweep."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.delivery.handover import send_one, sweep
from akkoord.delivery.transports import transport_for


@app.task(name="akkoord.delivery.jobs.send_outbox")
def send_outbox(mail_id: str) -> None:
    """Send one mail when it is due; a mail that is gone or was sent already is no error."""
    transport = transport_for(settings.SMTP_URL, connections=1)
    try:
        send_one(UUID(mail_id), transport=transport, at=timezone.now())
    finally:
        transport.close()


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="akkoord.delivery.jobs.sweep_outbox",
    queueing_lock="akkoord.delivery.jobs.sweep_outbox",
)
def sweep_outbox(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate names it
    """Every five minutes: what a dead worker left, what lost its job, what is past its time."""
    sweep(at=timezone.now())
