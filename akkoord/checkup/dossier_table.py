"""Tables of the dossier."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from django.utils import timezone

from akkoord.web.sheets import safe_cell


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table that opens in a spreadsheet and in which no cell is a formula."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return safe_cell(" ".join(value.split()) if isinstance(value, str) else value)
