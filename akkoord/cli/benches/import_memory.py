"""What memory an import needs, by the command and by the worker's job of the screen: flat or not.

The most that this process has had is set back between the runs, so that each is measured by itself.
"""

import contextlib
import resource
from datetime import datetime
from pathlib import Path
from typing import Protocol

from procrastinate.contrib.django import app

from akkoord.cli.benches.filling import Ground
from akkoord.cli.benches.results import Result, within
from akkoord.imports.actions import ImportOrder
from akkoord.imports.models import Import
from akkoord.imports.receiving import receive_upload
from akkoord.imports.upload import JOB, bring_in_upload, choose_columns

FEW = 10_000
MOST_ON_SCREEN = 100_000  # the screen takes 60 MB; the command takes anything
WORDING = "Ja, stuur mij de nieuwsbrief."


class Write(Protocol):
    """Writes a file of so many new people, each with evidence."""

    def __call__(self, path: Path, rows: int, *, at: datetime, name: str) -> None:
        """`name`: how their addresses begin, so that nobody is in it twice."""


def memory_of_the_job(
    people: int, ground: Ground, folder: Path, write: Write, *, at: datetime
) -> Result:
    """Peak memory of many rows against few, through the screen's own steps and the worker's job."""
    many = min(people, MOST_ON_SCREEN)
    few = min(FEW, max(many // 5, 1))
    peaks = []
    for rows in (few, many):
        path = folder / "screen.csv"
        write(path, rows, at=at, name=f"scherm{rows}-")
        set_back()
        _by_job(path, ground, at)
        peaks.append(peak())
        path.unlink()
    return within(
        f"import: peak memory at {many:,} rows by the job of the screen, against {few:,} rows",
        peaks[1],
        peaks[0],
        good=1.3,
        aim=1.1,
        unit="MiB",
    )


def _by_job(path: Path, ground: Ground, at: datetime) -> None:
    """What the screen and its worker do: read, choose the columns, look through, bring in."""
    with path.open("rb") as stream:
        record = receive_upload(stream, order=_order(ground), at=at, actor=ground.actor)
    choices = [part["roles"] for part in record.parts]
    choose_columns(import_id=record.id, choices=choices, at=at, actor=ground.actor)
    job = app.tasks[JOB]  # the worker's own, by its name
    job(import_id=str(record.id))
    bring_in_upload(import_id=record.id)
    job(import_id=str(record.id))
    if Import.objects.get(id=record.id).state != Import.State.DONE:
        raise AssertionError("the file did not come in")


def _order(ground: Ground) -> ImportOrder:
    return ImportOrder(
        "members.csv", layout="mailchimp", topic_slug=ground.topic.slug, wording=WORDING
    )


def set_back() -> None:
    """Forget the peak so far (Linux); elsewhere it only grows, and few rows go first."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The most memory of this process since it was set back, in MiB."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
