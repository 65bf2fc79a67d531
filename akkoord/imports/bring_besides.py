"""Bring in what a file has besides names and proof: own fields and postal addresses (INV-31)."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from akkoord.imports.report import Report
from akkoord.imports.statements import statements


def bring_besides(cursor: CursorWrapper, report: Report, values: dict[str, Any]) -> None:
    """Write the other fields of people whose yes is proven; count what stays behind.

    The fields belong to the topic, so without a yes there is nothing to keep them for; a postal
    address belongs to the customers, so it is kept of who is one. Nothing that is known is
    overwritten.
    """
    run = statements("bring_besides")
    cursor.execute(run["any"])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(run["unproven"])
    report.values_left += cursor.fetchone()[0]
    cursor.execute(run["own_values"], values)
    report.values += cursor.fetchone()[0]
    cursor.execute(run["posts_out"])
    for why, count in cursor.fetchall():
        report.posts_out[why] = report.posts_out.get(why, 0) + count
    cursor.execute(run["addresses"], values)
    report.posts += cursor.fetchone()[0]
