"""What can be said of an address that was typed: a likely slip, a throw-away, a dead domain.

Advice only. A slip is offered and never decided: gmial.com may be somebody's own. A throw-away
address is noted with the request. The DNS is asked only where the organisation wants it.
"""

from collections.abc import Callable

from disposable_email_domains import blocklist

from akkoord.datamap.identifiers import BadIdentifier, normalise_email

KNOWN = (
    *("gmail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com"),
    *("icloud.com", "yahoo.com", "ziggo.nl", "kpnmail.nl", "planet.nl", "home.nl", "hetnet.nl"),
    *("xs4all.nl", "casema.nl", "upcmail.nl", "quicknet.nl", "telfort.nl", "msn.com", "me.com"),
    *("telenet.be", "skynet.be", "proton.me", "protonmail.com", "solcon.nl", "zonnet.nl"),
)
"""Domains at which many people in the Netherlands and Belgium have their mailbox."""

REAL = frozenset(
    (
        "mail.com",
        "email.com",
        "ymail.com",
        "gmx.com",
        "gmx.nl",
        "live.be",
        "hotmail.be",
        "outlook.nl",
    )
)
"""Domains that look like a slip and are none."""

Resolver = Callable[[str], bool | None]
"""Whether a domain takes mail; None: not known."""


def meant(address: str) -> str:
    """The address with the domain that was probably meant; empty: nothing looks wrong."""
    try:
        local, _, domain = normalise_email(address).rpartition("@")
    except BadIdentifier:
        return ""
    if domain in KNOWN or domain in REAL:
        return ""
    near = [known for known in KNOWN if len(known) > 6 and _is_slip(domain, known)]
    return f"{local}@{near[0]}" if near else ""


def _is_slip(typed: str, known: str) -> bool:
    """One letter too many, too few, another, or two that changed places."""
    if abs(len(typed) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    a, b = typed[start:], known[start:]
    return (
        a[1:] == b[1:]
        or a[1:] == b
        or a == b[1:]
        or (len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    )


def is_throw_away(address: str) -> bool:
    """Whether the domain, or one above it, is known to give addresses for ten minutes."""
    labels = address.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def is_dead(address: str, resolver: Resolver | None) -> bool:
    """Whether the DNS says that this domain takes no mail; without a resolver nothing is asked.

    What it does not know counts as living: a form refuses nobody for a DNS that is slow.
    """
    return resolver is not None and resolver(address.rpartition("@")[2]) is False


def ask_dns(domain: str) -> bool | None:
    """Ask the DNS whether a domain takes mail, for two seconds at most."""
    import dns.exception
    import dns.resolver

    try:
        dns.resolver.resolve(domain, "MX", lifetime=2)
    except dns.resolver.NXDOMAIN:
        return False
    except dns.exception.DNSException:
        return None
    return True
