"""Log-in joined to the rest: no sign-up, mail by the outbox, a lock-out that knows no names."""

import base64
import os
from email.utils import formataddr
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, override

from akkoord.datamap import keys
from akkoord.delivery.outbox import enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.register.queries import organisation

NONCE_BYTES = 12


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the owner, never by a visitor."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The cut address, for limits on attempts."""
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a word for "unknown"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a staff mail (a new password) to the outbox; nothing is sent in a request.

        In the language of the member of staff, from the organisation's own address.
        """
        house = organisation()
        language = getattr(context.get("user"), "language", "") or get_language()
        with override(language):
            mail = self.render_mail(template_prefix, email, {**context, "house": house})
        enqueue_mail(
            kind=MessageKind.STAFF,
            recipient=email,
            subject=mail.subject,
            text=str(mail.body),
            headers={"From": formataddr((house.sender_name, house.sender_email))}
            if house
            else None,
            at=timezone.now(),
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors encrypted, so that a backup alone opens nothing."""

    def encrypt(self, text: str) -> str:
        """A secret, sealed with AES-GCM under a key derived from the file master."""
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), b"mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; empty when it was sealed with another key, so that no code ever fits."""
        raw = base64.b64decode(encrypted_text)
        try:
            return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], b"mfa").decode()
        except InvalidTag:
            return ""


def _cipher() -> AESGCM:
    """The cipher of second factors' secrets."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"akkoord mfa v1")
    return AESGCM(derived.derive(keys.files_key()))


def client_ip(request: HttpRequest) -> str | None:
    """The visitor's cut address (`visitors.CutAddressMiddleware` did the cutting)."""
    return str(request.META.get("REMOTE_ADDR", "")) or None


def hashed_log_in(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """What the lock-out keeps instead of the name that was typed: a keyed hash of it."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or given.get("login")
    if not name and request is not None:
        name = request.POST.get("login")
    return keys.keyed_hash(f"log-in:{str(name or '').strip().lower()}").hex()


def nobody(*_values: object) -> str:
    """What a log line of the lock-out says about the visitor."""
    return "a visitor"
