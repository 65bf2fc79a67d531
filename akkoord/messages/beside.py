"""Whether a second process is there that can help with a run.

Only then are the connections to the mail server shared with it: a run that waits for a helper that
never comes would hand over at half its speed.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from akkoord.messages.dispatch import BESIDE

HELPER = "akkoord-beside"  # how a helper's connections call themselves; each helper has its own end
DEAD = timedelta(minutes=1)  # without a sign of life: a job of such a worker is nobody's


def is_helper_free(dispatch_id: UUID) -> bool:
    """Whether a helper lives that no other run has, or has asked for."""
    jobs = ProcrastinateJob.objects.filter(task_name=BESIDE).exclude(
        args__dispatch_id=str(dispatch_id)
    )
    alive = Q(status="doing", worker__last_heartbeat__gt=timezone.now() - DEAD)
    return _living() > jobs.filter(alive | Q(status="todo")).count()


def ask_no_helper(dispatch_id: UUID) -> None:
    """Take back what was asked earlier and nobody took up: who comes now would be one too many."""
    jobs = ProcrastinateJob.objects.filter(task_name=BESIDE, status="todo")
    for job in jobs.filter(args__dispatch_id=str(dispatch_id)).order_by("id"):
        app.job_manager.cancel_job_by_id(job.id, delete_job=True)


def _living() -> int:
    """How many helpers are connected: the database knows at once when one is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE %s",
            [f"{HELPER}-%"],
        )
        return int(cursor.fetchone()[0])
