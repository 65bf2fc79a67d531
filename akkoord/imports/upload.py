"""A file that comes in through the screen: read, columns chosen, looked through, brought in.

The upload itself never touches a disk: it is read in memory, and what is kept meanwhile was
screened, with IP addresses cut short, and is sealed under a key of its own (`spool`). It goes when
the work is done, when staff throw it away or somebody in it is forgotten (`unfinished`), or after
four hours.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.consent.models import CollectionPoint, Notice
from akkoord.imports.actions import screen_for
from akkoord.imports.besides import Fields, fields_of, without
from akkoord.imports.bring_in import Bringing, bring_in
from akkoord.imports.evidence import Judging, Period
from akkoord.imports.judge import Refusal, StagedRow, judge_rows
from akkoord.imports.known_layouts import LAYOUTS
from akkoord.imports.layouts import Columns, columns_by
from akkoord.imports.mapping import fingerprint, save_roles
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused
from akkoord.imports.provisional import (
    batches,
    folder,
    judged,
    key_of,
    remove_files,
    spool_of,
    tables,
    tell_progress,
)
from akkoord.imports.quarantine import verdicts_of
from akkoord.imports.report import record_report
from akkoord.imports.screening import Screen
from akkoord.imports.special import openings
from akkoord.imports.spool import SpoolGone, SpoolWriter
from akkoord.imports.wording import drop_wording
from akkoord.law.reasons import Reason
from akkoord.law.terms import law_day
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

JOB = "imports.bring_in"
SPOOL_LIFE = timedelta(hours=4)
BROKE_OFF = "broke-off"
NOT_BROUGHT_IN = "not-brought-in"


@transaction.atomic
def choose_columns(
    *, import_id: UUID, choices: Sequence[Mapping[str, int]], at: datetime, actor: Actor
) -> None:
    """Take what staff say the columns are (per table: role -> place) and have it looked through.

    A table without an address column stays out; refuses a file in which none has one. The choice
    is kept for the next file of this source.
    """
    record = Import.objects.select_for_update().get(id=import_id)
    if record.state not in (Import.State.MAPPING, Import.State.CHECKED):
        return
    if not any("email" in roles for roles in choices):
        raise ImportRefused(Reason.NO_ADDRESS, _("Say which column holds the e-mail addresses."))
    bringing = _bringing(record)
    fields = fields_of(bringing.topic, record.source, by_staff=record.by_staff, at=at)
    record.sensitive, record.dropped_columns = [], []
    try:
        with SpoolWriter(spool_of(record.id), key_of(record)) as spool:
            for number, rows in tables(record):
                part, roles = record.parts[number], dict(choices[number])
                columns = columns_by(roles, LAYOUTS[part["layout"]], part["header"], fields.roles)
                part["roles"], part["is_used"] = roles, columns is not None
                if columns is None:
                    continue
                _keep_choice(record, part, roles, by=actor.id, at=at)
                decided = verdicts_of(part["layout"], on=law_day(at))
                decided |= openings(part["header"], columns, fields.special)
                held = _held_back(record, part, columns, decided)
                judging = _judging(bringing, columns, fields, at=at)
                screen = screen_for(part["header"], columns, decided)
                for row in judge_rows(rows, judging, screen, part=part["name"]):
                    spool.write(judged(number, _without(row, held)))
                part["formulas"] = screen.formulas
                part["held"] = _found_late(record, part, screen)
    except SpoolGone:
        raise ImportRefused(
            Reason.NOT_A_TABLE, _("This file is no longer here. Choose it once more.")
        ) from None
    record.layout = next(each["layout"] for each in record.parts if each["is_used"])
    record.save()
    _queue(record, is_dry_run=True)


def _keep_choice(
    record: Import, part: dict[str, Any], roles: dict[str, int], *, by: UUID | None, at: datetime
) -> None:
    print_ = fingerprint(record.source, record.system, part["header"])
    save_roles(print_, part["header"], roles, layout=part["layout"], by=by, at=at)


def _without(row: StagedRow | Refusal, held: set[str]) -> StagedRow | Refusal:
    """A row without the fields that are held back."""
    if not held or isinstance(row, Refusal):
        return row
    return row._replace(
        given_name="" if "first_name" in held else row.given_name,
        family_name="" if "last_name" in held else row.family_name,
        besides=without(row.besides, held),
    )


def _held_back(
    record: Import, part: dict[str, Any], columns: Columns, decided: Collection[str]
) -> set[str]:
    """Note what was found in a table; the fields that stay out as a whole (INV-32)."""
    header = part["header"]
    named = columns.free_texts()
    held = set()
    for finding in part["findings"]:
        column = finding["column"]
        key = next((k for k, at in named.items() if header[at] == column), "")
        is_held = bool(key) and column.lower() not in decided
        if is_held:
            held.add(key)
        record.sensitive.append(
            finding
            | {"kept": bool(key), "quarantined": is_held, "part": part["name"]}
            | {"layout": part["layout"]}
        )
    record.dropped_columns += [
        each for each in columns.dropped if each not in record.dropped_columns
    ]
    return held


def _found_late(record: Import, part: dict[str, Any], screen: Screen) -> list[str]:
    """Note what was only found now that staff said what the columns are; what stays out for it."""
    known = {each["column"] for each in part["findings"]}
    record.sensitive += [
        each.as_json() | {"part": part["name"], "layout": part["layout"]}
        for each in screen.findings()
        if each.column not in known
    ]
    return screen.quarantined()


def _judging(bringing: Bringing, columns: Columns, fields: Fields, *, at: datetime) -> Judging:
    wording = bringing.wording
    period = Period(wording.declared_from, wording.declared_to) if wording else Period()
    is_declared = wording is not None and bringing.topic is not None
    return Judging(
        columns,
        at,
        is_declared,
        period=period,
        own=fields.own,
        postal=fields.postal,
        special=fields.special,
    )


def _bringing(record: Import) -> Bringing:
    return Bringing(
        record,
        Purpose.objects.filter(id__in=[record.topic_id]).first(),
        Notice.objects.filter(id__in=[record.wording_notice_id]).first(),
        CollectionPoint.objects.filter(id__in=[record.collection_point_id]).first(),
        record.by_staff,
    )


@transaction.atomic
def bring_in_upload(*, import_id: UUID, overwrites: bool = False) -> None:
    """The second press: what was looked through comes in. Once: a file comes in one time.

    `overwrites`: names of people we know are taken over from the file, but never what a person
    said of themself. After a failure the same press does again what failed. Does nothing while a
    worker is at it.
    """
    record = Import.objects.select_for_update(skip_locked=True).filter(id=import_id).first()
    if record is None or not (record.state == Import.State.CHECKED or may_try_again(record)):
        return
    if overwrites and not record.overwrites:
        record.overwrites = True
        record.save(update_fields=["overwrites"])
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
    except ImportRefused as refusal:
        _fail(import_id, refusal.reason.value, at=at)
    except Exception:
        _fail(import_id, BROKE_OFF, at=at)
        raise


def _fail(import_id: UUID, error: str, *, at: datetime) -> None:
    Import.objects.filter(id=import_id, state=Import.State.WAITING).update(
        state=Import.State.FAILED, error=error, ended_at=at
    )


def _look_through_or_bring_in(import_id: UUID, *, at: datetime) -> None:
    with transaction.atomic():
        record = (
            Import.objects.select_for_update(skip_locked=True)
            .filter(id=import_id, state=Import.State.WAITING)
            .first()
        )
        if record is None:
            return
        bringing = _bringing(record)
        tell = tell_progress(record.id)
        report = bring_in(batches(record), bringing, at=at, tell=tell)
        report.dropped_columns, report.sensitive = record.dropped_columns, record.sensitive
        report.parts, report.ignored = record.parts, record.ignored
        if not record.is_dry_run:
            record.spool_key = None
        actor = Actor.staff(record.by_staff) if record.by_staff else Actor.system()
        record_report(record, report, at=at, actor=actor)
    if not record.is_dry_run:
        remove_files(import_id)


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
    waiting = (Import.State.MAPPING, Import.State.CHECKED, Import.State.WAITING)
    old = Import.objects.select_for_update(skip_locked=True).filter(
        state__in=waiting, started_at__lt=at - SPOOL_LIFE
    )
    for left in old:
        left.state, left.error, left.spool_key = Import.State.FAILED, NOT_BROUGHT_IN, None
        left.save(update_fields=["state", "error", "spool_key"])
        drop_wording(left)
    removed = 0
    for import_id in {path.stem for path in folder().glob("*.*")}:
        record = None
        with contextlib.suppress(ValueError):
            record = Import.objects.filter(id=UUID(import_id)).first()
        if record is None:  # a big file is still being read, or its reading was broken off
            is_due = _written_before(import_id, at - SPOOL_LIFE)
        else:
            is_due = record.started_at < at - SPOOL_LIFE and record.state != Import.State.WAITING
        if is_due:
            for path in folder().glob(f"{import_id}.*"):
                path.unlink(missing_ok=True)
            removed += 1
    return removed


def _written_before(import_id: str, moment: datetime) -> bool:
    """Whether nothing was written to the files of an upload since."""
    written = []
    for path in folder().glob(f"{import_id}.*"):
        with contextlib.suppress(FileNotFoundError):
            written.append(path.stat().st_mtime)
    return max(written, default=0) < moment.timestamp()
