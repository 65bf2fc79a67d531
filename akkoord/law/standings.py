"""How a series of events makes today's standing of one contact point for one purpose.

`fold` is the specification (INV-5, INV-6, INV-13): the standing table that is kept in the same
transaction as the event, and a rebuild from the ledger, both agree with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from akkoord.law.decisions import ALLOWED, Decision, refuse
from akkoord.law.reasons import Reason
from akkoord.law.states import (
    LIVE_STATES,
    SENDABLE_STATES,
    STATE_REASONS,
    STOP_STATES,
    ActorKind,
    Basis,
    Method,
    PermissionState,
    demands_confirmation,
    is_own_act,
)


@dataclass(frozen=True, slots=True)
class PermissionFact:
    """The part of a ledger event that decides standing.

    `ref` names the event, and breaks ties. `confirmation_chosen` is what the collection point
    chose (None: no choice made); web forms are confirmed whatever it says.
    """

    state: PermissionState
    basis: Basis
    method: Method
    actor: ActorKind
    happened_at: datetime
    recorded_at: datetime
    valid_until: datetime | None = None
    confirmation_chosen: bool | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class FoldedState:
    """Standing of one (contact point, purpose) after some events.

    `ref` is the event that the state rests on: the evidence of a grant. `pending_since` is a
    request that still waits for the person's click, beside whatever state holds meanwhile.
    """

    state: PermissionState
    basis: Basis
    since: datetime
    ref: str
    is_own: bool
    valid_until: datetime | None = None
    pending_since: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether messages may leave on it at this moment."""
        return self.state in SENDABLE_STATES[self.basis] and (
            self.valid_until is None or at < self.valid_until
        )


_STOP_WEIGHT = {
    PermissionState.REFUSED: 1,
    PermissionState.WITHDRAWN: 2,
    PermissionState.OBJECTED: 3,
}


def effective_state(fact: PermissionFact) -> PermissionState:
    """What a fact really brings: a consent still to be confirmed is a request (INV-13)."""
    if (
        fact.state is PermissionState.GIVEN
        and fact.basis is Basis.CONSENT
        and demands_confirmation(fact.method, chosen=fact.confirmation_chosen)
    ):
        return PermissionState.REQUESTED
    return fact.state


def fold_order(fact: PermissionFact) -> tuple[datetime, bool, datetime, str, str]:
    """In which order facts count: when it happened, a no after a yes, when we heard of it."""
    return (
        fact.happened_at,
        fact.state in STOP_STATES,
        fact.recorded_at,
        fact.ref,
        fact.state.value,
    )


def fold(now: FoldedState | None, fact: PermissionFact) -> FoldedState:
    """Standing after one more fact, which must not precede the facts already folded.

    A no always counts, whoever brings it. A yes after a no counts only as the person's own later
    consent (INV-5, INV-13); claims of others never replace a live yes of the person's own.
    """
    state = effective_state(fact)
    if state in STOP_STATES:
        return _fold_stop(now, fact)
    if state is PermissionState.REQUESTED:
        return _fold_request(now, fact)
    if state in LIVE_STATES:
        return _fold_grant(now, fact)
    return _fold_end(now, fact)


def fold_all(facts: Iterable[PermissionFact]) -> FoldedState | None:
    """Standing after these facts, in whatever order they are handed over; none: None."""
    now: FoldedState | None = None
    for fact in sorted(facts, key=fold_order):
        now = fold(now, fact)
    return now


def judge_standing(now: FoldedState | None, at: datetime) -> Decision:
    """Whether this standing lets a message leave at this moment, else why not (INV-2)."""
    if now is None:
        return refuse(Reason.NO_BASIS)
    if now.is_live(at):
        return ALLOWED
    # Live but past its day, or a state that its basis does not know: neither sends.
    return refuse(STATE_REASONS.get(now.state, Reason.EXPIRED))


def _start(fact: PermissionFact, state: PermissionState) -> FoldedState:
    return FoldedState(
        state=state,
        basis=fact.basis,
        since=fact.happened_at,
        ref=fact.ref,
        is_own=is_own_act(fact.actor, fact.method),
        valid_until=fact.valid_until,
        pending_since=fact.happened_at if state is PermissionState.REQUESTED else None,
    )


def _fold_stop(now: FoldedState | None, fact: PermissionFact) -> FoldedState:
    weight = _STOP_WEIGHT.get(now.state, 0) if now else 0
    if now and weight > _STOP_WEIGHT[fact.state]:
        # A later, lighter no never makes the heavier one lighter, but it does end a request.
        return replace(now, pending_since=None)
    return _start(fact, fact.state)


def _fold_request(now: FoldedState | None, fact: PermissionFact) -> FoldedState:
    if now is None:
        return _start(fact, PermissionState.REQUESTED)
    if now.state in STOP_STATES:
        if not is_own_act(fact.actor, fact.method):
            return now
        return replace(now, pending_since=fact.happened_at)
    if now.is_live(fact.happened_at):
        # Anybody can type an address: a request takes nothing away from whoever said yes.
        return replace(now, pending_since=fact.happened_at)
    return _start(fact, PermissionState.REQUESTED)


def _fold_grant(now: FoldedState | None, fact: PermissionFact) -> FoldedState:
    own = is_own_act(fact.actor, fact.method)
    pending = now.pending_since if now else None
    live = now is not None and now.is_live(fact.happened_at)
    if now and not live and pending is None and fact.method is Method.CONFIRMATION:
        # It confirms nothing: a no or its term ended the request.
        return now
    if now and now.state in STOP_STATES and not _lifts(fact, own=own):
        return now
    if now and live and _is_weaker(fact, now, own=own):
        return now
    kept = None if own or fact.state is PermissionState.CONFIRMED else pending
    return replace(_start(fact, fact.state), pending_since=kept)


def _lifts(fact: PermissionFact, *, own: bool) -> bool:
    # A sale is no consent: nothing but consent brings back who said no.
    return own and fact.basis is Basis.CONSENT


def _is_weaker(fact: PermissionFact, now: FoldedState, *, own: bool) -> bool:
    if now.basis is Basis.CONSENT and fact.basis is not Basis.CONSENT:
        return True
    return now.is_own and not own


def _fold_end(now: FoldedState | None, fact: PermissionFact) -> FoldedState:
    if now is None:
        return _start(fact, fact.state)
    if now.state in STOP_STATES:
        return replace(now, pending_since=None)
    expires = fact.state is PermissionState.EXPIRED
    if expires and now.pending_since is not None and now.is_live(fact.happened_at):
        # What expired is the request beside the live grant, not the grant.
        return replace(now, pending_since=None)
    return replace(_start(fact, fact.state), basis=now.basis)
