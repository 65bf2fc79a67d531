"""Small made-up files of the same mess as the real exports: reserved domains, nobody real."""

# ruff: noqa: E501, DTZ001 - lines as they stand in the files; a sheet knows no time zone

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

BREVO_HEADER = (
    "EMAIL;VOORNAAM;ACHTERNAAM;SMS;OPT_IN;DOUBLE_OPT-IN;BLACKLISTED;ADDED_TIME;MODIFIED_TIME"
)
BREVO = "\n".join(
    [
        BREVO_HEADER,
        "dubbel@example.nl;Chloë;Françoise;;1;1;;06-10-2025 00:00:23;20-12-2025 03:30:32",
        "enkel@example.nl;Bo;Smits;;1;2;;06-10-2025 00:00:23;20-12-2025 03:30:32",
        "niets@example.nl;Cas;Smits;;;;;06-10-2025 00:00:23;20-12-2025 03:30:32",
        "spreektegen@example.nl;Dé;Smits;;0;1;;06-10-2025 00:00:23;20-12-2025 03:30:32",
        "gestopt@example.nl;Eva;Smits;+31612345678;1;1;1;06-10-2025 00:00:23;20-12-2025 03:30:32",
        "straks@example.nl;Fé;Smits;;1;1;;06-10-2099 00:00:23;20-12-2025 03:30:32",
    ]
).encode("cp1252")

LAPOSTA_HEADER = (
    *("E-mailadres", "Voornaam", "Achternaam", "Status", "Aanmelddatum", "Aanmeld-IP"),
    *("Bron-URL", "Interesses"),
)
_SIGNED = datetime(2025, 10, 8, 1, 58, 7)
_PAGE = "https://www.example.nl/nieuwsbrief?mail=a@example.nl"
LAPOSTA_ROWS = (
    ("bewijs@example.nl", "Ann", "de Wit", "actief", _SIGNED, "192.0.2.214", _PAGE, "Acties"),
    ("zonderip@example.nl", "Bo", "", "actief", _SIGNED, "", "", "Acties; Fietsreizen"),
    ("weg@example.nl", "Cas", "", "uitgeschreven", _SIGNED, "192.0.2.9", "", ""),
    ("stuk@example.nl", "Do", "", "opgeschoond", _SIGNED, "192.0.2.9", "", ""),
    ("raar@example.nl", "Eva", "", "misschien", _SIGNED, "192.0.2.9", "", ""),
    ("wacht@example.nl", "Fay", "", "onbevestigd", _SIGNED, "192.0.2.9", "", ""),
)

WOOCOMMERCE = "\n".join(
    [
        "order_id,order_date,status,billing_first_name,billing_last_name,billing_email,billing_phone,line_items,meta:_newsletter_optin,meta:_soft_optin_shown",
        "1,2026-05-06 08:31:58,completed,Ann,de Wit,ja@example.nl,0612345678,name:Bel,yes,",
        "2,2026-05-06 08:31:58,completed,Bo,Smits,nee@example.nl,,name:Bel,no,1",
        "3,2026-05-06 08:31:58,cancelled,Cas,Smits,leeg@example.nl,,name:Bel,,",
        "4,2026-06-06 08:31:58,completed,Bo,Smits,Nee@Example.nl,,name:Bel,yes,",
    ]
).encode()

HUBSPOT = "\n".join(
    [
        "Record ID,First Name,Last Name,Email,Create Date,First Conversion Date,Legal basis for processing contact's data,Unsubscribed from all email,Email hard bounce reason",
        "1,Ann,,form@example.nl,2024-01-01 10:00,2024-01-02 10:00,Freely given consent from contact,false,",
        "2,Bo,,staff@example.nl,2024-01-01 10:00,,Freely given consent from contact,false,",
        "3,Cas,,basis@example.nl,2024-01-01 10:00,2024-01-02 10:00,Legitimate interest,false,",
        "4,Do,,weg@example.nl,2024-01-01 10:00,2024-01-02 10:00,Freely given consent from contact,true,",
        "5,Eva,,stuk@example.nl,2024-01-01 10:00,,,false,OTHER",
    ]
).encode()

MAILERLITE = "\n".join(
    [
        "email,name,last_name,status,subscribed_at,ip_address,opted_in_at,optin_ip,unsubscribed_at",
        "dubbel@example.nl,Ann,,active,2024-01-01 10:00:00,192.0.2.1,2024-01-01 10:05:00,192.0.2.1,",
        "enkel@example.nl,Bo,,active,2024-01-01 10:00:00,192.0.2.1,,,",
        "ingevoerd@example.nl,Cas,,active,2024-01-01 10:00:00,,,,",
        "weg@example.nl,Do,,unsubscribed,2024-01-01 10:00:00,192.0.2.1,,,2024-05-01 10:00:00",
        "klacht@example.nl,Eva,,junk,2024-01-01 10:00:00,192.0.2.1,,,",
        "stuk@example.nl,Fay,,bounced,2024-01-01 10:00:00,192.0.2.1,,,",
    ]
).encode()

ACTIVECAMPAIGN = "\n".join(
    [
        "Email,First Name,Last Name,Status,Date Subscribed,IP Address,Date Unsubscribed",
        "form@example.nl,Ann,,Active,2024-01-01 10:00:00,192.0.2.1,",
        "ingevoerd@example.nl,Bo,,Active,2024-01-01 10:00:00,,",
        "wacht@example.nl,Cas,,Unconfirmed,2024-01-01 10:00:00,192.0.2.1,",
        "weg@example.nl,Do,,Unsubscribed,2024-01-01 10:00:00,192.0.2.1,2024-02-01 10:00:00",
    ]
).encode()

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"/></Relationships>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def workbook(data: str | Iterable[str]) -> bytes:
    """An XLSX file of one sheet with this sheet data, however wrong it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml").replace(
                "</Relationships>",
                '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/'
                '2006/relationships/styles" Target="styles.xml"/></Relationships>',
            ),
        )
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/styles.xml", _STYLES)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_SHEET.encode())
            for piece in [data] if isinstance(data, str) else data:
                sheet.write(piece.encode())
            sheet.write(b"</sheetData></worksheet>")
    return packed.getvalue()


def cell(place: str, value: object) -> str:
    """One cell: a text, or a time as Excel counts it."""
    if isinstance(value, datetime):
        days = (value - datetime(1899, 12, 30)).total_seconds() / 86_400
        return f'<c r="{place}" s="1"><v>{days!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file with these rows."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(cell(f"{chr(65 + place)}{number}", each) for place, each in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return workbook("".join(lines))


def book(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An XLSX file with several sheets."""
    packed = io.BytesIO(sheet([[]]))
    with zipfile.ZipFile(packed) as archive:
        kept = {
            each: archive.read(each)
            for each in archive.namelist()
            if each not in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
            and not each.startswith("xl/worksheets/")
        }
    named, relations = [], []
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        with zipfile.ZipFile(io.BytesIO(sheet(rows))) as archive:
            kept[f"xl/worksheets/sheet{number}.xml"] = archive.read("xl/worksheets/sheet1.xml")
        named.append(f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>')
        relations.append(
            f'<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/'
            f'2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>'
        )
    start, _, rest = _BOOK.partition("<sheets>")
    kept["xl/workbook.xml"] = (
        f"{start}<sheets>{''.join(named)}</sheets>{rest.partition('</sheets>')[2]}".encode()
    )
    first = _RELATIONS.partition("<Relationship ")[0]
    kept["xl/_rels/workbook.xml.rels"] = f"{first}{''.join(relations)}</Relationships>".encode()
    return zipped(kept)


LAPOSTA = sheet([LAPOSTA_HEADER, *LAPOSTA_ROWS])


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def table(*rows: Sequence[str], delimiter: str = ",") -> bytes:
    """A CSV file with these rows."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()
