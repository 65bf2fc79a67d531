"""What an exception opens, what it asks, and what nothing opens (art. 9(2), 10, UAVG 46)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from akkoord.law.exception_rules import (
    GROUNDS,
    MAY_SEE,
    OPENABLE,
    Asks,
    ExceptionClaim,
    ExceptionFault,
    ExceptionGround,
    Never,
    faults_of_exception,
    is_open,
    latest_end,
    reminds,
    why_never,
)
from akkoord.law.sensitive import Sensitive

DAY = date(2026, 11, 2)
GOOD = ExceptionClaim(
    ground="9(2)(a)",
    kind=Sensitive.HEALTH,
    reason="De kok moet weten wat iemand niet kan eten.",
    until=date(2027, 5, 1),
    seen_by="owner",
    by_role="owner",
    announced={Sensitive.HEALTH},
)
HEALTH, RELIGION, POLITICS, UNION = (
    Sensitive.HEALTH,
    Sensitive.RELIGION,
    Sensitive.POLITICS,
    Sensitive.UNION,
)


def test_it_works() -> None:
    assert faults_of_exception(GOOD, on=DAY) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ground": "9(2)(h)"}, ExceptionFault.UNKNOWN_GROUND),  # a doctor's, not in this list
        ({"ground": ""}, ExceptionFault.UNKNOWN_GROUND),
        ({"reason": "  omdat  "}, ExceptionFault.NO_REASON),
        ({"until": None}, ExceptionFault.NO_END),
        ({"until": date(2026, 11, 1)}, ExceptionFault.NO_END),
        ({"until": date(2027, 11, 3)}, ExceptionFault.TOO_LONG),
        ({"seen_by": "marketer"}, ExceptionFault.ROLE),
        ({"by_role": "privacy-officer"}, ExceptionFault.NOT_THE_OWNER),
        ({"by_role": "marketer"}, ExceptionFault.NOT_THE_OWNER),
        ({"announced": {HEALTH, RELIGION}}, ExceptionFault.TWO_KINDS),
        ({"kind": RELIGION}, ExceptionFault.TWO_KINDS),  # the words say health
    ],
)
def test_inv32_an_exception_is_whole_or_refused(
    change: dict[str, object], fault: ExceptionFault
) -> None:
    assert faults_of_exception(replace(GOOD, **change), on=DAY) == (fault,)


@pytest.mark.parametrize("day", [date(2027, 11, 2), date(2026, 11, 2)])
def test_it_lasts_a_day_to_a_year(day: date) -> None:
    assert faults_of_exception(replace(GOOD, until=day), on=DAY) == ()


@pytest.mark.parametrize("kind", sorted(set(Sensitive) - OPENABLE))
@pytest.mark.parametrize("ground", list(ExceptionGround))
def test_inv32_nothing_opens_what_no_law_lets_us_ask(
    kind: Sensitive, ground: ExceptionGround
) -> None:
    claim = replace(GOOD, ground=str(ground), kind=kind, announced=(), is_association=True)
    assert ExceptionFault.NEVER in faults_of_exception(claim, on=DAY)


@pytest.mark.parametrize(
    ("ground", "opens", "asks"),
    [
        ("9(2)(a)", OPENABLE, Asks.EXPLICIT_YES),
        ("9(2)(b)", {HEALTH}, Asks.EMPLOYED),
        ("9(2)(d)", {RELIGION, POLITICS, UNION}, Asks.MEMBER),
        ("9(2)(e)", OPENABLE, Asks.SOURCE),
        ("9(2)(f)", OPENABLE, Asks.CLAIM),
    ],
)
def test_each_ground_opens_its_own_and_asks_for_it(
    ground: str, opens: set[Sensitive], asks: Asks
) -> None:
    rule = GROUNDS[ExceptionGround(ground)]
    assert (rule.opens, rule.asks) == (opens, asks)
    assert rule.never_opens == set(Sensitive) - opens
    for kind in OPENABLE:
        claim = replace(GOOD, ground=ground, kind=kind, announced={kind}, is_association=True)
        expected = () if kind in opens else (ExceptionFault.NOT_BY_THIS_GROUND,)
        assert faults_of_exception(claim, on=DAY) == expected


def test_members_are_an_associations_alone() -> None:
    claim = replace(GOOD, ground="9(2)(d)", kind=UNION, announced={UNION})
    assert faults_of_exception(claim, on=DAY) == (ExceptionFault.ASSOCIATIONS_ONLY,)
    assert faults_of_exception(replace(claim, is_association=True), on=DAY) == ()


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Sensitive.BSN, Never.BSN),
        (Sensitive.VAT_WITH_BSN, Never.BSN),
        (Sensitive.CRIMINAL, Never.CRIMINAL),
        (Sensitive.GENETIC, Never.BODY),
        (Sensitive.BIOMETRIC, Never.BODY),
        (Sensitive.IBAN, Never.NOT_NEEDED),
        (Sensitive.DOCUMENT, Never.NOT_NEEDED),
        (Sensitive.HEALTH, None),
    ],
)
def test_why_nothing_opens_it(kind: Sensitive, why: Never | None) -> None:
    assert why_never(kind) == why


@pytest.mark.parametrize(
    ("on", "ended", "expected"),
    [
        (date(2027, 5, 1), False, True),  # its last day
        (date(2027, 5, 2), False, False),
        (date(2026, 11, 2), True, False),
    ],
)
def test_inv32_it_closes_by_itself(on: date, ended: bool, expected: bool) -> None:
    assert is_open(until=date(2027, 5, 1), ended=ended, on=on) is expected


@pytest.mark.parametrize(("on", "expected"), [(date(2027, 3, 31), False), (date(2027, 4, 1), True)])
def test_the_owner_hears_thirty_days_before(on: date, expected: bool) -> None:
    assert reminds(until=date(2027, 5, 1), on=on) is expected


def test_a_leap_day_ends_with_february() -> None:
    assert latest_end(date(2028, 2, 29)) == date(2029, 2, 28)


def test_no_role_that_writes_letters_sees_it() -> None:
    assert "marketer" not in MAY_SEE
