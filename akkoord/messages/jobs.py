"""What the worker calls: work at a dispatch, and the sweep every minute."""

from collections.abc import Callable
from time import monotonic
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from akkoord.datamap.ids import uuid7
from akkoord.law.states import Channel
from akkoord.messages.beside import ask_no_helper, is_helper_free
from akkoord.messages.closing import abandoned_dispatches, finish, release_lost
from akkoord.messages.deliver import run_dispatch
from akkoord.messages.dispatch import BESIDE, JOB, DispatchRefused, defer_beside, defer_run
from akkoord.messages.letter_erase import forget_letter_files
from akkoord.messages.life import start_life_letters
from akkoord.messages.measured import forget_hits
from akkoord.messages.models import Dispatch, Message
from akkoord.messages.pace import forget_old_limits
from akkoord.messages.service import forget_occasions
from akkoord.messages.welcome import send_welcomes
from akkoord.people.models import Person

MANY = 2_000  # people from whom on a second process is worth its while
SLICE = 20.0  # seconds: then the place in the worker is for whoever waits


@app.task(name=JOB, pass_context=True)
def run(context: JobContext, dispatch_id: str) -> None:
    """Work at a dispatch for a while, and queue again when there is more to do now.

    What must be tried later, and a mail server that is away, are left to the sweep.
    """
    key = UUID(dispatch_id)
    if not Dispatch.objects.filter(id=key).exists():
        return
    is_shared = _is_large(key) and is_helper_free(key)
    if is_shared:
        defer_beside(key)
    else:
        ask_no_helper(key)
    report = run_dispatch(key, worker_id=uuid7(), until=_until(context), is_shared=is_shared)
    more = report.next_try_at is not None and report.next_try_at <= timezone.now()
    if more and not report.unavailable:
        defer_run(key)


@app.task(name=BESIDE, queue=BESIDE, pass_context=True)
def run_beside(context: JobContext, dispatch_id: str) -> None:
    """Help with a large dispatch from a second process, for one slice: the first asks again."""
    key = UUID(dispatch_id)
    if Dispatch.objects.filter(id=key, state=Dispatch.State.RUNNING).exists():
        run_dispatch(key, worker_id=uuid7(), until=_until(context), is_shared=True)


def _is_large(dispatch_id: UUID) -> bool:
    """Whether two processes are done with it sooner than one: by mail, to many."""
    run = Dispatch.objects.filter(
        id=dispatch_id, channel=Channel.EMAIL, state=Dispatch.State.RUNNING
    ).first()
    if run is None:
        return False
    due = Message.objects.filter(dispatch=run, state=Message.State.DUE)
    many = due if run.fanned_out_at else Person.objects.order_by("id")
    return many[:MANY].count() == MANY


def _until(context: JobContext) -> Callable[[], bool]:
    """Whether the slice is over: its time has passed, or the worker was asked to stop."""
    end = monotonic() + SLICE
    is_stopping: Callable[[], bool] = context.additional_context.get("is_stopping", bool)
    return lambda: monotonic() >= end or is_stopping()


@app.periodic(cron="40 8 * * *")
@app.task(name="messages.life", queueing_lock="messages.life")
def life(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every morning: yeses that are asked anew or told again today."""
    try:
        start_life_letters(at=timezone.now())
    except DispatchRefused:  # no public address yet: nothing may leave for people
        return


@app.periodic(cron="* * * * *")
@app.task(name="messages.sweep", queueing_lock="messages.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: what dead workers left, and dispatches that nobody works at."""
    now = timezone.now()
    release_lost(at=now)
    for dispatch_id in abandoned_dispatches(at=now):
        if not finish(dispatch_id, at=now):
            defer_run(dispatch_id)


@app.periodic(cron="20 4 * * *")
@app.task(name="messages.limits", queueing_lock="messages.limits")
def limits(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every night: old limits, lists of purchases of past runs, old files of letters."""
    forget_old_limits(at=timezone.now())
    forget_occasions(at=timezone.now())
    forget_letter_files(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="messages.welcome", queueing_lock="messages.welcome")
def welcome(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: welcome mails for who confirmed of late."""
    send_welcomes(at=timezone.now())


@app.periodic(cron="35 3 * * *")
@app.task(name="messages.forget_hits", queueing_lock="messages.forget_hits")
def forget_measured(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every night: what people opened and pressed, past its term or without their yes."""
    forget_hits(at=timezone.now())
