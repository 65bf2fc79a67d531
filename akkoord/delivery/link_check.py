"""Whether the links of a letter lead somewhere: asked of the public internet only.

An author may type any address, and so may whoever wrote to the author: a link is never a way to
ask our own network something (SSRF). Names and addresses are held to what push services are held
to; each redirect is looked at again.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

import dns.exception
import dns.name
import dns.resolver

from akkoord.delivery.push_address import BadEndpoint, EndpointFault, connect, is_public_name

MOST_LINKS = 30
REDIRECTS = 4
PATIENCE = 4.0  # seconds for one link
ALTOGETHER = 8.0  # seconds for all of them
AT_ONCE = 8
_MADE_UP = re.compile(r"(?:.*\.)?example\.(?:com|net|org|nl)")  # RFC 2606 and its Dutch sister
_NO_HEAD = frozenset({400, 403, 404, 405, 406, 500, 501, 503})  # asked again as a browser would
_NOT_FOR_ROBOTS = frozenset({401, 403, 407, 418, 429, 451, 999})


class LinkState(StrEnum):
    """What became of a link."""

    WORKS = "works"
    BROKEN = "broken"
    INSIDE = "inside"  # leads into a network: not asked
    UNKNOWN = "unknown"  # no network, or a site that answers no program


def check_links(
    urls: Iterable[str], *, allow_loopback: bool = False, patience: float = PATIENCE
) -> dict[str, LinkState]:
    """The state of each link, at most thirty of them, side by side; what is late is unknown.

    `patience` in seconds per link. `allow_loopback` lets this machine's own test server answer.
    """
    wanted = list(dict.fromkeys(urls))[:MOST_LINKS]
    if not wanted:
        return {}
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    asked = {pool.submit(_state, url, allow_loopback, patience): url for url in wanted}
    done, _late = wait(asked, timeout=ALTOGETHER)
    pool.shutdown(wait=False, cancel_futures=True)
    found = {asked[each]: each.result() for each in done}
    return {url: found.get(url, LinkState.UNKNOWN) for url in wanted}


def _state(url: str, allow_loopback: bool, patience: float) -> LinkState:
    if _MADE_UP.fullmatch(urlsplit(url).netloc):
        return LinkState.UNKNOWN
    try:
        for _step in range(REDIRECTS + 1):
            status, onward = _ask(url, "HEAD", allow_loopback, patience)
            if status in _NO_HEAD:
                status, onward = _ask(url, "GET", allow_loopback, patience)
            if not onward:
                if status in _NOT_FOR_ROBOTS:
                    return LinkState.UNKNOWN
                return LinkState.WORKS if status < 400 else LinkState.BROKEN
            url = urljoin(url, onward)
    except BadEndpoint:
        return LinkState.INSIDE
    except socket.gaierror:
        return LinkState.BROKEN if _does_not_exist(url) else LinkState.UNKNOWN
    except (TimeoutError, ConnectionRefusedError, ssl.SSLError, ValueError):
        return LinkState.BROKEN
    except (OSError, http.client.HTTPException):
        return LinkState.UNKNOWN
    return LinkState.BROKEN  # round and round


def _does_not_exist(url: str) -> bool:
    """Whether the DNS itself says that there is no such name; without a network nobody says so."""
    try:
        dns.resolver.resolve(urlsplit(url).hostname or "", "A", lifetime=PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel):
        return True
    except (dns.exception.DNSException, OSError):
        return False
    return False


def _ask(url: str, method: str, allow_loopback: bool, patience: float) -> tuple[int, str]:
    """Status, and where it leads on. Raises OSError, BadEndpoint, ValueError for no address."""
    parts = urlsplit(url)
    host, secure = (parts.hostname or "").lower(), parts.scheme == "https"
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(url)
    port = parts.port or (443 if secure else 80)
    here = allow_loopback and host in ("127.0.0.1", "localhost", "::1")
    if not here and (port not in (80, 443) or not is_public_name(host)):
        raise BadEndpoint(EndpointFault.NOT_PUBLIC)
    sock = connect(host, port, timeout=patience, allow_loopback=allow_loopback)
    try:
        if secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        caller = http.client.HTTPConnection(host, port, timeout=patience)
        caller.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        caller.request(method, path, headers={"User-Agent": "Akkoord-link-check", "Accept": "*/*"})
        answer = caller.getresponse()
        onward = answer.getheader("Location", "") if 300 <= answer.status < 400 else ""
        return answer.status, onward
    finally:
        sock.close()
