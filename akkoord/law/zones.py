"""Which clock hangs on the wall in a country: for letters at an hour of who gets them.

The zone of the capital; islands far away keep another one. Of the European Economic Area,
Switzerland and the United Kingdom: elsewhere a country says too little of the hour.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from akkoord.law.terms import LAW_ZONE

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "AT": "Europe/Vienna",
        "BE": "Europe/Brussels",
        "BG": "Europe/Sofia",
        "CH": "Europe/Zurich",
        "CY": "Asia/Nicosia",
        "CZ": "Europe/Prague",
        "DE": "Europe/Berlin",
        "DK": "Europe/Copenhagen",
        "EE": "Europe/Tallinn",
        "ES": "Europe/Madrid",
        "FI": "Europe/Helsinki",
        "FR": "Europe/Paris",
        "GB": "Europe/London",
        "GR": "Europe/Athens",
        "HR": "Europe/Zagreb",
        "HU": "Europe/Budapest",
        "IE": "Europe/Dublin",
        "IS": "Atlantic/Reykjavik",
        "IT": "Europe/Rome",
        "LI": "Europe/Vaduz",
        "LT": "Europe/Vilnius",
        "LU": "Europe/Luxembourg",
        "LV": "Europe/Riga",
        "MT": "Europe/Malta",
        "NL": "Europe/Amsterdam",
        "NO": "Europe/Oslo",
        "PL": "Europe/Warsaw",
        "PT": "Europe/Lisbon",
        "RO": "Europe/Bucharest",
        "SE": "Europe/Stockholm",
        "SI": "Europe/Ljubljana",
        "SK": "Europe/Bratislava",
    }
)
EARLIEST: Final = timedelta(hours=2)
"""How much earlier than in Amsterdam an hour comes in any of these zones, at the most."""


def on_their_clock(moment: datetime, country: str) -> datetime:
    """When the clock in this country shows what it shows in Amsterdam at `moment` (aware).

    A country that is not in the table has the clock of Amsterdam.
    """
    wall = moment.astimezone(LAW_ZONE).replace(tzinfo=None)
    return wall.replace(tzinfo=ZoneInfo(ZONES.get(country, LAW_ZONE.key)), fold=0)
