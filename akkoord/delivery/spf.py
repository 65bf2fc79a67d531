"""Whether an SPF record names the server that sends (RFC 7208), asked of a resolver that is given.

Where mail leaves a provider's network nobody outside knows; so a record names a server when it
includes what the provider says to include, something at the server's own domain, or its address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import dns.exception
import dns.resolver

MOST_LOOKUPS = 10  # RFC 7208 4.6.4
# What providers say to include, by the end of the name of the host that mail is handed to.
_INCLUDES = {
    "amazonaws.com": "amazonses.com",
    "api.brevo.com": "spf.brevo.com",
    "api.mailgun.net": "mailgun.org",
    "api.eu.mailgun.net": "mailgun.org",
    "api.postmarkapp.com": "spf.mtasv.net",
    "smtp.gmail.com": "_spf.google.com",
    "smtp-relay.gmail.com": "_spf.google.com",
    "smtp.office365.com": "spf.protection.outlook.com",
    "smtp.mailgun.org": "mailgun.org",
    "smtp.eu.mailgun.org": "mailgun.org",
    "smtp.postmarkapp.com": "spf.mtasv.net",
    "smtp-relay.brevo.com": "spf.brevo.com",
    "smtp.sendgrid.net": "sendgrid.net",
}


class Naming(Enum):
    """What a record says of a server. UNKNOWN: it holds what only a receiver can work out."""

    NAMED = 1
    NOT_NAMED = 2
    UNKNOWN = 3


class Lookup(Protocol):
    """Answers a name's records of a type (TXT, A, AAAA, MX); raises `dns_check.NoAnswer`."""

    def __call__(self, name: str, kind: str = "TXT") -> list[str]:
        """Each record as text; of MX the host; empty: there are none."""


@dataclass(slots=True)
class _Walk:
    """One reading of a record with all that it includes."""

    host: str
    addresses: list[str]
    ask: Lookup
    left: int = MOST_LOOKUPS
    is_unsure: bool = False

    def names(self, domain: str) -> bool:
        """Whether the record of this domain, or one that it includes, names the server."""
        found = spf_records(self.ask(domain))
        for term in _terms(found[0]) if len(found) == 1 else ():
            if self._term(term, domain):
                return True
        return False

    def _term(self, term: str, domain: str) -> bool:
        if term in ("all", "+all"):
            return True
        if term[:1] in "-~?" or term == "":
            return False  # what is refused or left open is not named
        name, colon, value = term.removeprefix("+").partition(":")
        name, value = (name, value) if colon else _bare(name)
        if "%" in value or name in ("exists", "ptr"):
            self.is_unsure = True
            return False
        if name in ("ip4", "ip6"):
            return self._is_in(value)
        target, _slash, size = value.partition("/")
        target = target or domain
        self.left -= 1
        if self.left < 0:
            self.is_unsure = True  # a permanent error to who receives
            return False
        if name in ("include", "redirect"):
            return self._is_own(target) or self.names(target)
        hosts = self.ask(target, "MX") if name == "mx" else [target] if name == "a" else []
        return any(self._is_at(each, size) for each in hosts[:MOST_LOOKUPS])

    def _is_own(self, included: str) -> bool:
        """What the provider says to include, or something at the server's own domain."""
        asked = include_for(self.host)
        return included.lower() == asked or above(included) == above(self.host)

    def _is_at(self, host: str, size: str) -> bool:
        if host.lower() == self.host:
            return True
        found = self.ask(host, "A") + self.ask(host, "AAAA")
        four, _slashes, six = size.partition("//")
        return any(
            self._is_in(f"{each}/{(six if ':' in each else four) or (128 if ':' in each else 32)}")
            for each in found
        )

    def _is_in(self, network: str) -> bool:
        try:
            inside = ipaddress.ip_network(network, strict=False)
        except ValueError:
            self.is_unsure = True
            return False
        return any(ipaddress.ip_address(each) in inside for each in self.addresses)


def spf_records(texts: list[str]) -> list[str]:
    """Those of a name's texts that are SPF."""
    return [each for each in texts if re.match(r"v=spf1(?:\s|$)", each, re.IGNORECASE)]


def naming(domain: str, host: str, ask: Lookup) -> Naming:
    """Whether the SPF record of the domain names the host. Raises NoAnswer."""
    host = host.lower().removesuffix(".")
    try:
        addresses = [str(ipaddress.ip_address(host))]
    except ValueError:
        addresses = ask(host, "A") + ask(host, "AAAA")
    walk = _Walk(host, addresses, ask)
    if walk.names(domain):
        return Naming.NAMED
    return Naming.UNKNOWN if walk.is_unsure else Naming.NOT_NAMED


def with_host(record: str, host: str) -> str:
    """The record as it could be published, with the host named in it."""
    include = include_for(host)
    try:
        address = ipaddress.ip_address(host)
        added = f"ip{address.version}:{host}"
    except ValueError:
        added = f"include:{include}" if include else f"a:{host}"
    head, _blank, rest = record.partition(" ")
    return f"{head} {added} {rest}".strip()


def include_for(host: str) -> str:
    """What the provider behind a host says to include; empty: we do not know one."""
    host = host.lower()
    ends = (each for each in _INCLUDES if host == each or host.endswith(f".{each}"))
    return next((_INCLUDES[each] for each in ends), "")


def above(name: str) -> str:
    """The last two labels: enough to see that two names belong to one owner, for a warning."""
    return ".".join(name.lower().removesuffix(".").split(".")[-2:])


def _terms(record: str) -> Iterator[str]:
    """The terms of a record, `redirect=` the last (RFC 7208 6.1)."""
    terms = record.split()[1:]
    yield from (each for each in terms if "=" not in each.partition(":")[0])
    for each in terms:
        if each.lower().startswith("redirect="):
            yield "redirect:" + each.partition("=")[2]


def _bare(term: str) -> tuple[str, str]:
    """`a`, `mx` or `a/24`, of the domain itself."""
    name, slash, size = term.partition("/")
    return name.lower(), slash + size


def lookup_by_resolver(
    patience: float, no_answer: type[Exception], resolver: dns.resolver.Resolver | None = None
) -> Lookup:
    """Questions to this machine's resolver, or to the one given."""

    def ask(name: str, kind: str = "TXT") -> list[str]:
        try:
            asked = resolver or dns.resolver.Resolver()
            answer = asked.resolve(name, kind, lifetime=patience, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as problem:
            raise no_answer(name) from problem
        if kind == "TXT":
            return [b"".join(each.strings).decode("ascii", "replace") for each in answer]
        if kind == "MX":
            return [str(each.exchange).removesuffix(".") for each in answer]
        return [str(each) for each in answer]

    return ask
