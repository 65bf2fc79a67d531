"""The keys: made once, checked against the database, one purpose per token."""

import base64
import hmac
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from akkoord.datamap import keys
from akkoord.datamap.models import KeyFingerprint


@pytest.fixture
def empty_data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@given(st.binary(max_size=64))
def test_a_token_reads_back(payload: bytes) -> None:
    assert keys.read_token("withdraw", keys.sign_token("withdraw", payload)) == payload


@given(st.text(max_size=20), st.binary(max_size=200))
def test_a_signature_is_the_library_s_own_hmac(purpose: str, body: bytes) -> None:
    key = hmac.digest(
        keys._key("tokens"), b"akkoord token v1\0" + purpose.encode("utf-8", "replace"), "sha256"
    )
    expected = hmac.digest(key, body, "sha256")[: keys.MAC_BYTES]
    purpose = purpose.encode("utf-8", "replace").decode()
    assert keys._token_mac(purpose, body) == expected


@given(st.binary(max_size=40), st.integers(min_value=0), st.characters())
def test_a_changed_token_reads_as_nothing(payload: bytes, at: int, letter: str) -> None:
    token = keys.sign_token("withdraw", payload)
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        assert keys.read_token("withdraw", changed) is None


@given(st.text())
def test_any_text_reads_as_nothing(text: str) -> None:
    assert keys.read_token("withdraw", text) is None


def test_a_token_of_one_purpose_is_none_for_another() -> None:
    assert keys.read_token("confirm", keys.sign_token("withdraw", b"1")) is None


def test_keyed_hashes_are_of_this_key_only(empty_data: Path) -> None:
    keys.make_key("suppression")
    own = keys.keyed_hash("jan@example.nl")
    assert len(own) == 32
    assert own == keys.keyed_hash("jan@example.nl") != keys.keyed_hash("piet@example.nl")
    assert b"example" not in own


def test_a_certificate_signature_holds_for_its_content_alone() -> None:
    signature = keys.certificate_sign(b"content")
    assert keys.certificate_holds(b"content", signature)
    assert not keys.certificate_holds(b"other", signature)


@pytest.mark.django_db
def test_keys_are_made_at_set_up_closed_to_others(empty_data: Path) -> None:
    keys.check_keys()
    assert stat.S_IMODE((empty_data / "keys").stat().st_mode) == 0o700
    for name in keys.NAMES:
        assert stat.S_IMODE((empty_data / "keys" / name).stat().st_mode) == 0o600
    assert dict(KeyFingerprint.objects.values_list("name", "fingerprint")) == keys.fingerprints()
    keys.check_keys()


@pytest.mark.django_db
def test_other_keys_are_refused(empty_data: Path, settings: Settings) -> None:
    keys.check_keys()
    other = empty_data / "other"
    settings.DATA_DIR = other
    with pytest.raises(keys.KeyProblem, match="has no key for"):
        keys.check_keys()
    assert not (other / "keys").exists(), "nothing may be made beside a database with other keys"
    for name in keys.NAMES:
        keys.make_key(name)
    with pytest.raises(keys.KeyProblem, match="not the ones"):
        keys.check_keys()


@pytest.mark.django_db
def test_exported_keys_can_be_imported_elsewhere(empty_data: Path, settings: Settings) -> None:
    keys.check_keys()
    exported = keys.export_keys()
    settings.DATA_DIR = empty_data / "elsewhere"
    keys.import_keys(exported)
    keys.check_keys()
    with pytest.raises(keys.KeyProblem, match="no usable key"):
        keys.import_keys({**exported, "tokens": "damaged"})
    with pytest.raises(keys.KeyProblem, match="another key"):
        keys.import_keys({**exported, "tokens": exported["files"]})


def test_a_token_is_signed_by_hmac_sha256(settings: Settings) -> None:
    """Under a key of its purpose's own: links in letters that left long ago must still be read."""
    own = hmac.digest(keys._key("tokens"), b"akkoord token v1\0stop", "sha256")
    body = bytes([keys.TOKEN_VERSION]) + b"payload"
    mac = hmac.digest(own, body, "sha256")[: keys.MAC_BYTES]
    raw = base64.urlsafe_b64decode(keys.sign_token("stop", b"payload") + "==")
    assert raw == body + mac


@pytest.mark.django_db
def test_a_recovery_file_from_before_push_still_serves(empty_data: Path) -> None:
    keys.check_keys()
    exported = keys.export_keys()
    assert "vapid" in exported
    old = {name: text for name, text in exported.items() if name != "vapid"}
    for name in keys.NAMES:
        keys.key_file(name).unlink()
    KeyFingerprint.objects.filter(name="vapid").delete()
    keys._read.cache_clear()
    keys.import_keys(old)
    keys.check_keys()  # makes the one that the file did not know
    assert len(keys.vapid_public_key()) == 65
    assert KeyFingerprint.objects.filter(name="vapid").exists()
    with pytest.raises(keys.KeyProblem, match="vapid"):
        keys.import_keys({**old, "vapid": "damaged"})
    keys._read.cache_clear()
