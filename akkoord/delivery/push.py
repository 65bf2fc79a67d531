"""Web push: sealed messages to the push services of people's own browsers (RFC 8030, 8291, 8292).

Each message is one POST to an end-point. A few lines are kept open per push service, driven by
threads that touch no database; the caller's callbacks run in the caller's own thread.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from akkoord.delivery.https_line import HttpsLine
from akkoord.delivery.outgoing import (
    MayHandOver,
    OnOutcome,
    Outcome,
    OutcomeKind,
    Outgoing,
    SendReport,
    always,
    built,
)
from akkoord.delivery.push_address import BadEndpoint, read_endpoint
from akkoord.delivery.push_crypto import VAPID_SECONDS, vapid_header

GONE = ("404", "410")  # RFC 8030 7.3: this subscription is no more
LONGEST_WAIT = 24 * 3600.0  # no push service asks for more; a far date is a mistake
MOST_ANSWER = 64 * 1024  # what is read of an answer, so that a line can be used again
_BUSY = frozenset({408, 425, 429})


class PushPool:
    """Lines to push services. `loopback`: a push service on this machine counts too, in tests.

    Follows no redirect, uses no proxy, and connects to public addresses only. Not for use from
    two threads at once.
    """

    name = "push"
    leaves_database_alone = True

    def __init__(
        self, connections: int = 8, timeout: float = 30.0, *, loopback: bool = False
    ) -> None:
        """Connects only when sending."""
        self.connections = connections
        self.timeout = timeout
        self.loopback = loopback
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="push")
        self._lines = _Lines(timeout, loopback=loopback)

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Hand over every message; see `Transport.send_many`. `recipient` is the end-point."""
        report = SendReport()
        flying: set[Future[Outcome]] = set()

        def tell(outcome: Outcome) -> None:
            report.counts[outcome.kind] += 1
            on_outcome(outcome)

        for message in messages:
            content = built(message)
            if content is None:
                tell(Outcome(message.key, OutcomeKind.REJECTED, "not-built"))
                continue
            while len(flying) >= self.connections:
                flying = _land(flying, tell)
            # Asked when a line is free, so that nothing waits between the answer and the bytes.
            if time.monotonic() > message.hand_over_by or not may_hand_over(message):
                tell(Outcome(message.key, OutcomeKind.NOT_HANDED, "stale"))
                continue
            flying.add(self._threads.submit(self._lines.post, message, content))
        while flying:
            flying = _land(flying, tell)
        return report

    def sync(self) -> None:
        """Nothing is learnt of this way."""

    def close(self) -> None:
        """Close the lines and end the threads."""
        self._threads.shutdown()
        self._lines.close()


def _land(flying: set[Future[Outcome]], tell: OnOutcome) -> set[Future[Outcome]]:
    """Report what has come back; answers what has not."""
    done, still = wait(flying, return_when=FIRST_COMPLETED)
    for each in done:
        tell(each.result())
    return still


class _Lines:
    """What the threads share: idle lines, signatures and rests, per push service."""

    def __init__(self, timeout: float, *, loopback: bool) -> None:
        self._timeout, self._loopback = timeout, loopback
        self._tls = ssl.create_default_context()
        self._lock = threading.Lock()
        self._idle: dict[str, list[HttpsLine]] = {}
        self._signatures: dict[tuple[str, str], tuple[float, str]] = {}
        self._rests: dict[str, float] = {}  # until when a push service asked to be left alone

    def post(self, message: Outgoing, content: bytes) -> Outcome:
        """Post one message; always answers, never raises."""
        try:
            endpoint = read_endpoint(message.recipient, allow_loopback=self._loopback)
        except BadEndpoint:
            return Outcome(message.key, OutcomeKind.REJECTED, "address-refused")
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        rest = self._rests.get(origin, 0.0) - time.monotonic()
        if rest > 0:
            return Outcome(message.key, OutcomeKind.NOT_HANDED, "resting", wait=rest)
        try:
            line = self._take(origin, parts)
        except BadEndpoint:
            return Outcome(message.key, OutcomeKind.REJECTED, "address-refused")
        except (OSError, UnicodeError):
            return Outcome(message.key, OutcomeKind.DEFERRED, "connect")
        if time.monotonic() > message.hand_over_by:  # connecting took too long
            self._keep(origin, line)
            return Outcome(message.key, OutcomeKind.NOT_HANDED, "stale")
        return self._exchange(line, origin, parts, message, content)

    def _exchange(
        self, line: HttpsLine, origin: str, parts: SplitResult, message: Outgoing, content: bytes
    ) -> Outcome:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            line.request("POST", path, content, self._headers(origin, message))
        except (OSError, http.client.HTTPException, ValueError):
            line.close()
            return Outcome(message.key, OutcomeKind.NOT_HANDED, "lost")  # not whole: not taken
        try:
            answer = line.getresponse()
            answer.read(MOST_ANSWER)
        except (OSError, http.client.HTTPException):
            line.close()
            return Outcome(message.key, OutcomeKind.UNCERTAIN, "lost")
        outcome = _outcome(message, answer)
        if outcome.wait:
            with self._lock:
                self._rests[origin] = time.monotonic() + outcome.wait
        if answer.will_close or not answer.isclosed():
            line.close()
        else:
            self._keep(origin, line)
        return outcome

    def _headers(self, origin: str, message: Outgoing) -> dict[str, str]:
        return {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": self._signature(origin, message.sender),
            **(message.headers or {}),
        }

    def _signature(self, origin: str, contact: str) -> str:
        """The signed header for a push service, made anew before half of its time is over."""
        key, now = (origin, contact), time.time()
        with self._lock:
            known = self._signatures.get(key)
            if known is None or known[0] < now:
                header = vapid_header(origin, contact=contact, at=int(now))
                known = self._signatures[key] = (now + VAPID_SECONDS / 2, header)
        return known[1]

    def _take(self, origin: str, parts: SplitResult) -> HttpsLine:
        """An idle line that still lives, or a new one."""
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                line = idle.pop() if idle else None
            if line is None:
                break
            if line.is_usable:
                return line
            line.close()
        is_https = parts.scheme == "https"
        line = HttpsLine(
            parts.hostname or "",
            parts.port or (443 if is_https else 80),
            timeout=self._timeout,
            tls=self._tls if is_https else None,
            loopback=self._loopback,
        )
        line.connect()
        return line

    def _keep(self, origin: str, line: HttpsLine) -> None:
        line.used_at = time.monotonic()
        with self._lock:
            self._idle.setdefault(origin, []).append(line)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            for lines in self._idle.values():
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.close()
            self._idle.clear()


def _outcome(message: Outgoing, answer: http.client.HTTPResponse) -> Outcome:
    """What an answer means (RFC 8030 5, 7.3, 8.4; RFC 8292 4.2)."""
    status = answer.status
    code = str(status)
    if 200 <= status < 300:
        return Outcome(message.key, OutcomeKind.SENT, code)
    if status in _BUSY or status >= 500:
        asked = retry_after(answer.getheader("Retry-After", ""), at=time.time())
        return Outcome(message.key, OutcomeKind.DEFERRED, code, wait=asked)
    return Outcome(message.key, OutcomeKind.REJECTED, code)  # also a redirect: not followed


def retry_after(text: str, *, at: float) -> float:
    """Seconds that a `Retry-After` asks for, as seconds or as a date; 0 for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        seconds = float(text)
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - at
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)
