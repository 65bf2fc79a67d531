"""Under sixteen: how long a parent's yes carries, and when the child is asked anew (INV-14).

Nobody is asked a birth date, so of a child only one thing is known: on that day they were under
sixteen. Hence both limits count from that day. The youngest child with a mailbox of their own
could be sixteen after the longest term; any child could be sixteen after the shortest.
"""

from __future__ import annotations

from datetime import datetime

from akkoord.law.parameters import parameter
from akkoord.law.terms import add_years


def parents_yes_until(known_at: datetime) -> datetime:
    """From when a parent's yes carries nothing more: by then the child is sixteen for certain.

    `known_at`: the last day on which they were known to be under sixteen. The years between the
    age of consent and the youngest who signs up themselves (law parameters).
    """
    on = known_at.date()
    years = parameter("age-of-consent", on) - parameter("youngest-sign-up", on)
    return _years_after(known_at, years)


def own_yes_from(known_at: datetime) -> datetime:
    """From when the child's own word "I am sixteen" counts, and they are asked each year.

    Not sooner: who was under sixteen yesterday and sixteen today only wants to pass the parent.
    """
    return _years_after(known_at, parameter("child-asked-anew", known_at.date()))


def may_say_sixteen(known_at: datetime | None, *, at: datetime) -> bool:
    """Whether the own word of a known child counts; unknown since when is a no (INV-2)."""
    return known_at is not None and at >= own_yes_from(known_at)


def _years_after(moment: datetime, years: int) -> datetime:
    return datetime.combine(add_years(moment.date(), years), moment.timetz())
