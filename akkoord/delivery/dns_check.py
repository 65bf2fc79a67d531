"""Whether a domain's records let mail of ours through: SPF (RFC 7208), DKIM (RFC 6376), DMARC
(RFC 7489). Asked of a resolver that is given, so that it can be tried without the internet.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import dns.exception
import dns.rdatatype
import dns.resolver

PATIENCE = 3.0  # seconds for one question, all servers together


class DnsFault(StrEnum):
    """What is wrong with a domain's records."""

    NOT_CHECKED = "dns-not-checked"
    NO_SPF = "spf-missing"
    TWO_SPF = "spf-double"  # permerror, RFC 7208 4.5: no mail passes
    NO_DKIM = "dkim-missing"
    OTHER_DKIM = "dkim-differs"  # every signature fails
    NO_DMARC = "dmarc-missing"
    DMARC_STRICT = "dmarc-not-aligned"  # adkim=s and another signing domain


class Texts(Protocol):
    """Answers the TXT records at a name; raises NoAnswer when the question cannot be asked."""

    def __call__(self, name: str) -> list[str]:
        """Each record as one text; empty: there are none."""


class NoAnswer(Exception):
    """No resolver answered: there is no network, or it is out of order."""


@dataclass(frozen=True, slots=True)
class Signing:
    """With which key mail is signed: `record` is the TXT text that should stand at the selector."""

    domain: str
    selector: str
    record: str


def texts_by_resolver(resolver: dns.resolver.Resolver | None = None) -> Texts:
    """Questions to this machine's resolver, or to the one given."""

    def texts(name: str) -> list[str]:
        try:
            asked = resolver or dns.resolver.Resolver()
            answer = asked.resolve(name, dns.rdatatype.TXT, lifetime=PATIENCE, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as problem:
            raise NoAnswer(name) from problem
        return [b"".join(each.strings).decode("ascii", "replace") for each in answer]

    return texts


def dns_faults(from_domain: str, signing: Signing | None, texts: Texts) -> list[DnsFault]:
    """What a receiver of our mail would find wrong; empty: all is well.

    `from_domain`: of the address that people see. Without `signing` the mail server signs, with a
    key that we do not know.
    """
    try:
        return [
            *_spf(from_domain, texts),
            *(_dkim(signing, texts) if signing else ()),
            *_dmarc(from_domain, signing, texts),
        ]
    except NoAnswer:
        return [DnsFault.NOT_CHECKED]


def _spf(domain: str, texts: Texts) -> list[DnsFault]:
    found = [each for each in texts(domain) if re.match(r"v=spf1(?:\s|$)", each, re.IGNORECASE)]
    if not found:
        return [DnsFault.NO_SPF]
    return [DnsFault.TWO_SPF] if len(found) > 1 else []


def _dkim(signing: Signing, texts: Texts) -> list[DnsFault]:
    found = texts(f"{signing.selector}._domainkey.{signing.domain}")
    keys = {_tags(each).get("p", "") for each in found if "p=" in each}
    if not keys:
        return [DnsFault.NO_DKIM]
    return [] if _tags(signing.record)["p"] in keys else [DnsFault.OTHER_DKIM]


def _dmarc(domain: str, signing: Signing | None, texts: Texts) -> list[DnsFault]:
    """The record of the domain itself, or of one above it (RFC 7489 6.6.3)."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        above = ".".join(labels[start:])
        found = [each for each in texts(f"_dmarc.{above}") if each.lower().startswith("v=dmarc1")]
        if found:
            is_strict = _tags(found[0]).get("adkim", "r").lower() == "s"
            other = signing is not None and signing.domain != domain
            return [DnsFault.DMARC_STRICT] if is_strict and other else []
    return [DnsFault.NO_DMARC]


def _tags(record: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=…` as names and values, blanks taken out."""
    pairs = (each.partition("=") for each in record.split(";"))
    return {name.strip().lower(): re.sub(r"\s", "", value) for name, _is, value in pairs}
