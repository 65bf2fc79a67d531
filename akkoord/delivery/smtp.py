"""Bulk mail over SMTP: a pool of connections driven from the caller's own thread.

No event loop runs, so the callbacks may use the ORM. Connections are opened by short-lived
threads and then driven together by one selector.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import queue
import re
import select
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator

from akkoord.delivery.outgoing import (
    MayHandOver,
    OnOutcome,
    Outcome,
    OutcomeKind,
    Outgoing,
    SendReport,
    always,
)
from akkoord.delivery.smtp_opening import Line, OpeningError, open_line, read_url
from akkoord.delivery.smtp_session import Job, Session

TICK = 0.1  # seconds between looks at the clock
REUSE_SECONDS = 30.0  # servers close idle connections; an older one is not worth the try
MAX_ATTEMPTS = 2  # a message that did not leave gets one other connection
MAX_FAILURES = 3  # connections that fail to open, one after another, before we stop trying
_BAD_IN_ADDRESS = re.compile(r"[\x00-\x20<>\x7f-\x9f\u2028\u2029]")


class SmtpPool:
    """Connections to one mail server, kept open from one batch to the next.

    `timeout`: for connecting and for every word but one; `content_timeout`: for the answer to a
    whole message, long because giving up there leaves a message uncertain (RFC 5321 4.5.3.2.6
    asks for ten minutes). Not for use from two threads at once.
    """

    name = "smtp"
    leaves_database_alone = True

    def __init__(
        self,
        url: str,
        connections: int = 10,
        timeout: float = 60.0,
        content_timeout: float = 300.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Read the address; raises ValueError when it is none. Connects only when sending."""
        self.server = read_url(url)
        self.connections = connections
        self.timeout = timeout
        self.content_timeout = content_timeout
        self.tls = tls
        self._kept: list[Line] = []

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Hand over every message over all connections; see `Transport.send_many`."""
        run = _Run(self, messages, on_outcome, may_hand_over)
        try:
            run.drive()
        except BaseException:
            run.abort()
            raise
        self._kept = run.finish()
        return run.outcomes

    def take_kept(self) -> list[Line]:
        """The connections left from an earlier batch that still seem alive."""
        kept, self._kept = self._kept, []
        alive = []
        for line in kept:
            fresh = time.monotonic() - line.used_at < REUSE_SECONDS
            # A word on an idle connection is a goodbye.
            if fresh and not select.select([line.sock], [], [], 0)[0]:
                alive.append(line)
            else:
                line.close()
        return alive

    def sync(self) -> None:
        """Nothing is learnt of this way."""

    def close(self) -> None:
        """Close the connections that were kept."""
        for line in self._kept:
            line.close()
        self._kept = []


class _Run:
    """One call of `send_many`: the desk that the sessions ask for work and report to."""

    def __init__(
        self,
        pool: SmtpPool,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver,
    ) -> None:
        self.pool = pool
        self.timeout = pool.timeout
        self.content_timeout = pool.content_timeout
        self.prefetch = True
        self.outcomes = SendReport()
        self._source: Iterator[Outgoing] = iter(messages)
        self._wanted = min(pool.connections, operator.length_hint(messages, pool.connections))
        self._exhausted = False
        self._again: deque[Job] = deque()
        self._on_outcome = on_outcome
        self._may_hand_over = may_hand_over
        self._sessions: dict[Session, int] = {}  # with the selector mask
        self._selector = selectors.DefaultSelector()
        self._opened: queue.SimpleQueue[Line | OpeningError] = queue.SimpleQueue()
        self._bell, self._bell_push = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._opening = 0
        self._failures = 0
        self._barren = 0  # connections lost in a row without one answer to a message
        self._retry_opening_at = 0.0
        self._over = threading.Event()
        self._door = threading.Lock()
        self._spare: list[Line] = []  # more connections than a short batch has messages

    # -- what sessions ask

    def next_job(self, line: Line) -> Job | None:
        """The next message for a connection; those that cannot go are reported here."""
        while True:
            if self._again:
                job = self._again.popleft()
            elif self._exhausted:
                return None
            else:
                outgoing = next(self._source, None)
                if outgoing is None:
                    self._exhausted = True
                    return None
                made = self._make_job(outgoing, line)
                if made is None:
                    continue
                job = made
            if self.may_leave(job):
                return job
            self.report(job, OutcomeKind.NOT_HANDED, "stale")

    def _make_job(self, outgoing: Outgoing, line: Line) -> Job | None:
        """Build the message and its envelope, or report at once why it cannot go."""
        try:
            mail, rcpt = envelope_words(outgoing.sender, outgoing.recipient, line)
        except ValueError as problem:
            self._tell(Outcome(outgoing.key, OutcomeKind.REJECTED, str(problem)))
            return None
        try:
            content = (
                outgoing.content if isinstance(outgoing.content, bytes) else (outgoing.content())
            )
        except Exception:  # one message that cannot be made must not stop the others
            self._tell(Outcome(outgoing.key, OutcomeKind.REJECTED, "not-built"))
            return None
        content = content + b".\r\n" if outgoing.is_clean else safe_content(content)
        if line.size_limit and len(content) > line.size_limit:
            self._tell(Outcome(outgoing.key, OutcomeKind.REJECTED, "552 5.3.4"))
            return None
        if not content.isascii():
            if "8BITMIME" not in line.features:
                self._tell(Outcome(outgoing.key, OutcomeKind.REJECTED, "8bitmime-missing"))
                return None
            mail += b" BODY=8BITMIME"
        if "SIZE" in line.features:
            mail += b" SIZE=%d" % len(content)
        return Job(outgoing, mail + b"\r\n", rcpt + b"\r\n", content)

    def may_leave(self, job: Job) -> bool:
        """Fresh enough, and the caller agrees."""
        outgoing = job.outgoing
        return time.monotonic() <= outgoing.hand_over_by and self._may_hand_over(outgoing)

    def report(self, job: Job, kind: OutcomeKind, code: str, text: bytes = b"") -> None:
        """The outcome of one message."""
        self._tell(Outcome(job.outgoing.key, kind, code, text.decode("utf-8", "replace")))

    def give_back(self, job: Job, code: str) -> None:
        """Try a message that did not leave once more, over another connection."""
        job.attempts += 1
        if job.attempts >= MAX_ATTEMPTS or (code == "stale" and not self.may_leave(job)):
            self.report(job, OutcomeKind.NOT_HANDED, code)
            return
        job.start_over()
        self._again.append(job)

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes.counts[outcome.kind] += 1
        self._on_outcome(outcome)

    # -- driving

    def drive(self) -> None:
        """Send until the source is empty and every message has its outcome."""
        kept = self.pool.take_kept()
        self._spare = kept[self._wanted :]
        if self._wanted == 0:
            return
        for line in kept[: self._wanted]:
            self._employ(line)
        clock = time.monotonic()
        while not self._done():
            self._staff()
            if self.outcomes.unavailable:
                self._drain()
                if self._done():
                    break
            self._step()
            if time.monotonic() - clock > TICK:
                clock = time.monotonic()
                for session in list(self._sessions):
                    session.check_clock(clock)
                    self._settle(session)

    def _done(self) -> bool:
        return (
            self._exhausted and not self._again and all(session.idle for session in self._sessions)
        )

    def _staff(self) -> None:
        """Give idle connections work, and open those that are wanting."""
        if self._again or not self._exhausted:
            for session in list(self._sessions):
                if session.idle and session.start():
                    self._settle(session)
        if self._exhausted and not self._again:
            return
        if self._barren > 2 * self.pool.connections + MAX_FAILURES:
            self.outcomes.unavailable = "drops-connections"
        # With one connection up, failures to open more only make us slower.
        may_open = not self._sessions or not self._failures
        if may_open and time.monotonic() >= self._retry_opening_at:
            while len(self._sessions) + self._opening < self._wanted:
                self._opening += 1
                threading.Thread(target=self._open, name="smtp-open", daemon=True).start()
                if self._failures:
                    break  # one at a time until it works again

    def _open(self) -> None:
        """In a thread of its own: open one connection and ring the bell."""
        try:
            found: Line | OpeningError = open_line(
                self.pool.server, timeout=self.timeout, context=self.pool.tls
            )
        except OpeningError as problem:
            found = problem
        except Exception:  # whatever it was, the run must hear of it
            found = OpeningError("connect")
        with self._door:  # either before the run's end empties the queue, or not at all
            if self._over.is_set():
                if isinstance(found, Line):
                    found.close()
                return
            self._opened.put(found)
            with contextlib.suppress(OSError):
                self._bell_push.send(b"!")

    def _take_opened(self) -> None:
        while True:
            try:
                found = self._opened.get_nowait()
            except queue.Empty:
                return
            self._opening -= 1
            if isinstance(found, Line):
                self._failures = 0
                self._employ(found)
                continue
            self._failures += 1
            self._retry_opening_at = time.monotonic() + 0.2 * self._failures
            hopeless = found.permanent or self._failures >= MAX_FAILURES
            if hopeless and not self._sessions and not self._opening:
                self.outcomes.unavailable = found.code

    def _employ(self, line: Line) -> None:
        session = Session(line, self)
        self._sessions[session] = selectors.EVENT_READ
        self._selector.register(session.sock, selectors.EVENT_READ, session)
        session.start()
        self._settle(session)

    def _step(self) -> None:
        """Wait for the next thing to happen and act on it."""
        for key, mask in self._selector.select(TICK):
            if key.data is None:
                self._bell.recv(64)
                self._take_opened()
                continue
            session: Session = key.data
            if mask & selectors.EVENT_WRITE:
                session.flush()
            if mask & selectors.EVENT_READ:
                session.read()
            self._settle(session)

    def _settle(self, session: Session) -> None:
        """Keep the selector in step with a session; let go of a closed one."""
        known = self._sessions.get(session)
        if known is None:
            return
        if session.closed:
            # The descriptor is gone already; the selector knows it by its object.
            self._selector.unregister(session.sock)
            del self._sessions[session]
            self._barren = 0 if session.progress else self._barren + 1
            return
        if session.progress and self._barren:
            self._barren = 0
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if session.unsent else 0)
        if wanted != known:
            self._selector.modify(session.sock, wanted, session)
            self._sessions[session] = wanted

    def _drain(self) -> None:
        """The server cannot be used: what was not handed over whole comes back untouched.

        Who waits for the answer to a whole message goes on waiting, as long as one waits for it
        at any time: to hang up now would leave that message uncertain.
        """
        for session in list(self._sessions):
            if not session.awaits_verdict:
                session.lose("unavailable")
                self._settle(session)
        while self._again:
            self.report(self._again.popleft(), OutcomeKind.NOT_HANDED, "unavailable")
        for outgoing in self._source:
            self._tell(Outcome(outgoing.key, OutcomeKind.NOT_HANDED, "unavailable"))
        self._exhausted = True

    # -- ending

    def _end(self) -> None:
        """From here on a connection that opens late is closed by its own thread."""
        with self._door:
            self._over.set()

    def finish(self) -> list[Line]:
        """Close the selector; answer the connections that can serve the next batch."""
        self._end()
        now = time.monotonic()
        kept = self._spare
        for session in self._sessions:
            self._selector.unregister(session.sock)
            session.line.used_at = now
            kept.append(session.line)
        self._close()
        return kept

    def abort(self) -> None:
        """A callback failed: drop every connection, so that nothing half written counts."""
        self._end()
        for line in self._spare:
            line.close()
        for session in self._sessions:
            session.line.close()
        self._close()

    def _close(self) -> None:
        while True:
            try:
                found = self._opened.get_nowait()
            except queue.Empty:
                break
            if isinstance(found, Line):
                found.close()
        self._selector.close()
        self._bell.close()
        self._bell_push.close()


def envelope_words(sender: str, recipient: str, line: Line) -> tuple[bytes, bytes]:
    """MAIL and RCPT for two addresses, without their line ends.

    Raises ValueError with a code: `bad-address` for anything that could end a command early,
    `smtputf8-missing` when the server cannot take a local part outside ASCII (RFC 6531).
    """
    from_words, from_utf8 = _sender_path(sender)
    to_words, to_utf8 = _path(recipient)
    mail = b"MAIL FROM:<" + from_words + b">"
    if from_utf8 or to_utf8:
        if "SMTPUTF8" not in line.features:
            raise ValueError("smtputf8-missing")
        mail += b" SMTPUTF8"
    return mail, b"RCPT TO:<" + to_words + b">"


@functools.lru_cache(maxsize=64)
def _sender_path(address: str) -> tuple[bytes, bool]:
    """A sender's words, remembered: those of a campaign have one."""
    return _path(address)


def _path(address: str) -> tuple[bytes, bool]:
    local, at, domain = address.rpartition("@")
    if not address:  # the null reverse path of answers that must not be answered (RFC 3834)
        return b"", False
    if not at or not local or not domain or _BAD_IN_ADDRESS.search(address):
        raise ValueError("bad-address")
    if address.isascii():
        return address.encode(), False
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise ValueError("bad-address") from None
    return f"{local}@{ascii_domain}".encode(), not local.isascii()


def safe_content(content: bytes) -> bytes:
    """The content as it goes over the line, its last dot included.

    Compiled messages need nothing done. For others: bare CR or LF becomes CRLF, for a server that
    reads a bare one as a line end could be made to see a second message (SMTP smuggling), and a
    leading dot is doubled (RFC 5321 4.5.2).
    """
    if content.count(b"\n") != content.count(b"\r\n") or content.count(b"\r") != content.count(
        b"\r\n"
    ):
        content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if b"\n." in content or content.startswith(b"."):
        content = re.sub(rb"(?m)^\.", b"..", content)
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
