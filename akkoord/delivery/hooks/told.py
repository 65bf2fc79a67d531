"""The words that all providers' reports come down to, and what a reader of them may refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

OLDEST = timedelta(days=1)  # providers try again for up to a day
AHEAD = timedelta(minutes=15)  # clocks differ
MOST_EVENTS = 5_000
LONGEST = 500  # characters of a reason that are looked at
MARK = "akkoord"  # the name of the mark that a letter carries for providers who rename it


class EventKind(StrEnum):
    """What came of a letter. Unsubscribe: somebody used the provider's own way out."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Event:
    """One report about one letter. `key`: the provider's own number of it.

    Which letter: by our Message-ID, or by the signed tag of its way out. An address alone says
    nothing, so none is kept here.
    """

    key: str
    kind: EventKind
    message_id: UUID | None = None
    tag: str = ""
    status: str = ""


@dataclass(slots=True)
class Told:
    """What one post holds. `once`: a token that may come in once only; `confirm`: an address to
    visit so that the provider begins; `ignored`: how many events say nothing to us."""

    events: list[Event] = field(default_factory=list)
    ignored: int = 0
    once: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What was posted, with when. `headers`: names in lower case."""

    body: bytes
    headers: Mapping[str, str]
    at: datetime


class HookRefused(Exception):
    """Not proved to be the provider's, too old, or a replay; `why` names which, for tests."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class HookUnreadable(Exception):
    """It is no report: nothing can be done with it, and nothing was."""


Fetch = Callable[[str], bytes]  # an address of the provider itself -> what stands there
_OUR_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?=@|$)")
_MAILTO = re.compile(r"<mailto:[^+>\s]+\+([^@>?\s]+)@", re.IGNORECASE)


def read_json(body: bytes) -> Any:
    """The JSON of a post. Raises HookUnreadable."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HookUnreadable from None


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a post that is one or a list of them; other things are left out."""
    found = value if isinstance(value, list) else [value]
    if len(found) > MOST_EVENTS:
        raise HookUnreadable
    return [each for each in found if isinstance(each, dict)]


def inner(value: Any, *names: str) -> Any:
    """What stands at a path of names; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def words(value: Any) -> str:
    """A text or number of somebody else's as text; else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\0", "")[:LONGEST]


def our_id(*values: Any) -> UUID | None:
    """The first that holds a Message-ID or a mark of ours."""
    for value in values:
        if found := _OUR_ID.search(words(value).strip().strip("<>")):
            return UUID(found.group(1))
    return None


def tag_of(value: Any) -> str:
    """The signed tag in a List-Unsubscribe header."""
    found = _MAILTO.search(words(value))
    return found.group(1) if found else ""


def check_moment(text: str, *, at: datetime) -> None:
    """A moment in seconds, or as ISO 8601, that is of today. Raises HookRefused."""
    try:
        if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
            moment = datetime.fromtimestamp(float(text), UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        raise HookRefused("moment") from None
    if not at - OLDEST <= moment <= at + AHEAD:
        raise HookRefused("old")
