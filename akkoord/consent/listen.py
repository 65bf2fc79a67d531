"""A door for mails by LMTP (RFC 2033): a mail server on this machine delivers reports and answers
to it, and hears for each recipient at once whether it was taken.

Only addresses of ours are taken; for any other the mail server itself tells its sender. What
cannot be dealt with now stays with the mail server, which tries again.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections, connections
from django.utils import timezone

from akkoord.consent.receive import LOCAL, receive_mail
from akkoord.consent.tokens import RETURN_LOCAL
from akkoord.delivery.incoming import LARGEST
from akkoord.register.queries import organisation

TAKEN = "250 2.0.0 Taken"
UNKNOWN = "550 5.1.1 No such address here"
LATER = "451 4.3.0 Not now, try again"
_AT_ONCE = 4  # mails that are read side by side; each needs a connection to the database


def is_ours(address: str) -> bool:
    """Whether mail to this address is for Akkoord: a way out, a return address, or the sender."""
    house = organisation()
    if house is None:
        return False
    local, _, domain = address.strip().lower().rpartition("@")
    if address.strip().lower() in {house.sender_email.lower(), house.contact_email.lower()}:
        return True
    return domain == house.mail_domain.lower() and local.partition("+")[0] in (LOCAL, RETURN_LOCAL)


class Door:
    """What the listener does with each mail."""

    def __init__(self) -> None:
        """Take a few mails at a time."""
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """One recipient: ours, or refused for good."""
        try:
            known = await self._apart(lambda: is_ours(address))
        except Exception:  # the database is away: the mail server keeps the mail
            return LATER
        if not known:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ours"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """One mail, with an answer for each recipient (RFC 2033 4.2)."""
        raw, recipients = bytes(envelope.original_content or b""), list(envelope.rcpt_tos)
        try:
            await self._apart(lambda: receive_mail(raw, at=timezone.now(), recipients=recipients))
        except Exception:  # whatever it was: the mail must not be lost
            return "\r\n".join(LATER for _ in recipients)
        return "\r\n".join(TAKEN for _ in recipients)

    async def _apart(self, work: Callable[[], Any]) -> Any:
        """Work with the database in a thread of its own."""

        def do() -> Any:
            close_old_connections()
            try:
                return work()
            finally:
                connections.close_all()

        async with self._places:
            return await asyncio.to_thread(do)


async def listen(
    host: str, port: int, *, ready: Callable[[int], None], over: asyncio.Event | None = None
) -> None:
    """Take mails at a port until `over`, or for ever. `ready` hears the port when it is open."""
    loop, door = asyncio.get_running_loop(), Door()
    server = await loop.create_server(
        lambda: LMTP(
            door,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="akkoord",
            ident="Akkoord",
            loop=loop,
            timeout=60,
        ),
        host,
        port,
    )
    async with server:
        ready(server.sockets[0].getsockname()[1])
        await (over or asyncio.Event()).wait()
