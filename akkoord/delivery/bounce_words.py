"""Which kind a failure is: by its code (RFC 3463) first, and then by the words around it.

No two mail servers say it alike. The words are those that the large providers and the common
servers use, in English, Dutch and a few of the neighbours' languages.
"""

from __future__ import annotations

import re
from enum import StrEnum


class BounceKind(StrEnum):
    """What came back. Hard: the address is no more. Block: the address works, we are refused."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"
    AUTO_REPLY = "auto-reply"
    COMPLAINT = "complaint"
    NONE = "none"


_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?:^|[\s:;<(#\[])([45]\d\d)(?=[\s\-:#\])>]|$)", re.MULTILINE)
# A server that names a list of spammers means us, whatever code it gives.
LISTED = re.compile(
    r"spamhaus|spamcop|barracuda|sorbs|uribl|surbl|invaluement|\bdnsbl\b|\brbl\b|cloudmark"
    r"|black[- ]?list|block[- ]?list|deny[- ]?list|unsolicited|user complaints",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"\bblocked\b|geblokkeerd|\bspam\b|junk mail|bulk mail|proofpoint"
    r"|poor reputation|bad reputation|low reputation|sender reputation|reputation of"
    r"|\bdmarc\b|\bspf\b|\bdkim\b|unauthenticated|not authenticated|fails? authentication"
    r"|rate[- ]?limit|too many (messages|connections|recipients|emails)|throttl|unusual rate"
    r"|content (is )?(rejected|refused|not allowed|filter)|message (was )?(rejected|refused)"
    r" (due|because|by).{0,40}(content|polic|filter)"
    r"|policy (reasons?|violation|rejection)|against.{0,20}polic|administrative prohibition"
    r"|virus|malware|phishing|suspicious|not permitted to send|sender (address )?(is )?(rejected"
    r"|denied|blocked)|client host .{0,60}(rejected|blocked)|reverse dns|no ptr|access denied",
    re.IGNORECASE | re.DOTALL,
)
_NO_MORE = re.compile(
    r"user (is )?unknown|unknown (user|address|recipient|local part|mailbox|account)|no such"
    r" (user|address|recipient|mailbox|account|person|local user|domain)|(user|address|recipient"
    r"|mailbox|account|person|e-?mail address).{0,60}(does not|doesn[’']t|do not) exist"
    r"|(user|recipient|mailbox|account|address|domain|host)( \S{1,80})? (was |is |could )?"
    r"(not|n[’']t) (be )?(found|known|listed)|not found by smtp address lookup"
    r"|(invalid|bad|illegal) (recipient|mailbox|address|user)|recipient address rejected"
    r"|recipient rejected|address rejected|unrout(e)?able (mail )?(address|domain)|all relevant mx"
    r"|(mailbox|account|user|address).{0,40}(disabled|closed|deactivated|suspended|inactive"
    r"|discontinued|terminated|no longer|has been deleted|is not active)"
    r"|no (mailbox|mail ?box|account|user) (here|by that name|with that name)|not a valid"
    r" (mailbox|user|recipient|address)|mailbox (is )?unavailable|no longer (accepts|in use|valid"
    r"|works|employed|available)|isn[’']t in our|not our customer|host (or domain name )?not found"
    r"|domain (name )?(not found|does not exist)|nxdomain|null mx|does not accept mail"
    r"|(name service|dns) error.{0,60}not found|couldn[’']t be found|wasn[’']t found"
    r"|bestaat niet|onbekende? (gebruiker|adres|ontvanger|mailbox)|niet bekend op|bestaat niet meer"
    r"|adresse inconnue|n[’']existe pas|unbekannte?r? (benutzer|empf|adress)|nicht bekannt"
    r"|existiert nicht|usuario desconocido|no existe",
    re.IGNORECASE | re.DOTALL,
)
_FULL_OR_LATER = re.compile(
    r"(mailbox|inbox|postvak|account|quota).{0,40}(full|exceed|over|vol\b)|over ?quota|quota"
    r"|insufficient (system )?(storage|disk)|out of storage|disk full|too (large|big)|size (limit"
    r"|exceeds)|message (size )?exceeds|te groot|temporar|try (again|later)|tijdelijk|later opnieuw"
    r"|timed? ?out|connection (refused|reset|lost|dropped)|grey ?list|gray ?list|not yet been"
    r" delivered|delayed|vertraagd|could not be delivered (yet|for)|has been waiting|still trying"
    r"|will (keep|continue) (trying|to be retried)|too busy|overload|unreachable|no route to host"
    r"|hop count|loop",
    re.IGNORECASE | re.DOTALL,
)
# The address itself, whatever else is said: subject and detail (RFC 3463 3.2, 3.3, RFC 7505).
_HARD = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 4)})
# Full, too large, or the road to it.
_SOFT = frozenset({(2, 2), (2, 3), (3, 1), (3, 4), (4, 1), (4, 2), (4, 6), (4, 7)})


def judge(status: str, words: str) -> BounceKind:
    """Which kind a failure is, by its code and then by its words."""
    match = _STATUS.fullmatch(status)
    group = match.group(1) if match else status[:1]
    place = (int(match.group(2)), int(match.group(3))) if match else (0, 0)
    if LISTED.search(words):
        return BounceKind.BLOCK
    if group == "4":
        is_block = place[0] == 7 and _BLOCKED.search(words) and not _FULL_OR_LATER.search(words)
        return BounceKind.BLOCK if is_block else BounceKind.SOFT
    if place in _HARD:
        return BounceKind.HARD
    if place == (4, 1) and _NO_MORE.search(words):  # how one large provider says it
        return BounceKind.HARD
    if place in _SOFT:
        return BounceKind.SOFT
    if place[0] in (6, 7):
        is_hard = _NO_MORE.search(words) and not _BLOCKED.search(words)
        return BounceKind.HARD if is_hard else BounceKind.BLOCK
    return _by_words(status, words)


def _by_words(status: str, words: str) -> BounceKind:
    """A code that says little, or none."""
    if _NO_MORE.search(words):
        return BounceKind.HARD
    if _BLOCKED.search(words):
        return BounceKind.BLOCK
    if _FULL_OR_LATER.search(words) or status == "552":
        return BounceKind.SOFT
    if status == "554":
        return BounceKind.BLOCK
    return BounceKind.HARD if status.startswith("5") else BounceKind.SOFT


def says_something(words: str) -> bool:
    """Whether any of the words that we know stands there."""
    return any(each.search(words) for each in (_NO_MORE, LISTED, _BLOCKED, _FULL_OR_LATER))


def best_status(status: str, words: str) -> str:
    """The most telling code: an enhanced one that is not general, else a reply code."""
    said = [m.group() for m in _STATUS.finditer(f"{status} {words}") if m.group(1) != "2"]
    for each in said:
        if not each.endswith(".0.0") and each not in ("5.5.0", "4.5.0"):
            return each
    if said:
        return said[0]
    code = _REPLY_CODE.search(words)
    return code.group(1) if code else ""
