"""Read an upload into its provisional tables, so that its columns can be chosen."""

from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from akkoord.imports.actions import (
    ImportOrder,
    OpenedFile,
    begin_import,
    open_file,
    screen_for,
)
from akkoord.imports.besides import Fields, fields_of
from akkoord.imports.known_layouts import LAYOUTS, layout_of
from akkoord.imports.layouts import EVIDENCE, Columns, columns_by
from akkoord.imports.mapping import fingerprint, guess_roles, peek, saved_roles
from akkoord.imports.models import Import
from akkoord.imports.order import unreadable
from akkoord.imports.provisional import cutting, table_of
from akkoord.imports.quarantine import verdicts_of
from akkoord.imports.reader import ReadAs, Table, UnreadableFile
from akkoord.imports.screening import Screen
from akkoord.imports.special import openings
from akkoord.imports.spool import SpoolWriter, new_key
from akkoord.law.terms import law_day
from akkoord.register.models import Purpose
from akkoord.trail.actions import Actor

_EVIDENCE = frozenset(EVIDENCE)


@transaction.atomic
def receive_upload(stream: BinaryIO, *, order: ImportOrder, at: datetime, actor: Actor) -> Import:
    """Read an uploaded file into its provisional tables; what its columns are is chosen next."""
    file = open_file(stream, order)
    with file.opened.close:
        record = begin_import(order, file.topic, sha256="", at=at, actor=actor).record
        record.is_dry_run = True
        _read_tables(record, file, order)
    return record


@transaction.atomic
def read_again(stream: BinaryIO, *, import_id: UUID, read_as: ReadAs) -> None:
    """Read the file of an upload once more, in another way; what was read before goes."""
    record = Import.objects.select_for_update().get(id=import_id)
    if record.state not in (Import.State.MAPPING, Import.State.CHECKED):
        return
    order = ImportOrder(
        file_name=record.file_name,
        layout=record.layout if record.layout in LAYOUTS else "auto",
        source=record.source,
        system=record.system,
        read_as=read_as,
    )
    file = open_file(stream, order)
    file.topic = Purpose.objects.filter(id__in=[record.topic_id]).first()
    with file.opened.close:
        _read_tables(record, file, order)


def _read_tables(record: Import, file: OpenedFile, order: ImportOrder) -> None:
    record.spool_key = new_key()
    fields = fields_of(file.topic, order.source, by_staff=record.by_staff, at=record.started_at)
    with SpoolWriter(table_of(record.id), record.spool_key) as spool:
        try:
            record.parts = [
                _read_part(number, table, order, fields, spool)
                for number, table in enumerate(file.opened.tables)
            ]
        except UnreadableFile as problem:
            raise unreadable(problem.reason) from None
    record.ignored = file.opened.ignored
    record.total = sum(part["rows"] for part in record.parts)
    record.state = Import.State.MAPPING
    record.save()


def _read_part(
    number: int, table: Table, order: ImportOrder, fields: Fields, spool: SpoolWriter
) -> dict[str, Any]:
    """Write one table down, screened and cut; how it was read and what its columns seem to be."""
    samples = peek(table)
    layout = layout_of(table.header, order.layout)
    saved = saved_roles(fingerprint(order.source, order.system, table.header), table.header)
    roles = saved[0] if saved else guess_roles(layout, table.header, samples, fields.names)
    columns = columns_by(roles, layout, table.header, fields.roles)
    screen = _screen(table.header, columns, layout.name, fields)
    cut, rows = cutting(), 0
    for row in table.rows:
        rows += 1
        if row.refused:
            spool.write([number, row.line, [], row.refused])
        else:
            spool.write([number, row.line, cut(screen.sieve(row.cells)), ""])
    return {
        "name": table.name,
        "layout": layout.name,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "has_header": table.has_header,
        "header": table.header,
        "roles": {role: place for role, place in roles.items() if role in fields.roles | _EVIDENCE},
        "saved_at": saved[1].isoformat() if saved else "",
        "rows": rows,
        "findings": [each.as_json() for each in screen.findings()],
    }


def _screen(header: list[str], columns: Columns | None, layout: str, fields: Fields) -> Screen:
    verdicts = verdicts_of(layout, on=law_day(timezone.now()))
    verdicts |= openings(header, columns, fields.special)
    if columns is None:
        return Screen(header, {}, list(range(len(header))), verdicts)
    return screen_for(header, columns, verdicts)
