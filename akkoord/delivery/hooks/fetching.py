"""One page of a provider's own site, by https; the reader has looked at the address before."""

import http.client
import ssl
from urllib.parse import urlsplit

from akkoord.delivery.push_address import connect

PATIENCE = 5.0  # seconds
LARGEST = 64_000  # bytes


class FetchFailed(Exception):
    """It could not be had now; the provider tries again."""


def fetch(url: str) -> bytes:
    """What stands at an https address of the public internet. Raises FetchFailed.

    No redirect is followed, nothing large is read, and no network of ours is asked (`connect`).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        plain = connect(host, 443, timeout=PATIENCE, allow_loopback=False)
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as sock:
            caller = http.client.HTTPConnection(host, 443, timeout=PATIENCE)
            caller.sock = sock
            caller.request("GET", path, headers={"User-Agent": "Akkoord"})
            answer = caller.getresponse()
            found = answer.read(LARGEST + 1)
    except Exception as problem:  # whatever the other side sends: it could not be had
        raise FetchFailed(type(problem).__name__) from None
    if answer.status != 200 or len(found) > LARGEST:
        raise FetchFailed(str(answer.status))
    return found
