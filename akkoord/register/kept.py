"""Whether anything is kept of people in a field: asked of the room that keeps it."""

from collections.abc import Callable

KeptSource = Callable[[str], bool]
_sources: list[KeptSource] = []


def kept_source(source: KeptSource) -> KeptSource:
    """Register who knows whether a field, by its key, holds anything of anybody."""
    if source not in _sources:
        _sources.append(source)
    return source


def is_kept(field_key: str) -> bool:
    """Whether anything of anybody stands in this field."""
    return any(source(field_key) for source in _sources)
