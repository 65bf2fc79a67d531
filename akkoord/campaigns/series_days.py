"""When a step is due: days and hours of the clock in Amsterdam. Pure."""

from datetime import UTC, datetime, time, timedelta

from akkoord.law.terms import LAW_ZONE, law_day


def due_moment(at: datetime, delay_days: int, hour: int) -> datetime:
    """So many days later at this hour in Amsterdam; no days is at once.

    An hour that the clock goes forward over is the one after it.
    """
    if not delay_days:
        return at
    day = law_day(at) + timedelta(days=delay_days)
    return datetime.combine(day, time(hour), LAW_ZONE).astimezone(UTC)
