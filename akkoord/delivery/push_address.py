"""Where a push message may be posted: a push service on the public internet, nothing else.

An end-point is typed by a visitor's browser, so it may name anything: our own database, the
router, a cloud's metadata. It is read strictly when it comes in, and the address that its name
resolves to is looked at again when we connect, to exactly that address.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

MAX_ENDPOINT = 2048
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_PRINTABLE = re.compile(r"[!-~]+")
# Names that no public resolver should answer (RFC 6761, 6762, 8375; in use inside companies).
_INSIDE = frozenset(
    [
        "localhost",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "test",
        "invalid",
        "example",
        "onion",
        "arpa",
    ]
)
_WRAPPED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in NAT64 (RFC 6052)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class EndpointFault(StrEnum):
    """Why an end-point is refused."""

    MALFORMED = "malformed"
    NOT_HTTPS = "not-https"
    NOT_PUBLIC = "not-public"


class BadEndpoint(ValueError):
    """No push message goes there; `fault` says why, the message repeats no address."""

    def __init__(self, fault: EndpointFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_endpoint(text: str, *, allow_loopback: bool = False) -> str:
    """An end-point in its one spelling. Raises BadEndpoint.

    Only https, at the usual port, at a public name: no user, no bare IP address, no name that is
    known inside a network only. `allow_loopback` takes this machine's own stub besides, in tests.
    """
    text = text.strip()
    if not text or len(text) > MAX_ENDPOINT or not _PRINTABLE.fullmatch(text):
        raise BadEndpoint(EndpointFault.MALFORMED)
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise BadEndpoint(EndpointFault.MALFORMED) from None
    if not host or "@" in parts.netloc or parts.fragment or "\\" in text:
        raise BadEndpoint(EndpointFault.MALFORMED)
    if allow_loopback and _is_loopback(host) and parts.scheme in ("http", "https"):
        return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))
    if parts.scheme != "https" or port not in (None, 443):
        raise BadEndpoint(EndpointFault.NOT_HTTPS)
    if not is_public_name(host):
        raise BadEndpoint(EndpointFault.NOT_PUBLIC)
    return urlunsplit(("https", host, parts.path or "/", parts.query, ""))


def is_public_name(host: str) -> bool:
    """Whether a host is a name that the public internet may know; never a bare address.

    The last part has letters only, so no spelling of an IP address passes (`127.1`, `0x7f.1`,
    `2130706433`).
    """
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or labels[-1] in _INSIDE:
        return False
    return all(map(_LABEL.fullmatch, labels)) and bool(_TOP.fullmatch(labels[-1]))


def is_public_address(text: str) -> bool:
    """Whether an IP address is on the public internet, also when another one is wrapped in it."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _wrapped(address)
    if inner is not None:
        return is_public_address(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _wrapped(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _WRAPPED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def connect(host: str, port: int, *, timeout: float, allow_loopback: bool = False) -> socket.socket:
    """Connect to a host, at an address that was checked: look-up and check are of the same answer.

    Raises BadEndpoint when the name leads to any address inside, OSError when nothing answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:  # one bad answer among good ones is a trick, not a mistake
        here = allow_loopback and _is_loopback(str(address[0]))
        if not here and not is_public_address(str(address[0])):
            raise BadEndpoint(EndpointFault.NOT_PUBLIC)
    problem: OSError = OSError("no address")
    for family, kind, protocol, _name, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as this:
            sock.close()
            problem = this
        else:
            return sock
    raise problem


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
