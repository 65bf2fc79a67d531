"""Letters by a provider's own interface: a few questions at once, one outcome for every letter.

Threads ask; the caller's callbacks run in the caller's own thread. When the provider says that we
go too fast, we go slower; when it says that the account cannot send, nothing more is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from akkoord.delivery.hook_models import Provider
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
from akkoord.delivery.providers import brevo, mailgun, postmark, ses, verdicts
from akkoord.delivery.providers.accounts import Account
from akkoord.delivery.providers.caller import Answer, Ask, Caller, NotTaken, Unanswered
from akkoord.delivery.providers.parts import NotForParts
from akkoord.delivery.providers.verdicts import Verdict


class Adapter(Protocol):
    """How one provider is asked, and what its answers mean."""

    def letter(self, account: Account, outgoing: Outgoing, content: bytes) -> Ask:
        """The question that sends a letter. Raises NotForParts."""
        ...

    def judge(self, answer: Answer) -> Verdict:
        """What an answer means for the letter."""
        ...


ADAPTERS: Mapping[str, Adapter] = {
    Provider.SES: ses,
    Provider.MAILGUN: mailgun,
    Provider.POSTMARK: postmark,
    Provider.BREVO: brevo,
}
RESTING = "resting"
TOO_FAST = "429"
FIRST_GAP, LAST_GAP = 0.05, 1.0  # seconds between letters, once a provider said "too fast"
FASTER = 0.9  # of the gap, after each letter that went well
NO_GAP = 0.005
_Tell = Callable[[Outgoing, Verdict], None]
_Flying = set[Future[tuple[Outgoing, Verdict]]]


class ProviderPool:
    """One account at a provider. Not for use from two threads at once."""

    name = "provider"
    leaves_database_alone = True

    def __init__(self, account: Account, *, connections: int = 8, timeout: float = 30.0) -> None:
        """Connects only when sending."""
        self._account, self._connections = account, connections
        self._adapter = ADAPTERS[account.provider]
        self._caller = Caller(timeout)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="provider")
        self._rests_until = 0.0
        self._gap, self._next = 0.0, 0.0
        self._trouble = ""

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Hand over every message; see `Transport.send_many`."""
        report, self._trouble = SendReport(), ""
        flying: _Flying = set()

        def tell(message: Outgoing, found: Verdict) -> None:
            report.counts[found.kind] += 1
            on_outcome(Outcome(message.key, found.kind, found.code, found.text, found.wait))

        for message in messages:
            while len(flying) >= self._connections:
                flying = self._land(flying, tell)
            if self._trouble or self._rest > 0:
                code = self._trouble or RESTING
                tell(message, Verdict(OutcomeKind.NOT_HANDED, code, wait=self._rest))
            elif (content := built(message)) is None:
                tell(message, Verdict(OutcomeKind.REJECTED, "not-built"))
            elif self._may_leave(message, may_hand_over):
                flying.add(self._threads.submit(self._post, message, content))
            else:
                tell(message, Verdict(OutcomeKind.NOT_HANDED, "stale"))
        while flying:
            flying = self._land(flying, tell)
        if self._trouble or self._rest > 0:
            report.unavailable = self._trouble or TOO_FAST
        return report

    @property
    def _rest(self) -> float:
        return max(0.0, self._rests_until - time.monotonic())

    def _may_leave(self, message: Outgoing, may_hand_over: MayHandOver) -> bool:
        """Whether it may leave now; asked when a line is free, so that nothing waits after it."""
        if self._gap:
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + self._gap
        return time.monotonic() <= message.hand_over_by and may_hand_over(message)

    def _post(self, message: Outgoing, content: bytes) -> tuple[Outgoing, Verdict]:
        """Ask for one letter; always answers, never raises."""
        try:
            ask = self._adapter.letter(self._account, message, content)
            answer = self._caller.ask(ask, by=message.hand_over_by)
            return message, self._adapter.judge(answer)
        except NotForParts:
            return message, Verdict(OutcomeKind.REJECTED, "parts")
        except NotTaken as problem:
            return message, Verdict(OutcomeKind.NOT_HANDED, problem.code)
        except Unanswered as problem:
            return message, Verdict(OutcomeKind.UNCERTAIN, problem.code)

    def _land(self, flying: _Flying, tell: _Tell) -> _Flying:
        """Report what has come back; answers what has not."""
        done, still = wait(flying, return_when=FIRST_COMPLETED)
        for each in done:
            message, found = each.result()
            self._learn(found)
            tell(message, found)
        return still

    def _learn(self, found: Verdict) -> None:
        if found.trouble:
            self._trouble = found.code
        elif found.kind is OutcomeKind.SENT:
            self._gap = self._gap * FASTER if self._gap > NO_GAP else 0.0
        elif found.kind is OutcomeKind.NOT_HANDED and found.wait > verdicts.SHORT:
            self._rests_until = time.monotonic() + found.wait
        elif found.code == TOO_FAST:
            self._gap = min(LAST_GAP, max(FIRST_GAP, self._gap * 2))

    def sync(self) -> None:
        """Nothing is learnt of this way that others must know; its breaker is its caller's."""

    def close(self) -> None:
        """Close the lines and end the threads."""
        self._threads.shutdown()
        self._caller.close()
