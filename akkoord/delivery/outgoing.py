"""What goes into a transport and what comes out of it: one outcome for every message."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class OutcomeKind(StrEnum):
    """What is known about a message after a transport had it."""

    SENT = "sent"  # the other side took responsibility (RFC 5321 4.2.5: final 250)
    REJECTED = "rejected"  # refused for good (5xx); never try this one again unchanged
    DEFERRED = "deferred"  # refused for now (4xx, greylisting); try later
    NOT_HANDED = "not-handed"  # it never left whole; safe to try again
    UNCERTAIN = "uncertain"  # it left whole, and no answer came; never re-send silently


@dataclass(slots=True)
class Outgoing:
    """One message for one address.

    `content`: the whole message with CRLF line ends, or a function that makes it; it is called
    shortly before hand-over. `hand_over_by`: a `time.monotonic()` moment after which the message
    may not leave any more (two seconds after its gate check); the transport gives it back as
    `not-handed` with code `stale`. `subject_id` is stored only by the built-in mailbox, so that
    erasure finds the copy. `is_clean`: made by the compiler, whose lines all end in CRLF and never
    begin with a dot, so that not every byte needs another look. `headers`: what a push service is
    told beside the content; mail carries its own. `return_path` makes an envelope sender for this
    letter alone (VERP), for a server that keeps it.
    """

    key: Hashable
    sender: str
    recipient: str
    content: bytes | Callable[[], bytes]
    hand_over_by: float = math.inf
    subject_id: UUID | None = None
    is_clean: bool = False
    headers: Mapping[str, str] | None = None
    return_path: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message.

    `code` is short and holds nothing personal (`250`, `550 5.1.1`, `stale`, `lost`): store this.
    `text` is what the server said and may repeat the address: never log it. `wait`: seconds that
    the other side asks us to stay away (`Retry-After`); 0: it did not say.
    """

    key: Hashable
    kind: OutcomeKind
    code: str
    text: str = field(default="", repr=False)
    wait: float = 0.0


@dataclass(slots=True)
class SendReport:
    """The count per kind of outcome; `unavailable` says why the server could not be used."""

    counts: dict[OutcomeKind, int] = field(default_factory=lambda: dict.fromkeys(OutcomeKind, 0))
    unavailable: str = ""


OnOutcome = Callable[[Outcome], None]
MayHandOver = Callable[[Outgoing], bool]


def always(_message: Outgoing) -> bool:
    """The answer for messages that need no fresh look at the gate (single service mails)."""
    return True


def built(outgoing: Outgoing) -> bytes | None:
    """The content, or None when it cannot be made."""
    if isinstance(outgoing.content, bytes):
        return outgoing.content
    try:
        return outgoing.content()
    except Exception:  # one message that cannot be made must not stop the others
        return None


class Transport(Protocol):
    """A way out for messages. One contract test goes over every implementation.

    `leaves_database_alone`: it uses no database itself, so the caller's connection may be used by
    another thread while it hands over.
    """

    name: str
    leaves_database_alone: bool

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Hand over every message; `on_outcome` is called exactly once for each one taken.

        `may_hand_over` is asked immediately before the bytes that commit are written, and may
        be asked before that too; a message it refuses comes back as `not-handed`, `stale`. Both
        are called in the caller's own thread, with no event loop running: the ORM may be used.
        Raises for no single message. When the server cannot be used at all, the rest comes back
        as `not-handed` with code `unavailable`; an endless source should stop on that.
        """
        ...

    def sync(self) -> None:
        """Write down what was learnt of the way itself; may use the database."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
