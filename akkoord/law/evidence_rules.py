"""What must be shown of a yes that staff enter: without evidence it is no consent.

Sources: AVG art. 7(1); art. 11.7 Tw (calls: own number shown, right of objection offered);
invariants 7, 12, 13, 16, 20. What a row can say of this, the database says too.
"""

from __future__ import annotations

from dataclasses import dataclass

from akkoord.law.decisions import Decision, first_refusal
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel, Method, PermissionState

STAFF_ENTERED = frozenset({Method.PAPER, Method.COUNTER, Method.CHECKOUT, Method.PHONE})
"""How a yes can have been given that staff enter afterwards."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to show of a yes.

    `has_file`: a scan or photo. `is_own_act`: the person ticked and pressed at our own tablet.
    `caller`, `script`, `recording`: who called, the version of the words read out, and where the
    recording is. `receipt`: the till's or order's number. `offers_objection`: the person was told
    that every call offers the right to object. `shows_number`: our number was shown.
    """

    has_file: bool = False
    is_own_act: bool = False
    caller: str = ""
    script: str = ""
    recording: str = ""
    receipt: str = ""
    offers_objection: bool = False
    shows_number: bool = False


def judge_evidence(method: Method, channel: Channel, evidence: Evidence) -> Decision:
    """Whether a yes by this method, for this channel, can be shown (art. 7(1)).

    A call permission also needs that the right of objection was offered (INV-20); a call needs
    that our number was shown. Other methods are acts that bring their own proof.
    """
    shown = {
        Method.PAPER: evidence.has_file,
        Method.COUNTER: evidence.has_file or evidence.is_own_act,
        Method.CHECKOUT: evidence.has_file or bool(evidence.receipt.strip()),
        Method.PHONE: all(
            each.strip() for each in (evidence.caller, evidence.script, evidence.recording)
        ),
    }
    calls = channel is Channel.PHONE and method in STAFF_ENTERED
    return first_refusal(
        (shown.get(method, True), Reason.NO_EVIDENCE),
        (method is not Method.PHONE or evidence.shows_number, Reason.CALLER_HIDDEN),
        (not calls or evidence.offers_objection, Reason.NO_OBJECTION_OFFERED),
    )


def state_of_yes(method: Method, channel: Channel) -> PermissionState:
    """What a yes brings by itself.

    A call reaches the number that it is about, as a click reaches the mailbox: a yes on record
    for calls and SMS is confirmed by the call. A mail address that somebody spelled out waits for
    the click in one mail (INV-13); so does nothing else, for nothing else can be flooded by it.
    """
    if method is Method.PHONE and channel is not Channel.EMAIL:
        return PermissionState.CONFIRMED
    return PermissionState.GIVEN
