"""When a planned letter leaves: wall-clock times, and what happens to a plan that was missed.

A time on a clock is not always a moment: one hour of the year does not exist and one comes twice.
Who plans says a time of the clock; here it becomes none, one or two moments, and nothing is
guessed. The margin and the day are our own choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from akkoord.law.parameters import duration
from akkoord.law.terms import LAW_ZONE, law_day

FARTHEST = timedelta(days=366)  # a plan beyond a year is a slip of the pen
QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # nobody is woken by a letter


class TimeProblem(StrEnum):
    """Why a typed time is no moment to send at. Stable codes."""

    NO_DAY = "no-such-day"
    NO_CLOCK = "no-such-time"
    SKIPPED = "time-does-not-exist"  # the clock goes forward over it
    TWICE = "time-comes-twice"  # the clock goes back over it: which one?
    PAST = "time-is-past"
    FAR = "time-is-far"


@dataclass(frozen=True, slots=True)
class Planned:
    """A typed time as it was understood: the moment, or what is wrong with it."""

    at: datetime | None
    problem: TimeProblem | None = None


def moments_of(wall: datetime, zone: ZoneInfo = LAW_ZONE) -> tuple[datetime, ...]:
    """The moments at which the clocks of a place show this: none in spring's gap, two in autumn."""
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall and moment not in found:
            found.append(moment)
    return tuple(sorted(found))


def read_day(text: str) -> date | None:
    """A typed day (2026-12-01), or None: also for 30 February."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """A typed time (09:00), or None."""
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def plan_at(day: str, clock: str, *, now: datetime, which: int | None = None) -> Planned:
    """A typed day and time as the moment to send at, or what is wrong with it.

    `which`: 1 or 2, said by who plans when the time comes twice.
    """
    read, hour = read_day(day), read_clock(clock)
    if read is None:
        return Planned(None, TimeProblem.NO_DAY)
    if hour is None:
        return Planned(None, TimeProblem.NO_CLOCK)
    if read.year in (MINYEAR, MAXYEAR):  # no zone reaches beyond the calendar's ends
        return Planned(None, TimeProblem.PAST if read.year == MINYEAR else TimeProblem.FAR)
    moments = moments_of(datetime.combine(read, hour.replace(second=0, microsecond=0)))
    if not moments:
        return Planned(None, TimeProblem.SKIPPED)
    if len(moments) == 2 and which not in (1, 2):
        return Planned(None, TimeProblem.TWICE)
    return judge_moment(moments[(which or 1) - 1 if len(moments) == 2 else 0], now=now)


def judge_moment(at: datetime, *, now: datetime) -> Planned:
    """Whether a moment may be planned: it lies ahead, and within a year."""
    if at <= now:
        return Planned(None, TimeProblem.PAST)
    if at > now + FARTHEST:
        return Planned(None, TimeProblem.FAR)
    return Planned(at)


def is_missed(planned: datetime, *, at: datetime) -> bool:
    """Whether it is too late to begin by itself: a person decides then."""
    return at - planned > duration("missed-plan", law_day(at))


def quiet_until(at: datetime) -> datetime | None:
    """The end of the night that this moment lies in, in Amsterdam; None by day."""
    local = at.astimezone(LAW_ZONE)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, LAW_ZONE).astimezone(UTC)


def last_leaves(first: datetime, *, minutes: int, rests_at_night: bool) -> datetime:
    """When the last letter leaves of what is spread over so many minutes; nights do not count."""
    left = timedelta(minutes=minutes)
    if not rests_at_night:
        return first + left
    at = (quiet_until(first) or first).astimezone(UTC)
    while True:
        evening = datetime.combine(at.astimezone(LAW_ZONE).date(), QUIET_FROM, LAW_ZONE)
        by_day = evening.astimezone(UTC) - at
        if left < by_day:
            return at + left
        left -= by_day
        at = quiet_until(evening) or evening
