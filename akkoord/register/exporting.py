"""The register as a file: XLSX, DOCX, PDF, CSV, JSON, JSON-LD (art. 30(3) and (4)).

A file says who answers, on which day it stood so, and every entry with all its elements. A cell is
never a formula, whatever stands in it.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.law.register_rules import Element
from akkoord.register.entry_words import ROLES, ground_words, house_lines, lines_of
from akkoord.register.linked import linked_data
from akkoord.register.records import Register
from akkoord.register.table import COLUMNS, state_words, table_of
from akkoord.register.word_file import docx_of
from akkoord.web.documents import typeset
from akkoord.web.sheets import safe_cell

TYPESETTING = Path(__file__).with_name("print") / "register.typ"
SCHEMA = "akkoord-register-1"
_LINE_HEIGHT, _HIGHEST = 15.0, 409.0  # points; no row of a sheet may be higher


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    content_type: str
    make: Callable[[Register, str], bytes]


def csv_of(register: Register, language: str) -> bytes:
    """A table that spreadsheets open, UTF-8 with its mark; cells are text."""
    head, rows = table_of(register.entries, language)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(register: Register, language: str) -> bytes:
    """A workbook: the activities, who answers and the measures, companies that receive data."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    with translation.override(language):
        style = {
            "head": book.add_format(
                {
                    "bold": True,
                    "bg_color": "#125c3c",
                    "font_color": "#ffffff",
                    "text_wrap": True,
                    "valign": "top",
                    "border": 1,
                    "border_color": "#e4e1d7",
                }
            ),
            "cell": book.add_format(
                {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#e4e1d7"}
            ),
            "title": book.add_format({"bold": True, "font_size": 14, "font_color": "#125c3c"}),
        }
        _activities_sheet(book, register, language, style)
        _house_sheet(book, register, style)
        _companies_sheet(book, register, language, style)
        book.set_properties(
            {
                "title": _("Register of processing activities"),
                "author": str(register.house.get("name", "")),
                "created": datetime.combine(register.on, time()),  # not the moment of asking
            }
        )
        book.close()
    return out.getvalue()


def _activities_sheet(
    book: xlsxwriter.Workbook, register: Register, language: str, style: Mapping[str, Any]
) -> None:
    head, rows = table_of(register.entries, language)
    sheet = book.add_worksheet(_("Register")[:31])
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3, two beside each other: sixteen columns stay legible
    sheet.fit_to_pages(2, 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(1)
    sheet.set_row(0, 2 * _LINE_HEIGHT)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, head[place], style["head"])
    for number, row in enumerate(rows, start=1):
        sheet.set_row(number, _height(row))
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell[:32_767], style["cell"])
    if rows:
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)


def _height(row: Sequence[str]) -> float:
    """High enough for the longest cell: LibreOffice makes no row higher by itself."""
    lines = 1
    for column, cell in zip(COLUMNS, row, strict=True):
        fits = max(column.width - 2, 1)
        lines = max(lines, sum(1 + len(part) // fits for part in cell.split("\n")))
    return min(lines * _LINE_HEIGHT, _HIGHEST)


def _house_sheet(book: xlsxwriter.Workbook, register: Register, style: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(_("Organisation")[:31])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, _("Register of processing activities"), style["title"])
    sheet.write_string(1, 0, _("As it stood on"), style["head"])
    sheet.write_string(1, 1, date_format(register.on, "j F Y"), style["cell"])
    for number, line in enumerate(house_lines(register.house), start=2):
        sheet.set_row(number, max(len(line.parts), 1) * _LINE_HEIGHT)
        sheet.write_string(number, 0, line.label, style["head"])
        sheet.write_string(number, 1, line.text, style["cell"])


def _companies_sheet(
    book: xlsxwriter.Workbook, register: Register, language: str, style: Mapping[str, Any]
) -> None:
    sheet = book.add_worksheet(_("Who receives data")[:31])
    head = (_("Name"), _("Does what"), _("Role"), _("Country"), _("Ground"), _("Contract"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 1, 34)
    sheet.set_column(2, 5, 20)
    for place, words in enumerate(head):
        sheet.write_string(0, place, words, style["head"])
    for number, each in enumerate(companies_of(register), start=1):
        cells = (
            each["name"],
            each[f"service_{language}"],
            str(ROLES.get(each["role"], each["role"])),
            each["country"],
            ground_words(each["safeguard"]),
            each["contract_on"] or "",
        )
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, str(cell), style["cell"])


def companies_of(register: Register) -> list[Mapping[str, Any]]:
    """Every company that receives data, once, by name."""
    found = {
        each["key"]: each
        for entry in register.entries
        if not entry.is_ended
        for each in entry.content.get("recipients", ())
    }
    return sorted(found.values(), key=lambda each: str(each["name"]).casefold())


def json_of(register: Register, language: str) -> bytes:
    """All that the register holds, in its own words; nothing is left out."""
    whole = {
        "schema": SCHEMA,
        "on": register.on.isoformat(),
        "language": language,
        "organisation": dict(register.house),
        "activities": [
            {
                "key": each.key,
                "version": each.number,
                "since": each.made_at.isoformat() if each.made_at else None,
                "state": each.state,
                "lacks": list(each.lacks),
                **each.content,
            }
            for each in register.entries
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=str).encode()


def jsonld_of(register: Register, language: str) -> bytes:
    """The register in the Data Privacy Vocabulary of the W3C."""
    return json.dumps(linked_data(register, language), ensure_ascii=False, indent=2).encode()


def pdf_of(register: Register, language: str) -> bytes:
    """A report with a table of contents, to read and to hand over."""
    return typeset(TYPESETTING, document_values(register, language))


def document_values(register: Register, language: str) -> dict[str, Any]:
    """What a document says, in words: for PDF and DOCX."""
    with translation.override(language):
        states = state_words()
        return {
            "language": language,
            "title": _("Register of processing activities"),
            "subtitle": _("As it stood on %(day)s") % {"day": date_format(register.on, "j F Y")},
            "article": _("Article 30 GDPR"),
            "controller": str(register.house.get("name", "")),
            "contents": _("Contents"),
            "organisation": _("Organisation"),
            "house": [
                (line.label, line.parts) for line in house_lines(register.house) if line.parts
            ],
            "own": _("What the organisation does"),
            "system": _("What Akkoord does by itself"),
            "ended": _("Ended"),
            "page": _("page"),
            "empty": _("Empty, because:"),
            "lacking": _("Empty"),
            "version": _("Version"),
            "groups": [
                [
                    {
                        "name": each.name,
                        "state": states[each.state],
                        "is_whole": each.state in ("published", "ended"),
                        "version": each.number,
                        "since": date_format(each.made_at, "j b Y") if each.made_at else "",
                        "lines": [
                            {
                                "label": line.label,
                                "article": line.article
                                if language == "nl"
                                else line.article.replace("AVG", "GDPR"),
                                "parts": line.parts,
                                "excused": line.excused,
                                "is_lacking": line.is_lacking,
                            }
                            for line in lines_of(each)
                            # Who answers stands once, in front of all entries.
                            if line.element != Element.CONTROLLER or line.is_lacking
                        ],
                    }
                    for each in group
                ]
                for group in (
                    [e for e in register.entries if not e.is_system and not e.is_ended],
                    [e for e in register.entries if e.is_system and not e.is_ended],
                    [e for e in register.entries if e.is_ended],
                )
            ],
        }


FORMATS: Mapping[str, Format] = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_of),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda register, language: docx_of(document_values(register, language)),
    ),
    "pdf": Format("application/pdf", pdf_of),
    "csv": Format("text/csv; charset=utf-8", csv_of),
    "json": Format("application/json", json_of),
    "jsonld": Format("application/ld+json", jsonld_of),
}


def export_register(register: Register, format_name: str, language: str) -> bytes:
    """The file in a format and a language. Raises KeyError for a format that is not there."""
    return FORMATS[format_name].make(register, language)
