"""What the worker calls: erasures cut short, the nightly rewriting, old records."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.rights.answers import drop_expired
from akkoord.rights.corrections import tell_corrections
from akkoord.rights.inbox import take_in
from akkoord.rights.lists import WORK_JOB, finish_lists, tidy_lists, work_list
from akkoord.rights.physical import make_physical
from akkoord.rights.places import end_kept_places
from akkoord.rights.prove import prove
from akkoord.rights.recipients import drop_old_notices
from akkoord.rights.reminders import remind
from akkoord.rights.resume import resume_erasures, tidy_requests
from akkoord.rights.telling import tell_due


@app.task(name="rights.prove")
def prove_run(run_id: str) -> None:
    """Look everywhere after an erasure in a large database; the argument names a run, nobody."""
    prove(run_id=UUID(run_id), at=timezone.now())


@app.task(name=WORK_JOB)
def work_list_of(list_id: str) -> None:
    """Forget whom an approved list means; the argument names a list, nobody."""
    work_list(list_id=UUID(list_id), at=timezone.now())


@app.task(name="rights.take_in")
def take_in_request(request_id: str) -> None:
    """Find whose request it is, and write to that mailbox; the argument names a request."""
    take_in(request_id=UUID(request_id), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="rights.resume", queueing_lock="rights.resume")
def resume(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every ten minutes: what was cut short or blocked, and lists whose erasure ended so."""
    now = timezone.now()
    try:
        resume_erasures(at=now)
    finally:
        finish_lists(at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="rights.tell", queueing_lock="rights.tell")
def tell(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every ten minutes: recipients who are to hear that data changed or must go."""
    tell_due(at=timezone.now())


@app.periodic(cron="47 3 * * *")
@app.task(name="rights.night", queueing_lock="rights.night")
def night(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every night: companies hear of corrections, erased bytes leave the disk, old records go."""
    now = timezone.now()
    tidy_requests(at=now)
    tidy_lists(at=now)
    drop_expired(at=now)
    drop_old_notices(at=now)
    end_kept_places(at=now)
    tell_corrections(at=now)
    try:
        resume_erasures(at=now)
    finally:
        make_physical(at=now)


@app.periodic(cron="7 7 * * *")
@app.task(name="rights.remind", queueing_lock="rights.remind")
def remind_of_requests(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every morning: a reminder of what is due."""
    remind(at=timezone.now())
