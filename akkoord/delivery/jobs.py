"""What the worker calls: one mail from the outbox, and the sweep."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.delivery.handover import send_one, sweep
from akkoord.delivery.hook_actions import forget_seen
from akkoord.delivery.hook_setup import look_at_hooks
from akkoord.delivery.models import OutboxMail
from akkoord.delivery.transports import way_out


@app.task(name="akkoord.delivery.jobs.send_outbox")
def send_outbox(mail_id: str) -> None:
    """Send one mail when it is due; a mail that is gone or was sent already is no error."""
    key = UUID(mail_id)
    only = OutboxMail.objects.filter(id=key).values_list("server", flat=True).first() or ""
    transport = way_out(connections=1, only=only)
    try:
        send_one(key, transport=transport, at=timezone.now())
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


@app.periodic(cron="50 3 * * *")
@app.task(name="akkoord.delivery.jobs.forget_hooks", queueing_lock="akkoord.delivery.forget_hooks")
def forget_hooks(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate names it
    """Every night: reports of providers that none of them tells again."""
    forget_seen(at=timezone.now())


@app.periodic(cron="23 * * * *")
@app.task(
    name="akkoord.delivery.jobs.look_at_hooks", queueing_lock="akkoord.delivery.look_at_hooks"
)
def look_at_reports(timestamp: int) -> None:  # noqa: ARG001 -- procrastinate names it
    """Every hour: whether the reports that we set up at providers still stand there."""
    look_at_hooks(at=timezone.now())
