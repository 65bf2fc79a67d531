"""When a yes is a yes: what makes a grant count, and what a form may ask.

Sources: AVG art. 4(11), 6, 7, 8, 13; Planet49 (C-673/17); art. 11.7 Tw; invariants 5, 7-14, 43.
The other ways to reach a customer, without consent, are in `basis_rules`.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from akkoord.law.decisions import ALLOWED, Decision, first_refusal, refuse
from akkoord.law.parameters import duration, parameter
from akkoord.law.reasons import Reason
from akkoord.law.states import (
    ActorKind,
    Channel,
    Method,
    PermissionState,
    is_own_act,
)
from akkoord.law.terms import add_months, law_day


class AgeState(StrEnum):
    """What is known of somebody's age. Unknown is not refused; a birth date is never asked."""

    UNKNOWN = "unknown"
    UNDER_SIXTEEN = "under-sixteen"
    SIXTEEN_OR_OVER = "sixteen-or-over"


class NoticeElement(StrEnum):
    """What a notice must tell where data is collected (art. 13; INV-43)."""

    CONTROLLER = "controller"
    CONTACT = "contact"
    OFFICER = "officer"
    PURPOSES = "purposes"
    LEGAL_BASIS = "legal-basis"
    LEGITIMATE_INTEREST = "legitimate-interest"
    RECIPIENTS = "recipients"
    TRANSFERS = "transfers"
    TERM = "term"
    RIGHTS = "rights"
    WITHDRAWAL = "withdrawal"
    COMPLAINT = "complaint"
    OBLIGATORY = "obligatory"
    AUTOMATED_DECISIONS = "automated-decisions"


NOTICE_ELEMENTS: dict[NoticeElement, str] = {
    NoticeElement.CONTROLLER: "AVG 13(1)(a)",
    NoticeElement.CONTACT: "AVG 13(1)(a)",
    NoticeElement.OFFICER: "AVG 13(1)(b)",
    NoticeElement.PURPOSES: "AVG 13(1)(c)",
    NoticeElement.LEGAL_BASIS: "AVG 13(1)(c)",
    NoticeElement.LEGITIMATE_INTEREST: "AVG 13(1)(d)",
    NoticeElement.RECIPIENTS: "AVG 13(1)(e)",
    NoticeElement.TRANSFERS: "AVG 13(1)(f)",
    NoticeElement.TERM: "AVG 13(2)(a)",
    NoticeElement.RIGHTS: "AVG 13(2)(b)",
    NoticeElement.WITHDRAWAL: "AVG 13(2)(c)",
    NoticeElement.COMPLAINT: "AVG 13(2)(d)",
    NoticeElement.OBLIGATORY: "AVG 13(2)(e)",
    NoticeElement.AUTOMATED_DECISIONS: "AVG 13(2)(f)",
}
"""Every element with its place in art. 13."""

CONDITIONAL_ELEMENTS = frozenset(
    {
        NoticeElement.OFFICER,
        NoticeElement.LEGITIMATE_INTEREST,
        NoticeElement.TRANSFERS,
        NoticeElement.AUTOMATED_DECISIONS,
    }
)
"""Elements that are told only where there is such a thing: an officer, an interest, a transfer."""


def missing_elements(
    present: Set[NoticeElement], applies: Set[NoticeElement] = frozenset()
) -> tuple[NoticeElement, ...]:
    """The elements that a notice lacks, in the order of art. 13.

    `applies` names the conditional elements that this organisation does have.
    """
    needed = (set(NoticeElement) - CONDITIONAL_ELEMENTS) | (set(applies) & CONDITIONAL_ELEMENTS)
    return tuple(element for element in NoticeElement if element in needed - set(present))


@dataclass(frozen=True, slots=True)
class Box:
    """One box on a form. A consent box has one purpose and one channel; a terms box has none."""

    purposes: frozenset[str]
    channels: frozenset[Channel]
    wording: str = ""
    is_ticked_beforehand: bool = False
    is_required: bool = False
    is_terms: bool = False


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form as it would be shown.

    `has_own_activity`: it serves something besides marketing (a question, an order), so that it
    may stand without any consent box.
    """

    boxes: tuple[Box, ...]
    notice: frozenset[NoticeElement] | None
    applies: frozenset[NoticeElement] = frozenset()
    asks_birth_date: bool = False
    has_own_activity: bool = False


def judge_box(box: Box) -> Decision:
    """Whether a box may stand on a form (INV-8, 9, 10); a terms box may be required, no more."""
    if box.is_terms:
        return first_refusal(
            (not box.purposes and not box.channels, Reason.TERMS_ARE_NOT_CONSENT),
            (not box.is_ticked_beforehand, Reason.TICKED_BEFOREHAND),
        )
    return first_refusal(
        (bool(box.purposes) and bool(box.channels), Reason.NO_CHOICE),
        (len(box.purposes) == 1, Reason.SEVERAL_PURPOSES),
        (len(box.channels) == 1, Reason.SEVERAL_CHANNELS),
        (not box.is_ticked_beforehand, Reason.TICKED_BEFOREHAND),
        (not box.is_required, Reason.REQUIRED_FOR_SERVICE),
        (bool(box.wording.strip()), Reason.NO_WORDING),
    )


def judge_form(form: FormDraft) -> Decision:
    """Whether a form may be published: every box, a choice at all, and a whole notice (INV-43).

    A form must not ask a birth date to learn whether somebody is sixteen (INV-14).
    """
    for box in form.boxes:
        verdict = judge_box(box)
        if not verdict:
            return verdict
    if not form.has_own_activity and not any(not box.is_terms for box in form.boxes):
        return refuse(Reason.NO_CHOICE)
    if form.notice is None:
        return refuse(Reason.NO_NOTICE)
    return first_refusal(
        (not missing_elements(form.notice, form.applies), Reason.NOTICE_INCOMPLETE),
        (not form.asks_birth_date, Reason.BIRTH_DATE_FOR_AGE),
    )


_STOP_REASONS: dict[PermissionState | None, Reason] = {
    PermissionState.OBJECTED: Reason.OBJECTED_BEFORE,
    PermissionState.WITHDRAWN: Reason.WITHDRAWN_BEFORE,
    PermissionState.REFUSED: Reason.REFUSED,
}


@dataclass(frozen=True, slots=True)
class GrantClaim:
    """A yes as it came in, with what must be known of it.

    `wording_hash` and `notice_hash` name the exact text that was shown. `stopped_at` and
    `stopped_as` are the last no for this purpose; `forgotten_at` an earlier erasure.
    """

    box: Box
    is_ticked: bool
    method: Method
    actor: ActorKind
    happened_at: datetime
    wording_hash: str | None
    notice_hash: str | None
    address_channel: Channel
    age: AgeState = AgeState.UNKNOWN
    has_parent_consent: bool = False
    has_evidence: bool = True
    stopped_at: datetime | None = None
    stopped_as: PermissionState | None = None
    forgotten_at: datetime | None = None


def judge_grant(claim: GrantClaim, *, at: datetime) -> Decision:
    """Whether a yes may be recorded as a grant (or as a request, when it must be confirmed).

    Refuses, in this order: a terms box, a box that no form may have, no tick, no wording or
    notice, another channel's address, no evidence, a time to come, a child without the parent,
    and a yes after a no or an erasure that is not the person's own later act.
    """
    if claim.box.is_terms:
        return refuse(Reason.TERMS_ARE_NOT_CONSENT)
    box = judge_box(claim.box)
    if not box:
        return box
    own = is_own_act(claim.actor, claim.method)
    return first_refusal(
        (claim.is_ticked, Reason.NO_AFFIRMATIVE_ACT),
        (bool(claim.wording_hash), Reason.NO_WORDING),
        (bool(claim.notice_hash), Reason.NO_NOTICE),
        # INV-12: an address for one channel carries no consent for another.
        (claim.address_channel in claim.box.channels, Reason.BASIS_NOT_FOR_CHANNEL),
        (claim.has_evidence, Reason.NO_EVIDENCE),
        (claim.happened_at <= at, Reason.FUTURE_TIME),
        (may_consent(claim.age, claim.has_parent_consent), Reason.CHILD_WITHOUT_PARENT),
        (_is_later_own(own, claim.happened_at, claim.forgotten_at), Reason.FORGOTTEN_BEFORE),
        (_is_later_own(own, claim.happened_at, claim.stopped_at), _stop_reason(claim.stopped_as)),
    )


def may_consent(age: AgeState, has_parent_consent: bool) -> bool:
    """Whether this yes can stand: known to be under sixteen needs the parent's (art. 8; UAVG 5)."""
    return age is not AgeState.UNDER_SIXTEEN or has_parent_consent


def judge_lift(
    *, actor: ActorKind, method: Method, happened_at: datetime, stopped_at: datetime
) -> Decision:
    """Whether a yes lifts an earlier no: only the person's own later act (INV-5)."""
    return first_refusal(
        (is_own_act(actor, method), Reason.NOT_OWN_ACT),
        (happened_at > stopped_at, Reason.OBJECTED_BEFORE),
    )


def judge_confirmation_mail(last_sent_at: datetime | None, *, at: datetime) -> Decision:
    """Whether a confirmation mail may leave now: one per address in 24 hours (INV-13)."""
    if last_sent_at is None:
        return ALLOWED
    pause = duration("confirmation-mail-interval", at.date())
    return first_refusal((at - last_sent_at >= pause, Reason.CONFIRMATION_SENT_RECENTLY))


def judge_confirmation(requested_at: datetime, *, at: datetime, is_used: bool = False) -> Decision:
    """Whether a click confirms a request: not twice, and within its term (INV-13)."""
    term = duration("confirmation-term", requested_at.date())
    return first_refusal(
        (not is_used, Reason.LINK_USED),
        (requested_at <= at <= requested_at + term, Reason.LINK_EXPIRED),
    )


def judge_asking(refused_at: datetime | None, *, at: datetime) -> Decision:
    """Whether somebody may be asked again, at a form or a till: six months after a no.

    Asking never goes by mail (INV-3); a person who opens a form of their own accord may always.
    """
    if refused_at is None:
        return ALLOWED
    # Our default for every request, after the proposed Digital Omnibus.
    pause_ends = add_months(law_day(refused_at), parameter("refusal-pause", law_day(at)))
    return first_refusal((law_day(at) >= pause_ends, Reason.REFUSED_RECENTLY))


def _is_later_own(own: bool, happened_at: datetime, no_at: datetime | None) -> bool:
    return no_at is None or (own and happened_at > no_at)


def _stop_reason(state: PermissionState | None) -> Reason:
    # What kind of no it was is sometimes unknown: then the heaviest.
    return _STOP_REASONS.get(state, Reason.OBJECTED_BEFORE)
