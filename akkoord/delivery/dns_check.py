"""Whether a domain's records let mail of ours through: SPF (RFC 7208), DKIM (RFC 6376), DMARC
(RFC 7489). Asked of a resolver that is given, so that it can be tried without the internet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import dns.resolver

from akkoord.delivery.spf import Lookup, Naming, lookup_by_resolver, naming, spf_records

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
    DKIM_ASIDE = "dkim-not-aligned"  # signed as a domain of somebody else, also if adkim=r
    SPF_ASIDE = "spf-not-aligned"  # the envelope says another domain: SPF does not count for DMARC
    SPF_WITHOUT = "spf-names-not"  # the record does not name the server that sends
    SPF_UNSURE = "spf-not-checked"  # it holds what only a receiver can work out
    DKIM_UNSEEN = "dkim-not-checked"  # the mail server signs, if anybody


class NoAnswer(Exception):
    """No resolver answered: there is no network, or it is out of order."""


@dataclass(frozen=True, slots=True)
class Signing:
    """With which key mail is signed: `record` is the TXT text that should stand at the selector."""

    domain: str
    selector: str
    record: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """By what mail leaves: the host that it is handed to, and the domain that the envelope says
    there (RFC 5321 MAIL FROM), which is what SPF is about; empty: the domain that people see."""

    host: str
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the server that it is about, and the record as it stands now."""

    what: DnsFault
    leaving: Leaving | None = None
    record: str = ""


def texts_by_resolver(resolver: dns.resolver.Resolver | None = None) -> Lookup:
    """Questions to this machine's resolver, or to the one given."""
    return lookup_by_resolver(PATIENCE, NoAnswer, resolver)


def dns_faults(
    from_domain: str, signing: Signing | None, texts: Lookup, ways: Sequence[Leaving] = ()
) -> list[Fault]:
    """What a receiver of our mail would find wrong; empty: all is well.

    `from_domain`: of the address that people see. Without `signing` the mail server signs, with a
    key that we do not know. `ways`: the servers that the mail leaves by.
    """
    try:
        return [
            *_spf(from_domain, texts, ways),
            *(_dkim(signing, texts) if signing else [Fault(DnsFault.DKIM_UNSEEN)] if ways else ()),
            *_dmarc(from_domain, signing, texts, ways),
        ]
    except NoAnswer:
        return [Fault(DnsFault.NOT_CHECKED)]


def _spf(domain: str, texts: Lookup, ways: Sequence[Leaving]) -> list[Fault]:
    found = spf_records(texts(domain))
    if not found:
        return [Fault(DnsFault.NO_SPF)]
    if len(found) > 1:
        return [Fault(DnsFault.TWO_SPF)]
    faults = []
    for each in dict.fromkeys(ways):
        if each.envelope not in ("", domain):
            continue  # their own record is asked, and they keep it
        said = naming(domain, each.host, texts)
        if said is not Naming.NAMED:
            unsure = said is Naming.UNKNOWN
            what = DnsFault.SPF_UNSURE if unsure else DnsFault.SPF_WITHOUT
            faults.append(Fault(what, each, found[0]))
    return faults


def _dkim(signing: Signing, texts: Lookup) -> list[Fault]:
    found = texts(f"{signing.selector}._domainkey.{signing.domain}")
    keys = {_tags(each).get("p", "") for each in found if "p=" in each}
    if not keys:
        return [Fault(DnsFault.NO_DKIM)]
    return [] if _tags(signing.record)["p"] in keys else [Fault(DnsFault.OTHER_DKIM)]


def _dmarc(
    domain: str, signing: Signing | None, texts: Lookup, ways: Sequence[Leaving]
) -> list[Fault]:
    """The record of the domain itself, or of one above it (RFC 7489 6.6.3), and whether what is
    signed and what the envelope says fit the domain that people see (RFC 7489 3.1)."""
    at, tags = _policy(domain, texts)
    if not at:
        return [Fault(DnsFault.NO_DMARC)]
    found = []
    is_signed = False
    if signing is not None:
        is_strict = tags.get("adkim", "r").lower() == "s"
        is_signed = _fits(signing.domain, domain, at, is_strict=is_strict)
        if not is_signed:
            near = _fits(signing.domain, domain, at, is_strict=False)
            found.append(Fault(DnsFault.DMARC_STRICT if near else DnsFault.DKIM_ASIDE))
    is_strict = tags.get("aspf", "r").lower() == "s"
    return found + [
        Fault(DnsFault.SPF_ASIDE, each)
        for each in dict.fromkeys(ways)
        # One of the two is enough.
        if not is_signed and not _fits(each.envelope or domain, domain, at, is_strict=is_strict)
    ]


def _policy(domain: str, texts: Lookup) -> tuple[str, dict[str, str]]:
    """The name at which the policy stands, and what it says; empty: there is none."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        above = ".".join(labels[start:])
        found = [each for each in texts(f"_dmarc.{above}") if each.lower().startswith("v=dmarc1")]
        if found:
            return above, _tags(found[0])
    return "", {}


def _fits(other: str, domain: str, at: str, *, is_strict: bool) -> bool:
    """Whether a domain is aligned with the one that people see. Relaxed: both stand under the name
    with the policy, or one stands under the other."""
    if other == domain:
        return True
    if is_strict:
        return False
    pairs = ((other, at), (other, domain), (domain, other))
    return any(one == two or one.endswith(f".{two}") for one, two in pairs)


def _tags(record: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=…` as names and values, blanks taken out."""
    pairs = (each.partition("=") for each in record.split(";"))
    return {name.strip().lower(): re.sub(r"\s", "", value) for name, _is, value in pairs}
