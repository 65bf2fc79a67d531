"""`akkoord mail`: hand over mails that came in, from a mail server's pipe."""

import asyncio
import sys

import click
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.consent.listen import listen as run_listener
from akkoord.consent.poll import mailboxes, poll_mailbox
from akkoord.consent.receive import receive_mail
from akkoord.delivery.imap import ImapProblem
from akkoord.delivery.incoming import LARGEST
from akkoord.delivery.pop import PopProblem
from akkoord.law.sending_rules import is_loopback_host

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again


@click.group(name="mail")
def command() -> None:
    """Mails that came in: who answers with "stop" stops."""


@command.command()
@click.option("--recipient", multiple=True, metavar="ADDRESS", help="Whom the server delivers to.")
@json_option
def receive(recipient: tuple[str, ...]) -> None:
    """Read one mail from standard input. Status 75 when it could not be kept: try again."""
    raw = sys.stdin.buffer.read(LARGEST + 1)
    if not raw.strip():
        refuse("There is no mail on standard input.", reason="no-mail")
    try:
        received = receive_mail(raw, at=timezone.now(), recipients=recipient)
    except Exception as problem:  # whatever it was: the mail must not be lost
        say(f"Not now ({type(problem).__name__}). The mail server should try again.")
        raise SystemExit(TRY_AGAIN) from None
    answer(
        {
            "outcome": received.outcome,
            "stopped": received.stopped,
            "seen_before": received.is_double,
        }
    )


@command.command()
@json_option
def poll() -> None:
    """Visit the mailbox of AKKOORD_IMAP_URL or AKKOORD_POP_URL now; the worker does so each minute.

    Both are visited when both are set."""
    urls = mailboxes()
    if not urls:
        refuse(
            "AKKOORD_IMAP_URL and AKKOORD_POP_URL are not set, so there is no mailbox to read.",
            reason="no-mailbox",
        )
    visits = []
    try:
        visits += [poll_mailbox(url, at=timezone.now()) for url in urls]
    except (ImapProblem, PopProblem) as problem:
        refuse(f"The mailbox cannot be used now: {problem}.", reason="mailbox-unavailable")
    answer(
        {
            "read": sum(each.read for each in visits),
            "stopped": sum(each.stopped for each in visits),
            "put_away": sum(each.put_away for each in visits),
        }
    )


@command.command()
@click.option("--lmtp", "address", default="127.0.0.1:8024", show_default=True, metavar="HOST:PORT")
@click.option("--network", is_flag=True, help="Also let other machines deliver; LMTP asks no name.")
@json_option
def listen(address: str, network: bool) -> None:
    """Take mails by LMTP from a mail server on this machine, until it is stopped."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        refuse("Name a host and a port, such as 127.0.0.1:8024.", reason="no-address")
    if not is_loopback_host(host) and not network:
        refuse(
            "Anybody who reaches that address could deliver mail. Use 127.0.0.1, or --network.",
            reason="not-loopback",
        )
    try:
        asyncio.run(run_listener(host, int(port), ready=_is_open))
    except OSError as problem:
        refuse(f"{address} cannot be opened: {problem.strerror}.", reason="port-taken")
    except KeyboardInterrupt:
        return


def _is_open(port: int) -> None:
    answer({"listening": port}, f"Mails are taken by LMTP at port {port}.")
    sys.stdout.flush()
