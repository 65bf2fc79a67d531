"""Bring in what a file has besides names and proof: own fields and postal addresses (INV-31)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from akkoord.consent.models import SpecialValue
from akkoord.consent.special_fit import fit_people
from akkoord.consent.special_values import keep_new
from akkoord.imports.report import Report
from akkoord.imports.special import opened_cell, special_fields
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


def bring_special(
    cursor: CursorWrapper, report: Report, by_staff: UUID | None, *, at: datetime
) -> None:
    """Keep the sealed cells of whom they may be kept; count the others. Nothing is overwritten."""
    special = special_fields(by_staff, at=at)
    for role, exception in special.items():
        cursor.execute(statements("bring_besides")["special"], {"role": role})
        cells: dict[UUID, str] = dict(cursor.fetchall())
        if not cells:
            continue
        known = SpecialValue.objects.filter(field=exception.field, person_id__in=list(cells))
        there = set(known.values_list("person_id", flat=True))
        fit = fit_people(exception, cells.keys(), at=at) - there
        opened = ((each, opened_cell(exception, cells[each])) for each in sorted(fit))
        keep_new(exception.field, opened, source="import", at=at)
        report.special += len(fit)
        report.special_left += len(cells) - len(fit) - len(there)
