"""What becomes of the first rows of a file, by line number, without anything of the rows."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.db.backends.utils import CursorWrapper

from akkoord.imports.report import Report
from akkoord.imports.statements import statement
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose

PREVIEWED = 50  # rows that the screen shows one by one
OUT = (Reason.FORGOTTEN_BEFORE, Reason.OBJECTED_BEFORE, Reason.SUPPRESSED)


def preview_rows(
    cursor: CursorWrapper,
    topic: Purpose | None,
    report: Report,
    *,
    name: str,
    at: datetime,
) -> None:
    """Add the rows of one table to the report's preview, until it is full."""
    left = PREVIEWED - len(report.preview)
    if left <= 0:
        return
    cursor.execute(statement("first_rows"), {"left": left})
    rows = cursor.fetchall()
    answers = ask([row[-1] for row in rows], topic, Channel.EMAIL, at=at) if topic else {}
    found = [
        _row(row, answers[row[-1]].reason if row[-1] in answers else Reason.NO_BASIS)
        for row in rows
    ]
    found += [
        {
            "line": each.line,
            "becomes": "stays-out" if each.reason in OUT else "refused",
            "why": str(each.reason),
            "proof": "",
            "may": False,
        }
        for each in islice((each for each in report.refused if each.part == name), left)
    ]
    found.sort(key=lambda each: int(each["line"]))
    report.preview += [each | {"part": name} for each in found[:left]]


def _row(row: tuple[Any, ...], gate: Reason | None) -> dict[str, Any]:
    line, is_new, is_touched, differs, state, reason, stop, is_cleaned, _point = row
    becomes = "new" if is_new else "changed" if is_touched else "same"
    return {
        "line": line,
        "becomes": becomes,
        "differs": differs,
        "proof": stop or ("undeliverable" if is_cleaned else state),
        "why": reason if reason and not stop and gate is not None else str(gate or ""),
        "may": gate is None,
    }
