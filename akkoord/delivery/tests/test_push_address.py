"""End-points: push services on the public internet, nothing of our own network (SSRF)."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.delivery.push_address import (
    MAX_ENDPOINT,
    BadEndpoint,
    connect,
    is_public_address,
    read_endpoint,
)

# A real shape per push service; the tokens are made up.
GOOD = [
    "https://fcm.googleapis.com/fcm/send/dEm0:APA91bHdem0",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABdem0",
    "https://web.push.apple.com/QDem0",
    "https://wns2-am3p.notify.windows.com/w/?token=BQYAAAdem0%3d",
]


@pytest.mark.parametrize("text", GOOD)
def test_push_services_are_taken_as_they_are(text: str) -> None:
    assert read_endpoint(text) == text
    assert read_endpoint(text.replace("https://", "HTTPS://")) == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "malformed"),
        ("fcm.googleapis.com/fcm", "malformed"),
        ("https://", "malformed"),
        ("https:///wpush", "malformed"),
        ("https://user:word@push.example.com/x", "malformed"),
        ("https://push.example.com\\@127.0.0.1/x", "malformed"),
        ("https://push.example.com/x#y", "malformed"),
        ("https://push.example.com/ x", "malformed"),
        ("https://push.example.com/\r\nHost: x", "malformed"),
        ("https://push.example.com:port/x", "malformed"),
        ("https://[::1/x", "malformed"),
        ("https://push.example.com/" + "x" * MAX_ENDPOINT, "malformed"),
        ("http://push.example.com/x", "not-https"),
        ("ftp://push.example.com/x", "not-https"),
        ("file:///etc/passwd", "malformed"),
        ("https://push.example.com:5432/x", "not-https"),
        ("https://localhost/x", "not-public"),
        ("https://127.0.0.1/x", "not-public"),
        ("https://127.1/x", "not-public"),
        ("https://2130706433/x", "not-public"),
        ("https://0x7f.0.0.1/x", "not-public"),
        ("https://[::1]/x", "not-public"),
        ("https://[::ffff:10.0.0.1]/x", "not-public"),
        ("https://10.0.0.5/x", "not-public"),
        ("https://169.254.169.254/latest/meta-data", "not-public"),
        ("https://8.8.8.8/x", "not-public"),  # public, but no push service goes by a bare number
        ("https://database/x", "not-public"),
        ("https://printer.local/x", "not-public"),
        ("https://metadata.google.internal/x", "not-public"),
        ("https://intranet.corp/x", "not-public"),
        ("https://router.home.arpa/x", "not-public"),
        ("https://push.example.com./x", ""),
    ],
)
def test_inside_addresses_and_nonsense_are_refused(text: str, fault: str) -> None:
    if not fault:
        assert read_endpoint(text) == "https://push.example.com/x"
        return
    with pytest.raises(BadEndpoint) as problem:
        read_endpoint(text)
    assert problem.value.fault.value == fault


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadEndpoint):
        read_endpoint(text)


def test_the_tests_own_stub_needs_the_setting() -> None:
    stub = "http://127.0.0.1:4242/push/1"
    assert read_endpoint(stub, allow_loopback=True) == stub
    with pytest.raises(BadEndpoint):
        read_endpoint("http://10.0.0.1:4242/push/1", allow_loopback=True)


INSIDE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::1", "64:ff9b::7f00:1"),
    *("64:ff9b::a00:1", "nonsense"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["142.250.1.1", "2a00:1450:4013::5f", "64:ff9b::8efa:101"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public_address(address)


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """A resolver that is the visitor's own: any name leads where they like."""
    found = [
        (
            socket.AF_INET6 if ":" in each else socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (each, 443),
        )
        for each in addresses
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("::1",), ("142.250.1.1", "10.0.0.1"), ("169.254.169.254",)]
)
def test_a_public_name_that_leads_inside_is_refused_when_we_connect(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    answering(monkeypatch, *addresses)
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, to: asked.append(to))
    with pytest.raises(BadEndpoint):
        connect("push.example.com", 443, timeout=1)
    assert not asked  # not a byte went there


def test_we_connect_to_the_very_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "142.250.1.1")
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, to: asked.append(to))
    connect("push.example.com", 443, timeout=1).close()
    assert asked == [("142.250.1.1", 443)]
