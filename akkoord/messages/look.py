"""How letters look: the organisation's colours and letter types, frozen with what was approved.

The defaults are ours: warm white, ink, one deep green. In the dark every letter has the same
grounds, which are known to be readable; only the links follow the organisation's colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Letter types that are on people's own machines: nothing is fetched (INV-28).
FONTS: Mapping[str, str] = MappingProxyType(
    {
        "source": "'Source Sans 3', 'Segoe UI', Helvetica, Arial, sans-serif",
        "arial": "Arial, Helvetica, sans-serif",
        "verdana": "Verdana, Geneva, sans-serif",
        "trebuchet": "'Trebuchet MS', 'Segoe UI', Tahoma, sans-serif",
        "georgia": "Georgia, 'Times New Roman', serif",
        "palatino": "'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif",
        "courier": "'Courier New', Courier, monospace",
    }
)
NIGHT_CARD, NIGHT_PAPER, NIGHT_INK = "#201f1b", "#171714", "#f1ede2"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as #rrggbb, letter types by their key in `FONTS`, roundness in pixels.

    `quiet` is the ink of small print, on `paper`; `night_link` what a link is in the dark.
    """

    ink: str = "#1c1b18"
    paper: str = "#fbf9f4"
    card: str = "#ffffff"
    accent: str = "#1f5b3f"
    on_accent: str = "#ffffff"
    night_link: str = "#8fcfae"
    quiet: str = "#5f5a50"
    line: str = "#e4dfd3"
    font: str = "source"
    heading_font: str = "source"
    radius: int = 8

    @property
    def letters(self) -> str:
        """The letter type of the text."""
        return FONTS.get(self.font, FONTS["source"])

    @property
    def heading_letters(self) -> str:
        """The letter type of headings."""
        return FONTS.get(self.heading_font, FONTS["source"])


PLAIN = Look()
