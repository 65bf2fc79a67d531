"""`akkoord mail`: hand over mails that came in, from a mail server's pipe."""

import sys

import click
from django.conf import settings
from django.utils import timezone

from akkoord.cli.output import answer, json_option, refuse, say
from akkoord.consent.poll import poll_mailbox
from akkoord.consent.receive import receive_mail
from akkoord.delivery.imap import ImapProblem
from akkoord.delivery.incoming import LARGEST

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
    """Visit the mailbox of AKKOORD_IMAP_URL now; the worker does so every minute."""
    if not settings.IMAP_URL:
        refuse("AKKOORD_IMAP_URL is not set, so there is no mailbox to read.", reason="no-mailbox")
    try:
        visit = poll_mailbox(settings.IMAP_URL, at=timezone.now())
    except ImapProblem as problem:
        refuse(f"The mailbox cannot be used now: {problem}.", reason="mailbox-unavailable")
    answer({"read": visit.read, "stopped": visit.stopped, "put_away": visit.put_away})
