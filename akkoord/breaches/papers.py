"""Papers of leaks: the notice to the AP, the register of all leaks, the protocol for the wall.

Made by Typst from plain values; no person stands in any of them but staff and the organisation.
"""

import csv
import io
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akkoord.breaches import ap_form
from akkoord.breaches.facts import people_of, records_of
from akkoord.breaches.models import Breach
from akkoord.breaches.protocol import Protocol
from akkoord.breaches.queries import (
    decision_word,
    kinds_of,
    severity_shown,
)
from akkoord.register.models import Organisation
from akkoord.register.queries import organisation
from akkoord.web.documents import typeset
from akkoord.web.sheets import safe_cell

_PRINT = Path(__file__).with_name("print")
_ACCENT = "#1f5f4a"
_FIGURES = (0, 1, 3, 4, 5, 6, 7, 8, 12, 13)  # of `register_rows`: nothing that was typed


def _house() -> dict[str, Any]:
    house = organisation() or Organisation()
    return {
        "controller": house.name,
        "accent": house.accent or _ACCENT,
        "page": _("Page"),
        "made": date_format(localtime(timezone.now()), "j F Y H:i"),
    }


def authority_pdf(breach: Breach, *, by: object, language: str) -> bytes:
    """The fields of the AP's form with our answers."""
    with translation.override(language):
        has_first = breach.notices.filter(kind="first").exists()
        fields = ap_form.ap_fields(breach, is_follow_up=has_first, by=by)
        titles = ap_form.section_titles()
        return typeset(
            _PRINT / "authority.typ",
            {
                **_house(),
                "language": language,
                "title": _("Data leak %(reference)s") % {"reference": breach.reference},
                "lead": _("Notice to the Autoriteit Persoonsgegevens (art. 33 GDPR)"),
                "sections": [
                    [
                        f"{number}. {titles[number]}",
                        [[each.question, each.answer] for each in fields if each.section == number],
                    ]
                    for number in range(ap_form.SECTIONS)
                ],
            },
        )


def register_rows(found: list[Breach]) -> list[list[str]]:
    """Every leak as one line: facts, effects, what was done (art. 33(5)); a head above.

    Two statements, however many leaks.
    """
    prefetch_related_objects(found, "notices", "lessons")
    head = [
        *(_("Reference"), _("Noticed"), _("What happened"), _("Kind of leak"), _("Cause")),
        *(_("Where"), _("People"), _("Records"), _("How bad"), _("What it can mean")),
        *(_("What was done"), _("Decision"), _("AP told"), _("People told of it"), _("Lessons")),
    ]
    return [head, *(_row(each) for each in found)]


def _row(breach: Breach) -> list[str]:
    words, severity = kinds_of(breach), severity_shown(breach)
    notices = sorted(breach.notices.all(), key=attrgetter("id"), reverse=True)
    told = {each.kind: _moment(each.at) for each in notices}
    decision = decision_word(breach.decision)
    done = "; ".join(filter(None, (breach.taken, breach.planned)))
    lessons = "; ".join(
        ": ".join(filter(None, (each.lesson, each.action)))
        for each in sorted(breach.lessons.all(), key=attrgetter("id"))
    )
    return [
        breach.reference,
        _moment(breach.aware_at),
        breach.what,
        "; ".join(words["natures"]),
        str(words["cause"]),
        ", ".join(words["systems"]),
        _number(people_of(breach)),
        _number(records_of(breach)),
        severity.level if severity else "",
        breach.consequences,
        done,
        f"{decision}: {breach.decision_reason}" if decision else "",
        told.get("first", ""),
        told.get("people") or told.get("post") or told.get("public") or "",
        lessons,
    ]


def _moment(moment: object) -> str:
    return date_format(localtime(moment), "j M Y H:i") if moment else ""  # type: ignore[arg-type]


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def register_csv(found: list[Breach]) -> bytes:
    """The register as a file for a spreadsheet; no cell is a formula."""
    return _csv(register_rows(found))


def figures_csv(found: list[Breach]) -> bytes:
    """The leaks in days, kinds and numbers, without what anybody typed."""
    return _csv([[row[each] for each in _FIGURES] for row in register_rows(found)])


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def register_pdf(found: list[Breach], *, is_drill: bool, language: str) -> bytes:
    """The register to read: a leak after a leak."""
    with translation.override(language):
        head, *rows = register_rows(found)
        leaks = [
            [row[0], [[name, cell] for name, cell in zip(head[1:], row[1:], strict=True) if cell]]
            for row in rows
        ]
        return typeset(
            _PRINT / "authority.typ",
            {
                **_house(),
                "language": language,
                "title": _("Drills") if is_drill else _("Register of data leaks"),
                "lead": _("All leaks, also those that nobody else was told of (art. 33(5) GDPR)"),
                "sections": leaks or [[_("No leak stands here."), []]],
            },
        )


def protocol_pdf(protocol: Protocol, *, language: str) -> bytes:
    """The page for the wall: one sheet of A4."""
    with translation.override(language):
        return typeset(
            _PRINT / "protocol.typ",
            {
                **_house(),
                "language": language,
                "title": _("A data leak? Do this."),
                "lead": protocol.lead,
                "steps": [[each.title, each.text] for each in protocol.steps],
                "people_title": _("Call"),
                "people": [[each.role, each.name, each.reach] for each in protocol.contacts],
                "examples_title": _("This is a data leak"),
                "examples": list(protocol.examples),
                "clock": protocol.clock,
                "foot": protocol.foot,
            },
        )
