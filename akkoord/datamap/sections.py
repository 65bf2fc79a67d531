"""A registry that higher rooms plug into, so that a lower room never names them.

A room makes `PERSON_SECTIONS = Registry[Section]("sections")`; others add to it in a module of
that name, which is found by autodiscovery the first time somebody reads.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.module_loading import autodiscover_modules

T = TypeVar("T")


class Registry(Generic[T]):
    """Things in order: by `order`, then by when they were added."""

    def __init__(self, module: str = "") -> None:
        """`module`: the name of the module that every app may have, read before the first use."""
        self._module = module
        self._things: list[tuple[int, T]] = []

    def add(self, thing: T, *, order: int = 100) -> T:
        """Add a thing, once; answers it."""
        if all(known != thing for _, known in self._things):
            self._things.append((order, thing))
        return thing

    def __iter__(self) -> Iterator[T]:
        """The things in order."""
        module, self._module = self._module, ""
        if module:
            autodiscover_modules(module)
        return (thing for _, thing in sorted(self._things, key=lambda pair: pair[0]))
