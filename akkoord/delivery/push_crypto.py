"""Encryption of web push (RFC 8291, RFC 8188) and the sender's signature (VAPID, RFC 8292).

A push service sees an end-point and a sealed envelope; only the browser that made the keys can
open it. Written out here on `cryptography`, because the library for it brings an asynchronous and
a synchronous HTTP client along; held to the vectors of the RFC in the tests.
"""

from __future__ import annotations

import base64
import binascii
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from akkoord.datamap.keys import vapid_public_key, vapid_sign

POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
RECORD_SIZE = 4096  # one record; a push service takes no more (RFC 8030 7.2)
MAX_PLAINTEXT = 3993  # RFC 8291 4: record, minus header, tag and delimiter
VAPID_SECONDS = 12 * 3600  # RFC 8292 2: at most a day
_LAST_RECORD = b"\x02"


class BadKeys(ValueError):
    """What a browser is said to have made are no such keys; the message is a word, no key."""


def read_keys(p256dh: str, auth: str) -> tuple[str, str]:
    """The browser's public point and secret, checked, in their one spelling.

    Raises BadKeys: `p256dh` when it is no uncompressed point on P-256, `auth` when it is not 16
    bytes (RFC 8291 3.1, 3.2).
    """
    point, secret = _bytes_of(p256dh), _bytes_of(auth)
    if len(point) != POINT_BYTES or point[:1] != b"\x04":
        raise BadKeys("p256dh")
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)  # off the curve: refused
    except ValueError:
        raise BadKeys("p256dh") from None
    if len(secret) != AUTH_BYTES:
        raise BadKeys("auth")
    return as_text(point), as_text(secret)


def as_text(content: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def as_bytes(text: str) -> bytes:
    """Back from `as_text`; raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _bytes_of(text: str) -> bytes:
    """Bytes of a browser's base64, whichever alphabet it chose; empty when it is none."""
    plain = text.strip().replace("+", "-").replace("/", "_").rstrip("=")
    try:
        return as_bytes(plain) if len(plain) <= 200 and plain.isascii() else b""
    except (binascii.Error, ValueError):
        return b""


def encrypt(
    content: bytes,
    *,
    p256dh: str,
    auth: str,
    pad_to: int = 0,
    sender: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message for one browser, content coding `aes128gcm`.

    `pad_to`: a length that hides how long the text is. `sender` and `salt` are fresh for every
    message; only a test gives them. Raises ValueError when it does not fit in one record.
    """
    if len(content) > MAX_PLAINTEXT:
        raise ValueError("too long for one push message")
    ours = sender or generate_private_key(SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    their_point = as_bytes(p256dh)
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), their_point)
    our_point = point_of(ours.public_key())
    input_key = _hkdf(
        ours.exchange(ECDH(), theirs),
        salt=as_bytes(auth),
        info=b"WebPush: info\0" + their_point + our_point,
        length=32,
    )
    key = _hkdf(input_key, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _hkdf(input_key, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    padding = bytes(max(0, min(pad_to, MAX_PLAINTEXT) - len(content)))
    sealed = AESGCM(key).encrypt(nonce, content + _LAST_RECORD + padding, None)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return header + sealed


def point_of(public: EllipticCurvePublicKey) -> bytes:
    """A public key as an uncompressed point."""
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def vapid_header(origin: str, *, contact: str, at: int) -> str:
    """The `Authorization` header that says who sends (RFC 8292): good for one push service.

    `contact`: where the push service can write when something is wrong with our messages.
    """
    claims = {"aud": origin, "exp": at + VAPID_SECONDS, "sub": f"mailto:{contact}"}
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(as_text(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    token = f"{signed}.{as_text(vapid_sign(signed.encode()))}"
    return f"vapid t={token}, k={as_text(vapid_public_key())}"
