"""What the worker calls: a file from the screen, and the sweep of what was left."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.imports.upload import JOB, run_upload, sweep_spools


@app.task(name=JOB)
def bring_in(import_id: str) -> None:
    """Look a file through, or bring it in."""
    run_upload(import_id=UUID(import_id), at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="imports.sweep", queueing_lock="imports.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every hour: files that nobody came back for."""
    sweep_spools(at=timezone.now())
