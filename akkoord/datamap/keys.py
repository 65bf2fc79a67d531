"""The five keys, and the only functions that use them.

- `suppression`: keyed hashes of normalised addresses (art. 21(3): who objected stays out, also
  after erasure, and the list itself tells nobody's address);
- `tokens`: signatures of links in mails;
- `files`: master of the attachments' own keys;
- `certificate`: Ed25519, signs certificates of erasure and heads of the ledger;
- `vapid`: P-256, says to push services who sends (RFC 8292); browsers subscribe to this very key.

They stand in `DATA/keys`, 0600, never in the database nor in its backup. Their fingerprints stand
in the database: a start with other keys is refused, because suppressed people would come back and
old withdrawal links would die without a word.
"""

import base64
import binascii
import contextlib
import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction

from akkoord.datamap.models import KeyFingerprint

NAMES = ("suppression", "tokens", "files", "certificate", "vapid")
LATER = frozenset({"vapid"})  # recovery files from before it was there have none
KEY_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MAC_BYTES = 16  # 128 bits: no forgery by guessing, and links stay short
TOKEN_VERSION = 1
_FORMAT = "akkoord-key-v1"


class KeyProblem(Exception):
    """Keys are missing, damaged or not the ones that the database knows; says what to do."""


def keyed_hash(normalised: str) -> bytes:
    """The keyed hash (HMAC-SHA256, 32 bytes) of a normalised address or number."""
    return hmac.digest(_key("suppression"), normalised.encode(), "sha256")


def sign_token(purpose: str, payload: bytes) -> str:
    """A token for a link: the payload and its signature, urlsafe.

    The payload is readable for whoever has the token, so it holds identifiers, never personal
    data. A token signed for one purpose is none for another.
    """
    body = bytes([TOKEN_VERSION]) + payload
    return base64.urlsafe_b64encode(body + _token_mac(purpose, body)).rstrip(b"=").decode()


def read_token(purpose: str, token: str) -> bytes | None:
    """The payload of a token signed for this purpose, or None for anything else; never raises."""
    try:
        raw = base64.b64decode(
            token.encode("ascii") + b"=" * (-len(token) % 4),
            altchars=b"-_",
            validate=True,
        )
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if len(body) < 1 or body[0] != TOKEN_VERSION:
        return None
    if not hmac.compare_digest(_token_mac(purpose, body), mac):
        return None
    # One token has one spelling: the unused bits of the last character are zero.
    spelled = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return body[1:] if hmac.compare_digest(spelled, token) else None


def _token_mac(purpose: str, body: bytes) -> bytes:
    """The signature under a key of this purpose's own: HMAC-SHA256 (RFC 2104).

    By hand, from two hashes that were begun once: the library's own object takes twice as long
    to copy, and every letter carries four signatures.
    """
    begun_inner, begun_outer = _purpose_mac(_key("tokens"), purpose)
    inner, outer = begun_inner.copy(), begun_outer.copy()
    inner.update(body)
    outer.update(inner.digest())
    return outer.digest()[:MAC_BYTES]


@functools.lru_cache(maxsize=64)
def _purpose_mac(tokens_key: bytes, purpose: str) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """The inner and the outer hash, begun with the purpose's key; each token goes on from copies.

    Kept: a letter to a million signs four million tokens, and the key's part is the same in all.
    """
    key = hmac.digest(tokens_key, b"akkoord token v1\0" + purpose.encode(), "sha256")
    padded = key.ljust(hashlib.sha256().block_size, b"\0")
    return (
        hashlib.sha256(bytes(each ^ 0x36 for each in padded)),
        hashlib.sha256(bytes(each ^ 0x5C for each in padded)),
    )


def files_key() -> bytes:
    """The master key that wraps the attachments' own keys."""
    return _key("files")


def certificate_sign(content: bytes) -> bytes:
    """The Ed25519 signature (64 bytes) of a certificate's content."""
    return Ed25519PrivateKey.from_private_bytes(_key("certificate")).sign(content)


def certificate_public_key() -> bytes:
    """The public key (32 bytes) that certificates are checked with."""
    return Ed25519PrivateKey.from_private_bytes(_key("certificate")).public_key().public_bytes_raw()


def certificate_holds(content: bytes, signature: bytes) -> bool:
    """Whether our certificate key signed this content."""
    try:
        Ed25519PublicKey.from_public_bytes(certificate_public_key()).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def vapid_public_key() -> bytes:
    """The public key (an uncompressed point, 65 bytes) that browsers subscribe to."""
    public = _vapid().public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def vapid_sign(content: bytes) -> bytes:
    """The ES256 signature (64 bytes, RFC 7518 3.4) by which a push service knows us."""
    r, s = decode_dss_signature(_vapid().sign(content, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _vapid() -> ec.EllipticCurvePrivateKey:
    # From 1 to order - 1, whatever the 32 random bytes are.
    number = int.from_bytes(_key("vapid"), "big") % (P256_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def fingerprint(name: str, key: bytes) -> str:
    """What the database may know of a key: a hash that tells keys apart and nothing else."""
    return hashlib.sha256(b"akkoord key fingerprint v1\0" + name.encode() + b"\0" + key).hexdigest()


def fingerprints() -> dict[str, str]:
    """The fingerprints of the keys in the data folder."""
    return {name: fingerprint_of(name) for name in NAMES}


def fingerprint_of(name: str) -> str:
    """The fingerprint of one key in the data folder."""
    return fingerprint(name, _key(name))


def check_keys() -> None:
    """Make the keys at set-up, and refuse keys that are not the database's own.

    The first start on an empty database makes the keys and records their fingerprints. After
    that a missing or another key raises KeyProblem, and nothing is made or changed.
    """
    with transaction.atomic():
        known = dict(KeyFingerprint.objects.select_for_update().values_list("name", "fingerprint"))
        missing = [name for name in NAMES if not key_file(name).exists()]
        lost = [name for name in missing if name in known]
        if lost:
            raise KeyProblem(
                f"The data folder has no key for {', '.join(lost)}, and this database was made "
                "with one. Put the keys back with `akkoord keys import FILE`."
            )
        for name in missing:
            make_key(name)
        found = fingerprints()
        other = [name for name in NAMES if name in known and known[name] != found[name]]
        if other:
            raise KeyProblem(
                f"The keys in the data folder ({', '.join(other)}) are not the ones that this "
                "database was made with. People who objected would not be recognised, and links "
                "in old mails would stop working. Bring the right keys with `akkoord keys import "
                "FILE`, or name the right data folder with --data."
            )
        KeyFingerprint.objects.bulk_create(
            [KeyFingerprint(name=name, fingerprint=found[name]) for name in NAMES],
            ignore_conflicts=True,
        )


def make_key(name: str) -> None:
    """Make one key, once, whoever comes first; an existing one is never touched."""
    _store(name, secrets.token_bytes(KEY_BYTES))


def export_keys() -> dict[str, str]:
    """All keys as text, for a recovery file that the owner keeps apart from the backup."""
    return {name: base64.b64encode(_key(name)).decode() for name in NAMES}


def import_keys(exported: Mapping[str, str]) -> None:
    """Put exported keys in place.

    Refused with KeyProblem when one is missing or damaged, or when the folder holds another key
    under that name; nothing is written then. A file from before a key was there lacks it: the
    next start makes it, unless the database knows one.
    """
    read: dict[str, bytes] = {}
    for name in NAMES:
        if name in LATER and name not in exported:
            continue
        try:
            read[name] = base64.b64decode(exported.get(name, ""), validate=True)
        except (binascii.Error, ValueError):
            read[name] = b""
        if len(read[name]) != KEY_BYTES:
            raise KeyProblem(f"The recovery file has no usable key for {name}.")
        if key_file(name).exists() and _key(name) != read[name]:
            raise KeyProblem(
                f"The data folder has another key for {name} already. Move {key_file(name)} away "
                "first if you are sure."
            )
    for name, key in read.items():
        _store(name, key)


def key_file(name: str) -> Path:
    """Where a key stands."""
    return Path(settings.DATA_DIR) / "keys" / name


def _store(name: str, key: bytes) -> None:
    """Write a key, 0600 in a folder of 0700, whole or not at all."""
    path = key_file(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{name}-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{_FORMAT} {name} {base64.b64encode(key).decode()}\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _key(name: str) -> bytes:
    """A key's bytes; KeyProblem when it is missing or damaged."""
    return _read(settings.DATA_DIR, name)


@functools.cache
def _read(folder: Path, name: str) -> bytes:
    """A key's bytes from its file, read once per process."""
    path = f"{folder}/keys/{name}"
    try:
        head, named, text = Path(path).read_text().split()
        key = base64.b64decode(text, validate=True)
    except FileNotFoundError:
        raise KeyProblem(f"The key {name} is missing: {path}") from None
    except (OSError, ValueError):
        head, named, key = "", "", b""
    if head != _FORMAT or named != name or len(key) != KEY_BYTES:
        raise KeyProblem(f"The key {name} cannot be read: {path}")
    return key
