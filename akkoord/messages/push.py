"""A push message: one short text for everybody, sealed for each device, with its own way out.

There are no fields of the person in it: who allows push may be unknown to us (INV-12), and the
text of a notification stands on a locked screen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from akkoord.consent.push_tokens import device_link, stop_link
from akkoord.delivery.push_crypto import encrypt
from akkoord.messages.mime import ascii_domain, one_line
from akkoord.messages.template import CompileError

TITLE, BODY, LINK = 50, 120, 1000
TTL_SECONDS = 24 * 3600  # what is a day old is no longer a message
PAD_TO = 1792  # every message looks as long as any other


@dataclass(frozen=True, slots=True)
class PushSource:
    """All that an author and the organisation put in; kept as JSON with what was approved.

    `subject` is the title. `contact`: where a push service can write (RFC 8292).
    """

    subject: str
    body: str
    link: str
    language: str
    contact: str
    topic: str

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> PushSource:
        """The source again from what `as_json` gave."""
        return cls(**values)


@dataclass(frozen=True, slots=True)
class CompiledPush:
    """A push message that may be sent, and the hash of what was approved."""

    source: PushSource
    content_hash: str

    def payload(
        self, *, dispatch_id: UUID, purpose_id: UUID, point_id: UUID, message_id: UUID, at: datetime
    ) -> bytes:
        """What one device's service worker gets to show, with its own ways out."""
        source = self.source
        stop = stop_link(point_id=point_id, purpose_id=purpose_id, message_id=message_id)
        message = {
            "title": source.subject,
            "body": source.body,
            "url": source.link,
            "icon": f"{settings.BASE_URL}/p/icoon.png",
            "lang": source.language,
            "tag": dispatch_id.hex,  # a repeat takes the place of the first
            "stop": stop,
            "page": device_link(point_id=point_id, at=at),
            "words": words(source),
        }
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def words(source: PushSource) -> dict[str, str]:
    """The words of the notification's own buttons, in the message's language."""
    with translation.override(source.language):
        return {
            "stop": _("Stop"),
            "page": _("My choices"),
            "stopped": _("It has stopped. You get no more %(topic)s.") % {"topic": source.topic},
            "where": _("Stopping? %(address)s") % {"address": short_address()},
        }


def short_address() -> str:
    """Where stopping is, short enough to stand in a notification."""
    return f"{urlsplit(settings.BASE_URL).netloc}/p/"


def sealed(payload: bytes, *, p256dh: str, auth: str) -> bytes:
    """The payload for one browser alone, as long as any other."""
    return encrypt(payload, p256dh=p256dh, auth=auth, pad_to=PAD_TO)


def compile_push(source: PushSource) -> CompiledPush:
    """Check a push message. Raises CompileError with a code and a place.

    Refused: an empty or too long title or text, a field of the person, a link that is no link,
    and an organisation without an address that answers.
    """
    _check_text("subject", source.subject, TITLE, "empty-subject")
    _check_text("body", source.body, BODY, "empty-body")
    if not is_link(source.link):
        raise CompileError("push-link", part="link")
    try:
        ascii_domain(source.contact)
    except (ValueError, UnicodeError) as problem:
        raise CompileError("bad-address", part="sender") from problem
    plain = json.dumps(source.as_json(), ensure_ascii=True, sort_keys=True)
    return CompiledPush(source, hashlib.sha256(plain.encode()).hexdigest())


def _check_text(part: str, text: str, most: int, empty: str) -> None:
    if not text.strip():
        raise CompileError(empty, part=part)
    if len(text) > most:
        raise CompileError("push-too-long", part=part)
    if "{{" in text or "{%" in text:
        raise CompileError("push-no-fields", part=part)
    if text != one_line(text):
        raise CompileError("push-one-line", part=part)


def is_link(text: str) -> bool:
    """Whether a notification may open it: https, or a page of our own."""
    if not text or len(text) > LINK or text != one_line(text) or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    own = text.startswith(f"{settings.BASE_URL}/")
    return own or (parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc)
