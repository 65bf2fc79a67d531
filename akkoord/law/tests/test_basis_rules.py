"""Customers, published addresses and post (INV-12, 14-19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from akkoord.law.basis_rules import (
    MARKETING_BASES,
    SaleClaim,
    basis_carries,
    judge_post,
    judge_published_address,
    judge_soft_opt_in,
)
from akkoord.law.consent_rules import AgeState
from akkoord.law.reasons import Reason
from akkoord.law.states import Basis, Channel
from akkoord.law.terms import add_years

TODAY = date(2026, 11, 24)
SALE = SaleClaim(
    is_sale=True,
    last_sale_on=date(2025, 11, 24),
    is_address_from_sale=True,
    is_same_seller=True,
    is_similar=True,
    saw_opt_out=True,
    channel=Channel.EMAIL,
)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (SALE, None),
        (replace(SALE, is_sale=False), Reason.NO_SALE),
        (replace(SALE, is_address_from_sale=False), Reason.ADDRESS_NOT_FROM_SALE),
        (replace(SALE, is_same_seller=False), Reason.OTHER_SELLER),
        (replace(SALE, is_similar=False), Reason.NOT_SIMILAR),
        (replace(SALE, saw_opt_out=False), Reason.OPT_OUT_NOT_OFFERED),
        (replace(SALE, has_contact_left=True), Reason.CONTACT_LEFT),
        (replace(SALE, last_sale_on=date(2024, 11, 24)), None),
        (replace(SALE, last_sale_on=date(2024, 11, 23)), Reason.SALE_TOO_OLD),
        (replace(SALE, last_sale_on=date(2016, 1, 1)), Reason.SALE_TOO_OLD),
        (replace(SALE, last_sale_on=TODAY), None),
        (replace(SALE, last_sale_on=date(2026, 11, 25)), Reason.FUTURE_TIME),
        (replace(SALE, channel=Channel.PUSH), Reason.BASIS_NOT_FOR_CHANNEL),
        (replace(SALE, channel=Channel.SMS), None),
        (replace(SALE, age=AgeState.UNDER_SIXTEEN), Reason.KNOWN_CHILD),
        (replace(SALE, age=AgeState.SIXTEEN_OR_OVER), None),
    ],
)
def test_inv14_15_who_counts_as_a_customer(claim: SaleClaim, reason: Reason | None) -> None:
    """Every condition of the exception, one by one."""
    assert judge_soft_opt_in(claim, on=TODAY).reason is reason


@pytest.mark.parametrize(
    ("on", "natural", "exempt", "allowed"),
    [
        (date(2026, 6, 30), True, False, True),
        (date(2026, 7, 1), True, False, False),
        (date(2026, 7, 1), True, True, True),
        (date(2026, 7, 1), False, False, True),
    ],
)
def test_inv16_calls_to_customers(on: date, natural: bool, exempt: bool, allowed: bool) -> None:
    """Natural persons no longer, but for exempt sectors; companies still."""
    claim = replace(SALE, channel=Channel.PHONE, is_natural_person=natural, is_exempt_sector=exempt)
    verdict = judge_soft_opt_in(claim, on=on)
    assert verdict.allowed is allowed
    if not allowed:
        assert verdict.reason is Reason.BASIS_NOT_FOR_CHANNEL


def test_inv12_which_basis_fits_which_channel() -> None:
    """Consent fits all; push nothing else; an interest only letters and calls to companies."""
    assert set(MARKETING_BASES) == set(Channel)
    for channel in Channel:
        assert basis_carries(Basis.CONSENT, channel, on=TODAY)
        for basis in (Basis.CONTRACT, Basis.VITAL_INTEREST, Basis.PUBLIC_TASK):
            assert not basis_carries(basis, channel, on=TODAY)
    by_interest = {c for c in Channel if basis_carries(Basis.LEGITIMATE_INTEREST, c, on=TODAY)}
    assert by_interest == {Channel.POST}
    assert basis_carries(
        Basis.LEGITIMATE_INTEREST, Channel.PHONE, on=TODAY, is_natural_person=False
    )
    assert {c for c in Channel if basis_carries(Basis.PUBLISHED_ADDRESS, c, on=TODAY)} == {
        Channel.EMAIL
    }


@pytest.mark.parametrize(
    ("url", "quote", "captured", "natural", "reason"),
    [
        ("https://example.nl/", "Offers welcome here", TODAY, False, None),
        ("https://example.nl/", "Offers welcome", TODAY, True, Reason.NO_LEGAL_PERSON),
        ("", "Offers welcome", TODAY, False, Reason.NO_PUBLICATION_EVIDENCE),
        ("https://example.nl/", " ", TODAY, False, Reason.NO_PUBLICATION_EVIDENCE),
        ("https://example.nl/", "Welcome", None, False, Reason.NO_PUBLICATION_EVIDENCE),
        ("https://example.nl/", "Hi", date(2027, 1, 1), False, Reason.NO_PUBLICATION_EVIDENCE),
        ("https://example.nl/", "Hi", add_years(TODAY, -1), False, None),
        (
            "https://example.nl/",
            "Hi",
            add_years(TODAY, -1) - timedelta(days=1),
            False,
            Reason.NO_PUBLICATION_EVIDENCE,
        ),
    ],
)
def test_inv17_18_published_addresses(
    url: str, quote: str, captured: date | None, natural: bool, reason: Reason | None
) -> None:
    """Where, which words, when; and never a sole trader's."""
    verdict = judge_published_address(
        url=url, quote=quote, captured_on=captured, is_natural_person=natural, on=TODAY
    )
    assert verdict.reason is reason


@pytest.mark.parametrize(
    ("test", "code", "bought", "checked", "reason"),
    [
        (True, True, False, False, None),
        (True, True, True, True, None),
        (True, True, True, False, Reason.POST_REGISTERS_NOT_CHECKED),
        (False, True, False, False, Reason.NO_BALANCING_TEST),
        (True, False, False, False, Reason.NO_OPT_OUT_CODE),
    ],
)
def test_inv19_letters(
    test: bool, code: bool, bought: bool, checked: bool, reason: Reason | None
) -> None:
    """A balancing test and an opt-out code; the registers for bought addresses."""
    verdict = judge_post(
        has_balancing_test=test,
        has_opt_out_code=code,
        is_bought_address=bought,
        has_checked_registers=checked,
    )
    assert verdict.reason is reason
