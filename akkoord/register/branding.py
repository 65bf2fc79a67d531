"""The organisation's name, logo and colour, for the frames of every page."""

from akkoord.register.queries import organisation
from akkoord.web.brand import Brand, brand_source


@brand_source
def brand_of_organisation() -> Brand | None:
    """What the frames show; None before set-up."""
    house = organisation()
    if house is None:
        return None
    return Brand(
        name=house.name,
        logo=house.logo,
        accent=house.accent,
        website=house.website,
        privacy_url=house.privacy_url or "/privacy/",
    )
