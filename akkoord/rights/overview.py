"""Everything that is kept of a person as a document to read: the PDF of art. 15 GDPR."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.datamap.export import StoreExport
from akkoord.register.queries import organisation
from akkoord.rights.about import About
from akkoord.rights.shown import ShownStore, shown_of
from akkoord.web.documents import typeset

_SOURCE = Path(__file__).with_name("print") / "overview.typ"
_ACCENT = "#125c3c"
RECORDS = 200  # of one store on paper; the file has them all
CELL = 2000  # characters of one value on paper

Section = dict[str, Any]


def overview_pdf(stores: list[StoreExport], about: About, *, language: str, at: datetime) -> bytes:
    """The overview on paper: what is told beside the data, then every room with its records."""
    house = organisation()
    with translation.override(language):
        return typeset(
            _SOURCE,
            {
                "language": language,
                "title": _("Your data at %(name)s") % {"name": about.controller},
                "lead": _(
                    "This is everything that we keep of you. What is about somebody else was "
                    "left out."
                ),
                "controller": about.controller,
                "accent": (house.accent if house else "") or _ACCENT,
                "made": date_format(timezone.localtime(at), "j F Y, H:i"),
                "page": _("Page"),
                "about": about_sections(about),
                "stores": [_store(each) for each in shown_of(stores, RECORDS)],
            },
        )


def about_sections(about: About) -> list[Section]:
    """Purposes, recipients, terms, source and rights, each as lines to read."""
    sections = [
        (_("Who keeps it"), [about.controller, about.address.replace("\n", ", "), about.contact]),
        (
            _("What for, and why that is allowed"),
            [f"{each['name']}. {each['purpose']} {each['why']}" for each in about.purposes],
        ),
        (_("For how long"), about.terms),
        (
            _("Who received it"),
            [
                ", ".join(
                    part
                    for part in (each["name"], each["service"], each["country"], each["safeguard"])
                    if part
                )
                for each in about.recipients
            ]
            or [_("Nobody.")],
        ),
        (_("Where it came from"), [about.source]),
        (_("Your rights"), [*about.rights, about.complaint, about.automated]),
    ]
    return [
        {"title": title, "lines": [each for each in lines if each]} for title, lines in sections
    ]


def _store(store: ShownStore) -> dict[str, Any]:
    more = (
        ngettext("And %(n)s more, in the file.", "And %(n)s more, in the file.", store.more)
        % {"n": store.more}
        if store.more
        else ""
    )
    return {
        "label": store.label,
        "more": more,
        "records": [
            [[fact.label, _cell(fact.value)] for fact in record.facts]
            for record in store.records
            if record.facts
        ],
    }


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if value.tzinfo else value, "j b Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j b Y")
    text = str(value)
    return text if len(text) <= CELL else f"{text[:CELL]} …"
