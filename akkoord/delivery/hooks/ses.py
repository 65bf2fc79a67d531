"""Amazon SES by Amazon SNS: a message that SNS signed, about a letter of ours.

The signature stands over the fields in the order of the alphabet; the certificate comes from a
host of SNS itself and from nowhere else. Only the topic that the owner named is listened to, also
when somebody else's topic asks us to subscribe.
"""

from __future__ import annotations

import re
from base64 import b64decode
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from akkoord.delivery.bounce_words import LISTED, best_status
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
    tag_of,
    words,
)

_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]
_HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}  # 1 is what SNS uses unless told otherwise
_MOST_CERTIFICATES = 20
_REFUSES_US = ("ContentRejected", "AttachmentRejected")
_certificates: dict[str, x509.Certificate] = {}
_lock = Lock()


def is_topic(text: str) -> bool:
    """Whether this is the name of a topic of SNS."""
    return bool(_TOPIC.fullmatch(text))


def read(post: Post, *, proof: str, fetch: Fetch) -> Told:
    """What SNS tells. `proof`: our topics. Raises HookRefused and HookUnreadable."""
    message = read_json(post.body)
    if not isinstance(message, dict):
        raise HookUnreadable
    kind = words(message.get("Type"))
    if kind not in _SIGNED:
        raise HookUnreadable
    if message.get("TopicArn") not in proof.split():
        raise HookRefused("topic")
    _check_signature(message, kind, post=post, fetch=fetch)
    check_moment(words(message.get("Timestamp")), at=post.at)
    if kind == "SubscriptionConfirmation":
        return Told(confirm=_own(message.get("SubscribeURL")))
    if kind == "UnsubscribeConfirmation":
        return Told(ignored=1)
    number = words(message.get("MessageId"))
    return _report(read_json(str(message.get("Message", "")).encode()), number)


def _check_signature(message: dict[str, Any], kind: str, *, post: Post, fetch: Fetch) -> None:
    """Raises HookRefused unless SNS signed exactly this."""
    names = [each for each in _SIGNED[kind] if isinstance(message.get(each), str)]
    said = "".join(f"{name}\n{message[name]}\n" for name in names)
    chosen = _HASHES.get(words(message.get("SignatureVersion")))
    if chosen is None:
        raise HookRefused("version")
    certificate = _certificate(_own(message.get("SigningCertURL")), fetch)
    if not certificate.not_valid_before_utc <= post.at <= certificate.not_valid_after_utc:
        raise HookRefused("certificate")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise HookRefused("certificate")
    try:
        signature = b64decode(str(message.get("Signature", "")), validate=True)
        key.verify(signature, said.encode(), PKCS1v15(), chosen())
    except (InvalidSignature, ValueError):
        raise HookRefused("signature") from None


def _own(value: Any) -> str:
    """An https address of SNS itself. Raises HookRefused for any other."""
    if not isinstance(value, str) or len(value) > 2_000:
        raise HookRefused("address")
    try:
        parts = urlsplit(value)
        is_own = parts.scheme == "https" and _HOST.fullmatch(parts.netloc)
    except ValueError:
        is_own = None
    if not is_own:
        raise HookRefused("address")
    return value


def _certificate(url: str, fetch: Fetch) -> x509.Certificate:
    """The certificate at an address of SNS, fetched once."""
    with _lock:
        known = _certificates.get(url)
    if known is not None:
        return known
    try:
        found = x509.load_pem_x509_certificate(fetch(url))
    except ValueError:
        raise HookRefused("certificate") from None
    with _lock:
        if len(_certificates) >= _MOST_CERTIFICATES:
            _certificates.clear()
        _certificates[url] = found
    return found


def forget_certificates() -> None:
    """Fetch them anew."""
    with _lock:
        _certificates.clear()


def _report(report: Any, number: str) -> Told:
    kind = words(inner(report, "notificationType")) or words(inner(report, "eventType"))
    heads = _heads(inner(report, "mail"))
    found = None
    if kind == "Bounce":
        found = _bounce(inner(report, "bounce"))
    elif kind == "Complaint" and inner(report, "complaint", "complaintFeedbackType") != "not-spam":
        found = EventKind.COMPLAINT, ""
    if found is None or not number:
        return Told(ignored=1)
    # SES gives a letter a Message-ID of its own; ours stands among the original headers.
    identity = our_id(heads.get("message-id"), inner(report, "mail", "commonHeaders", "messageId"))
    return Told(
        [Event(number, found[0], identity, tag_of(heads.get("list-unsubscribe")), found[1])]
    )


def _heads(mail: Any) -> dict[str, Any]:
    listed = inner(mail, "headers")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {words(each.get("name")).lower(): each.get("value") for each in found}


def _bounce(bounce: Any) -> tuple[EventKind, str] | None:
    """The kind and code; None: an automatic answer, which SES calls a bounce as well."""
    kind, sub = words(inner(bounce, "bounceType")), words(inner(bounce, "bounceSubType"))
    listed = inner(bounce, "bouncedRecipients")
    first = listed[0] if isinstance(listed, list) and listed else {}
    said = words(inner(first, "diagnosticCode"))
    status = best_status(words(inner(first, "status")), said)
    if LISTED.search(said) or sub in _REFUSES_US:
        return EventKind.BLOCK, status
    if kind == "Permanent":
        return EventKind.HARD, status
    if kind == "Transient" and sub == "General" and not inner(first, "action") and not status:
        return None
    return (EventKind.SOFT, status) if kind in ("Transient", "Undetermined") else None
