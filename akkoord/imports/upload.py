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
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.consent.models import CollectionPoint, Notice
from akkoord.imports.actions import ImportOrder, begin_import, judging_of, open_file
from akkoord.imports.bring_in import Batch, Bringing, bring_in
from akkoord.imports.judge import Refusal, StagedRow, judge_rows
from akkoord.imports.models import Import
from akkoord.imports.report import record_report
from akkoord.law.reasons import Reason
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

JOB = "imports.bring_in"
SPOOL_LIFE = timedelta(days=1)
BROKE_OFF = "broke-off"
NOT_BROUGHT_IN = "not-brought-in"


def spool_of(import_id: UUID) -> Path:
    """Where the judged rows of an upload wait."""
    return Path(settings.DATA_DIR) / "imports" / f"{import_id}.jsonl"


@transaction.atomic
def receive_upload(stream: BinaryIO, *, order: ImportOrder, at: datetime, actor: Actor) -> Import:
    """Judge an uploaded file's rows into the spool and have it looked through by the worker."""
    file = open_file(stream, order)
    bringing = begin_import(order, file.topic, sha256="", at=at, actor=actor)
    path = spool_of(bringing.record.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as spool:
        for each in file.tables():
            judging = judging_of(bringing, each.columns, order, at=at)
            for row in judge_rows(each.table.rows, judging, each.screen, part=each.table.name):
                spool.write(_line(row))
    bringing.record.dropped_columns = [name for each in file.read for name in each.columns.dropped]
    bringing.record.save()
    return _queue(bringing.record, is_dry_run=True)


@transaction.atomic
def bring_in_upload(*, import_id: UUID) -> None:
    """The second press: what was looked through comes in. Once: a file comes in one time.

    After a failure the same press does again what failed. Does nothing while a worker is at it.
    """
    record = Import.objects.select_for_update(skip_locked=True).filter(id=import_id).first()
    if record is None or not (record.state == Import.State.CHECKED or may_try_again(record)):
        return
    _queue(record, is_dry_run=record.is_dry_run and record.state == Import.State.FAILED)


def may_try_again(record: Import) -> bool:
    """Whether a file that did not come in is still here to be tried once more."""
    return record.state == Import.State.FAILED and spool_of(record.id).exists()


def _queue(record: Import, *, is_dry_run: bool) -> Import:
    record.is_dry_run = is_dry_run
    record.state = Import.State.WAITING
    record.error = ""
    record.save(update_fields=["is_dry_run", "state", "error"])
    _defer(record.id)
    return record


def _defer(import_id: UUID) -> None:
    """Have a worker take a file up; once at a time.

    No job lock: the job of a killed worker would hold it for ever. The record's row is the lock.
    """
    try:
        with transaction.atomic():
            app.configure_task(JOB, queueing_lock=f"import-{import_id}").defer(
                import_id=str(import_id)
            )
    except AlreadyEnqueued:
        return


def run_upload(*, import_id: UUID, at: datetime) -> None:
    """What the worker does: look through or bring in, from the spool. Idempotent.

    What goes wrong changes nothing, is written on the record, and is raised for the log.
    """
    try:
        _look_through_or_bring_in(import_id, at=at)
    except Exception:
        Import.objects.filter(id=import_id, state=Import.State.WAITING).update(
            state=Import.State.FAILED, error=BROKE_OFF, ended_at=at
        )
        raise


def _look_through_or_bring_in(import_id: UUID, *, at: datetime) -> None:
    with transaction.atomic():
        record = (
            Import.objects.select_for_update(skip_locked=True)
            .filter(id=import_id, state=Import.State.WAITING)
            .first()
        )
        if record is None:
            return
        bringing = Bringing(
            record,
            Purpose.objects.filter(id__in=[record.topic_id]).first(),
            Notice.objects.filter(id__in=[record.wording_notice_id]).first(),
            CollectionPoint.objects.filter(id__in=[record.collection_point_id]).first(),
            record.by_staff,
        )
        dropped = record.dropped_columns
        report = bring_in([Batch(_rows(spool_of(import_id)))], bringing, at=at)
        report.dropped_columns = dropped
        actor = Actor.staff(record.by_staff) if record.by_staff else Actor.system()
        record_report(record, report, at=at, actor=actor)
    if not record.is_dry_run:
        spool_of(import_id).unlink(missing_ok=True)


@transaction.atomic
def take_up_lost(*, at: datetime) -> int:
    """Files whose worker died are taken up again; how many.

    A worker holds the record's row while it works, so a row that can be locked is nobody's.
    """
    lost = Import.objects.select_for_update(skip_locked=True).filter(
        state=Import.State.WAITING, started_at__gte=at - SPOOL_LIFE
    )
    ids = list(lost.values_list("id", flat=True))
    for import_id in ids:
        _defer(import_id)
    return len(ids)


@transaction.atomic
def sweep_spools(*, at: datetime) -> int:
    """Remove spools that nobody came back for, and those without a record; how many."""
    old = Import.objects.select_for_update(skip_locked=True).filter(
        state__in=[Import.State.CHECKED, Import.State.WAITING], started_at__lt=at - SPOOL_LIFE
    )
    Import.objects.filter(id__in=list(old.values_list("id", flat=True))).update(
        state=Import.State.FAILED, error=NOT_BROUGHT_IN
    )
    removed = 0
    for path in (Path(settings.DATA_DIR) / "imports").glob("*.jsonl"):
        record = Import.objects.filter(id=path.stem).first()
        if record is None or (
            record.started_at < at - SPOOL_LIFE and record.state != Import.State.WAITING
        ):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _line(row: StagedRow | Refusal) -> str:
    if isinstance(row, Refusal):
        return json.dumps([row.line, row.reason, row.column, row.part]) + "\n"
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
            if len(cells) == 4:
                yield Refusal(cells[0], Reason(cells[1]), *cells[2:])
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
