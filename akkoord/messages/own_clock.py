"""At an hour on the clock of who gets it, by the country of their address.

Only where the topic may use the country (purpose binding): else everybody has the clock of
Amsterdam, for nobody gave their time zone for this.
"""

from collections.abc import Sequence
from datetime import datetime

from akkoord.law.zones import ZONES
from akkoord.register.models import Purpose
from akkoord.register.queries import field_allowed

COUNTRY = "country"
_ZONES = ", ".join(f"('{country}', '{zone}')" for country, zone in sorted(ZONES.items()))
# Index: people_postaladdress's of the person. The newest living address says where somebody is.
_DUE = f"""
coalesce((SELECT (%s::timestamptz AT TIME ZONE 'Europe/Amsterdam') AT TIME ZONE z.zone
            FROM people_postaladdress a
            JOIN (VALUES {_ZONES}) AS z(country, zone) ON z.country = a.country
           WHERE a.person_id = picked.person_id AND a.ended_at IS NULL
           ORDER BY a.id DESC LIMIT 1), %s)
"""  # noqa: S608 - constants


def due_sql(own_clock_at: datetime | None, *, at: datetime) -> tuple[str, list[datetime]]:
    """When a row is due, as SQL over `picked`, and its parameters."""
    if own_clock_at is None:
        return "%s", [at]
    return _DUE, [own_clock_at, own_clock_at]


def may_use_country(purpose: Purpose, also: Sequence[Purpose] = ()) -> bool:
    """Whether the country was asked for every one of these topics."""
    return all(COUNTRY in field_allowed(each.activity_key) for each in (purpose, *also))
