"""Several mail servers as one way out: by weight, and around those that fail.

A batch goes to one server. What that server did not take at all goes on to the next one, as long
as its gate check is fresh (INV-25); what may have been taken never does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from time import monotonic

from django.db.models import F
from django.utils import timezone

from akkoord.delivery.breaker import Breakers
from akkoord.delivery.hook_models import ServerProvider
from akkoord.delivery.hooks.readers import marked
from akkoord.delivery.outgoing import (
    MayHandOver,
    OnOutcome,
    Outcome,
    OutcomeKind,
    Outgoing,
    SendReport,
    Transport,
    always,
)
from akkoord.delivery.providers.pool import ProviderPool
from akkoord.delivery.providers.verdicts import TROUBLES
from akkoord.delivery.servers import Relay
from akkoord.delivery.smtp import SmtpPool

SERVERS_AWAY = "servers-away"
ACCOUNT_TROUBLES = TROUBLES  # why no letter leaves until somebody mends an account
WORD_TIMEOUT = 10.0  # another server is at hand: nobody waits a minute for one that hangs
ALONE_TIMEOUT = 60.0
BATCH = 500
_ANSWERED = (OutcomeKind.SENT, OutcomeKind.REJECTED, OutcomeKind.DEFERRED)


class RelayTransport:
    """Letters over several servers. Not for use from two threads at once, but for `sync`."""

    name = "relays"
    leaves_database_alone = True

    def __init__(
        self,
        relays: Sequence[Relay],
        *,
        connections: int = 10,
        timeout: float | None = None,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        """Know the servers, and which of them are set aside; connects only when sending."""
        seconds = timeout or (WORD_TIMEOUT if len(relays) > 1 else ALONE_TIMEOUT)
        self._relays = {relay.key: relay for relay in relays}
        self._pools: dict[str, Transport] = {
            relay.key: _pool(relay, connections=connections, timeout=seconds) for relay in relays
        }
        self._served = dict.fromkeys(self._relays, 0.0)  # letters per weight
        self._clock = clock
        self._providers = dict(ServerProvider.objects.values_list("key", "provider"))
        self._providers |= {each.key: each.account.provider for each in relays if each.account}
        self._left: Counter[str] = Counter()  # letters by servers of a provider, not written yet
        self.breakers = Breakers()
        self.breakers.sync()

    def sync(self) -> None:
        """Write down which servers fail and how many letters left; uses the database."""
        self.breakers.sync()
        left, self._left = self._left, Counter()
        for key, letters in list(left.items()):
            ServerProvider.objects.filter(key=key).update(letters=F("letters") + letters)

    def send_many(
        self,
        messages: Iterable[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver = always,
    ) -> SendReport:
        """Hand over every message by one of the servers; see `Transport.send_many`."""
        report = SendReport()
        source = iter(messages)
        while batch := list(islice(source, BATCH)):
            self._batch(batch, on_outcome, may_hand_over, report)
        return report

    def _batch(
        self,
        batch: list[Outgoing],
        on_outcome: OnOutcome,
        may_hand_over: MayHandOver,
        report: SendReport,
    ) -> None:
        def tell(outcome: Outcome) -> None:
            report.counts[outcome.kind] += 1
            on_outcome(outcome)

        left: list[tuple[Outgoing, Outcome | None]] = [(each, None) for each in batch]
        tried: set[str] = set()
        while left:
            key = self._choose(tried)
            if key is None:
                # Some connections broke, or no server can be used at all: only then we stop.
                if not self.breakers.available(list(self._relays), at=self._clock()):
                    report.unavailable = self._trouble() or SERVERS_AWAY
                for each, why in left:
                    code = why.code if why and not report.unavailable else "unavailable"
                    wait = why.wait if why else 0.0
                    tell(Outcome(each.key, OutcomeKind.NOT_HANDED, code, wait=wait))
                return
            tried.add(key)
            left = self._by(key, [each for each, _why in left], tell, may_hand_over)

    def _trouble(self) -> str:
        """What is wrong with the account when that is what keeps every server away: it does not
        mend by waiting."""
        found = [self.breakers.why(key) for key in self._relays]
        return found[0] if found and all(each in TROUBLES for each in found) else ""

    def _by(
        self, key: str, batch: list[Outgoing], tell: OnOutcome, may_hand_over: MayHandOver
    ) -> list[tuple[Outgoing, Outcome | None]]:
        """Hand a batch to one server; answers what it did not take and may go by another."""
        back: dict[object, Outcome] = {}

        def sort(outcome: Outcome) -> None:
            if outcome.kind is OutcomeKind.NOT_HANDED:
                back[outcome.key] = outcome
            else:
                tell(outcome)

        began = monotonic()
        provider = self._providers.get(key, "")
        going = [marked(each, provider) for each in batch] if provider else batch
        found = self._pools[key].send_many(going, sort, may_hand_over)
        if provider and found.counts[OutcomeKind.SENT]:
            self._left[key] += found.counts[OutcomeKind.SENT]
        answered = sum(found.counts[kind] for kind in _ANSWERED)
        self._served[key] += (len(batch) - len(back)) / self._relays[key].weight
        self._judge(key, found, answered, list(back.values()), monotonic() - began)
        again: list[tuple[Outgoing, Outcome | None]] = []
        for each in batch if back else ():
            outcome = back.get(each.key)
            if outcome is None:
                continue
            if outcome.code != "stale" and monotonic() <= each.hand_over_by:
                again.append((each, outcome))
            else:
                tell(Outcome(each.key, OutcomeKind.NOT_HANDED, "stale"))
        return again

    def _judge(
        self, key: str, found: SendReport, answered: int, back: list[Outcome], seconds: float
    ) -> None:
        """Whether the server failed: it said nothing at all, or cannot be used any more."""
        if found.unavailable:
            wait = max((each.wait for each in back), default=0.0)
            self.breakers.failed(key, found.unavailable, at=self._clock(), wait=wait)
        elif answered:
            self.breakers.worked(key)
        elif back and (seconds > 1 or any(each.code != "stale" for each in back)):
            why = next((each.code for each in back if each.code != "stale"), "hangs")
            wait = max((each.wait for each in back), default=0.0)
            self.breakers.failed(key, why, at=self._clock(), wait=wait)

    def _choose(self, tried: set[str]) -> str | None:
        """The server whose turn it is by weight, of those that work."""
        left = [key for key in self._relays if key not in tried]
        free = self.breakers.available(list(self._relays), at=self._clock())
        usable = [key for key in left if key in free]
        return min(usable, key=lambda key: self._served[key], default=None)

    def close(self) -> None:
        """Let go of connections, and write down what was learnt."""
        for pool in self._pools.values():
            pool.close()
        self.sync()


def _pool(relay: Relay, *, connections: int, timeout: float) -> Transport:
    """The way to one server: by SMTP, or by a provider's own interface."""
    if relay.account is not None:
        return ProviderPool(relay.account, connections=connections)
    return SmtpPool(relay.url, connections=connections, timeout=timeout)
