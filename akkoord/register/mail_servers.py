"""Whose the mail servers are: another company gets no address without a contract (INV-42).

A server on this machine or in our own network is ours. Of one elsewhere the owner says so, or who
keeps it, under which contract; a provider that was ended in the register gets nothing more.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.delivery.models import OwnServer
from akkoord.delivery.servers import Relay, relays
from akkoord.delivery.smtp_opening import read_url
from akkoord.law.sending_rules import is_own_network_host
from akkoord.law.terms import law_day
from akkoord.register.processors import contracts_on, mail_host_key


@dataclass(frozen=True, slots=True)
class Whose:
    """One server away from here: ours, or of a company with its contract; else nobody said.

    `company` without `contract_on`: it stands in the register and may receive nothing (INV-42).
    """

    relay: Relay
    host: str
    is_own: bool = False
    company: str = ""
    contract_on: date | None = None

    @property
    def is_said(self) -> bool:
        """Whether letters may be handed to it."""
        return self.is_own or self.contract_on is not None


def servers_of_whom() -> list[Whose]:
    """Every server that is not in our own network; three statements, none when there is no such."""
    away = [(each, host_of(each)) for each in relays() if each.key != "memory"]
    away = [(each, host) for each, host in away if each.account or not is_own_network_host(host)]
    if not away:
        return []
    own = set(OwnServer.objects.values_list("host", flat=True))
    said = contracts_on((processor_key(each) for each, _host in away), law_day(timezone.now()))
    return [
        Whose(each, host, not each.account and host in own, *said.get(processor_key(each), ()))
        for each, host in away
    ]


def host_of(relay: Relay) -> str:
    """The machine that letters are handed to."""
    return relay.account.host if relay.account else read_url(relay.url).host.lower()


def processor_key(relay: Relay) -> str:
    """What its company is called in the register."""
    return f"mail-{relay.account.provider}" if relay.account else mail_host_key(host_of(relay))


def without_contract() -> list[Whose]:
    """The servers that may receive no address yet."""
    return [each for each in servers_of_whom() if not each.is_said]


def contract_sentence(missing: list[Whose]) -> str:
    """What is missing, and where it is said."""
    said = [
        _("%(name)s may receive nothing yet: its contract or ground is lacking.") % {"name": name}
        for name in dict.fromkeys(each.company for each in missing if each.company)
    ]
    if unsaid := [each.relay.label for each in missing if not each.company]:
        said.append(
            _(
                "Whose is {servers}? Say it under “Sending letters”: is it yours, or of a company "
                "that you have a contract with? Without a contract another company may receive no "
                "address."
            ).format(servers=", ".join(unsaid))
        )
    return " ".join(said)
