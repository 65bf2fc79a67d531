"""Bring a file in: open it by what staff say of it, judge its rows, all or nothing."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.datamap.naming import file_title, without_identifiers
from akkoord.imports.besides import fields_of
from akkoord.imports.bring_in import Batch, Bringing, bring_in
from akkoord.imports.evidence import Judging
from akkoord.imports.judge import judge_rows
from akkoord.imports.known_layouts import layout_of
from akkoord.imports.late_proof import GroupEvidence, add_group_evidence, declare_wording_for
from akkoord.imports.layouts import Columns, Layout, columns_by
from akkoord.imports.mapping import guess_roles, peek
from akkoord.imports.models import Import
from akkoord.imports.opening import Opened, only, open_source
from akkoord.imports.order import SOURCES, ImportOrder, ImportRefused, refuse_bought, unreadable
from akkoord.imports.quarantine import verdicts_of
from akkoord.imports.reader import Table, UnreadableFile
from akkoord.imports.report import Report, record_report
from akkoord.imports.screening import Screen, Verdict
from akkoord.imports.special import openings
from akkoord.imports.wording import collection_point, declare_group_wording
from akkoord.law.reasons import Reason
from akkoord.law.terms import law_day
from akkoord.register.models import Purpose
from akkoord.register.queries import letter_topics, topic_by_slug
from akkoord.trail.actions import Actor

__all__ = [
    "SOURCES",
    "GroupEvidence",
    "ImportOrder",
    "ImportRefused",
    "add_group_evidence",
    "declare_wording_for",
    "import_file",
]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table that can come in: what its columns mean, and who looks for what may not."""

    table: Table
    layout: Layout
    columns: Columns
    screen: Screen

    def as_json(self) -> dict[str, Any]:
        """How it was read, for the report: names of columns, no cell."""
        table = self.table
        return {
            "name": table.name,
            "layout": self.layout.name,
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "has_header": table.has_header,
            "formulas": self.screen.formulas,
            "fields": self.columns.fields(),
        }


@dataclass(slots=True)
class OpenedFile:
    """A file that can come in: its tables one after the other, and the topic."""

    opened: Opened
    order: ImportOrder
    topic: Purpose | None
    read: list[ReadTable] = field(default_factory=list)

    def tables(self, *, by_staff: UUID | None, at: datetime) -> Iterator[ReadTable]:
        """Each table with the meaning of its columns; refuses a file without addresses.

        A table of a ZIP without an address column is passed over, as long as another has one.
        """
        for table in self.opened.tables:
            found = read_table(table, self.order, self.topic, by_staff=by_staff, at=at)
            if found is None:
                self.opened.ignored.append(table.name)
                table.close()
                continue
            self.read.append(found)
            yield found
        if not self.read:
            raise ImportRefused(
                Reason.NO_ADDRESS, _("We found no column with e-mail addresses in this file.")
            )


def open_file(source: Path | BinaryIO, order: ImportOrder) -> OpenedFile:
    """Open a file by its order.

    Refuses what is no table, has no address column, or was bought (Tw 11.7).
    """
    refuse_bought(order)
    topic = _topic(order.topic_slug)
    try:
        return OpenedFile(only(open_source(source, order.read_as), order.sheets), order, topic)
    except UnreadableFile as problem:
        raise unreadable(problem.reason) from None


def read_table(
    table: Table,
    order: ImportOrder,
    topic: Purpose | None,
    *,
    by_staff: UUID | None = None,
    at: datetime,
) -> ReadTable | None:
    """What the columns of a table mean; None without an address."""
    layout = layout_of(table.header, order.layout)
    fields = fields_of(topic, order.source, by_staff=by_staff, at=at)
    roles = {
        role: table.header.index(name)
        for name, role in order.roles.items()
        if role and name in table.header
    } or guess_roles(layout, table.header, peek(table), fields.names)
    columns = columns_by(roles, layout, table.header, fields.roles)
    if columns is None:
        return None
    verdicts = verdicts_of(layout.name, on=law_day(at))
    verdicts |= openings(table.header, columns, fields.special)
    return ReadTable(table, layout, columns, screen_for(table.header, columns, verdicts))


def screen_for(
    header: list[str], columns: Columns, verdicts: Mapping[str, Verdict] | None = None
) -> Screen:
    """Who looks through this table for what may not be stored (INV-32)."""
    dropped = [place for place, name in enumerate(header) if name in columns.dropped]
    return Screen(header, columns.free_texts(), dropped, verdicts or {})


def import_file(
    source: Path | BinaryIO, *, order: ImportOrder, at: datetime, actor: Actor
) -> tuple[Import, Report]:
    """Bring a file in at once: one transaction, or nothing. A dry run leaves nothing behind.

    Without a wording older consent proves nothing: people come in to be judged (INV-7).
    """
    file = open_file(source, order)
    with file.opened.close, transaction.atomic():
        bringing = begin_import(order, file.topic, sha256=_sha256(source), at=at, actor=actor)
        try:
            report = bring_in(_batches(file, bringing, at=at), bringing, at=at)
        except UnreadableFile as problem:
            raise unreadable(problem.reason) from None
        for each in file.read:
            report.note_dropped(each.columns.dropped)
            report.note_findings(each.screen.findings())
            report.parts.append(each.as_json())
        report.ignored = file.opened.ignored
        bringing.record.layout = file.read[0].layout.name
        record_report(bringing.record, report, at=at, actor=actor)
        if order.is_dry_run:
            transaction.set_rollback(True)
    return bringing.record, report


def _batches(file: OpenedFile, bringing: Bringing, *, at: datetime) -> Iterator[Batch]:
    for each in file.tables(by_staff=bringing.staff_id, at=at):
        name = each.table.name
        judging = judging_of(bringing, each.columns, file.order, at=at)
        rows = judge_rows(each.table.rows, judging, each.screen, part=name)
        yield Batch(rows, each.screen.quarantined, name)


def judging_of(
    bringing: Bringing, columns: Columns, order: ImportOrder, *, at: datetime
) -> Judging:
    """What the rows are judged by."""
    is_declared = bringing.wording is not None and bringing.topic is not None
    fields = fields_of(bringing.topic, order.source, by_staff=bringing.staff_id, at=at)
    return Judging(
        columns,
        at,
        is_declared,
        period=order.period,
        own=fields.own,
        postal=fields.postal,
        special=fields.special,
    )


def _topic(slug: str) -> Purpose | None:
    """The topic named, or the oldest living one; None when there is none yet."""
    if not slug:
        return letter_topics().first()
    topic = topic_by_slug(slug)
    if topic is None:
        raise ImportRefused(Reason.UNKNOWN_TOPIC, _("There is no topic with this name."))
    return topic


def begin_import(
    order: ImportOrder, topic: Purpose | None, *, sha256: str, at: datetime, actor: Actor
) -> Bringing:
    """The record of a file, with the wording that staff declare for it."""
    wording = (
        declare_group_wording(
            order.wording, file_name=order.file_name, at=at, actor=actor, period=order.period
        )
        if order.wording.strip()
        else None
    )
    point = collection_point(wording, topic, at=at) if wording and topic else None
    record = Import.objects.create(
        file_name=file_title(order.file_name),
        file_sha256=sha256,
        layout=order.layout,
        source=order.source,
        system=without_identifiers(order.system.strip())[:120],
        topic_id=topic.id if topic else None,
        wording_notice_id=wording.id if wording else None,
        collection_point_id=point.id if point else None,
        state=Import.State.RUNNING,
        is_dry_run=order.is_dry_run,
        overwrites=order.overwrites,
        by_staff=actor.id,
        started_at=at,
    )
    return Bringing(record, topic, wording, point, actor.id)


def _sha256(source: Path | BinaryIO) -> str:
    """The file's hash, so that a later look can tell which file it was; a path only."""
    if not isinstance(source, Path):
        return ""
    digest = hashlib.sha256()
    with source.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
