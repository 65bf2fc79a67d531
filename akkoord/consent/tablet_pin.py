"""The PIN that ends tablet mode, besides the password: whoever looks on at a log-in has not both.

Kept in the tablet's own session as a slow hash, with the count of wrong tries. After five the
browser is logged out and takes no PIN for a quarter of an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 4, 8
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """What a try came to: right, or how many are left, or how many minutes it is locked."""

    is_right: bool = False
    tries_left: int = 0
    locked_minutes: int = 0


def problem_with(pin: str) -> str:
    """Why this cannot be a PIN, in a sentence; empty: it can."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        return _("Choose 4 to 8 digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return _("Everybody tries this first. Choose other digits.")
    return ""


def with_pin(pin: str) -> dict[str, Any]:
    """What the session of a tablet keeps of its PIN."""
    return {"pin": make_password(pin), "wrong": 0, "locked_until": ""}


def try_pin(kept: dict[str, Any], pin: str, *, at: datetime) -> PinAnswer:
    """Judge one try and count it in what the session keeps; the caller stores that.

    A tablet that was set ready before there were PINs has none: then any is right.
    """
    if not kept.get("pin"):
        return PinAnswer(is_right=True)
    locked = _locked_minutes(kept, at)
    if locked:
        return PinAnswer(locked_minutes=locked)
    if check_password(pin, kept["pin"]):
        return PinAnswer(is_right=True)
    kept["wrong"] = int(kept.get("wrong", 0)) + 1
    if kept["wrong"] >= MOST_TRIES:
        kept["wrong"], kept["locked_until"] = 0, (at + LOCKED_FOR).isoformat()
        return PinAnswer(locked_minutes=_locked_minutes(kept, at))
    return PinAnswer(tries_left=MOST_TRIES - kept["wrong"])


def _locked_minutes(kept: dict[str, Any], at: datetime) -> int:
    until = kept.get("locked_until")
    if not until:
        return 0
    return max(0, ceil((datetime.fromisoformat(until) - at).total_seconds() / 60))


def sentence_of_pin(answer: PinAnswer) -> str:
    """What the page says of a try that was not right."""
    if answer.locked_minutes:
        return _("Too many wrong tries. Try again in %(n)s minutes.") % {"n": answer.locked_minutes}
    return _("This is not the PIN. You can try %(n)s more times.") % {"n": answer.tries_left}
