"""Mailgun: an event with a signature beside it (HMAC-SHA256 over moment and token).

The signature does not cover the event itself, so a token that came in before is refused: else who
overheard one post could write others.
"""

import hmac
from hashlib import sha256
from typing import Any

from akkoord.delivery.bounce_words import BounceKind, best_status, judge
from akkoord.delivery.hooks.told import (
    Event,
    EventKind,
    Fetch,
    HookRefused,
    HookUnreadable,
    Post,
    Told,
    check_moment,
    inner,
    our_id,
    read_json,
    words,
)

_NO = {"complained": EventKind.COMPLAINT, "unsubscribed": EventKind.UNSUBSCRIBE}
_KNOWN_BEFORE = {
    "suppress-bounce": EventKind.HARD,
    "suppress-complaint": EventKind.COMPLAINT,
    "suppress-unsubscribe": EventKind.UNSUBSCRIBE,
}


def read(post: Post, *, proof: str, fetch: Fetch) -> Told:  # noqa: ARG001 - one shape for all
    """What Mailgun tells. `proof`: its signing key. Raises HookRefused and HookUnreadable."""
    found = read_json(post.body)
    moment, token, signature = (
        words(inner(found, "signature", name)) for name in ("timestamp", "token", "signature")
    )
    if not isinstance(found, dict) or not token:
        raise HookUnreadable
    expected = hmac.new(proof.encode(), f"{moment}{token}".encode(), sha256).hexdigest()
    if not proof or not hmac.compare_digest(expected.encode(), signature.encode()):
        raise HookRefused("signature")
    check_moment(moment, at=post.at)
    event = _event(inner(found, "event-data"))
    return Told([event] if event else [], ignored=int(event is None), once=token)


def _event(each: Any) -> Event | None:
    name, number = words(inner(each, "event")), words(inner(each, "id"))
    said = " ".join(
        words(inner(each, "delivery-status", part)) for part in ("message", "description")
    )
    codes = (words(inner(each, "delivery-status", part)) for part in ("enhanced-code", "code"))
    status = best_status("", " ".join([*codes, said]))
    kind = _NO.get(name)
    if name == "failed" and inner(each, "severity") == "permanent":  # else it tries again itself
        kind = _KNOWN_BEFORE.get(words(inner(each, "reason"))) or _failed(each, status, said)
    if kind is None or not number:
        return None
    return Event(number, kind, our_id(inner(each, "message", "headers", "message-id")), "", status)


def _failed(each: Any, status: str, said: str) -> EventKind:
    if inner(each, "delivery-status", "bounce-type") == "soft":
        return EventKind.SOFT
    found = judge(status or "5.0.0", said)
    return {BounceKind.SOFT: EventKind.SOFT, BounceKind.BLOCK: EventKind.BLOCK}.get(
        found, EventKind.HARD
    )
