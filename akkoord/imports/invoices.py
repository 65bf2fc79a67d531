"""Invoices and orders as proof of the relation: open, judge, bring in (INV-15, 17).

A file, a folder or a ZIP of UBL documents, or a table of a shop, a bookkeeper or a till.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.consent.models import CollectingPlace
from akkoord.datamap.naming import file_title
from akkoord.imports import ubl
from akkoord.imports.bring_sales import CUSTOMERS, SalesIn, SalesReport, bring_sales
from akkoord.imports.judge import Refusal
from akkoord.imports.models import Import
from akkoord.imports.opening import Opened, only, open_source
from akkoord.imports.order import ImportRefused, unreadable
from akkoord.imports.orders import GIFTS, SALE_LAYOUTS
from akkoord.imports.postal import postal_rules
from akkoord.imports.reader import UnreadableFile
from akkoord.imports.report import record_report
from akkoord.imports.sale_tables import sale_tables
from akkoord.imports.sales import Sale, SaleJudging, judge_sales
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import keeps_amount
from akkoord.register.models import Purpose, Trade
from akkoord.register.queries import (
    field_allowed,
    group_finder,
    live_topics,
    organisation,
    topic_by_slug,
)
from akkoord.trail.actions import Actor

UBL = "ubl"
LAYOUT_NAMES = (UBL, *SALE_LAYOUTS)


@dataclass(frozen=True, slots=True)
class SalesOrder:
    """What staff say of a file of sales.

    `source`: which numbering the numbers belong to (default: the layout's name); a number counts
    once per source. `place_slug`: where these sales were made. `sheets`: the sheets or files of the
    file that are meant; none: all of them.
    """

    file_name: str
    layout: str = "auto"
    place_slug: str = ""
    topic_slug: str = ""
    source: str = ""
    is_dry_run: bool = False
    sheets: tuple[str, ...] = ()


@dataclass(slots=True)
class OpenedSales:
    """A file of sales that can come in."""

    layout: str
    sales: Iterator[Sale | Refusal]
    opened: Opened | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)  # its tables, as they are read


def is_about_sales(source: Path | BinaryIO, layout: str = "auto") -> bool:
    """Whether a file is to be read as sales: UBL documents, or a layout of sales was named."""
    return layout in LAYOUT_NAMES or (layout == "auto" and ubl.holds_documents(source))


def open_sales(source: Path | BinaryIO, order: SalesOrder) -> OpenedSales:
    """Open a file of sales. Refuses what is no table or document, and a table without a number, a
    day, or an address; and a folder without a document."""
    if ubl.is_empty_folder(source):
        raise ImportRefused(
            Reason.NOT_A_TABLE,
            _(
                "There is no invoice in this folder. Akkoord reads files that end in .xml. Tables "
                "of people or orders come in one by one."
            ),
        )
    try:
        if order.layout == UBL or (order.layout == "auto" and ubl.holds_documents(source)):
            return OpenedSales(UBL, ubl.read_sales(source))
        tables = sale_tables(only(open_source(source), order.sheets), order.layout)
    except UnreadableFile as problem:
        raise unreadable(problem.reason) from None
    return OpenedSales(tables.layout.name, tables.sales(), tables.opened, tables.parts)


def import_sales(
    source: Path | BinaryIO, *, order: SalesOrder, at: datetime, actor: Actor
) -> tuple[Import, SalesReport]:
    """Bring sales in at once: one transaction, or nothing. A dry run leaves nothing behind.

    Refuses a place or topic that does not exist. A single document that cannot be used refuses the
    whole; in a folder or ZIP the others come in, and it is told by its name.
    """
    opened = open_sales(source, order)
    with transaction.atomic():
        sales_in = begin_sales(order, opened.layout, at=at, actor=actor)
        judging = sale_judging(at=at)
        try:
            report = bring_sales(judge_sales(opened.sales, judging), sales_in, at=at)
        except UnreadableFile as problem:
            raise unreadable(problem.reason) from None
        finally:
            if opened.opened:
                opened.opened.close.close()
        refuse_single(report, opened.layout)
        note(report, judging)
        report.parts, report.ignored = opened.parts, opened.opened.ignored if opened.opened else []
        keep_report(sales_in.record, report, at=at, actor=actor)
        if order.is_dry_run:
            transaction.set_rollback(True)
    return sales_in.record, report


def refuse_single(report: SalesReport, layout: str) -> None:
    """One document that cannot be used is a refusal of the file, with what is wrong."""
    if layout != UBL or report.rows != 1 or not report.refused or report.stayed_out:
        return
    reason = next(iter(report.refused)).reason
    sentences = {
        Reason.UNSAFE_DOCUMENT: _(
            "This document calls in other files (a document type). An invoice never does. We did "
            "not read it."
        ),
        Reason.NO_CUSTOMER: _("This invoice names no customer, so it shows no relation."),
        Reason.NO_ADDRESS: _(
            "There is no e-mail address on this invoice, and nobody here has its customer number."
        ),
        Reason.OTHER_SELLER: _(
            "This invoice was sent by another company. Is it a name of yours? Add that name under "
            "Customers and sales."
        ),
        Reason.NO_SALE: _("The invoice that this credit note takes back is not here."),
        Reason.MALFORMED_ROW: _("This is no invoice that we can read (UBL 2.1)."),
        Reason.FILE_TOO_LARGE: _("This document is too large, or nested too deeply."),
        Reason.BAD_ADDRESS: _("The e-mail address on this invoice cannot work."),
        Reason.FUTURE_TIME: _("The date of this invoice is still to come."),
    }
    raise ImportRefused(
        reason, sentences.get(reason) or _("This is no invoice that we can read (UBL 2.1).")
    )


def begin_sales(order: SalesOrder, layout: str, *, at: datetime, actor: Actor) -> SalesIn:
    """The record of a file of sales. Refuses gifts to anybody but a charity (INV-15)."""
    house = organisation()
    if layout == GIFTS.name and not (house and house.trade == Trade.ASSOCIATION):
        raise ImportRefused(
            Reason.NO_SALE,
            _(
                "A gift shows a relation to a charity or association only, and your organisation "
                "is set up as something else (art. 11.7 Telecommunicatiewet). Ask these people "
                "for a yes of their own: on a form, a card or at the counter."
            ),
        )
    place = None
    if order.place_slug:
        place = CollectingPlace.objects.filter(slug=order.place_slug).first()
        if place is None:
            raise ImportRefused(Reason.OPT_OUT_NOT_OFFERED, _("There is no place with this name."))
    topic = _topic(order.topic_slug)
    record = Import.objects.create(
        file_name=file_title(order.file_name),
        file_sha256="",
        layout=layout,
        source=CUSTOMERS,
        system=(order.source or layout)[:40],
        topic_id=topic.id if topic else None,
        place_id=place.id if place else None,
        state=Import.State.RUNNING,
        is_dry_run=order.is_dry_run,
        by_staff=actor.id,
        started_at=at,
    )
    return SalesIn(record, record.system, record.place_id, topic, actor)


def sales_in_of(record: Import) -> SalesIn:
    """A record as what it is brought in as, again."""
    topic = Purpose.objects.filter(id__in=[record.topic_id]).first()
    actor = Actor.staff(record.by_staff) if record.by_staff else Actor.system()
    return SalesIn(record, record.system, record.place_id, topic, actor)


def _topic(slug: str) -> Purpose | None:
    """The topic named, or the first that is also for customers, or the first of all."""
    if slug:
        topic = topic_by_slug(slug)
        if topic is None:
            raise ImportRefused(Reason.UNKNOWN_TOPIC, _("There is no topic with this name."))
        return topic
    topics = list(live_topics())
    return next((each for each in topics if each.product_groups), topics[0] if topics else None)


def sale_judging(*, at: datetime) -> SaleJudging:
    """What the sales of a file are judged by."""
    house = organisation()
    names = [house.name, house.sender_name, *house.seller_names] if house else []
    return SaleJudging(
        at=at,
        sellers=frozenset(each for each in names if each),
        group_of=group_finder(),
        postal=postal_rules(),
        keeps_amount=keeps_amount(
            is_bookkeeping=bool(house and house.keeps_books),
            is_amount_admitted="purchase_amount" in field_allowed(CUSTOMERS),
        ),
    )


def note(report: SalesReport, judging: SaleJudging) -> None:
    """What was found out on the way."""
    report.articles, report.sellers = judging.unknown, judging.other_sellers
    report.posts_out = judging.posts


def keep_report(record: Import, report: SalesReport, *, at: datetime, actor: Actor) -> None:
    """Write what became of the file beside its provenance."""
    record.sales = report.of_sales()
    record_report(record, report, at=at, actor=actor)


def place_of(place_id: UUID | None) -> CollectingPlace | None:
    """The place of an import, or None."""
    return CollectingPlace.objects.filter(id__in=[place_id]).first()
