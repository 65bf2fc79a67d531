"""IP addresses are cut before they touch anything."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akkoord.law.ip import truncate_ip


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("192.0.2.77", "192.0.2.0"),
        (" 192.0.2.77 ", "192.0.2.0"),
        ("192.0.2.0", "192.0.2.0"),
        ("192.0.2.77/24", "192.0.2.0"),
        ("192.0.2.77:8080", "192.0.2.0"),
        ("2001:db8:1:2:3::9", "2001:db8:1::"),
        ("2001:db8:1::", "2001:db8:1::"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("2002:c000:024d::1", "192.0.2.0"),
        ("", None),
        ("unknown", None),
        ("192.0.2", None),
        ("192.0.2.256", None),
        ("192.000.2.07", None),
        ("[2001:db8", None),
    ],
)
def test_what_remains(text: str, cut: str | None) -> None:
    """/24 for version 4, /48 for version 6, nothing for what is no address."""
    assert truncate_ip(text) == cut


@given(st.ip_addresses())
def test_cutting_twice_is_cutting_once(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """And whoever shares the network cannot be told apart."""
    cut = truncate_ip(str(address))
    assert cut is not None
    assert truncate_ip(cut) == cut


@given(st.ip_addresses(v=4), st.integers(0, 255))
def test_the_last_byte_never_shows(address: ipaddress.IPv4Address, last: int) -> None:
    """Also when it is wrapped in a mapped or a 6to4 address."""
    value = int(address)
    neighbour = ipaddress.IPv4Address(value - value % 256 + last)
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (value << 80) | 1)
    wanted = truncate_ip(str(neighbour))
    assert truncate_ip(str(address)) == wanted
    assert truncate_ip(f"::ffff:{address}") == wanted
    assert truncate_ip(str(sixtofour)) == wanted


@given(st.text(max_size=40))
def test_any_text_gives_an_address_or_nothing(text: str) -> None:
    """Never an error, never the text itself."""
    cut = truncate_ip(text)
    assert cut is None or ipaddress.ip_address(cut)
