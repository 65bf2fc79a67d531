"""Signatures that somebody else's verifier (dkimpy) accepts."""

import re

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from akkoord.delivery.dkim import DkimKeyError, DkimSigner

MESSAGE = (
    b"From: De Fietsenmakerij <nieuws@example.nl>\r\n"
    b"To: =?utf-8?b?Wm/Dqw==?= <zoe@example.org>\r\n"
    b"Subject:  Nieuws   uit\r\n\tde werkplaats\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@example.nl>\r\n"
    b"List-Unsubscribe: <https://example.nl/u/abc>,\r\n <mailto:stop@example.nl>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"List-Id: <nieuws.example.nl>\r\n"
    b"\r\n"
    b"Hallo  wereld \r\nregel\t twee\r\n\r\n\r\n"
)


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


KEYS = {
    "rsa": pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    "ed25519": pem(ed25519.Ed25519PrivateKey.generate()),
}
SIGNERS = {
    kind: DkimSigner(private_key=key, domain="example.nl", selector="akkoord")
    for kind, key in KEYS.items()
}


def verified(message: bytes, signer: DkimSigner) -> bool:
    record = signer.public_record().encode()
    return bool(dkim.verify(message, dnsfunc=lambda _name, **_more: record))


@pytest.mark.parametrize("kind", SIGNERS)
def test_dkimpy_accepts_it_and_notices_a_change(kind: str) -> None:
    signed = SIGNERS[kind].sign(MESSAGE)
    assert verified(signed, SIGNERS[kind])
    assert not verified(signed.replace(b"wereld", b"werelt"), SIGNERS[kind])
    assert not verified(signed.replace(b"u/abc", b"u/xyz"), SIGNERS[kind])
    assert not verified(b"From: evil@example.com\r\n" + signed, SIGNERS[kind])
    assert signed.endswith(MESSAGE)


@pytest.mark.parametrize("kind", SIGNERS)
def test_inv22_both_one_click_headers_are_signed_and_from_is_oversigned(kind: str) -> None:
    header = SIGNERS[kind].sign(MESSAGE).partition(b"\r\nFrom:")[0]
    found = re.search(rb"h=([^;]*);", header)
    assert found is not None
    names = re.sub(rb"\s", b"", found.group(1)).split(b":")
    assert b"list-unsubscribe" in names
    assert b"list-unsubscribe-post" in names
    assert names.count(b"from") == 2
    assert all(len(line) <= 78 for line in header.split(b"\r\n"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b"b c", b"  ", b"."]), max_size=14))
def test_any_body_verifies(pieces: list[bytes]) -> None:
    head = MESSAGE.partition(b"\r\n\r\n")[0]
    # A body in a mail ends in CRLF (RFC 5321 4.1.1.4).
    signed = SIGNERS["ed25519"].sign(head + b"\r\n\r\n" + b"".join(pieces) + b"\r\n")
    assert verified(signed, SIGNERS["ed25519"])


def test_keys_that_cannot_sign_are_refused() -> None:
    for key in (b"nonsense", pem(ec.generate_private_key(ec.SECP256R1()))):
        with pytest.raises(DkimKeyError):
            DkimSigner(private_key=key, domain="example.nl", selector="akkoord")
    with pytest.raises(DkimKeyError):
        DkimSigner(private_key=KEYS["rsa"], domain="example.nl", selector="a;b")
