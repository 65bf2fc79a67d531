"""The organisation's sign as a PNG: a square in its colour with a tick, for notifications.

Systems show no SVG there. Written by hand, for this is all that pictures are needed for.
"""

import functools
import itertools
import math
import struct
import zlib

from akkoord.web import colours

SIZE = 192
_ROUND = 40.0
_TICK = ((52.8, 103.2), (80.8, 131.2), (139.2, 62.4))
_THICK = 9.5
DEFAULT = "#1f6b4a"


@functools.lru_cache(maxsize=8)
def app_icon(accent: str) -> bytes:
    """A PNG of 192 by 192 in this colour (#rrggbb; our green for anything else)."""
    try:
        ground = colours.channels(accent)
    except ValueError:
        ground = colours.channels(DEFAULT)
    ink = colours.channels(colours.text_on("#" + bytes(ground).hex()))
    rows = bytearray()
    for y in range(SIZE):
        rows.append(0)  # no filter
        for x in range(SIZE):
            rows += _pixel(x + 0.5, y + 0.5, ground, ink)
    return _png(bytes(rows))


def _pixel(x: float, y: float, ground: tuple[int, int, int], ink: tuple[int, int, int]) -> bytes:
    nearest = min(_distance(x, y, *pair) for pair in itertools.pairwise(_TICK))
    tick = _cover(nearest - _THICK)
    mixed = [round(a * (1 - tick) + b * tick) for a, b in zip(ground, ink, strict=True)]
    return bytes([*mixed, round(255 * _cover(_outside(x, y)))])


def _cover(distance: float) -> float:
    """How much of a pixel lies inside an edge."""
    return min(1.0, max(0.0, 0.5 - distance))


def _outside(x: float, y: float) -> float:
    """The distance to the edge of a square with round corners; below 0 inside."""
    half = SIZE / 2
    dx, dy = (max(0.0, abs(each - half) - half + _ROUND) for each in (x, y))
    return math.hypot(dx, dy) - _ROUND


def _distance(x: float, y: float, one: tuple[float, float], two: tuple[float, float]) -> float:
    """The distance to a line between two points."""
    wide, high = two[0] - one[0], two[1] - one[1]
    along = ((x - one[0]) * wide + (y - one[1]) * high) / (wide * wide + high * high)
    along = min(1.0, max(0.0, along))
    return math.hypot(x - one[0] - along * wide, y - one[1] - along * high)


def _png(rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)  # 8 bits, with alpha
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + _checksum(kind + content)
        for kind, content in parts
    )


def _checksum(content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content))
