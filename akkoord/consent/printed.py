"""A form's code, and the poster and the table card that lead to it: print-ready, by Typst."""

import io
from pathlib import Path

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.models import CollectionPoint
from akkoord.register.queries import organisation
from akkoord.web.documents import typeset

PAPERS = {"poster": "a4", "kaartje": "a6"}
_SOURCE = Path(__file__).with_name("print") / "card.typ"
_ACCENT = "#125c3c"


def qr_svg(url: str) -> str:
    """The QR code of an address, as SVG without style: readable when a quarter of it is damaged."""
    out = io.BytesIO()
    segno.make(url, error="q", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode()


def printed(point: CollectionPoint, url: str, *, paper: str) -> bytes:
    """The PDF of a published form on this paper, in the language of the version.

    A card may not promise more than the form asks: its title and introduction are the frozen ones.
    """
    house = organisation()
    with translation.override(point.language):
        return typeset(
            _SOURCE,
            {
                "paper": paper,
                "language": point.language,
                "title": point.snapshot["title"],
                "intro": point.snapshot["intro"],
                "controller": house.name if house else "",
                "accent": (house.accent if house else "") or _ACCENT,
                "code": qr_svg(url),
                "url": url,
                "address": url.partition("://")[2].rstrip("/"),
                "scan": _("Scan with your phone"),
                "told": _(
                    "You choose yourself what you get, confirm it by mail, and can stop at any "
                    "moment."
                ),
            },
        )
