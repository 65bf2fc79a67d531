"""The checks of `akkoord doctor` of where letters leave by; they send nothing.

They ask what a letter asks too: the mail servers, the providers, and the DNS of one's own domain.
"""

import smtplib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from akkoord.config.environment import LOOPBACK, environment
from akkoord.config.finding import Finding, State

if TYPE_CHECKING:
    from akkoord.delivery.spf import Lookup

SMTP_SECONDS = 5


def check_mail() -> Finding:
    """Every mail server answers, those of the page Sending too; no mail is sent."""
    found = [_check_server(text, "AKKOORD_SMTP_URL") for text in environment().smtp_url.split()]
    found += [_check_server(url, "the page Sending") for url in _servers_on_the_page()]
    if not found:
        return Finding(
            "mail", State.GOOD, "Mail goes to the built-in mailbox at /mailbox/; none leaves."
        )
    return next((each for each in found if each.state is not State.GOOD), found[0])


def check_providers() -> Finding:
    """The reports of providers that letters leave by stand there as we set them up."""
    from django.utils import translation

    from akkoord.config.readiness import applied_migrations, migrations_on_disk
    from akkoord.delivery.hook_queries import fault_sentence
    from akkoord.delivery.hook_setup import fault_now
    from akkoord.delivery.models import MailServer, Provider

    name, where = "providers", "Open the page Sending and choose Set up the reports."
    if migrations_on_disk() - applied_migrations():
        return Finding(name, State.NOT_CHECKED, "Not checked: the tables are not up to date.")
    accounts = MailServer.objects.exclude(kind=MailServer.Kind.SMTP)
    kinds = sorted(set(accounts.values_list("kind", flat=True)))
    for kind in kinds:
        if fault := fault_now(kind):
            with translation.override("en"):
                says = f"{Provider(kind).label}: {fault_sentence(fault)}"
            return Finding(name, State.WRONG, says, where)
    if not kinds:
        return Finding(name, State.GOOD, "No letters leave by a provider's own interface.")
    names = ", ".join(str(Provider(kind).label) for kind in kinds)
    return Finding(name, State.GOOD, f"{names} reports what comes back.")


def check_contracts() -> Finding:
    """No mail server of another company waits for its contract (INV-42)."""
    from akkoord.config.readiness import applied_migrations, migrations_on_disk
    from akkoord.messages.contracts import without_contract

    if migrations_on_disk() - applied_migrations():
        return Finding(
            "contracts", State.NOT_CHECKED, "Not checked: the tables are not up to date."
        )
    if missing := without_contract():
        names = ", ".join(each.relay.label for each in missing)
        return Finding(
            "contracts",
            State.WRONG,
            f"{names} gets no letters: nobody said whose it is, under which contract.",
            "Open the page Sending and say it under Whose servers are these.",
        )
    return Finding("contracts", State.GOOD, "Every mail server is yours, or has its contract.")


def check_dns(texts: "Lookup | None" = None) -> Finding:
    """SPF, DKIM and DMARC of the sender's domain, asked of this machine's resolver or of `texts`.

    Takes three seconds at most where nothing answers. Nobody asks them while no mail leaves.
    """
    from django.utils import translation

    from akkoord.config.readiness import applied_migrations, migrations_on_disk
    from akkoord.delivery.dns_check import DnsFault
    from akkoord.delivery.servers import ways_away
    from akkoord.messages.outside import is_alarming, record_findings
    from akkoord.register.queries import organisation

    if migrations_on_disk() - applied_migrations():
        return Finding("DNS", State.NOT_CHECKED, "Not checked: the tables are not up to date.")
    selector = environment().dkim_selector
    publish = (
        f"Publish SPF for your sender's domain, DKIM at {selector}._domainkey, and DMARC at _dmarc."
    )
    house = organisation()
    if house is None or not ways_away():
        says = "Not looked up: no mail leaves this machine yet, so no receiver asks for them."
        return Finding("DNS", State.NOT_CHECKED, says, publish)
    with translation.override("en"):
        found = record_findings(house.sender_email, house.mail_domain, texts)
    says = " ".join(each.sentence for each in found)
    if any(each.code == DnsFault.NOT_CHECKED for each in found):
        to_do = "Let this machine ask the DNS, and run this again, or press Look now at the page"
        return Finding("DNS", State.NOT_CHECKED, says, f"{to_do} /controle/mail/.")
    if is_alarming(found):
        return Finding("DNS", State.WRONG, says, publish)
    domain = house.sender_email.rpartition("@")[2]
    says = f"SPF and DMARC of {domain} let your mail through. {says}".strip()
    return Finding("DNS", State.WARNING if found else State.GOOD, says)


def _servers_on_the_page() -> list[str]:
    """The servers that the owner entered; none when the database cannot be asked."""
    from django.db import DatabaseError

    from akkoord.delivery.servers import relays

    try:
        return [each.url for each in relays() if each.server_id and not each.account]
    except DatabaseError:  # its own check says so
        return []


def _check_server(text: str, where: str) -> Finding:
    parts = urlsplit(text)
    host = parts.hostname or ""
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, parts.port or 0, timeout=SMTP_SECONDS) as server:
            server.ehlo()
            safe = parts.scheme == "smtps" or server.has_extn("starttls")
    except (OSError, smtplib.SMTPException) as problem:
        return Finding(
            "mail",
            State.WRONG,
            f"The mail server {host} does not answer ({type(problem).__name__}).",
            f"Check {where} and whether the server runs.",
        )
    if not safe and host not in LOOPBACK:
        return Finding(
            "mail",
            State.WARNING,
            f"The mail server {host} answers, without encryption.",
            f"Choose encryption: {where}.",
        )
    return Finding("mail", State.GOOD, "The mail server answers.")
