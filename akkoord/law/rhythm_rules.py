"""Less often and not now: what a person may ask of a topic without leaving it.

A pause and a frequency are wishes, never consent: they only ever take away. Sources: art. 7(3)
(as easy as giving) and art. 25 AVG; the numbers are our own choice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from akkoord.law.decisions import Decision, first_refusal
from akkoord.law.parameters import term_end
from akkoord.law.reasons import Reason
from akkoord.law.terms import add_months


class Rhythm(StrEnum):
    """At most one letter of a topic in this time. Stored values: never renamed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


def next_turn(last: datetime, rhythm: Rhythm) -> datetime:
    """The first moment at which a next letter may leave, after one that left at `last`."""
    if rhythm is Rhythm.WEEK:
        return last + timedelta(days=7)
    day = add_months(last.date(), 1 if rhythm is Rhythm.MONTH else 3)
    return datetime.combine(day, last.timetz())


def longest_pause(today: date) -> date:
    """The last day up to which a pause may run: after it nobody remembers having asked."""
    end = term_end("pause-limit", today)
    return end or today


def judge_pause(until: date, *, today: date) -> Decision:
    """Whether a pause may run up to this day: after today, and no longer than the limit."""
    return first_refusal(
        (until > today, Reason.IMPOSSIBLE_TIME),
        (until <= longest_pause(today), Reason.PAUSE_TOO_LONG),
    )
