"""SendGrid: a list of events, signed as a whole with ECDSA (P-256, SHA-256)."""

from base64 import b64decode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from akkoord.delivery.bounce_words import BounceKind, best_status, judge
from akkoord.delivery.hooks.told import (
    MARK,
    Event,
    EventKind,
    Fetch,
    HookRefused,
    Post,
    Told,
    check_moment,
    objects,
    our_id,
    read_json,
    words,
)

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_BY_CLASS = {
    "Invalid Address": EventKind.HARD,
    "Reputation": EventKind.BLOCK,
    "Content": EventKind.BLOCK,
    "Frequency or Volume Too High": EventKind.BLOCK,
    "Technical Failure": EventKind.SOFT,
}
_DROPPED = {
    "Bounced Address": EventKind.HARD,
    "Invalid": EventKind.HARD,
    "Spam Reporting Address": EventKind.COMPLAINT,
}
_NO = {
    "spamreport": EventKind.COMPLAINT,
    "unsubscribe": EventKind.UNSUBSCRIBE,
    "group_unsubscribe": EventKind.UNSUBSCRIBE,
}


def key_of(text: str) -> EllipticCurvePublicKey | None:
    """The verification key as SendGrid shows it (base64 of DER); None for what is none."""
    try:
        key = load_der_public_key(b64decode("".join(text.split()), validate=True))
    except ValueError:
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def read(post: Post, *, proof: str, fetch: Fetch) -> Told:  # noqa: ARG001 - one shape for all
    """What SendGrid tells. `proof`: its key. Raises HookRefused and HookUnreadable."""
    key = key_of(proof)
    moment = post.headers.get(TIMESTAMP, "")
    if key is None:
        raise HookRefused("key")
    try:
        signature = b64decode(post.headers.get(SIGNATURE, ""), validate=True)
        key.verify(signature, moment.encode() + post.body, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise HookRefused("signature") from None
    check_moment(moment, at=post.at)
    told = Told()
    for each in objects(read_json(post.body)):
        event = _event(each)
        if event is None:
            told.ignored += 1
        else:
            told.events.append(event)
    return told


def _event(each: dict[str, Any]) -> Event | None:
    name, number = words(each.get("event")), words(each.get("sg_event_id"))
    reason = words(each.get("reason"))
    status = best_status(words(each.get("status")), reason)
    kind = _NO.get(name)
    if name == "dropped":
        kind = _DROPPED.get(reason)
    elif name == "bounce":
        kind = _bounce(each, status, reason)
    if kind is None or not number:
        return None
    return Event(number, kind, our_id(each.get(MARK), each.get("smtp-id")), status=status)


def _bounce(each: dict[str, Any], status: str, reason: str) -> EventKind:
    if words(each.get("type")) == "blocked":
        return EventKind.BLOCK
    known = _BY_CLASS.get(words(each.get("bounce_classification")))
    if known is not None:
        return known
    found = judge(status or "5.0.0", reason)
    return {BounceKind.SOFT: EventKind.SOFT, BounceKind.BLOCK: EventKind.BLOCK}.get(
        found, EventKind.HARD
    )
