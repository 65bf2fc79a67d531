"""What must hold of a message and of the machine before anything is handed over.

Sources: art. 11.7 and 11.7a Tw, RFC 8058, OPTA/CBP 2008; invariants 21, 22, 25-28.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from akkoord.law.decisions import ALLOWED, Decision, first_refusal
from akkoord.law.parameters import duration
from akkoord.law.reasons import Reason

_PRIVATE_ENDINGS = ("localhost", "local", "internal", "test", "invalid", "example", "lan", "home")


def judge_freshness(checked_at: datetime, *, at: datetime) -> Decision:
    """Whether a hand-over may still rest on this check of the gate: two seconds (INV-25).

    A check that lies ahead of the clock is no check.
    """
    age = at - checked_at
    fresh = timedelta(0) <= age <= duration("gate-freshness", at.date())
    return first_refusal((fresh, Reason.LATE_GATE))


def is_loopback_host(host: str) -> bool:
    """Whether mail handed to this host stays on this machine."""
    host = host.strip().strip("[]").lower().rstrip(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_own_network_host(host: str) -> bool:
    """Whether this is a machine of our own network: no other company receives what it gets."""
    host = host.strip().strip("[]").lower().rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.rpartition(".")[2] in _PRIVATE_ENDINGS


def is_public_https(url: str) -> bool:
    """Whether a link that begins with this reaches us from anywhere, safely."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme != "https" or not host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and host.rpartition(".")[2] not in _PRIVATE_ENDINGS


def judge_base_url(base_url: str, smtp_host: str | None) -> Decision:
    """Whether mail to people may leave from here: a withdrawal link to a laptop is none.

    No mail server, or one on this machine: mail stays inside, and any address will do.
    """
    if smtp_host is None or is_loopback_host(smtp_host):
        return ALLOWED
    return first_refusal((is_public_https(base_url), Reason.NOT_PUBLIC_URL))


def judge_push_url(base_url: str) -> Decision:
    """Whether push messages may leave: browsers allow them to a safe page only.

    That is https, or this machine itself; who allowed them at this machine's own address sits at
    it, so the way out works for everybody who gets one.
    """
    host = urlsplit(base_url).hostname or ""
    return first_refusal(
        (is_public_https(base_url) or is_loopback_host(host), Reason.NOT_PUBLIC_URL)
    )


@dataclass(frozen=True, slots=True)
class MarketingMail:
    """What a finished marketing mail carries."""

    has_sender: bool
    has_postal_contact: bool
    has_visible_unsubscribe: bool
    has_unsubscribe_headers: bool
    is_dkim_on: bool
    signed_headers: frozenset[str]
    has_tracking: bool
    has_tracking_consent: bool


_SIGNED = frozenset({"list-unsubscribe", "list-unsubscribe-post"})


def judge_marketing_mail(mail: MarketingMail) -> Decision:
    """Whether a marketing mail is whole: sender, way out, both headers, no hidden eye.

    Where DKIM is on, its signature covers both headers (RFC 8058 section 4, INV-22).
    """
    signed = {name.lower() for name in mail.signed_headers}
    return first_refusal(
        (mail.has_sender and mail.has_postal_contact, Reason.NO_SENDER),
        (mail.has_visible_unsubscribe, Reason.NO_UNSUBSCRIBE),
        (mail.has_unsubscribe_headers, Reason.NO_UNSUBSCRIBE_HEADERS),
        (not mail.is_dkim_on or signed >= _SIGNED, Reason.UNSUBSCRIBE_NOT_SIGNED),
        (not mail.has_tracking or mail.has_tracking_consent, Reason.TRACKING_WITHOUT_CONSENT),
    )


def judge_referral(*, has_reward: bool, is_previewed: bool, is_suppressed: bool) -> Decision:
    """Whether a letter to a friend may leave (OPTA/CBP 2008, INV-27).

    Any reward, or a chance of one, for sender or recipient makes it spam. The sender saw the
    whole letter first, and who said no to us gets none.
    """
    return first_refusal(
        (not has_reward, Reason.REWARD_FOR_SHARING),
        (is_previewed, Reason.NOT_PREVIEWED),
        (not is_suppressed, Reason.SUPPRESSED),
    )


def judge_service_message(*, has_promotion: bool) -> Decision:
    """Whether a service message is one: a single offer in it makes it marketing (INV-26)."""
    return first_refusal((not has_promotion, Reason.PROMOTION_IN_SERVICE_MESSAGE))
