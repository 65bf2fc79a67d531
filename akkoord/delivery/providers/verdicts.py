"""What an answer of a provider means for one letter, in four classes.

Taken; refused for good; not now; and trouble with the account itself, which concerns every letter.
A letter counts as taken only with the provider's own number for it. After an answer that a gateway
in between may have given, nobody knows: it is uncertain, and never sent again by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from akkoord.delivery.outgoing import OutcomeKind
from akkoord.delivery.providers.caller import Answer
from akkoord.delivery.push import retry_after

KEY = "account-key"  # it does not know the key, or the key may not send
SENDER = "account-sender"  # it does not send for this sender's domain
STOPPED = "account-stopped"  # it stopped the account, or has not opened it yet
CREDIT = "account-credit"  # nothing is left of what was paid for
CLOCK = "account-clock"  # the signature is of another time than the provider's
SETUP = "account-setup"  # a stream or set of settings is not there
TROUBLES = (KEY, SENDER, STOPPED, CREDIT, CLOCK, SETUP)
BAD_ADDRESS = "5.1.3"  # RFC 3463: no address can look like this
_NOT_NOW = frozenset({408, 425, 429, 503})
SHORT = 1.0  # seconds to rest when a provider says "too fast" and no more
LONGEST = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means. `trouble`: it is about the account; `text`: the provider's number."""

    kind: OutcomeKind
    code: str
    wait: float = 0.0
    trouble: bool = False
    text: str = ""


def taken(answer: Answer, number: str) -> Verdict:
    """A good answer, which holds the provider's number of the letter."""
    if not number:
        return Verdict(OutcomeKind.UNCERTAIN, f"{answer.status} no-number")
    return Verdict(OutcomeKind.SENT, str(answer.status), text=number)


def trouble(code: str) -> Verdict:
    """The account cannot send: this letter did not leave, and no other will."""
    return Verdict(OutcomeKind.NOT_HANDED, code, trouble=True)


def refused(answer: Answer, *, bad_address: bool = False, wait: float = 0.0) -> Verdict:
    """An answer that is not good and not about the account.

    `wait`: what the provider asks for in words of its own. Of 5xx only what the provider's own
    application says (JSON) is sure not to have been taken.
    """
    status, code = answer.status, str(answer.status)
    asked = retry_after(answer.headers.get("retry-after", ""), at=time.time()) or wait
    own_words = isinstance(answer.said, dict)
    if status in _NOT_NOW and (status != 503 or own_words or asked):
        return Verdict(OutcomeKind.NOT_HANDED, code, wait=min(asked or SHORT, LONGEST))
    if status >= 500:
        kind = OutcomeKind.DEFERRED if own_words else OutcomeKind.UNCERTAIN
        return Verdict(kind, code, wait=min(asked, LONGEST))
    if 300 <= status < 400 or status < 200:
        return trouble(SETUP)  # it moved: nothing is followed
    return Verdict(OutcomeKind.REJECTED, f"{code} {BAD_ADDRESS}" if bad_address else code)
