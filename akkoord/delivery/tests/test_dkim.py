"""Signatures that somebody else's verifier (dkimpy) accepts."""

import re
from concurrent.futures import ThreadPoolExecutor

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from akkoord.delivery import dkim as dkim_module
from akkoord.delivery.dkim import DkimKeyError, DkimSigner, relaxed_body

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


@pytest.mark.parametrize("kind", KEYS)
def test_a_body_that_comes_again_is_hashed_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head is personal, the body may be the same; each is accepted, and each change noticed."""
    hashed: list[bytes] = []

    def counted(body: bytes) -> bytes:
        hashed.append(body)
        return relaxed_body(body)

    monkeypatch.setattr(dkim_module, "relaxed_body", counted)
    signer = DkimSigner(private_key=KEYS[kind], domain="example.nl", selector="akkoord")
    personal = MESSAGE.replace(b"wereld", b"Anna")
    letters = [MESSAGE, MESSAGE.replace(b"zoe@", b"bram@"), personal, MESSAGE]
    for letter in letters:
        signed = signer.sign(letter)
        assert verified(signed, signer)
        assert not verified(signed.replace(b"twee", b"drie"), signer)
    bodies = [each.partition(b"\r\n\r\n")[2] for each in letters]
    assert hashed == [bodies[0], bodies[2], bodies[3]]


def test_threads_that_sign_different_bodies_mix_nothing_up() -> None:
    signer = SIGNERS["ed25519"]
    letters = [MESSAGE.replace(b"wereld", b"wereld %d" % (number % 3)) for number in range(300)]
    with ThreadPoolExecutor(4) as threads:
        for signed in threads.map(signer.sign, letters):
            assert verified(signed, signer)


@pytest.mark.parametrize("kind", SIGNERS)
def test_seals_of_a_forwarder_stay_as_they_are_and_none_is_added(kind: str) -> None:
    """ARC is for who forwards (RFC 8617 5.1); a sender neither makes nor changes nor signs it."""
    sealed = (
        b"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=forwarder.example; s=arc; b=Zm9yd2FyZA==\r\n"
        b"ARC-Authentication-Results: i=1; mx.forwarder.example;\r\n dkim=pass\r\n" + MESSAGE
    )
    signed = SIGNERS[kind].sign(sealed)
    assert signed.endswith(sealed)
    assert signed.lower().count(b"arc-") == sealed.lower().count(b"arc-")
    assert verified(signed, SIGNERS[kind])
    # A forwarder may add its own after us (RFC 8617 4.1): the signature stands.
    assert verified(sealed.partition(b"From:")[0] + SIGNERS[kind].sign(MESSAGE), SIGNERS[kind])
