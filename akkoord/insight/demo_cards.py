"""The demo's evidence: a photo of the box with cards from the counter, made up like the rest."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from akkoord.consent.evidence_files import keep_file
from akkoord.consent.models import EvidenceFile
from akkoord.trail.actions import Actor

INK, PAPER, CARD, LINE = "#1d2a24", "#f3efe6", "#fffdf8", "#b9b2a3"
ROWS, COLUMNS = 4, 3


def keep_cards(*, actor: Actor, at: datetime) -> EvidenceFile:
    """The photo, kept as the list that the yeses at the counter rest on."""
    return keep_file(_photo(), person_id=None, actor=actor, at=at)


def _photo() -> bytes:
    """Twelve cards on a table, each with a ticked box and a signature; no name on any of them."""
    picture = Image.new("RGB", (1200, 900), PAPER)
    draw = ImageDraw.Draw(picture)
    for place in range(ROWS * COLUMNS):
        left, top = 40 + place % COLUMNS * 385, 40 + place // COLUMNS * 212
        draw.rectangle((left, top, left + 350, top + 185), fill=CARD, outline=LINE, width=2)
        draw.text((left + 16, top + 14), f"DEMO  -  kaartje {place + 1}", fill=INK)
        draw.rectangle((left + 16, top + 48, left + 38, top + 70), outline=INK, width=2)
        draw.line((left + 20, top + 58, left + 26, top + 66), fill=INK, width=3)
        draw.line((left + 26, top + 66, left + 42, top + 46), fill=INK, width=3)
        draw.text((left + 52, top + 52), "Ja, mail mij de nieuwsbrief", fill=INK)
        for row in range(2):
            draw.line(
                (left + 16, top + 110 + row * 34, left + 330, top + 110 + row * 34), fill=LINE
            )
        curve = [(left + 210 + x, top + 136 + (x * 7 % 23) - 11) for x in range(0, 110, 6)]
        draw.line(curve, fill=INK, width=2)
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()
