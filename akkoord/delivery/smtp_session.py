"""One SMTP connection in the middle of bulk sending: a state machine over a non-blocking socket.

With PIPELINING the end of one message and the envelope of the next leave in one write
(RFC 2920 3.1), so a message costs one round trip. Everything that may go wrong ends in exactly
one outcome per message; when in doubt whether the other side has it, the outcome says so.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import time
from collections import deque
from enum import Enum, auto
from typing import Protocol

from akkoord.delivery.outgoing import OutcomeKind, Outgoing
from akkoord.delivery.smtp_opening import MAX_REPLY_BYTES, Line

_ENHANCED = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")


class Step(Enum):
    """What the next reply of the server is about."""

    RSET = auto()
    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    CONTENT = auto()


class Job:
    """One message on its way, already built, with its envelope checked."""

    __slots__ = ("attempts", "content", "content_end", "mail", "outgoing", "rcpt", "refusal")

    def __init__(self, outgoing: Outgoing, mail: bytes, rcpt: bytes, content: bytes) -> None:
        self.outgoing = outgoing
        self.mail = mail
        self.rcpt = rcpt
        self.content = content
        self.attempts = 0
        self.start_over()

    def start_over(self) -> None:
        """Forget what another connection said."""
        self.content_end = 0  # place in the stream of bytes where this message is whole
        self.refusal: tuple[int, bytes] | None = None


class Desk(Protocol):
    """What a session asks of the run that it belongs to."""

    timeout: float
    content_timeout: float
    prefetch: bool

    def next_job(self, line: Line) -> Job | None:
        """The next message for this connection, or None."""

    def may_leave(self, job: Job) -> bool:
        """Whether the message may still be handed over at this very moment."""

    def report(self, job: Job, kind: OutcomeKind, code: str, text: bytes = b"") -> None:
        """The outcome of a message; exactly once."""

    def give_back(self, job: Job, code: str) -> None:
        """A message that did not leave: another connection may try it."""


class Session:
    """A connection and the replies it waits for."""

    def __init__(self, line: Line, desk: Desk) -> None:
        self.line = line
        self.sock = line.sock
        self.sock.setblocking(False)
        self.desk = desk
        self.pipelining = "PIPELINING" in line.features
        self.waiting: deque[tuple[Step, Job | None]] = deque()
        self.unsent = b""
        self.queued = 0  # bytes ever queued; queued - len(unsent) were written
        self.received = b""
        self.reply_text: list[bytes] = []
        self.deadline = float("inf")
        self.closed = False
        self.cut_off = False  # the other side reads no more; what it said may still be here
        self.progress = False  # whether the server ever answered to a whole message

    @property
    def idle(self) -> bool:
        """Whether the session may take a message."""
        return not self.closed and not self.waiting

    @property
    def awaits_verdict(self) -> bool:
        """Whether a whole message was handed over that the server has not answered to yet."""
        if self.closed or not self.waiting:
            return False
        step, job = self.waiting[0]
        written = self.queued - len(self.unsent)
        return step is Step.CONTENT and job is not None and written >= job.content_end

    # -- going out

    def start(self) -> bool:
        """Take the next message, when there is one."""
        job = self.desk.next_job(self.line)
        if job is None:
            return False
        self._write(self._envelope(job))
        return True

    def _envelope(self, job: Job) -> bytes:
        """The words before the content: all at once, or the first of them."""
        self.waiting.append((Step.MAIL, job))
        if not self.pipelining:
            return job.mail
        self.waiting.append((Step.RCPT, job))
        self.waiting.append((Step.DATA, job))
        return job.mail + job.rcpt + b"DATA\r\n"

    def _hand_over(self, job: Job) -> None:
        """Write the content: from the last byte on, the message is the server's."""
        self.waiting.append((Step.CONTENT, job))
        job.content_end = self.queued + len(job.content)
        words = job.content
        if self.pipelining and self.desk.prefetch:
            following = self.desk.next_job(self.line)
            # Pulling may have taken time: the clock is asked after it.
            if not self._still_fresh(job, following):
                return
            if following is not None:
                words += self._envelope(following)
        elif not self._still_fresh(job, None):
            return
        self._write(words)

    def _still_fresh(self, job: Job, following: Job | None) -> bool:
        if self.desk.may_leave(job):
            return True
        # DATA was answered: only a broken connection makes the message void.
        self.waiting.clear()
        self.desk.report(job, OutcomeKind.NOT_HANDED, "stale")
        if following is not None:
            self.desk.give_back(following, "stale")
        self.desk.prefetch = False  # the server is too slow to work ahead
        self._close()
        return False

    def _write(self, words: bytes) -> None:
        self.queued += len(words)
        self.unsent = self.unsent + words if self.unsent else words
        self.flush()

    def flush(self) -> None:
        """Write what can be written now."""
        if not self.unsent or self.closed or self.cut_off:
            return
        try:
            count = self.sock.send(self.unsent)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            count = 0
        except (BrokenPipeError, ConnectionResetError):
            # It may have taken a message and said so before it left: that is read first.
            self.cut_off = True
            return
        except OSError:
            self.lose("lost")
            return
        self.unsent = self.unsent[count:]
        self._set_deadline()

    def _set_deadline(self) -> None:
        if not self.waiting:
            self.deadline = float("inf")
            return
        at_content = self.waiting[0][0] is Step.CONTENT
        limit = self.desk.content_timeout if at_content else self.desk.timeout
        self.deadline = time.monotonic() + limit

    # -- coming in

    def read(self) -> None:
        """Read what is there and act on every whole reply."""
        ended = False
        while not self.closed:
            try:
                more = self.sock.recv(MAX_REPLY_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError:
                ended = True
                break
            if not more:
                ended = True
                break
            self.received += more
            if not isinstance(self.sock, ssl.SSLSocket):
                break
        self._take_replies()
        if ended and not self.closed:
            self.lose("lost")
        elif self.unsent and not self.closed:
            self.flush()

    def _take_replies(self) -> None:
        """Act on every whole line that is there; with PIPELINING one read brings several."""
        *lines, self.received = self.received.split(b"\n")
        for line in lines:
            code = line[:3]
            if not (code.isdigit() and len(code) == 3):
                self.lose("not-smtp")
                return
            text = line[4:].rstrip(b"\r")
            if line[3:4] == b"-":
                self.reply_text.append(text)
                if len(self.reply_text) > 100:
                    self.lose("not-smtp")
                    return
                continue
            if self.reply_text:
                text = b" ".join([*self.reply_text, text])
                self.reply_text.clear()
            self._act(int(code), text)
            if self.closed:
                return
        if len(self.received) > MAX_REPLY_BYTES:
            self.lose("not-smtp")
        elif lines:
            self._set_deadline()

    def _act(self, code: int, text: bytes) -> None:
        if not self.waiting:  # an unasked word: "421 idle for too long"
            self._close()
            return
        step, job = self.waiting.popleft()
        if job is None:
            if not 200 <= code < 300:
                self.lose(str(code))
            elif not self.waiting:
                self.start()
            return
        if step is Step.CONTENT:
            self._content_answered(job, code, text)
        elif code == 421:  # the server closes; the message did not leave
            self.waiting.appendleft((step, job))
            self.lose("421")
        elif step is Step.DATA:
            self._data_answered(job, code, text)
        else:
            self._envelope_answered(step, job, code, text)

    def _envelope_answered(self, step: Step, job: Job, code: int, text: bytes) -> None:
        if not 200 <= code < 300 and job.refusal is None:
            job.refusal = (code, text)
        if self.pipelining:
            return
        if job.refusal is not None:
            self._refused(job)
        elif step is Step.MAIL:
            self.waiting.append((Step.RCPT, job))
            self._write(job.rcpt)
        elif self.desk.may_leave(job):
            self.waiting.append((Step.DATA, job))
            self._write(b"DATA\r\n")
        else:
            self.desk.report(job, OutcomeKind.NOT_HANDED, "stale")
            self._begin_again()

    def _data_answered(self, job: Job, code: int, text: bytes) -> None:
        if code == 354 and job.refusal is None:
            self._hand_over(job)
        elif code == 354:
            # The server waits for content of a message whose recipient it refused. Writing a
            # lone dot could deliver an empty letter, so the connection is dropped.
            self.report_refusal(job)
            self._close()
        else:
            job.refusal = job.refusal or (code, text)
            self._refused(job)

    def _refused(self, job: Job) -> None:
        self.report_refusal(job)
        self._begin_again()

    def _begin_again(self) -> None:
        """Clear the server's envelope, and go on with the next message."""
        self.waiting.append((Step.RSET, None))
        words = b"RSET\r\n"
        following = self.desk.next_job(self.line) if self.pipelining else None
        if following is not None:
            words += self._envelope(following)
        self._write(words)

    def report_refusal(self, job: Job) -> None:
        """Report what the server said of the envelope."""
        code, text = job.refusal or (500, b"")
        kind = OutcomeKind.DEFERRED if 400 <= code < 500 else OutcomeKind.REJECTED
        self.desk.report(job, kind, short_code(code, text), text)

    def _content_answered(self, job: Job, code: int, text: bytes) -> None:
        self.progress = True
        if 200 <= code < 300:
            self.desk.report(job, OutcomeKind.SENT, short_code(code, text), text)
        elif 400 <= code < 500:
            self.desk.report(job, OutcomeKind.DEFERRED, short_code(code, text), text)
        elif code >= 500:
            self.desk.report(job, OutcomeKind.REJECTED, short_code(code, text), text)
        else:  # 1xx or 3xx says nothing about who has the message
            self.desk.report(job, OutcomeKind.UNCERTAIN, str(code), text)
            self.lose("not-smtp")
        if code == 421:
            self.lose("421")
        elif not self.waiting and not self.closed:
            self.start()

    # -- when it ends

    def check_clock(self, now: float) -> None:
        """Give up what took too long, and what may not leave any more."""
        if self.closed:
            return
        if now > self.deadline:
            self.lose("timeout")
            return
        written = self.queued - len(self.unsent)
        for step, job in self.waiting:
            if step is Step.CONTENT and job is not None:
                if written < job.content_end and now > job.outgoing.hand_over_by:
                    self.lose("stale")
                return

    def lose(self, code: str) -> None:
        """The connection is of no more use: every message in it gets its due."""
        written = self.queued - len(self.unsent)
        seen: set[int] = set()
        waiting, self.waiting = self.waiting, deque()
        self._close()
        for step, job in waiting:
            if job is None or id(job) in seen:
                continue
            seen.add(id(job))
            if step is Step.CONTENT and written >= job.content_end:
                self.desk.report(job, OutcomeKind.UNCERTAIN, code)
            elif job.refusal is not None:
                self.report_refusal(job)
            else:  # without its last bytes the server may not take it (RFC 5321 4.1.1.4)
                self.desk.give_back(job, code)

    def quit(self) -> None:
        """Say goodbye, and do not wait for the answer."""
        with contextlib.suppress(OSError):
            self.sock.send(b"QUIT\r\n")
        self._close()

    def _close(self) -> None:
        self.closed = True
        self.deadline = float("inf")
        self.line.close()


def short_code(code: int, text: bytes) -> str:
    """The reply code with the enhanced code when there is one (RFC 3463): `550 5.1.1`."""
    found = _ENHANCED.match(text)
    return f"{code} {found.group().decode()}" if found else str(code)
