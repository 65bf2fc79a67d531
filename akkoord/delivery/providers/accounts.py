"""The providers that Akkoord knows: their hosts, and an account at one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from akkoord.delivery.hook_models import Provider

_SES_REGIONS = (
    *("eu-west-1", "eu-central-1", "eu-west-3", "eu-north-1", "eu-south-1"),
    *("eu-west-2", "us-east-1", "us-east-2", "us-west-2"),
)
# Which host belongs to which region. There is no other way to a host than this table.
HOSTS: Mapping[str, Mapping[str, str]] = {
    Provider.SES: {each: f"email.{each}.amazonaws.com" for each in _SES_REGIONS},
    Provider.MAILGUN: {"eu": "api.eu.mailgun.net", "us": "api.mailgun.net"},
    Provider.POSTMARK: {"": "api.postmarkapp.com"},
    Provider.BREVO: {"": "api.brevo.com"},
}
KINDS = tuple(HOSTS)
SET = "akkoord"  # what is made at a provider is called so
STREAM = "broadcast"  # Postmark's own name for the stream of letters to many
_SNS = {f"sns.{each}.amazonaws.com" for each in _SES_REGIONS}
_KNOWN = {host for hosts in HOSTS.values() for host in hosts.values()} | _SNS
_NAMES = {
    Provider.SES: re.compile(r"[A-Z0-9]{16,128}"),
    Provider.MAILGUN: re.compile(r"(?=.{1,253}$)(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}"),
    Provider.POSTMARK: re.compile(r"[a-z0-9-]{1,30}"),
    Provider.BREVO: re.compile(""),
}
_KEY = re.compile(r"[!-~]{8,500}")


class UnknownHost(ValueError):
    """Not a host of a provider that we know: nothing is sent there."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a provider.

    `name`: the access key of SES, the domain of Mailgun, the stream of Postmark, nothing for
    Brevo. `key`: what proves that it is us; never logged, never shown.
    """

    provider: str
    host: str
    name: str
    key: str = field(repr=False)

    @property
    def region(self) -> str:
        """Where the account is; empty for a provider with one place."""
        found = (region for region, host in HOSTS[self.provider].items() if host == self.host)
        return next(found, "")


def host_of(provider: str, region: str) -> str:
    """The host of a provider in a region. Raises UnknownHost."""
    try:
        return HOSTS[provider][region]
    except KeyError:
        raise UnknownHost(region) from None


def fits_name(provider: str, name: str) -> bool:
    """Whether this can be the name of an account there; it becomes part of addresses."""
    return bool(_NAMES[Provider(provider)].fullmatch(name))


def fits_key(key: str) -> bool:
    """Whether this can be a key: printable and without a blank, since it becomes a header."""
    return bool(_KEY.fullmatch(key))


# ---- where the hosts are: on the internet, but for a stub on this machine that a test points at

_stub: list[int] = []


def point_at_stub(port: int | None) -> None:
    """Tests only: all hosts are a server on this machine's loopback; None: no longer."""
    _stub[:] = [port] if port else []


def place_of(host: str) -> tuple[str, int, bool]:
    """Where a provider's host is, its port, and whether by https. Raises UnknownHost."""
    if host not in _KNOWN:
        raise UnknownHost("not a provider's host")
    return ("127.0.0.1", _stub[0], False) if _stub else (host, 443, True)
