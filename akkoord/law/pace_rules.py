"""How fast letters leave: a new sender's first days, and a mail provider that asks for patience.

No law sets these numbers; large mail providers do, by refusing who comes too fast. They are our
own choice, on the careful side. Pure: rates and counts in, rates and counts out.
"""

from __future__ import annotations

from datetime import date

WARM_UP = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 80_000)  # letters a day
FIRST_SLOW = 1_800.0  # letters an hour to a provider that asked for patience the first time
SLOWEST = 60.0
FREE_AGAIN = 20_000.0  # from here on there is no limit any more
_OF_ONE_MAILBOX = ("4.2.",)  # RFC 3463: the mailbox, not its provider


def limit_on(begun_on: date, day: date) -> int | None:
    """How many may leave on a day of a warm-up; None: it is over, or has not begun."""
    number = (day - begun_on).days
    return WARM_UP[number] if 0 <= number < len(WARM_UP) else None


def days_needed(count: int, *, begun_on: date, today: date, used: int) -> int:
    """Over how many days so many letters leave during a warm-up, today included; 0 for none.

    `used`: what left today already.
    """
    if count <= 0:
        return 0
    number = (today - begun_on).days
    left, days = count, 0
    for place in range(max(number, 0), len(WARM_UP)):
        left -= max(0, WARM_UP[place] - (used if days == 0 else 0))
        days += 1
        if left <= 0:
            return days
    return days + 1  # the limits are over: the rest leaves on that day


def is_about_provider(code: str) -> bool:
    """Whether an answer for now (4xx) is the provider's, and not of one full mailbox."""
    _reply, _space, enhanced = code.partition(" ")
    return code.startswith("4") and not enhanced.startswith(_OF_ONE_MAILBOX)


def slower(per_hour: float | None) -> float:
    """The rate after a provider asked for patience: half; None: there was no limit yet."""
    return FIRST_SLOW if per_hour is None else max(SLOWEST, per_hour / 2)


def faster(per_hour: float) -> float | None:
    """The rate after all went well for a while; None: no limit any more."""
    raised = per_hour * 1.25
    return None if raised >= FREE_AGAIN else raised
