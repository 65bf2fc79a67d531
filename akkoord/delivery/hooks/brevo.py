"""Brevo: no signature; who knows the secret address (or the token with it) is Brevo.

Its events have no number of their own: the letter, the kind and the moment together are one.
"""

from typing import Any

from akkoord.delivery.bounce_words import best_status
from akkoord.delivery.hooks.told import (
    Event,
    EventKind,
    Fetch,
    Post,
    Told,
    objects,
    our_id,
    read_json,
    words,
)

MARK_HEADER = "X-Mailin-custom"  # comes back in each event as it went
_KINDS = {
    "hard_bounce": EventKind.HARD,
    "invalid_email": EventKind.HARD,
    "soft_bounce": EventKind.SOFT,
    "blocked": EventKind.BLOCK,
    "spam": EventKind.COMPLAINT,
    "complaint": EventKind.COMPLAINT,
    "unsubscribed": EventKind.UNSUBSCRIBE,
}


def read(post: Post, *, proof: str, fetch: Fetch) -> Told:  # noqa: ARG001 - one shape for all
    """What Brevo tells. Raises HookUnreadable."""
    told = Told()
    for each in objects(read_json(post.body)):
        kind = _KINDS.get(words(each.get("event")))
        if kind is None:
            told.ignored += 1
        else:
            told.events.append(_event(each, kind))
    return told


def _event(each: dict[str, Any], kind: EventKind) -> Event:
    letter = words(each.get("message-id"))
    moment = words(each.get("ts_event")) or words(each.get("ts")) or words(each.get("date"))
    status = best_status("", words(each.get("reason")))
    identity = our_id(each.get(MARK_HEADER), letter)
    return Event(f"{kind} {letter} {identity} {moment}", kind, identity, status=status)
