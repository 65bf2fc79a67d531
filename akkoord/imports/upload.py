"""A file that comes in through the screen: looked through first, brought in on a second press.

The upload itself never touches a disk: it is read in memory, and what is spooled holds only what
may be kept, with IP addresses cut short. The spool goes when the work is done, or after a day.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from procrastinate.contrib.django import app

from akkoord.consent.models import CollectionPoint, Notice
from akkoord.imports.actions import (
    ImportOrder,
    begin_import,
    judging_of,
    open_file,
)
from akkoord.imports.bring_in import Bringing, bring_in, record_report
from akkoord.imports.judge import Refusal, StagedRow, judge_rows
from akkoord.imports.models import Import
from akkoord.law.reasons import Reason
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

JOB = "imports.bring_in"
SPOOL_LIFE = timedelta(days=1)


def spool_of(import_id: UUID) -> Path:
    """Where the judged rows of an upload wait."""
    return Path(settings.DATA_DIR) / "imports" / f"{import_id}.jsonl"


@transaction.atomic
def receive_upload(stream: BinaryIO, *, order: ImportOrder, at: datetime, actor: Actor) -> Import:
    """Judge an uploaded file's rows into the spool and have it looked through by the worker."""
    opened = open_file(stream, order)
    bringing = begin_import(order, opened, sha256="", at=at, actor=actor)
    path = spool_of(bringing.record.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as spool:
        for row in judge_rows(opened.table.rows, judging_of(bringing, opened, at=at)):
            spool.write(_line(row))
    return _queue(bringing.record, is_dry_run=True)


@transaction.atomic
def bring_in_upload(*, import_id: UUID) -> Import:
    """The second press: what was looked through comes in. Once: a file comes in one time."""
    record = Import.objects.select_for_update().get(id=import_id)
    if record.state != Import.State.CHECKED or not spool_of(import_id).exists():
        return record
    return _queue(record, is_dry_run=False)


def _queue(record: Import, *, is_dry_run: bool) -> Import:
    record.is_dry_run = is_dry_run
    record.state = Import.State.WAITING
    record.save(update_fields=["is_dry_run", "state"])
    app.configure_task(JOB, lock=str(record.id)).defer(import_id=str(record.id))
    return record


def run_upload(*, import_id: UUID, at: datetime) -> None:
    """What the worker does: look through or bring in, from the spool. Idempotent."""
    with transaction.atomic():
        record = Import.objects.select_for_update().get(id=import_id)
        if record.state != Import.State.WAITING:
            return
        bringing = Bringing(
            record,
            Purpose.objects.filter(id__in=[record.topic_id]).first(),
            Notice.objects.filter(id__in=[record.wording_notice_id]).first(),
            CollectionPoint.objects.filter(id__in=[record.collection_point_id]).first(),
            record.by_staff,
        )
        dropped = record.dropped_columns
        report = bring_in(_rows(spool_of(import_id)), bringing, at=at)
        report.dropped_columns = dropped
        actor = Actor.staff(record.by_staff) if record.by_staff else Actor.system()
        record_report(record, report, at=at, actor=actor)
    if not record.is_dry_run:
        spool_of(import_id).unlink(missing_ok=True)


def sweep_spools(*, at: datetime) -> int:
    """Remove spools that nobody came back for, and those without a record; how many."""
    removed = 0
    for path in (Path(settings.DATA_DIR) / "imports").glob("*.jsonl"):
        record = Import.objects.filter(id=path.stem).first()
        if record is None or record.started_at < at - SPOOL_LIFE:
            path.unlink(missing_ok=True)
            removed += 1
    Import.objects.filter(
        state__in=[Import.State.CHECKED, Import.State.WAITING],
        is_dry_run=True,
        started_at__lt=at - SPOOL_LIFE,
    ).update(state=Import.State.FAILED, error="not-brought-in")
    return removed


def _line(row: StagedRow | Refusal) -> str:
    if isinstance(row, Refusal):
        return json.dumps([row.line, row.reason, row.column]) + "\n"
    plain = [
        each.isoformat()
        if isinstance(each, datetime)
        else each.hex()
        if isinstance(each, bytes)
        else each
        for each in row
    ]
    return json.dumps(plain, ensure_ascii=False) + "\n"


def _rows(path: Path) -> Iterator[StagedRow | Refusal]:
    with path.open(encoding="utf-8") as spool:
        for line in spool:
            cells = json.loads(line)
            if len(cells) == 3:
                yield Refusal(cells[0], Reason(cells[1]), cells[2])
                continue
            row = StagedRow(*cells)
            yield row._replace(
                keyed_hash=bytes.fromhex(cells[3]),
                happened_at=_moment(row.happened_at),
                stopped_at=_moment(row.stopped_at),
                cleaned_at=_moment(row.cleaned_at),
            )


def _moment(text: object) -> datetime | None:
    return parse_datetime(str(text)) if text else None
