"""A mailbox that is read every minute: new mails out of a folder, those that are done away.

By the standard library's imaplib. Who reads the mails decides what becomes of each; a mail that is
no business of ours stays where it is, unread as it was.
"""

import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

SCHEMES = ("imaps", "imap+starttls", "imap")
SEEN_BY_US = "AkkoordSeen"  # a keyword (RFC 3501 2.3.2): looked at, not ours
DONE = "Akkoord"  # the folder for what is done
TIMEOUT = 20  # seconds
AT_ONCE = 200  # mails in one visit
LARGEST = 1_000_000  # bytes that are fetched of one mail


class ImapProblem(Exception):
    """The mailbox cannot be used now; says why, without the password."""


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where the mailbox is."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str


def read_url(url: str) -> MailboxAddress:
    """`imaps://user:password@host/INBOX`; ValueError for what cannot be one."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.username:
        raise ValueError("not a mailbox")
    return MailboxAddress(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


class ImapMailbox:
    """One visit to a mailbox; use it as a context. Raises ImapProblem."""

    def __init__(self, address: MailboxAddress) -> None:
        self._address = address
        self._has_keywords = False

    def __enter__(self) -> Self:
        """Log in and open the folder."""
        where = self._address
        try:
            self._server = _connect(where)
        except (OSError, imaplib.IMAP4.error) as problem:
            raise ImapProblem(f"{where.host}: {type(problem).__name__}") from None
        try:
            self._server.login(where.user, where.password)
            self._server.select(_quoted(where.folder))
        except (OSError, imaplib.IMAP4.error) as problem:
            self._server.shutdown()
            raise ImapProblem(f"{where.host}: {type(problem).__name__}") from None
        flags = b" ".join(each or b"" for each in self._server.response("PERMANENTFLAGS")[1])
        self._has_keywords = b"\\*" in flags or SEEN_BY_US.encode() in flags
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave; a server that is gone is left all the same."""
        try:
            self._server.logout()
        except (OSError, imaplib.IMAP4.error):
            return

    def new_mails(self) -> Iterator[tuple[str, bytes]]:
        """Mails that we have not looked at, the newest last; their unread mark stays."""
        wanted = f"UNKEYWORD {SEEN_BY_US}" if self._has_keywords else "ALL"
        found = self._ask("SEARCH", None, f"UNDELETED {wanted}")
        for uid in (found[0] or b"").split()[-AT_ONCE:]:
            name = uid.decode()
            for part in self._ask("FETCH", name, f"(UID BODY.PEEK[]<0.{LARGEST}>)"):
                if isinstance(part, tuple):
                    yield name, part[1]

    def leave(self, uid: str) -> None:
        """Not ours: remember that we looked, and touch nothing else."""
        if self._has_keywords:
            self._ask("STORE", uid, "+FLAGS.SILENT", f"({SEEN_BY_US})")

    def put_away(self, uid: str) -> None:
        """Done: out of the folder, into ours."""
        self._server.create(_quoted(DONE))  # it may be there already
        if "MOVE" in self._server.capabilities:
            self._ask("MOVE", uid, _quoted(DONE))
            return
        self._ask("COPY", uid, _quoted(DONE))
        self._ask("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)")
        if "UIDPLUS" in self._server.capabilities:
            self._ask("EXPUNGE", uid)
        else:
            self._server.expunge()

    def _ask(self, command: str, *arguments: Any) -> list[Any]:
        try:
            state, answer = self._server.uid(command, *[each for each in arguments if each])
        except (OSError, imaplib.IMAP4.error) as problem:
            raise ImapProblem(f"{command}: {type(problem).__name__}") from None
        if state != "OK":
            raise ImapProblem(f"{command}: {state}")
        return answer


def _connect(where: MailboxAddress) -> imaplib.IMAP4:
    if where.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT)
    server = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
    if where.scheme == "imap+starttls":
        server.starttls(ssl.create_default_context())
    return server


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
