"""The register as a Word document, with headings from which Word makes a table of contents."""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

_GREEN = RGBColor(0x12, 0x5C, 0x3C)
_RED = RGBColor(0x96, 0x1B, 0x1B)
_GREY = RGBColor(0x5F, 0x67, 0x62)
_WIDTHS = (Cm(4.4), Cm(12.2))
_LINE, _AIR = "E4E1D7", "80"  # thin lines as in the PDF; twentieths of a point inside a cell


def docx_of(values: Mapping[str, Any]) -> bytes:
    """The document of these words (see `exporting.document_values`)."""
    doc = Document()
    _look(doc)
    doc.core_properties.title = values["title"]
    doc.core_properties.author = values["controller"]
    doc.add_paragraph(values["controller"]).runs[0].font.color.rgb = _GREEN
    doc.add_heading(values["title"], 0)
    line = doc.add_paragraph(f"{values['subtitle']} · {values['article']}")
    line.runs[0].font.color.rgb = _GREY
    doc.add_heading(values["contents"], 1)
    _contents(doc, values)
    doc.add_paragraph().paragraph_format.page_break_before = True
    doc.add_heading(values["organisation"], 1)
    _table(doc, [(label, parts, "", False) for label, parts in values["house"]], values)
    for title, group in zip(("own", "system", "ended"), values["groups"], strict=True):
        if group:
            doc.add_heading(values[title], 1)
        for entry in group:
            _entry(doc, entry, values)
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def _look(doc: Doc) -> None:
    style = doc.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    for level in (0, 1, 2):
        heading = doc.styles["Title" if level == 0 else f"Heading {level}"]
        heading.font.name, heading.font.color.rgb = "Calibri", _GREEN
    for section in doc.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)


def _contents(doc: Doc, values: Mapping[str, Any]) -> None:
    """A field that Word fills with page numbers; until then the names stand there."""
    paragraph = doc.add_paragraph()
    _field(paragraph.add_run(), "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = 'TOC \\o "1-2" \\h \\z \\u'
    paragraph.add_run()._r.append(code)
    _field(paragraph.add_run(), "separate")
    names = [entry["name"] for group in values["groups"] for entry in group]
    paragraph.add_run("\n".join([values["organisation"], *names]))
    _field(paragraph.add_run(), "end")


def _field(run: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run._r.append(mark)


def _entry(doc: Doc, entry: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    doc.add_heading(entry["name"], 2)
    state = doc.add_paragraph(
        f"{entry['state']} · {values['version']} {entry['version']} · {entry['since']}"
    )
    state.paragraph_format.keep_with_next = True
    state.runs[0].font.color.rgb = _GREY if entry["is_whole"] else _RED
    rows = [
        (f"{line['label']}\n{line['article']}", line["parts"], line["excused"], line["is_lacking"])
        for line in entry["lines"]
    ]
    _table(doc, rows, values)


def _dress(table: Any) -> None:
    """Light lines between the rows, and air in the cells."""
    looks = table._tbl.tblPr
    lines = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        lines.append(_with(f"w:{side}", val="single", sz="4", space="0", color=_LINE))
    for side in ("left", "right", "insideV"):
        lines.append(_with(f"w:{side}", val="nil"))
    looks.append(lines)
    air = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        air.append(_with(f"w:{side}", w=_AIR, type="dxa"))
    looks.append(air)


def _with(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _table(
    doc: Doc, rows: list[tuple[str, list[str], str, bool]], values: Mapping[str, Any]
) -> None:
    table = doc.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.autofit = False
    _dress(table)
    # The grid too: LibreOffice reads the widths there, Word at the cells.
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for label, parts, excused, is_lacking in rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = row.cells
        cells[0].width, cells[1].width = _WIDTHS
        name, _line, article = label.partition("\n")
        cells[0].paragraphs[0].add_run(name).bold = True
        if article:
            small = cells[0].add_paragraph().add_run(article)
            small.font.size, small.font.color.rgb = Pt(8), _GREY
        said = "\n".join(parts)
        if is_lacking:
            said = values["lacking"]
        elif not parts and excused:
            said = f"{values['empty']} {excused}"
        run = cells[1].paragraphs[0].add_run(said)
        if is_lacking:
            run.font.color.rgb = _RED
    doc.add_paragraph()
