"""Which reader belongs to which provider, and what a letter carries so that it is known again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from akkoord.delivery.hook_models import Provider
from akkoord.delivery.hooks import brevo, mailgun, postmark, sendgrid, ses
from akkoord.delivery.hooks.told import MARK, Fetch, Post, Told
from akkoord.delivery.outgoing import Outgoing, built


class Reader(Protocol):
    """Reads what one provider posted."""

    def __call__(self, post: Post, *, proof: str, fetch: Fetch) -> Told:
        """What it tells. Raises HookRefused and HookUnreadable."""
        ...


READERS: dict[str, Reader] = {
    Provider.SES: ses.read,
    Provider.POSTMARK: postmark.read,
    Provider.SENDGRID: sendgrid.read,
    Provider.MAILGUN: mailgun.read,
    Provider.BREVO: brevo.read,
}
# SES and Mailgun tell our own Message-ID; the others give a letter a number of theirs.
_HEADS: dict[str, Callable[[str], str]] = {
    Provider.POSTMARK: lambda mark: f"X-PM-Metadata-{MARK}: {mark}",
    Provider.SENDGRID: lambda mark: f'X-SMTPAPI: {{"unique_args":{{"{MARK}":"{mark}"}}}}',
    Provider.BREVO: lambda mark: f"{brevo.MARK_HEADER}: {mark}",
}


def marked(outgoing: Outgoing, provider: str) -> Outgoing:
    """The letter as it goes to this provider.

    A header before the others names it where the provider would rename it; it stands outside
    the signature (DKIM), and holds the number of the letter and nothing of anybody. A server of
    our own gets a return address per letter (VERP).
    """
    if provider == Provider.OWN and outgoing.return_path is not None:
        return replace(outgoing, sender=outgoing.return_path())
    head = _HEADS.get(provider)
    if head is None or not isinstance(outgoing.key, UUID):
        return outgoing
    line = f"{head(outgoing.key.hex)}\r\n".encode()

    def content() -> bytes:
        made = built(outgoing)
        if made is None:
            raise ValueError("the letter cannot be made")
        return line + made

    return replace(outgoing, content=content)
