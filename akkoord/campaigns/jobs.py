"""What the worker calls: planned letters whose moment has come, and the rounds of series."""

from django.utils import timezone
from procrastinate.contrib.django import app

from akkoord.campaigns.ab import judge_tests
from akkoord.campaigns.plan import start_planned
from akkoord.campaigns.series_work import forget_runs, work_series

ENTRY_MINUTE = 7  # of every hour


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.start_planned", queueing_lock="campaigns.start_planned")
def start(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: start what is due; what was missed waits for a person."""
    start_planned(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.series", queueing_lock="campaigns.series")
def series(timestamp: int) -> None:
    """Every minute: who enters, leaves, or gets the next letter; by days once an hour."""
    work_series(at=timezone.now(), with_days=timestamp // 60 % 60 == ENTRY_MINUTE)


@app.periodic(cron="50 3 * * *")
@app.task(name="campaigns.forget_runs", queueing_lock="campaigns.forget_runs")
def forget(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every night: who was in a series long ago is not kept there."""
    forget_runs(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.judge", queueing_lock="campaigns.judge")
def judge(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the tick
    """Every minute: second versions whose time has come, and tests whose time is over."""
    judge_tests(at=timezone.now())
