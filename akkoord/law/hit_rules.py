"""Who asked for a link of a letter: somebody who pressed, or a machine that looked ahead.

Scanners of mail servers and mail programs that load ahead open every link. They are counted
apart, so that a figure says what people did. Nothing of this is about anybody: it looks at one
request and forgets it.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

BURST_LINKS = 3  # so many links of one letter ...
BURST_SECONDS = 1.0  # ... in so short a time: nobody reads as fast

# What browsers and mail programs say of a request that nobody asked for yet.
_AHEAD_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_AHEAD_WORDS = ("prefetch", "preview", "prerender")
# Programs that call themselves what they are. Kept short on purpose: a wrong word would count
# somebody out.
_MACHINES = re.compile(
    r"bot\b|crawler|spider|scanner|barracuda|proofpoint|mimecast|safelinks|urlscan|"
    r"facebookexternalhit|slackbot|whatsapp|telegrambot|bingpreview",
    re.IGNORECASE,
)
# Apple's Mail Privacy Protection loads every picture through a proxy that says only this.
_APPLE_PROXY = "Mozilla/5.0"


class HitKind(StrEnum):
    """What one request for a link or a picture is counted as."""

    PRESS = "press"  # somebody pressed
    AHEAD = "ahead"  # a machine looked before anybody did


def judge_hit(*, method: str, headers: Mapping[str, str]) -> HitKind:
    """Whether somebody pressed a link; `headers` by their names in small letters."""
    if method != "GET":
        return HitKind.AHEAD
    for name in _AHEAD_HEADERS:
        if any(word in headers.get(name, "").lower() for word in _AHEAD_WORDS):
            return HitKind.AHEAD
    if _MACHINES.search(headers.get("user-agent", "")):
        return HitKind.AHEAD
    return HitKind.PRESS


def judge_open(*, method: str, headers: Mapping[str, str]) -> HitKind:
    """Whether somebody opened a letter, as far as a picture can tell: Apple's proxy loads it for
    everybody, read or not."""
    if headers.get("user-agent", "").strip() == _APPLE_PROXY:
        return HitKind.AHEAD
    return judge_hit(method=method, headers=headers)


def is_burst(links: int, seconds: float) -> bool:
    """Whether so many different links of one letter in so short a time are a machine's."""
    return links >= BURST_LINKS and seconds <= BURST_SECONDS
