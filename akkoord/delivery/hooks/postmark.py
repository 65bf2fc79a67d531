"""Postmark: no signature; who knows the secret address (or the password with it) is Postmark.

Postmark gives letters a number of its own, so ours travels with them as metadata.
"""

from typing import Any

from akkoord.delivery.bounce_words import best_status
from akkoord.delivery.hooks.told import (
    MARK,
    Event,
    EventKind,
    Fetch,
    Post,
    Told,
    inner,
    objects,
    our_id,
    read_json,
    words,
)

_KINDS = {
    "HardBounce": EventKind.HARD,
    "BadEmailAddress": EventKind.HARD,
    "SoftBounce": EventKind.SOFT,
    "Transient": EventKind.SOFT,
    "DnsError": EventKind.SOFT,
    "Undeliverable": EventKind.SOFT,
    "Blocked": EventKind.BLOCK,
    "SpamNotification": EventKind.BLOCK,
    "VirusNotification": EventKind.BLOCK,
    "DMARCPolicy": EventKind.BLOCK,
    "SpamComplaint": EventKind.COMPLAINT,
}


def read(post: Post, *, proof: str, fetch: Fetch) -> Told:  # noqa: ARG001 - one shape for all
    """What Postmark tells. Raises HookUnreadable."""
    told = Told()
    for each in objects(read_json(post.body)):
        event = _event(each)
        if event is None:
            told.ignored += 1
        else:
            told.events.append(event)
    return told


def _event(each: dict[str, Any]) -> Event | None:
    record = words(each.get("RecordType"))
    identity = our_id(inner(each, "Metadata", MARK))
    number = words(each.get("ID"))
    if record == "SubscriptionChange":
        own_act = each.get("SuppressSending") is True and each.get("Origin") == "Recipient"
        if not own_act or each.get("SuppressionReason") != "ManualSuppression":
            return None  # a bounce or a complaint comes as itself, too
        number = f"{words(each.get('MessageID'))} {words(each.get('ChangedAt'))}"
        return Event(f"change {number}", EventKind.UNSUBSCRIBE, identity)
    kind = EventKind.COMPLAINT if record == "SpamComplaint" else None
    if record == "Bounce":
        kind = _KINDS.get(words(each.get("Type")))
    if kind is None or not number:
        return None
    status = best_status("", words(each.get("Details")))
    return Event(number, kind, identity, status=status)
