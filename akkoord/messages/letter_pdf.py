"""Letters to PDF by Typst, PDFs to one by PDFium, and a page of one as a picture for a screen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import segno
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.messages.letter import CompiledLetter
from akkoord.web.documents import typeset_apart

_SOURCE = Path(__file__).with_name("print") / "letter.typ"
_ACCENT = "#125c3c"
_DOTS = 110 / 72  # of a picture on the screen
# As PostNL wants the country on the last line: in capitals, none for the Netherlands.
COUNTRIES = {
    "BE": "BELGIË",
    "DE": "DUITSLAND",
    "FR": "FRANKRIJK",
    "LU": "LUXEMBURG",
    "GB": "VERENIGD KONINKRIJK",
}


@dataclass(frozen=True, slots=True)
class OneLetter:
    """What differs per letter: address lines, values of fields, code, link, why, its number."""

    address: Sequence[str]
    values: Mapping[str, str]
    code: str
    stop_url: str
    by_interest: bool
    number: str


def address_lines(
    *, name: str, street: str, house_number: str, postcode: str, city: str, country: str
) -> list[str]:
    """The lines in the window, as the post of the country reads them."""
    if country == "NL":  # two blanks between postcode and town, the town in capitals
        lines = [name, f"{street} {house_number}", f"{postcode}  {city.upper()}"]
    else:
        lines = [name, f"{street} {house_number}", f"{postcode} {city}"]
        lines.append(COUNTRIES.get(country, country))
    return [" ".join(line.split(" ")).strip() for line in lines]


def make_pdf(compiled: CompiledLetter, letters: Iterable[OneLetter], *, on: date) -> bytes:
    """The PDF of these letters, in the letter's own language."""
    source = compiled.source
    with translation.override(source.language):
        dated = source.dated or date_format(on, "j F Y")
        rows = [_row(compiled, each, dated) for each in letters]
        return typeset_apart(_SOURCE, _frame(compiled) | {"letters": rows})


def _frame(compiled: CompiledLetter) -> dict[str, Any]:
    """What is the same on every letter."""
    source = compiled.source
    lines = [line.strip() for line in source.postal_address.splitlines() if line.strip()]
    sender = " · ".join([source.organisation, *lines])
    return {
        "title": source.topic,
        "language": source.language,
        "organisation": source.organisation,
        "accent": source.accent or _ACCENT,
        "sender": sender,
        "town": "",
        "foot": " · ".join([sender, source.contact]),
        "short": f"{urlsplit(settings.BASE_URL).netloc}/brief/",
        "words": {
            "stop": _("No more letters about %(topic)s?") % {"topic": source.topic},
            "how": _("Scan the square code, or go to"),
            "code": _("and type your code:"),
            "scan": _("Stop these letters"),
        },
    }


def _row(compiled: CompiledLetter, each: OneLetter, dated: str) -> dict[str, Any]:
    house = compiled.source.organisation
    why = (
        _(
            "You get this letter because you are a customer of %(house)s. You can object, always: "
            "use this code."
        )
        if each.by_interest
        else _("You get this letter because you said yes to post from %(house)s.")
    )
    return compiled.fill(each.values) | {
        "address": list(each.address),
        "dated": dated,
        "code": each.code,
        "qr": _qr(each.stop_url),
        "why": f"{why % {'house': house}} "
        + _("Questions? %(contact)s") % {"contact": compiled.source.contact},
        "number": each.number,
    }


def _qr(url: str) -> str:
    """A code as coarse as it can be: it is small, and paper is folded."""
    out = io.BytesIO()
    segno.make(url, error="l", micro=False, boost_error=False).save(
        out, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode()


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def joined(parts: Iterable[bytes]) -> bytes:
    """One PDF of these, in order."""
    whole = pypdfium2.PdfDocument.new()
    try:
        for part in parts:
            document = pypdfium2.PdfDocument(part)
            whole.import_pages(document)
            document.close()
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()
    finally:
        whole.close()


def picture_of(pdf: bytes, page: int = 0) -> bytes:
    """A page as PNG. Raises IndexError for a page that is not there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise IndexError(page)
        image = document[page].render(scale=_DOTS).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()
