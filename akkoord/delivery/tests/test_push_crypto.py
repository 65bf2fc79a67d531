"""The example of RFC 8291 (section 5 and appendix A), to the byte; keys of any browser."""

import json
import time

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from akkoord.datamap import keys
from akkoord.delivery.push_crypto import (
    MAX_PLAINTEXT,
    BadKeys,
    as_bytes,
    as_text,
    encrypt,
    point_of,
    read_keys,
    vapid_header,
)
from akkoord.delivery.tests.push_service import Browser, PushService, unb64

PLAINTEXT = b"When I grow up, I want to be a watermelon"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_POINT = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SENDER_POINT = (
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
)
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Q"
    "ulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_to_the_byte() -> None:
    assert point_of(private(SENDER).public_key()) == unb64(SENDER_POINT)
    assert point_of(private(RECEIVER).public_key()) == unb64(RECEIVER_POINT)
    body = encrypt(
        PLAINTEXT,
        p256dh=RECEIVER_POINT,
        auth=AUTH,
        sender=private(SENDER),
        salt=unb64(SALT),
    )
    assert as_text(body) == BODY


def test_the_reader_of_the_tests_opens_the_example_of_the_rfc() -> None:
    browser = Browser("", private(RECEIVER), unb64(AUTH))
    assert browser.open(unb64(BODY)) == PLAINTEXT


@given(st.binary(max_size=MAX_PLAINTEXT).filter(lambda text: not text.endswith(b"\0")))
def test_only_the_browser_itself_reads_it(content: bytes) -> None:
    browser, other = Browser(""), Browser("")
    body = encrypt(content, **browser.keys, pad_to=600)
    assert browser.open(body) == content
    assert len(body) <= 4096
    with pytest.raises(InvalidTag):
        other.open(body)


def test_the_length_of_a_text_does_not_show() -> None:
    browser = Browser("")
    short, long = (encrypt(text, **browser.keys, pad_to=900) for text in (b"a", b"a" * 800))
    assert len(short) == len(long)


def test_too_long_for_a_record_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MAX_PLAINTEXT + 1), **Browser("").keys)


@pytest.mark.parametrize("spelling", [str, lambda text: text + "=", lambda text: f" {text} "])
def test_keys_in_any_spelling_of_base64(spelling: object) -> None:
    keys_of = Browser("").keys
    text = keys_of["p256dh"].replace("-", "+").replace("_", "/")
    assert read_keys(spelling(text), keys_of["auth"] + "==") == tuple(keys_of.values())  # type: ignore[operator]


GOOD = Browser("").keys
OFF_CURVE = as_text(b"\x04" + bytes(63) + b"\x05")


@pytest.mark.parametrize(
    ("p256dh", "auth", "which"),
    [
        ("", GOOD["auth"], "p256dh"),
        ("hallo", GOOD["auth"], "p256dh"),
        (OFF_CURVE, GOOD["auth"], "p256dh"),
        (as_text(b"\x02" + unb64(GOOD["p256dh"])[1:33]), GOOD["auth"], "p256dh"),  # compressed
        (as_text(unb64(GOOD["p256dh"])[:-1]), GOOD["auth"], "p256dh"),
        (as_text(b"\x06" + unb64(GOOD["p256dh"])[1:]), GOOD["auth"], "p256dh"),  # hybrid
        (GOOD["p256dh"] * 40, GOOD["auth"], "p256dh"),
        ("é" * 87, GOOD["auth"], "p256dh"),
        (GOOD["p256dh"], "", "auth"),
        (GOOD["p256dh"], as_text(bytes(15)), "auth"),
        (GOOD["p256dh"], as_text(bytes(17)), "auth"),
        (GOOD["p256dh"], "%%%", "auth"),
    ],
    # Names of their own: the key differs from run to run.
    ids=(
        *("none", "word", "off-curve", "compressed", "short", "hybrid", "long", "not-ascii"),
        *("no-secret", "short-secret", "long-secret", "no-base64"),
    ),
)
def test_bad_keys_are_refused(p256dh: str, auth: str, which: str) -> None:
    with pytest.raises(BadKeys, match=which):
        read_keys(p256dh, auth)


@given(st.text(max_size=120), st.text(max_size=40))
def test_any_text_is_read_or_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        read_keys(p256dh, auth)


def test_the_sender_is_known_by_our_key() -> None:
    header = vapid_header(
        "https://push.example.com", contact="info@example.nl", at=int(time.time())
    )
    service = PushService(keys.vapid_public_key(), "https://push.example.com")
    claims = service.check_sender({"authorization": header})
    assert claims["sub"] == "mailto:info@example.nl"
    assert "example.nl" not in json.dumps(header)  # only inside the signed part
    with pytest.raises(AssertionError):
        PushService(Browser("").point, "https://push.example.com").check_sender(
            {"authorization": header}
        )


def test_our_key_is_a_key_and_stays_the_same() -> None:
    assert len(keys.vapid_public_key()) == 65
    assert keys.vapid_public_key() == keys.vapid_public_key()
    assert as_bytes(as_text(keys.vapid_public_key())) == keys.vapid_public_key()
