"""How events make today's standing (INV-4, 5, 6, 13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akkoord.law.reasons import Reason
from akkoord.law.standings import (
    PermissionFact,
    effective_state,
    fold,
    fold_all,
    fold_order,
    judge_standing,
)
from akkoord.law.states import (
    LIVE_STATES,
    MAY_BE_SINGLE,
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

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = START + timedelta(days=1000)
S, M, A, B = PermissionState, Method, ActorKind, Basis


def _fact(
    state: PermissionState,
    day: int,
    method: Method = Method.PREFERENCE_CENTRE,
    actor: ActorKind = ActorKind.PERSON,
    basis: Basis = Basis.CONSENT,
    **more: object,
) -> PermissionFact:
    happened = START + timedelta(days=day)
    ref = str(more.pop("ref", f"{day}-{state}"))
    return PermissionFact(
        state,
        basis,
        method,
        actor,
        happened,
        happened,
        ref=ref,
        **more,  # type: ignore[arg-type]
    )


def _import(state: PermissionState, day: int) -> PermissionFact:
    return _fact(state, day, M.IMPORT, A.IMPORT)


ASKED = _fact(S.REQUESTED, 1, M.WEB_FORM)
CLICKED = _fact(S.CONFIRMED, 2, M.CONFIRMATION)
OBJECTED = _fact(S.OBJECTED, 5)
SALE = _fact(S.GIVEN, 9, M.CHECKOUT, A.SYSTEM, B.EXISTING_CUSTOMER)

HISTORIES: list[tuple[str, list[PermissionFact], Reason | None]] = [
    ("nothing", [], Reason.NO_BASIS),
    ("asked only", [ASKED], Reason.AWAITING_CONFIRMATION),
    ("asked and confirmed", [ASKED, CLICKED], None),
    ("a form without confirmation", [_fact(S.GIVEN, 1, M.WEB_FORM)], Reason.AWAITING_CONFIRMATION),
    ("preference centre", [_fact(S.GIVEN, 1)], None),
    ("imported", [_import(S.GIVEN, 1)], None),
    ("imported, confirmed there", [_import(S.CONFIRMED, 1)], None),
    ("withdrawn", [ASKED, CLICKED, _fact(S.WITHDRAWN, 3, M.ONE_CLICK)], Reason.WITHDRAWN),
    ("refused at the till", [_fact(S.REFUSED, 3, M.COUNTER, A.STAFF)], Reason.REFUSED),
    ("objection, then import", [OBJECTED, _import(S.GIVEN, 6)], Reason.OBJECTED),
    ("objection, then confirmed import", [OBJECTED, _import(S.CONFIRMED, 6)], Reason.OBJECTED),
    ("objection, then API", [OBJECTED, _fact(S.GIVEN, 6, M.API, A.SYSTEM)], Reason.OBJECTED),
    ("objection, then staff", [OBJECTED, _fact(S.GIVEN, 6, M.STAFF, A.STAFF)], Reason.OBJECTED),
    ("objection, then a sale", [OBJECTED, SALE], Reason.OBJECTED),
    ("objection, then paper", [OBJECTED, _fact(S.GIVEN, 6, M.PAPER, A.STAFF)], None),
    ("paper dated before", [OBJECTED, _fact(S.GIVEN, 4, M.PAPER, A.STAFF)], Reason.OBJECTED),
    ("the same moment: no", [_fact(S.GIVEN, 5), OBJECTED], Reason.OBJECTED),
    ("withdrawn, then again", [_fact(S.WITHDRAWN, 3), _fact(S.GIVEN, 4)], None),
    ("objection, asked again", [OBJECTED, _fact(S.REQUESTED, 6, M.WEB_FORM)], Reason.OBJECTED),
    (
        "objection, asked again and confirmed",
        [OBJECTED, _fact(S.REQUESTED, 6, M.WEB_FORM), _fact(S.CONFIRMED, 7, M.CONFIRMATION)],
        None,
    ),
    (
        "objection, asked by the API, confirmed",
        [OBJECTED, _fact(S.REQUESTED, 6, M.API), _fact(S.CONFIRMED, 7, M.CONFIRMATION)],
        Reason.OBJECTED,
    ),
    (
        "asked, objected, old link pressed",
        [ASKED, OBJECTED, _fact(S.CONFIRMED, 6, M.CONFIRMATION)],
        Reason.OBJECTED,
    ),
    (
        "objected, withdrawn, imported",
        [OBJECTED, _fact(S.WITHDRAWN, 6), _import(S.GIVEN, 8)],
        Reason.OBJECTED,
    ),
    ("withdrawn, objected", [_fact(S.WITHDRAWN, 2), OBJECTED], Reason.OBJECTED),
    ("request expired", [ASKED, _fact(S.EXPIRED, 8, M.SYSTEM, A.SYSTEM)], Reason.EXPIRED),
    (
        "request expired, late click",
        [ASKED, _fact(S.EXPIRED, 8, M.SYSTEM, A.SYSTEM), _fact(S.CONFIRMED, 9, M.CONFIRMATION)],
        Reason.EXPIRED,
    ),
    (
        "expired, asked anew",
        [_fact(S.EXPIRED, 1), _fact(S.REQUESTED, 2)],
        Reason.AWAITING_CONFIRMATION,
    ),
    (
        "a stranger's request takes nothing away",
        [_fact(S.GIVEN, 1), _fact(S.REQUESTED, 2, M.WEB_FORM)],
        None,
    ),
    (
        "nor does its expiry",
        [_fact(S.GIVEN, 1), _fact(S.REQUESTED, 2, M.WEB_FORM), _fact(S.EXPIRED, 9, M.SYSTEM)],
        None,
    ),
    ("consent expired", [_fact(S.GIVEN, 1), _fact(S.EXPIRED, 9, M.SYSTEM)], Reason.EXPIRED),
    ("nothing expired", [_fact(S.EXPIRED, 9, M.SYSTEM)], Reason.EXPIRED),
    ("found wanting", [_import(S.GIVEN, 1), _fact(S.INVALIDATED, 2, M.STAFF)], Reason.INVALIDATED),
    (
        "found wanting, evidence added",
        [_import(S.GIVEN, 1), _fact(S.INVALIDATED, 2, M.STAFF), _import(S.GIVEN, 3)],
        None,
    ),
    ("objection, expiry", [OBJECTED, _fact(S.EXPIRED, 9, M.SYSTEM)], Reason.OBJECTED),
    ("a customer", [SALE], None),
    ("a customer who objects", [_fact(S.OBJECTED, 10), SALE], Reason.OBJECTED),
    ("past its day", [_fact(S.GIVEN, 1, valid_until=START + timedelta(days=9))], Reason.EXPIRED),
    ("a sale is never 'confirmed'", [_fact(S.CONFIRMED, 1, basis=B.CONTRACT)], Reason.EXPIRED),
]


@pytest.mark.parametrize(
    ("facts", "reason"), [row[1:] for row in HISTORIES], ids=[row[0] for row in HISTORIES]
)
def test_histories(facts: list[PermissionFact], reason: Reason | None) -> None:
    """The table is the specification; the order of arrival does not matter."""
    for order in (facts, facts[::-1]):
        verdict = judge_standing(fold_all(order), LATER)
        assert verdict.reason is reason
        assert verdict.allowed is (reason is None)


def test_the_evidence_is_the_event_that_it_rests_on() -> None:
    """A claim of others never takes the place of the person's own yes; a sale not of consent."""
    own = _fact(S.GIVEN, 1, ref="own")
    now = fold_all([own, _import(S.GIVEN, 2), SALE])
    assert now is not None
    assert (now.ref, now.basis, now.is_own) == ("own", B.CONSENT, True)
    newer = fold(now, _fact(S.GIVEN, 12, ref="newer"))
    assert newer.ref == "newer"


def test_consent_outweighs_a_sale_whoever_brings_it() -> None:
    """An imported consent stays before a sale, comes after one; the newest sale counts."""
    consent, newer = _import(S.GIVEN, 8), replace(SALE, ref="newer", happened_at=LATER)
    for facts, basis, ref in [
        ([consent, SALE], B.CONSENT, consent.ref),
        ([SALE, replace(consent, happened_at=LATER)], B.CONSENT, consent.ref),
        ([SALE, newer], B.EXISTING_CUSTOMER, "newer"),
    ]:
        now = fold_all(facts)
        assert now is not None
        assert (now.basis, now.ref) == (basis, ref)


def test_the_newest_no_of_a_weight_is_the_evidence() -> None:
    """A second objection renews the first; a withdrawal after it does not make it lighter."""
    again = replace(OBJECTED, happened_at=LATER, ref="again")
    now = fold_all([OBJECTED, again, _fact(S.WITHDRAWN, 7)])
    assert now is not None
    assert (now.state, now.ref, now.since) == (S.OBJECTED, "again", LATER)


def test_the_last_moment_is_over() -> None:
    """Valid until is up to, not including."""
    now = fold_all([_fact(S.GIVEN, 1, valid_until=LATER)])
    assert judge_standing(now, LATER - timedelta(microseconds=1))
    assert judge_standing(now, LATER).reason is Reason.EXPIRED


def test_a_sale_after_expired_consent_counts_on_its_own() -> None:
    """What is past its day protects nothing."""
    old = _fact(S.GIVEN, 1, valid_until=START + timedelta(days=3))
    now = fold_all([old, SALE])
    assert now is not None
    assert now.basis is B.EXISTING_CUSTOMER


def test_inv13_a_pending_request_stands_beside_an_import() -> None:
    """An import does not answer for the click that is still awaited; the own yes does."""
    now = fold_all([ASKED, _import(S.GIVEN, 3)])
    assert now is not None
    assert now.pending_since == ASKED.happened_at
    assert fold(now, _fact(S.GIVEN, 4)).pending_since is None
    assert fold(now, _fact(S.CONFIRMED, 4, M.CONFIRMATION)).pending_since is None


@pytest.mark.parametrize("method", list(Method))
def test_inv13_what_must_be_confirmed(method: Method) -> None:
    """Web forms always; checkout, tablet and paper may be single; others by default."""
    if method is M.WEB_FORM:
        assert demands_confirmation(method, chosen=False)
    else:
        assert not demands_confirmation(method, chosen=False)
    assert demands_confirmation(method, chosen=True)
    assert demands_confirmation(method) is (method not in MAY_BE_SINGLE)
    given_now = _fact(S.GIVEN, 1, method)
    wanted = S.REQUESTED if demands_confirmation(method) else S.GIVEN
    assert effective_state(given_now) is wanted


@pytest.mark.parametrize(
    ("actor", "method", "own"),
    [
        (A.PERSON, M.WEB_FORM, True),
        (A.PERSON, M.CONFIRMATION, True),
        (A.PERSON, M.PREFERENCE_CENTRE, True),
        (A.PERSON, M.COUNTER, True),
        (A.PERSON, M.REPLY, True),
        (A.PERSON, M.ONE_CLICK, False),  # the mail program's button can only stop
        (A.PERSON, M.PHONE, False),
        (A.PERSON, M.API, False),
        (A.PERSON, M.IMPORT, False),
        (A.STAFF, M.PAPER, True),
        (A.STAFF, M.COUNTER, True),
        (A.STAFF, M.STAFF, False),
        (A.STAFF, M.PHONE, False),
        (A.STAFF, M.PREFERENCE_CENTRE, False),
        (A.IMPORT, M.PAPER, False),
        (A.SYSTEM, M.WEB_FORM, False),
    ],
)
def test_inv05_whose_act_it_is(actor: ActorKind, method: Method, own: bool) -> None:
    """Only the person's own act can lift a no."""
    assert is_own_act(actor, method) is own


def test_every_state_sends_or_has_a_reason() -> None:
    """No state is left without an answer; `requested` never sends (INV-13)."""
    assert set(STATE_REASONS) | LIVE_STATES == set(PermissionState)
    assert not set(STATE_REASONS) & LIVE_STATES
    assert set(SENDABLE_STATES) == set(Basis)
    assert all(states <= LIVE_STATES for states in SENDABLE_STATES.values())


FACTS = st.builds(
    PermissionFact,
    state=st.sampled_from(PermissionState),
    basis=st.sampled_from([B.CONSENT, B.CONSENT, B.EXISTING_CUSTOMER]),
    method=st.sampled_from(Method),
    actor=st.sampled_from(ActorKind),
    happened_at=st.integers(0, 12).map(lambda day: START + timedelta(days=day)),
    recorded_at=st.integers(0, 15).map(lambda day: START + timedelta(days=day)),
    valid_until=st.none() | st.integers(0, 20).map(lambda day: START + timedelta(days=day)),
    confirmation_chosen=st.none() | st.booleans(),
    ref=st.uuids().map(str),
)
HISTORY = st.lists(FACTS, max_size=9)


@settings(max_examples=50)
@given(HISTORY, st.randoms(use_true_random=False))
def test_inv06_the_order_of_arrival_does_not_matter(
    facts: list[PermissionFact], random: object
) -> None:
    """A rebuild from the ledger gives what the running table has."""
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold_all(shuffled) == fold_all(facts)


@settings(max_examples=50)
@given(HISTORY)
def test_inv05_after_a_no_only_an_own_later_consent_sends(facts: list[PermissionFact]) -> None:
    """Whatever others bring in between."""
    ordered = sorted(facts, key=fold_order)
    last_no = max((i for i, fact in enumerate(ordered) if fact.state in STOP_STATES), default=None)
    allowed = judge_standing(fold_all(facts), START).allowed
    if last_no is None or not allowed:
        return
    assert any(
        is_own_act(fact.actor, fact.method)
        and fact.basis is B.CONSENT
        and effective_state(fact) in LIVE_STATES
        and fact.happened_at > ordered[last_no].happened_at
        for fact in ordered[last_no + 1 :]
    )


@settings(max_examples=50)
@given(HISTORY)
def test_inv13_requests_alone_never_send(facts: list[PermissionFact]) -> None:
    """Without a yes that needs no click, or the click, nothing leaves."""
    if any(effective_state(fact) in LIVE_STATES for fact in facts):
        return
    assert not judge_standing(fold_all(facts), START)


@settings(max_examples=50)
@given(HISTORY, FACTS.filter(lambda fact: fact.state in STOP_STATES))
def test_inv04_a_last_no_always_holds(facts: list[PermissionFact], no: PermissionFact) -> None:
    """Whoever brings it, and whatever stood before; children and complaints alike."""
    end = [fact for fact in facts if fold_order(fact) < fold_order(no)]
    verdict = judge_standing(fold_all([*end, no]), START)
    assert verdict.reason in {Reason.OBJECTED, Reason.WITHDRAWN, Reason.REFUSED}
