"""Shapes of the plots: percentages and paths, worked out here so that templates only write."""

from typing import Any

WIDTH, HEIGHT = 100.0, 40.0


def with_percent(rows: list[dict[str, Any]], key: str, most: int = 0) -> list[dict[str, Any]]:
    """Each row with its share of `most` (else of the largest), 0 to 100, from zero."""
    full = most or max((row[key] for row in rows), default=0)
    for row in rows:
        row["percent"] = round(min(100.0, row[key] * 100 / full), 2) if full else 0
    return rows


def round_top(value: int) -> int:
    """The next round number: the top of a scale."""
    if value <= 0:
        return 1
    size = 10 ** (len(str(value)) - 1)
    return int(next(each * size for each in (1, 2, 3, 4, 5, 6, 8, 10) if each * size >= value))


def trend(points: list[tuple[Any, int]]) -> dict[str, Any]:
    """The line through the points and the area under it, in a box of 100 by 40."""
    top = round_top(max((value for _label, value in points), default=0))
    step = WIDTH / max(1, len(points) - 1)
    corners = [
        f"{place * step:.2f} {HEIGHT - value * HEIGHT / top:.2f}"
        for place, (_label, value) in enumerate(points)
    ]
    path = "M" + "L".join(corners) if corners else ""
    return {
        "points": points,
        "path": path,
        "area": f"{path}V{HEIGHT:.0f}H0Z" if corners else "",
        "top": top,
        "first": points[0][0] if points else "",
        "last": points[-1][0] if points else "",
    }
