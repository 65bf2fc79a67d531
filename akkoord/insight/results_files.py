"""The results of a letter as a file: CSV, XLSX and PDF with the same lines.

A figure about fewer than five people is said to be one here too, and no cell is a formula.
"""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from akkoord.insight.results import Results
from akkoord.register.queries import organisation
from akkoord.web.documents import typeset
from akkoord.web.sheets import safe_cell, workbook

_SOURCE = Path(__file__).with_name("print") / "results.typ"
Line = tuple[str, str, Any]


def lines_of(found: Results) -> list[Line]:
    """What the page tells, a line per figure: about what, which, how many."""
    letter, links = _("Letter"), _("Link")
    lines: list[Line] = [
        (letter, _("sent"), found.figures.sent),
        (letter, _("delivered"), _or_hidden(found.delivered)),
        (letter, _("The address is no more"), found.bounced.hard),
        (letter, _("Full, or away for a while"), found.bounced.soft),
        (letter, _("Refused by the mail server"), found.bounced.block),
        (letter, _("Stopped while it was sent"), found.stopped_during),
        (letter, _("Stopped afterwards"), found.stopped_after),
        (letter, _("Reported as unwanted while it was sent"), found.complaints_during),
        (letter, _("Reported as unwanted afterwards"), found.complaints_after),
        (letter, _("new yeses"), found.opt_ins),
        (letter, _("People who opened it"), found.measured.opened),
        (letter, _("Opened ahead by a program"), found.measured.opened_ahead),
        (letter, _("People who pressed a link"), found.measured.pressed),
    ]
    if found.revenue.allowed:
        words = _("Amount of sales in days: %(n)s") % {"n": found.days}
        lines.append((letter, words, _amount(found)))
    lines += [(links, each.url, None if found.is_small else each.presses) for each in found.links]
    parts = (
        (_("Topic"), found.topics),
        (_("Group"), found.groups),
        (_("Domain"), found.domains),
    )
    for kind, figures in parts:
        for group in figures:
            lines += [
                (kind, f"{group.name}: {_('sent')}", group.sent),
                (kind, f"{group.name}: {_('delivered')}", _or_hidden(group.delivered)),
                (kind, f"{group.name}: {_('returned')}", group.bounced),
                (kind, f"{group.name}: {_('stopped')}", group.stopped),
                (kind, f"{group.name}: {_('reported')}", group.complaints),
                (kind, f"{group.name}: {_('pressed')}", group.pressed),
            ]
            if found.revenue.allowed:
                amount = None if group.amount is None else float(group.amount)
                lines.append((kind, f"{group.name}: {_('sales')}", amount))
    return lines


def _amount(found: Results) -> Any:
    return None if found.revenue.amount is None else float(found.revenue.amount)


def _or_hidden(value: int | None) -> Any:
    """A figure that is not small, but less another one would tell of fewer than five people."""
    return _("not shown") if value is None else value


def _few(value: Any) -> Any:
    return "<5" if value is None else value


def as_csv(found: Results, *, at: datetime) -> bytes:  # noqa: ARG001 - one shape for all three
    """For any spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("About"), _("What"), _("Number")])
    for line in lines_of(found):
        writer.writerow([safe_cell(_few(each)) for each in line])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(found: Results, *, at: datetime) -> bytes:  # noqa: ARG001 - one shape for all three
    """For Excel and LibreOffice."""
    rows = [[_few(each) for each in line] for line in lines_of(found)]
    return workbook([[_("About"), _("What"), _("Number")], *rows], name=_("Results"))


def as_pdf(found: Results, *, at: datetime) -> bytes:
    """On paper."""
    house = organisation()
    started = found.campaign.dispatch.started_at if found.campaign.dispatch else None
    day = formats.date_format(timezone.localtime(started or at), "j F Y")
    return typeset(
        _SOURCE,
        {
            "language": translation.get_language() or "nl",
            "controller": house.name if house else "",
            "title": found.campaign.shown_name,
            "subtitle": f"{found.campaign.shown_subject}, {day}",
            "head": [_("About"), _("What"), _("Number")],
            "rows": [[a, b, _written(n)] for a, b, n in lines_of(found)],
            "made": formats.date_format(timezone.localtime(at), "j F Y, H:i"),
            "note": _(
                "Figures about fewer than five people are not shown. Opens are unreliable: Apple "
                "Mail opens ahead."
            ),
        },
    )


def _written(value: Any) -> str:
    if value is None:
        return "<5"
    if isinstance(value, str):
        return value
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


FILES: dict[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": ("application/pdf", as_pdf),
}
