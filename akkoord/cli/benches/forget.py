"""`akkoord bench forget`: one person erased, and looked for everywhere afterwards."""

import shutil
import statistics
import subprocess
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from akkoord.cli.benches.filling import analyse, fill, lay_ground
from akkoord.cli.benches.results import MANY, Result, median_seconds, seconds, within
from akkoord.people.models import ContactPoint
from akkoord.rights.begin import begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import prove
from akkoord.trail.seal import seal


def bench(people: int, *, at: datetime) -> list[Result]:
    """The erasing transaction, and the proof, of people in the middle of the table."""
    ground = lay_ground(at=at)
    fill(ground, first=1, last=people, at=at)
    seal(at=at)
    analyse()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (id int PRIMARY KEY, n int)")
        cursor.execute("INSERT INTO bench_commit VALUES (1, 0)")
    commit = median_seconds(_commit, 31)
    points = ContactPoint.objects.order_by("id")[people // 2 : people // 2 + MANY + 1]
    chosen = list(points.values_list("person_id", flat=True))
    took: list[float] = []
    proofs: list[float] = []
    for person_id in chosen:
        run = begin_erasure(
            person_ids=[person_id], by=ErasureRun.By.STAFF, actor=ground.actor, at=at
        )
        took.append(seconds(partial(carry_out, run_id=run.id, actor=ground.actor, at=at)))
        if len(proofs) < 2:
            proofs.append(seconds(partial(prove, run_id=run.id, at=at)))
    results = [
        within(
            f"forget: erase one of {people:,} people, against one durable commit",
            statistics.median(took[1:]),
            commit,
            good=5,
            aim=3,
        )
    ]
    looked = _grep_seconds()
    if looked is not None:
        results.append(
            within(
                f"forget: look for one of {people:,} people everywhere, against grep -F",
                min(proofs),
                looked,
                good=4,
                aim=2,
            )
        )
    return results


def _commit() -> None:
    """One row changed, durable."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_commit SET n = n + 1")


def _grep_seconds() -> float | None:
    """`grep -F` over this database's own files and the data folder; None: they are elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database "
            "WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    data = Path(settings.DATA_DIR)
    embedded = data / "postgresql" / "cluster"  # its server sees it under another name
    cluster = embedded if embedded.is_dir() else Path(folder)
    if shutil.which("grep") is None or not (cluster / "base" / str(oid)).is_dir():
        return None
    places = [str(cluster / "base" / str(oid)), str(data / "uploads")]
    command = ["grep", "-r", "-F", "-c", "nobody-has-this@example.nl", *places]
    subprocess.run(command, check=False, capture_output=True)  # warm, as the scan is
    return median_seconds(lambda: subprocess.run(command, check=False, capture_output=True), 3)
