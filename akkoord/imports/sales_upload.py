"""Sales that come in through the screen: looked through first, brought in on a second press.

As with files of people the upload itself never touches a disk; what waits holds only what may be
kept, sealed under a key of its own. Few sales are looked through at once, many by the worker.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from akkoord.imports.bring_sales import SalesReport, bring_sales
from akkoord.imports.invoices import (
    LAYOUT_NAMES,
    SalesOrder,
    begin_sales,
    keep_report,
    open_sales,
    refuse_single,
    sale_judging,
    sales_in_of,
)
from akkoord.imports.judge import Refusal
from akkoord.imports.models import Import
from akkoord.imports.order import ImportRefused, unreadable
from akkoord.imports.provisional import key_of, remove_files, spool_of
from akkoord.imports.reader import UnreadableFile
from akkoord.imports.sales import StagedSale, judge_sales
from akkoord.imports.spool import SpoolWriter, new_key, read_spool
from akkoord.imports.upload import JOB
from akkoord.law.reasons import Reason
from akkoord.trail.actions import Actor

AT_ONCE = 3_000  # more sales are the worker's


@transaction.atomic
def receive_sales(stream: BinaryIO, *, order: SalesOrder, at: datetime, actor: Actor) -> Import:
    """Judge an upload's sales into a sealed file and look them through; nothing changes yet.

    Refuses what `open_sales` refuses, and a single document that cannot be used.
    """
    opened = open_sales(stream, order)
    record = begin_sales(order, opened.layout, at=at, actor=actor).record
    record.is_dry_run, record.spool_key = True, new_key()
    judging = sale_judging(at=at)
    seen = SalesReport()
    try:
        with SpoolWriter(spool_of(record.id), bytes(record.spool_key)) as spool:
            for row in judge_sales(opened.sales, judging):
                seen.rows += 1
                if isinstance(row, Refusal) and len(seen.refused) < 2:
                    seen.refused.append(row)
                spool.write(_plain(row))
        refuse_single(seen, opened.layout)
    except UnreadableFile as problem:
        remove_files(record.id)
        raise unreadable(problem.reason) from None
    except BaseException:
        remove_files(record.id)
        raise
    finally:
        if opened.opened:
            opened.opened.close.close()
    record.total, record.parts = seen.rows, opened.parts
    record.ignored = opened.opened.ignored if opened.opened else []
    record.sales = {
        "articles": judging.unknown,
        "sellers": judging.other_sellers,
        "addresses_left_out": judging.posts,
    }
    record.save()
    _look_or_defer(record, at=at)
    return record


@transaction.atomic
def bring_in_sales(*, import_id: UUID, at: datetime) -> Import:
    """The second press: what was looked through comes in. Once."""
    record = Import.objects.select_for_update().get(id=import_id)
    if record.state == Import.State.CHECKED and spool_of(import_id).exists():
        record.is_dry_run = False
        record.save(update_fields=["is_dry_run"])
        _look_or_defer(record, at=at)
    return record


@transaction.atomic
def choose_tables(*, import_id: UUID, names: Collection[str], at: datetime) -> None:
    """Take only these tables of a file, and look it through again. Nothing changes yet.

    Refuses to leave all of them out.
    """
    record = Import.objects.select_for_update().get(id=import_id)
    if record.state != Import.State.CHECKED or not spool_of(import_id).exists():
        return
    chosen = {part["name"] for part in record.parts} & set(names)
    if not chosen:
        raise ImportRefused(Reason.NOT_A_TABLE, _("Choose at least one table."))
    for part in record.parts:
        part["is_used"] = part["name"] in chosen
    record.save(update_fields=["parts"])
    _look_or_defer(record, at=at)


def _look_or_defer(record: Import, *, at: datetime) -> None:
    record.state = Import.State.WAITING
    record.save(update_fields=["state"])
    if record.total <= AT_ONCE:
        run_sales(import_id=record.id, at=at)
        return
    try:
        with transaction.atomic():
            app.configure_task(JOB, queueing_lock=f"import-{record.id}").defer(
                import_id=str(record.id)
            )
    except AlreadyEnqueued:
        return


def is_of_sales(import_id: UUID) -> bool:
    """Whether a file that waits is one of sales."""
    return Import.objects.filter(id=import_id, layout__in=LAYOUT_NAMES).exists()


def run_sales(*, import_id: UUID, at: datetime) -> None:
    """Look through or bring in, from the sealed file. Idempotent: only what waits is worked at."""
    with transaction.atomic():
        record = (
            Import.objects.select_for_update(skip_locked=True)
            .filter(id=import_id, state=Import.State.WAITING)
            .first()
        )
        if record is None:
            return
        found = record.sales
        sales_in = sales_in_of(record)
        report = bring_sales(_rows(record), sales_in, at=at)
        report.articles = found.get("articles") or found.get("articles_without_group") or {}
        report.sellers = found.get("sellers") or found.get("other_sellers") or {}
        report.posts_out = found.get("addresses_left_out") or {}
        report.parts, report.ignored = record.parts, record.ignored
        keep_report(record, report, at=at, actor=sales_in.actor)
        if not record.is_dry_run:
            transaction.on_commit(lambda: remove_files(import_id))


def _plain(row: StagedSale | Refusal) -> list[Any]:
    if isinstance(row, Refusal):
        return [row.line, row.reason, row.column, row.part]
    return [_word(each) for each in row]


def _word(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, Decimal) else value


def _rows(record: Import) -> Iterator[StagedSale | Refusal]:
    left_out = {part["name"] for part in record.parts if not part["is_used"]}
    for cells in read_spool(spool_of(record.id), key_of(record)):
        part = cells[3] if len(cells) == 4 else cells[1]
        if part in left_out:
            continue
        if len(cells) == 4:
            yield Refusal(cells[0], Reason(cells[1]), cells[2], cells[3])
            continue
        row = StagedSale(*cells)
        yield row._replace(
            bought_on=date.fromisoformat(str(row.bought_on)),
            amount=Decimal(row.amount) if row.amount is not None else None,
            keyed_hash=bytes.fromhex(str(row.keyed_hash)),
        )
