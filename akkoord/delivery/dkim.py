"""DKIM signatures (RFC 6376, RFC 8463), made for speed: relaxed/relaxed, one pass.

The one-click headers stand in `h=` (RFC 8058 4 asks for it, INV-22), and From is signed once more
than it occurs, so that nobody can add a second one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

SIGNED_HEADERS = (
    b"from",
    b"to",
    b"cc",
    b"reply-to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"feedback-id",
    b"auto-submitted",
)
_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class DkimKeyError(Exception):
    """The key cannot sign: unreadable, another kind, or RSA under 1024 bits (RFC 8301)."""


class DkimSigner:
    """Signs messages for one domain with one key."""

    def __init__(self, *, private_key: bytes, domain: str, selector: str) -> None:
        """`private_key`: PEM, RSA or Ed25519. Raises DkimKeyError."""
        try:
            key = serialization.load_pem_private_key(private_key, password=None)
        except (ValueError, TypeError) as problem:
            raise DkimKeyError("the DKIM key is no PEM private key without a password") from problem
        self._sign: Callable[[bytes], bytes]
        if isinstance(key, rsa.RSAPrivateKey):
            if key.key_size < 1024:
                raise DkimKeyError("the DKIM key is shorter than 1024 bits")
            rsa_key, scheme, digest = key, padding.PKCS1v15(), hashes.SHA256()
            self._sign = lambda words: rsa_key.sign(words, scheme, digest)
            self.algorithm = b"rsa-sha256"
            self.is_slow = True  # a quarter of a millisecond each: worth other threads
        elif isinstance(key, ed25519.Ed25519PrivateKey):
            ed_key = key
            # RFC 8463 3: the SHA-256 of the header is what is signed.
            self._sign = lambda words: ed_key.sign(hashlib.sha256(words).digest())
            self.algorithm = b"ed25519-sha256"
            self.is_slow = False
        else:
            raise DkimKeyError("a DKIM key is RSA or Ed25519")
        if not _SELECTOR.fullmatch(selector):
            raise DkimKeyError("the DKIM selector may hold letters, digits, dots and hyphens")
        self._key = key
        self._last = (b"", b"")  # a body and its hash
        self.domain = domain.encode("idna").decode().lower()
        self.selector = selector
        self._start = b"v=1; a=%s; c=relaxed/relaxed;\r\n\td=%s; s=%s;" % (
            self.algorithm,
            self.domain.encode(),
            selector.encode(),
        )

    @classmethod
    def from_file(cls, path: Path, *, domain: str, selector: str) -> DkimSigner:
        """A signer with the key in a file. Raises DkimKeyError."""
        try:
            return cls(private_key=path.read_bytes(), domain=domain, selector=selector)
        except OSError as problem:
            raise DkimKeyError("the DKIM key file cannot be read") from problem

    def public_record(self) -> str:
        """The text of the DNS record at `<selector>._domainkey.<domain>`."""
        public = self._key.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return "v=DKIM1; k=ed25519; p=" + base64.b64encode(raw).decode()
        der = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()

    def _hash_of(self, body: bytes) -> bytes:
        """The hash of the body, made once for bodies that follow each other and are the same.

        A campaign's are not: every letter holds the person's own ways out (INV-21), in its text
        part already, so nothing of it can be hashed ahead. Comparing ends at the first byte.
        """
        last, known = self._last  # read at once: letters are signed by several threads
        if known and body == last:
            return known
        made = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest())
        self._last = (body, made)
        return made

    def sign(self, message: bytes, *, at: int | None = None) -> bytes:
        """The message with its signature before it. `at`: seconds since 1970, now by default."""
        head, _, body = message.partition(b"\r\n\r\n")
        found: dict[bytes, list[bytes]] = {}
        for header in _FOLD.sub(b"", head).split(b"\r\n"):
            name, _, value = header.partition(b":")
            value = _BLANKS.sub(b" ", value).strip(b" ")
            found.setdefault(name.strip().lower(), []).append(value)
        names: list[bytes] = []
        signed: list[bytes] = []
        for name in SIGNED_HEADERS:
            for value in reversed(found.get(name, ())):  # from the bottom up (RFC 6376 5.4.2)
                names.append(name)
                signed.append(name + b":" + value + b"\r\n")
        names.append(b"from")  # oversigned (RFC 6376 5.4.2, 8.15)
        body_hash = self._hash_of(body)
        moment = int(time.time()) if at is None else at
        listed = b"\r\n\t:".join(b":".join(names[i : i + 4]) for i in range(0, len(names), 4))
        value = b"%s t=%d;\r\n\th=%s;\r\n\tbh=%s;\r\n\tb=" % (
            self._start,
            moment,
            listed,
            body_hash,
        )
        canonical = _BLANKS.sub(b" ", _FOLD.sub(b"", value))
        signature = self._sign(b"".join(signed) + b"dkim-signature:" + canonical)
        text = base64.b64encode(signature)
        folded = b"\r\n\t ".join(text[i : i + 70] for i in range(0, len(text), 70))
        return b"DKIM-Signature: " + value + folded + b"\r\n" + message


def relaxed_body(body: bytes) -> bytes:
    """The body in relaxed form (RFC 6376 3.4.4).

    Compiled messages are in that form already, by the way they are encoded; four quick searches
    find that out, and only others are rewritten.
    """
    if b"\t" in body or b"  " in body or b" \r\n" in body:
        body = _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"", body))
    if body.endswith((b"\r\n\r\n", b" ")) or body == b"\r\n":
        body = body.rstrip(b"\r\n ")
        return body + b"\r\n" if body else b""
    if body and not body.endswith(b"\r\n"):
        return body + b"\r\n"
    return body
