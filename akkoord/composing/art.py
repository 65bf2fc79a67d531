"""Drawings for the ready letters, in the organisation's own colour: no picture of anybody's.

Drawn large and made smaller, so that edges are smooth; the same colour gives the same bytes.
"""

import functools
import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from akkoord.web.colours import channels, mixed

WIDE, HIGH = 1200, 480
_SCALE = 2
Colour = tuple[int, int, int]
Sheet = ImageDraw.ImageDraw


@functools.lru_cache(maxsize=32)
def draw_scene(scene: str, accent: str) -> bytes:
    """The drawing as PNG."""
    sheet = Image.new("RGB", (WIDE * _SCALE, HIGH * _SCALE), mixed(accent, "#ffffff", 0.86))
    SCENES[scene](ImageDraw.Draw(sheet), accent)
    small = sheet.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _tint(accent: str, share: float) -> Colour:
    return channels(mixed(accent, "#ffffff", share))


def _deep(accent: str, share: float) -> Colour:
    return channels(mixed(accent, "#101512", share))


def _at(*numbers: float) -> list[float]:
    return [each * _SCALE for each in numbers]


def _wave(
    sheet: Sheet, colour: Colour, *, top: float, swing: float, turns: float, shift: float
) -> None:
    points = [
        (x * _SCALE, (top + swing * math.sin(shift + x / WIDE * turns * math.tau)) * _SCALE)
        for x in range(0, WIDE + 8, 8)
    ]
    sheet.polygon([(0, HIGH * _SCALE), *points, (WIDE * _SCALE, HIGH * _SCALE)], fill=colour)


def _hills(sheet: Sheet, accent: str) -> None:
    """A morning over hills."""
    sheet.ellipse(_at(820, 70, 980, 230), fill=_tint("#e8a33d", 0.25))
    _wave(sheet, _tint(accent, 0.66), top=250, swing=46, turns=1.1, shift=0.4)
    _wave(sheet, _tint(accent, 0.4), top=315, swing=40, turns=1.5, shift=2.2)
    _wave(sheet, channels(accent), top=390, swing=26, turns=1.3, shift=4.4)
    for x, height in ((180, 92), (232, 70), (980, 84), (1044, 112)):
        base = 388 + 26 * math.sin(4.4 + x / WIDE * 1.3 * math.tau)
        sheet.polygon(
            _at(x - height * 0.28, base + 8, x, base - height, x + height * 0.28, base + 8),
            fill=_deep(accent, 0.3),
        )


def _offer(sheet: Sheet, accent: str) -> None:
    """Labels that hang from above."""
    for x, drop, size, share in ((190, 130, 150, 0.45), (470, 70, 205, 0.0), (760, 160, 135, 0.6),
                                 (1020, 90, 175, 0.25)):  # fmt: skip
        sheet.line(_at(x, -10, x, drop), fill=_deep(accent, 0.2), width=3 * _SCALE)
        half = size * 0.62
        body = _at(x - half, drop + 34, x, drop - 8, x + half, drop + 34, x + half,
                   drop + size * 1.7, x - half, drop + size * 1.7)  # fmt: skip
        sheet.polygon(body, fill=_tint(accent, share))
        sheet.ellipse(_at(x - 10, drop + 14, x + 10, drop + 34), fill=_tint(accent, 0.86))
        mark = _tint(accent, 0.86) if share < 0.5 else channels(accent)
        middle = drop + 34 + (size * 1.7 - 34) / 2
        reach = size * 0.26
        sheet.line(
            _at(x - reach, middle + reach, x + reach, middle - reach), fill=mark, width=8 * _SCALE
        )
        for sign in (-1, 1):
            cx, cy = x + sign * reach * 0.9, middle + sign * reach * 0.9
            ring = reach * 0.42
            circle = _at(cx - ring, cy - ring, cx + ring, cy + ring)
            sheet.ellipse(circle, outline=mark, width=6 * _SCALE)


def _event(sheet: Sheet, accent: str) -> None:
    """Bunting over a square with lights."""
    colours = [channels(accent), _tint(accent, 0.4), _tint("#e8a33d", 0.15), _tint(accent, 0.62)]
    for row, (top, sag) in enumerate(((40, 90), (120, 110))):
        points = [(x, top + sag * (1 - ((x - 600) / 600) ** 2)) for x in range(0, WIDE + 1, 60)]
        line = [value * _SCALE for point in points for value in point]
        sheet.line(line, fill=_deep(accent, 0.25), width=3 * _SCALE)
        for number, (x, y) in enumerate(points[:-1]):
            sheet.polygon(
                _at(x + 8, y + 2, x + 52, y + 4, x + 30, y + 58),
                fill=colours[(number + row) % len(colours)],
            )
    for x, height, share in ((60, 120, 0.35), (240, 170, 0.0), (470, 110, 0.5), (640, 150, 0.2),
                             (860, 190, 0.0), (1060, 130, 0.4)):  # fmt: skip
        wide = 150
        sheet.rectangle(_at(x, HIGH - height, x + wide, HIGH), fill=_tint(accent, share))
        sheet.polygon(
            _at(
                x - 10,
                HIGH - height,
                x + wide / 2,
                HIGH - height - 62,
                x + wide + 10,
                HIGH - height,
            ),
            fill=_deep(accent, 0.15 + share / 4),
        )
        for window in range(3):
            left = x + 22 + window * 42
            sheet.rectangle(
                _at(left, HIGH - height + 34, left + 24, HIGH - height + 66),
                fill=_tint("#f3cf7a", 0.1),
            )


def _update(sheet: Sheet, accent: str) -> None:
    """Parts that come together, step by step."""
    for number in range(5):
        x, size = 70 + number * 206, 120 + number * 32
        top = 290 - number * 44
        sheet.rounded_rectangle(
            _at(x, top, x + size, top + size),
            radius=18 * _SCALE,
            fill=_tint(accent, 0.68 - number * 0.17),
        )
        if number == 4:
            sheet.line(
                _at(x + 60, top + 126, x + 106, top + 172, x + 188, top + 76),
                fill=_tint(accent, 0.9), width=26 * _SCALE, joint="curve",
            )  # fmt: skip
        else:
            sheet.rounded_rectangle(
                _at(x + size * 0.28, top + size * 0.44, x + size * 0.72, top + size * 0.56),
                radius=5 * _SCALE,
                fill=_tint(accent, 0.86),
            )
    sheet.line(_at(60, 440, 1150, 440), fill=_tint(accent, 0.5), width=4 * _SCALE)


def _season(sheet: Sheet, accent: str) -> None:
    """Snow over a wood at night."""
    sheet.rectangle(_at(0, 0, WIDE, HIGH), fill=_deep(accent, 0.45))
    sheet.ellipse(_at(900, 56, 1010, 166), fill=(244, 238, 214))
    chance = random.Random(7)  # noqa: S311 - a drawing
    _wave(sheet, _deep(accent, 0.15), top=320, swing=28, turns=1.2, shift=1.0)
    for _tree in range(26):
        x, height = chance.uniform(20, WIDE - 20), chance.uniform(70, 170)
        base = chance.uniform(380, 440)
        for step in range(3):
            wide = height * (0.36 - step * 0.08)
            low = base - step * height * 0.26
            sheet.polygon(
                _at(x - wide, low, x, low - height * 0.5, x + wide, low),
                fill=_tint(accent, 0.08 + step * 0.09),
            )
    _wave(sheet, (240, 244, 243), top=432, swing=14, turns=1.4, shift=3.0)
    for _flake in range(150):
        x, y, size = chance.uniform(0, WIDE), chance.uniform(0, 420), chance.uniform(1.4, 4.6)
        sheet.ellipse(_at(x - size, y - size, x + size, y + size), fill=(246, 249, 248))


SCENES: dict[str, Callable[[Sheet, str], None]] = {
    "hills": _hills,
    "offer": _offer,
    "event": _event,
    "update": _update,
    "season": _season,
}
