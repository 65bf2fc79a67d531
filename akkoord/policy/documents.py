"""The policy as a PDF."""

from pathlib import Path

from akkoord.policy.content import Content
from akkoord.policy.renderings import as_values
from akkoord.register.queries import organisation
from akkoord.web.documents import typeset_apart

_SOURCE = Path(__file__).parent / "print" / "policy.typ"
_ACCENT = "#8a3324"


def as_pdf(content: Content, stamped: str) -> bytes:
    """The policy on A4. Raises TypesettingFailed."""
    house = organisation()
    values = {
        **as_values(content, stamped),
        "controller": house.name if house else "",
        "accent": (house.accent if house else "") or _ACCENT,
    }
    return typeset_apart(_SOURCE, values)
