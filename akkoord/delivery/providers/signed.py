"""Amazon's Signature Version 4: a question that nobody can change on its way.

Written out because no library of ours has it, and held in the tests against Amazon's own examples.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

from akkoord.delivery.providers.caller import Ask

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed(
    ask: Ask, *, access_key: str, secret: str, region: str, service: str, at: datetime
) -> Ask:
    """The same question with Amazon's headers. Signed are the host, the moment and what we add."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {**ask.headers, "X-Amz-Date": moment}
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    canonical, names = _canonical(ask, {**headers, "Host": ask.host})
    words = f"{_ALGORITHM}\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = _key(secret, moment[:8], region, service)
    signature = hmac.new(key, words.encode(), sha256).hexdigest()
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return Ask(ask.host, ask.method, ask.path, headers, ask.body)


def _canonical(ask: Ask, headers: Mapping[str, str]) -> tuple[str, str]:
    """The question in the one spelling that is signed, and the names of its headers."""
    parts = urlsplit(ask.path)
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs
    )
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in headers.items())
    names = ";".join(name for name, _value in lines)
    said = "".join(f"{name}:{value}\n" for name, value in lines)
    # Every service but S3 encodes the path, which is encoded already, once more.
    path = quote(parts.path or "/", safe="/-_.~")
    body = sha256(ask.body).hexdigest()
    return f"{ask.method}\n{path}\n{query}\n{said}\n{names}\n{body}", names


def _key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for each in (day, region, service, "aws4_request"):
        key = hmac.new(key, each.encode(), sha256).digest()
    return key
