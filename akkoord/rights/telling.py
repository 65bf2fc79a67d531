"""Telling recipients: a signed message to their system or a mail with a link, until they answer.

The mail names nobody: who it is about stands behind the link. The message is signed with the key
of the certificates (Ed25519), so that a recipient can tell it from a forgery.
"""

import base64
import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from akkoord.datamap.keys import certificate_public_key, certificate_sign, read_token, sign_token
from akkoord.delivery.https_line import HttpsLine
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.delivery.push_address import BadEndpoint, read_endpoint
from akkoord.law.message_kinds import MessageKind
from akkoord.register.models import Recipient
from akkoord.register.queries import organisation
from akkoord.rights.certificate import canonical
from akkoord.rights.models import RecipientNotice
from akkoord.rights.recipients import acknowledge, content_of
from akkoord.trail.actions import Actor

FORMAT = "akkoord-recipient-notice-1"
LINK = "recipient-notice"
BACK_OFF_HOURS = (1, 4, 24, 72, 168)  # then every week, until the term is over
ANSWER = 64 * 1024
AT_ONCE = 100
SECONDS = 20.0


def tell_due(*, at: datetime, loopback: bool = False) -> int:
    """Tell every recipient whose turn it is; how many were reached. Safe to do again.

    Each by itself: one that does not answer holds no other up. `loopback`: only in tests.
    """
    due = RecipientNotice.objects.filter(
        state__in=[RecipientNotice.State.WAITING, RecipientNotice.State.TOLD],
        next_at__lte=at,
        until__gte=at.date(),
    ).exclude(sealed=None)
    keys = list(due.order_by("next_at").values_list("id", flat=True)[:AT_ONCE])
    return sum(_tell(key, at=at, loopback=loopback) for key in keys)


def _tell(notice_id: UUID, *, at: datetime, loopback: bool) -> bool:
    """One attempt, which is written down before it is made."""
    with transaction.atomic():
        notice = (
            RecipientNotice.objects.select_for_update(skip_locked=True)
            .filter(id=notice_id, next_at__lte=at)
            .exclude(sealed=None)
            .first()
        )
        if notice is None:
            return False
        hours = BACK_OFF_HOURS[min(notice.attempts, len(BACK_OFF_HOURS) - 1)]
        notice.attempts += 1
        notice.next_at = at + timedelta(hours=hours)
        notice.save(update_fields=["attempts", "next_at"])
    recipient = Recipient.objects.get(id=notice.recipient_id)
    if recipient.told_by == Recipient.ToldBy.WEBHOOK:
        problem, is_answered = _post(notice, recipient.told_at, loopback=loopback)
    else:
        problem, is_answered = _mail(notice, recipient, at=at), False
    if is_answered:
        return acknowledge(notice_id=notice.id, at=at, actor=Actor.system())
    values: dict[str, Any] = {"problem": problem}
    if not problem:
        values |= {"state": RecipientNotice.State.TOLD, "told_at": at}
    RecipientNotice.objects.filter(id=notice.id, acknowledged_at=None).update(**values)
    return not problem


def document_of(notice: RecipientNotice) -> dict[str, Any]:
    """What a recipient is told."""
    house = organisation()
    return {
        "format": FORMAT,
        "id": str(notice.id),
        "kind": notice.kind,
        "organisation": house.name if house else "",
        "made_at": notice.made_at.isoformat(),
        "people": content_of(notice),
        "acknowledge": acknowledge_link(notice.id),
    }


def acknowledge_link(notice_id: UUID) -> str:
    """Where a recipient sees whom it is about, and says that it was done."""
    path = reverse("rights_public:recipient", args=[sign_token(LINK, notice_id.bytes)])
    return f"{settings.BASE_URL}{path}"


def read_link(token: str) -> RecipientNotice | None:
    """The notice of a link; None: forged, or long gone."""
    payload = read_token(LINK, token)
    if payload is None or len(payload) != 16:
        return None
    return RecipientNotice.objects.filter(id=UUID(bytes=payload)).first()


def _post(notice: RecipientNotice, address: str, *, loopback: bool) -> tuple[str, bool]:
    """Post it; answers what went wrong (nothing: it arrived) and whether it was acknowledged.

    Https and public addresses only; no redirect is followed, no proxy used.
    """
    body = canonical(document_of(notice))
    try:
        url = urlsplit(read_endpoint(address, allow_loopback=loopback))
    except BadEndpoint as bad:
        return bad.fault.value, False
    tls = ssl.create_default_context() if url.scheme == "https" else None
    port = url.port or (443 if tls else 80)
    line = HttpsLine(url.hostname or "", port, timeout=SECONDS, tls=tls, loopback=loopback)
    path = url.path + (f"?{url.query}" if url.query else "")
    try:
        line.request("POST", path, body, _signed(body))
        answer = line.getresponse()
        text = answer.read(ANSWER)
    except BadEndpoint as bad:
        return bad.fault.value, False
    except (OSError, http.client.HTTPException, ValueError):
        return "no-answer", False
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        return f"status-{answer.status}", False
    return "", _is_answer(text, notice.id)


def _signed(body: bytes) -> Mapping[str, str]:
    return {
        "Content-Type": "application/json",
        "Akkoord-Signature": base64.b64encode(certificate_sign(body)).decode(),
        "Akkoord-Public-Key": base64.b64encode(certificate_public_key()).decode(),
    }


def _is_answer(text: bytes, notice_id: UUID) -> bool:
    """Whether an answer names the very notice: a 2xx alone says that it was heard, not done."""
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("acknowledged") == str(notice_id)


def _mail(notice: RecipientNotice, recipient: Recipient, *, at: datetime) -> str:
    """Mail the link; answers what went wrong."""
    house = organisation()
    context = {"organisation": house, "link": acknowledge_link(notice.id), "notice": notice}
    language = "nl" if recipient.country in ("NL", "BE") else "en"
    with translation.override(language):
        parts = dict(_rendered(context))
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=MessageKind.RECIPIENT_NOTICE,
            recipient=recipient.told_at,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            html=parts["body.html"],
            headers=sender,
            at=at,
        )
    except UnfitMail:
        return "unfit-address"
    return ""


def _rendered(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part in ("subject.txt", "body.txt", "body.html"):
        yield part, render_to_string(f"rights/mail/recipient/{part}", dict(context))
