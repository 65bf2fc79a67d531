"""How the organisation shows itself: name, logo and colour, for frames and public pages.

The register knows the organisation and stands above; it enters a callable here.

    from akkoord.web.brand import Brand, brand_source

    @brand_source
    def own_brand() -> Brand | None: ...
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """What a page shows of the organisation. `accent` is #rrggbb or empty for our green."""

    name: str
    logo: str = ""
    accent: str = ""
    website: str = ""
    privacy_url: str = ""


Source = Callable[[], Brand | None]
_source: Source | None = None


def brand_source(source: Source) -> Source:
    """Enter the one callable that knows the organisation."""
    global _source
    _source = source
    return source


def brand() -> Brand | None:
    """The organisation's brand, or None before set-up."""
    return _source() if _source else None
