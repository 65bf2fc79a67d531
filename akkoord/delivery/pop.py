"""A POP3 mailbox that is read every minute, for whoever has no IMAP. By the standard library.

POP3 knows no folders and no marks: a mail is deleted only when it was dealt with, and the server
does that at the polite end of the visit. What is no business of ours stays, and is fetched again
only by another process or after a restart; `receive` then knows it by its digest.
"""

import poplib
import ssl
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from akkoord.delivery.imap import AT_ONCE, TIMEOUT, MailboxAddress
from akkoord.delivery.incoming import LARGEST

SCHEMES = ("pop3s", "pop3+starttls", "pop3")
_MOST_LINES = 100_000
# The library gives a mail up at a line of 2,048 characters, and with it all that stand behind it.
poplib._MAXLINE = 1_000_000  # type: ignore[attr-defined]
_MOST_SEEN = 50_000
_seen: dict[tuple[str, str, str], None] = {}  # host, user, the server's own name of a mail


class PopProblem(Exception):
    """The mailbox cannot be used now; says why, without the password."""


def read_url(url: str) -> MailboxAddress:
    """`pop3s://user:password@host`; ValueError for what cannot be one."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.username:
        raise ValueError("not a mailbox")
    return MailboxAddress(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (995 if parts.scheme == "pop3s" else 110),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder="",
    )


class PopMailbox:
    """One visit to a mailbox; use it as a context. Raises PopProblem."""

    def __init__(self, address: MailboxAddress) -> None:
        self._address = address
        self._names: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Log in."""
        where = self._address
        try:
            self._server = _connect(where)
        except (OSError, poplib.error_proto) as problem:
            raise PopProblem(f"{where.host}: {type(problem).__name__}") from None
        try:
            self._server.user(where.user)
            self._server.pass_(where.password)
        except (OSError, poplib.error_proto) as problem:
            self._server.close()
            raise PopProblem(f"{where.host}: {type(problem).__name__}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave: now the server deletes what was put away. After a problem it deletes nothing."""
        try:
            if problem is not None:
                self._server.rset()
            self._server.quit()
        except (OSError, poplib.error_proto):
            self._server.close()

    def new_mails(self) -> Iterator[tuple[str, bytes]]:
        """Mails that we have not looked at, the newest last; one that is too large is cut off."""
        try:
            listed = [line.decode("ascii", "replace").split(" ") for line in self._server.uidl()[1]]
            for number, name in [each for each in listed if len(each) == 2][-10 * AT_ONCE :]:
                self._names[number] = name
            fresh = [each for each in self._names if self._place(each) not in _seen]
            for number in fresh[-AT_ONCE:]:
                yield number, self._fetch(number)
        except (OSError, poplib.error_proto) as problem:
            raise PopProblem(f"{self._address.host}: {type(problem).__name__}") from None

    def _fetch(self, number: str) -> bytes:
        size = int(self._server.list(int(number)).split()[2])  # type: ignore[attr-defined]
        is_large = size > LARGEST
        found = self._server.top(int(number), 2_000) if is_large else self._server.retr(int(number))
        lines = found[1]
        return b"\r\n".join(lines[:_MOST_LINES]) + b"\r\n"

    def leave(self, number: str) -> None:
        """Not ours: remember that we looked, and touch nothing."""
        if len(_seen) >= _MOST_SEEN:
            _seen.clear()
        _seen[self._place(number)] = None

    def put_away(self, number: str) -> None:
        """Done: the server deletes it when the visit ends well."""
        try:
            self._server.dele(int(number))
        except (OSError, poplib.error_proto) as problem:
            raise PopProblem(f"{self._address.host}: {type(problem).__name__}") from None

    def _place(self, number: str) -> tuple[str, str, str]:
        return self._address.host, self._address.user, self._names[number]


def _connect(where: MailboxAddress) -> poplib.POP3:
    if where.scheme == "pop3s":
        context = ssl.create_default_context()
        return poplib.POP3_SSL(where.host, where.port, timeout=TIMEOUT, context=context)
    server = poplib.POP3(where.host, where.port, timeout=TIMEOUT)
    if where.scheme == "pop3+starttls":
        server.stls(ssl.create_default_context())
    return server


def forget_seen() -> None:
    """Look at everything anew."""
    _seen.clear()
