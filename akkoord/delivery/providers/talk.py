"""Asking a provider about its own settings: each answer is good, or a fault with a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from akkoord.delivery.providers.caller import Answer, Ask, Caller, NotTaken, Unanswered
from akkoord.delivery.providers.verdicts import KEY, Verdict

NO_RIGHTS = "hook-no-rights"  # the key may send, and not change settings
UNREACHABLE = "hook-unreachable"
REFUSED = "hook-refused"
MISSING = "hook-missing"  # our address does not stand there (any more)
WRONG_EVENTS = "hook-wrong-events"
MEASURES = "hook-measures"  # it counts opens or clicks
ADDS_WAY_OUT = "hook-adds-way-out"  # it puts an unsubscribe link of its own in our letters
NO_PROOF = "hook-no-proof"  # what it signs with could not be asked
FAULTS = (
    *(NO_RIGHTS, UNREACHABLE, REFUSED, MISSING, WRONG_EVENTS, MEASURES, ADDS_WAY_OUT, NO_PROOF),
)


_UNKNOWN_KEY = (b"InvalidClientTokenId", b"SignatureDoesNotMatch")  # words of Amazon SNS


class HookFault(Exception):
    """Reports are not set up as they should be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a provider: addresses of ours, and what is wrong; empty: nothing."""

    addresses: frozenset[str]
    fault: str = ""


class Talk:
    """Questions about settings. `judge` knows what an answer says of the account."""

    def __init__(self, caller: Caller, judge: Callable[[Answer], Verdict]) -> None:
        """Asks when asked to."""
        self._caller, self._judge = caller, judge

    def ask(self, ask: Ask) -> Answer:
        """Whatever it answers. Raises HookFault when nothing comes."""
        try:
            return self._caller.ask(ask)
        except (NotTaken, Unanswered):
            raise HookFault(UNREACHABLE) from None

    def good(self, ask: Ask) -> Answer:
        """A good answer. Raises HookFault for any other."""
        answer = self.ask(ask)
        if answer.is_good:
            return answer
        if answer.status == 403:
            is_unknown = any(each in answer.body for each in _UNKNOWN_KEY)
            raise HookFault(KEY if is_unknown else NO_RIGHTS)
        found = self._judge(answer)
        raise HookFault(found.code if found.trouble and answer.status == 401 else REFUSED)
