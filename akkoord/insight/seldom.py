"""Figures that are exact while counting is quick, and counted seldom when it is not.

A small business always sees this moment. With millions of events a count takes a part of a second
or more; then the figures may be a hundred times as old as that, so that a page costs the same at
any size.
"""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from django.core.cache import cache

Figures = TypeVar("Figures")

QUICK = 0.05  # seconds
SHARE = 100  # counting takes at most one part in so many of the time


def counted_seldom(
    name: str, count: Callable[[], Figures], *, quick: float | None = None
) -> Figures:
    """The figures by this name, counted now or kept from a while ago.

    `quick`: seconds up to which they are counted every time, where that matters more.
    """
    kept: tuple[Figures] | None = cache.get(f"insight.{name}")
    if kept is not None:
        return kept[0]
    began = monotonic()
    figures = count()
    took = monotonic() - began
    if took > (QUICK if quick is None else quick):
        cache.set(f"insight.{name}", (figures,), took * SHARE)
    return figures
