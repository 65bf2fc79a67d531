"""The mailboxes to which people answer, read every minute when they are named (`AKKOORD_IMAP_URL`,
`AKKOORD_POP_URL`)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from akkoord.consent.models import IncomingMail
from akkoord.consent.receive import receive_mail
from akkoord.delivery import pop
from akkoord.delivery.imap import ImapMailbox, read_url
from akkoord.delivery.pop import PopMailbox

DONE = frozenset(
    {IncomingMail.STOPPED, IncomingMail.AUTOMATIC, IncomingMail.GONE, IncomingMail.RETURNED}
)


@dataclass(slots=True)
class Visit:
    """What one visit came to."""

    read: int = 0
    stopped: int = 0
    put_away: int = 0


def mailboxes() -> list[str]:
    """The mailboxes that are named."""
    return [each for each in (settings.IMAP_URL, settings.POP_URL) if each]


def poll_mailbox(url: str, *, at: datetime) -> Visit:
    """Read what is new; what is done goes to the folder "Akkoord", the rest stays as it was.

    By POP3, which has no folders, what is done is deleted.

    First the act, then the move: a worker that dies between them meets the same mail again, and
    knows it. Raises ImapProblem or PopProblem when the mailbox cannot be used.
    """
    visit = Visit()
    with _mailbox(url) as mailbox:
        for uid, raw in mailbox.new_mails():
            received = receive_mail(raw, at=at, is_only_copy=False)
            visit.read += 1
            visit.stopped += received.outcome == IncomingMail.STOPPED and not received.is_double
            if received.outcome in DONE:
                mailbox.put_away(uid)
                visit.put_away += 1
            else:
                mailbox.leave(uid)
    return visit


def _mailbox(url: str) -> ImapMailbox | PopMailbox:
    """The mailbox at an address, by the way that it names."""
    if url.partition(":")[0] in pop.SCHEMES:
        return PopMailbox(pop.read_url(url))
    return ImapMailbox(read_url(url))
