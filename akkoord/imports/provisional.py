"""The provisional files of an upload, from the first look to the press that brings it in.

`<id>.table`: the tables as they were read, screened and with IP addresses cut short, so that
columns can be chosen; `<id>.rows`: the judged rows, with nothing but what may be kept;
`<id>.progress`: how many rows are done.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.dateparse import parse_datetime

from akkoord.imports.bring_in import Batch
from akkoord.imports.judge import Refusal, StagedRow
from akkoord.imports.models import Import
from akkoord.imports.reader import Row
from akkoord.imports.spool import read_spool
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason

_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F.]{0,15}(?![\w:])")


def folder() -> Path:
    """Where provisional files stand."""
    return Path(settings.DATA_DIR) / "imports"


def table_of(import_id: UUID) -> Path:
    """The tables as they were read."""
    return folder() / f"{import_id}.table"


def spool_of(import_id: UUID) -> Path:
    """Where the judged rows of an upload wait."""
    return folder() / f"{import_id}.rows"


def remove_files(import_id: UUID) -> None:
    """Remove what is provisional of an upload."""
    for path in folder().glob(f"{import_id}.*"):
        path.unlink(missing_ok=True)


def key_of(record: Import) -> bytes:
    """The key of the provisional files."""
    return bytes(record.spool_key or bytes(32))


def cut_addresses(text: str) -> str:
    """A cell in which every IP address is cut short, wherever it stands."""
    if _IPV4.search(text):
        text = _IPV4.sub(_cut, text)
    return _IPV6.sub(_cut, text) if text.count(":") > 1 else text


def _cut(found: re.Match[str]) -> str:
    return truncate_ip(found[0]) or found[0]


def cutting() -> Callable[[list[str]], list[str]]:
    """Cuts the addresses in the cells of rows; remembers cells that come again."""
    cut = lru_cache(maxsize=8_192)(cut_addresses)
    return lambda cells: [cut(cell) if "." in cell or ":" in cell else cell for cell in cells]


def as_row(value: list[Any]) -> tuple[int, Row]:
    """A row of the tables, with the number of its table."""
    part, line, cells, refused = value
    return part, Row(line, cells, Reason(refused) if refused else None)


def tables(record: Import) -> Iterator[tuple[int, Iterator[Row]]]:
    """The tables of an upload, one after the other, by number."""
    rows = map(as_row, read_spool(table_of(record.id), key_of(record)))
    for part, group in groupby(rows, key=lambda each: each[0]):
        yield part, (row for _, row in group)


def judged(part: int, row: StagedRow | Refusal) -> list[Any]:
    """A judged row as it is written down."""
    if isinstance(row, Refusal):
        return [part, row.line, row.reason, row.column, row.part]
    plain = [
        each.isoformat()
        if isinstance(each, datetime)
        else each.hex()
        if isinstance(each, bytes)
        else each
        for each in row
    ]
    return [part, *plain]


def batches(record: Import) -> Iterator[Batch]:
    """The judged rows, table by table."""
    values = read_spool(spool_of(record.id), key_of(record))
    names = [part["name"] for part in record.parts]
    for part, group in groupby(values, key=lambda each: each[0]):
        held = record.parts[part].get("held", [])
        yield Batch((_as_judged(value) for value in group), partial(list, held), names[part])


def first_rows(record: Import, most: int) -> dict[tuple[str, int], StagedRow]:
    """The first judged rows by table and line, for the eyes of staff only."""
    found: dict[tuple[str, int], StagedRow] = {}
    with contextlib.suppress(Exception):
        for batch in batches(record):
            for place, row in enumerate(batch.rows):
                if place >= most:
                    break
                if isinstance(row, StagedRow):
                    found[batch.name, row.line] = row
    return found


def _as_judged(value: list[Any]) -> StagedRow | Refusal:
    cells = value[1:]
    if len(cells) == 4:
        return Refusal(cells[0], Reason(cells[1]), *cells[2:])
    row = StagedRow(*cells)
    return row._replace(
        keyed_hash=bytes.fromhex(cells[3]),
        happened_at=_moment(row.happened_at),
        stopped_at=_moment(row.stopped_at),
        cleaned_at=_moment(row.cleaned_at),
    )


def _moment(text: object) -> datetime | None:
    return parse_datetime(str(text)) if text else None


def tell_progress(import_id: UUID) -> Callable[[int], None]:
    """Writes down how many rows are done; the transaction that works shows nothing itself."""
    path = folder() / f"{import_id}.progress"

    def tell(rows: int) -> None:
        path.write_text(str(rows))

    return tell


def progress_of(import_id: UUID) -> int:
    """How many rows are done."""
    try:
        return int((folder() / f"{import_id}.progress").read_text() or 0)
    except (OSError, ValueError):
        return 0
