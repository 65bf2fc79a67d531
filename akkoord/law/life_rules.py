"""How long a yes counts, and when it is asked anew or told again (art. 5(1)(e), 7(1) AVG).

The law sets no term; EDPB 05/2020 advises to refresh at intervals. The organisation chooses per
topic, and tells it; a yes keeps the term of the day on which it was given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from akkoord.law.parameters import parameter
from akkoord.law.terms import add_months

SHORTEST_MONTHS = 3
LONGEST_MONTHS = 60
LONGEST_LEAD_WEEKS = 12


def advised_months(at: datetime) -> int:
    """After how many months a yes is best asked anew (law parameter `consent-refresh`)."""
    return parameter("consent-refresh", at.date())


def counts_until(given_at: datetime, months: int | None) -> datetime | None:
    """The moment from which a yes of this moment no longer counts; None: until it is stopped."""
    if months is None:
        return None
    return datetime.combine(add_months(given_at.date(), months), given_at.timetz())


def asks_from(until: datetime, weeks: int) -> datetime | None:
    """From when somebody may be asked whether the yes still stands; None: never by mail."""
    return until - timedelta(weeks=weeks) if weeks else None


def may_last(months: int | None) -> bool:
    """Whether a term can be chosen: none, or from three months to five years."""
    return months is None or SHORTEST_MONTHS <= months <= LONGEST_MONTHS
