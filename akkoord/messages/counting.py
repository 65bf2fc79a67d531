"""The links of a letter by way of our own address, so that presses can be counted (INV-28).

The address names the letter and the place of the link in it, the same for everybody: it tells
nobody who pressed. Only a link to somebody else's safe page is counted. The ways out and our own
pages are left as they are, and so is a link whose own words are an address: a mail program warns
when such words lead elsewhere. The text part keeps every true address.
"""

import html
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from urllib.parse import urlsplit
from uuid import UUID

from akkoord.messages.template import CompileError

MOST_LINKS = 500
# As the inliner writes it: names in small letters, every value between double quotes.
LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)("[^>]*>)(.*?)(</a>)', re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)


def key_of(dispatch_id: UUID) -> str:
    """A run as it stands in an address: short, and nobody's."""
    return urlsafe_b64encode(dispatch_id.bytes).rstrip(b"=").decode()


def run_of(key: str) -> UUID | None:
    """The run of an address; None: not one of ours."""
    try:
        content = urlsafe_b64decode(key + "==")
    except (Base64Error, ValueError):
        return None
    return UUID(bytes=content) if len(content) == 16 and len(key) == 22 else None


def is_counted(url: str, words: str, own_host: str) -> bool:
    """Whether a link of a letter goes by our address."""
    if not url.startswith("https://") or _ADDRESS.fullmatch(html.unescape(_TAG.sub("", words))):
        return False
    try:
        host = urlsplit(url).netloc
    except ValueError:
        return False
    return bool(host) and host != own_host


def with_counted_links(page: str, base: str, tail: str = "") -> tuple[str, tuple[str, ...]]:
    """The page with its links by our address, and where each of them leads, in order.

    A link that stands twice counts as one. `tail`: what stands behind the number of each.
    Raises CompileError `too-many-links`.
    """
    own_host = urlsplit(base).netloc
    numbers: dict[str, int] = {}

    def by_us(found: re.Match[str]) -> str:
        url = html.unescape(found[2])
        if not is_counted(url, found[4], own_host):
            return found[0]
        number = numbers.setdefault(url, len(numbers) + 1)
        return f"{found[1]}{base}/{number}/{tail}{found[3]}{found[4]}{found[5]}"

    page = LINK.sub(by_us, page)
    if len(numbers) > MOST_LINKS:
        raise CompileError("too-many-links", part="body")
    return page, tuple(numbers)


def with_picture(page: str, base: str, token: str) -> str:
    """The page with the picture that tells of an opening, for who let us see it (INV-28)."""
    where = f"{base.rpartition('/k/')[0]}/k/o/{token}.gif"
    picture = f'<img src="{where}" width="1" height="1" alt="" style="display:block" />'
    before, end, after = page.rpartition("</body>")
    return before + picture + end + after
