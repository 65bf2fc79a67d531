"""What the worker calls: a file from the screen, and the sweep of what was left."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.imports.sales_upload import is_of_sales, run_sales
from akkoord.imports.undo import UNDO_JOB, forget_made_people, sweep_names
from akkoord.imports.upload import JOB, run_upload, sweep_spools, take_up_lost


@app.task(name=JOB)
def bring_in(import_id: str) -> None:
    """Look a file through, or bring it in: of people or of sales."""
    run = run_sales if is_of_sales(UUID(import_id)) else run_upload
    run(import_id=UUID(import_id), at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="imports.sweep", queueing_lock="imports.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every five minutes: files whose worker died, and files that nobody came back for."""
    now = timezone.now()
    take_up_lost(at=now)
    sweep_spools(at=now)
    sweep_names(at=now)


@app.task(name=UNDO_JOB)
def undo(import_id: str) -> None:
    """Forget whom only an undone import made."""
    forget_made_people(import_id=UUID(import_id), at=timezone.now())
