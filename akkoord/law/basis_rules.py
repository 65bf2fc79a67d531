"""Reaching people without consent: customers, published addresses, post; and which basis fits.

Sources: art. 11.7 Tw, AVG 6(1)(f) and 21; invariants 12 and 14-19. Telephone and customers is
dated: see the parameter `phone-soft-opt-in`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from akkoord.law.consent_rules import AgeState
from akkoord.law.decisions import Decision, first_refusal
from akkoord.law.parameters import parameter, term_end
from akkoord.law.reasons import Reason
from akkoord.law.states import Basis, Channel

_CONSENT_ONLY = frozenset({Basis.CONSENT})
_CUSTOMER = frozenset({Basis.CONSENT, Basis.EXISTING_CUSTOMER})

MARKETING_BASES: dict[Channel, frozenset[Basis]] = {
    Channel.EMAIL: _CUSTOMER | {Basis.PUBLISHED_ADDRESS},
    Channel.SMS: _CUSTOMER,
    Channel.PUSH: _CONSENT_ONLY,
    Channel.PHONE: _CUSTOMER,
    Channel.POST: _CUSTOMER | {Basis.LEGITIMATE_INTEREST},
}
"""On which bases marketing may go over a channel, before the conditions of each basis."""


def basis_carries(
    basis: Basis,
    channel: Channel,
    *,
    on: date,
    is_natural_person: bool = True,
    is_exempt_sector: bool = False,
) -> bool:
    """Whether marketing over this channel can rest on this basis on this day.

    Eenmanszaak, vof, maatschap and cv count as natural persons (INV-17). Calls to customers who
    are natural persons ended on 1-7-2026 but for exempt sectors (INV-16); calls to legal persons
    are opt-out, on a legitimate interest.
    """
    if channel is Channel.PHONE and not is_natural_person:
        return basis in _CUSTOMER | {Basis.LEGITIMATE_INTEREST}
    if channel is Channel.PHONE and basis is Basis.EXISTING_CUSTOMER:
        return is_exempt_sector or parameter("phone-soft-opt-in", on) == 1
    return basis in MARKETING_BASES[channel]


@dataclass(frozen=True, slots=True)
class SaleClaim:
    """What is known of the sale on which a customer would be reached without consent (INV-15).

    `is_sale`: paid, or a donation to a charity; never a newsletter, a prize draw, a bare account
    or a quote. `saw_opt_out`: proof of what customers saw there and then, opt-out included.
    """

    is_sale: bool
    last_sale_on: date
    is_address_from_sale: bool
    is_same_seller: bool
    is_similar: bool
    saw_opt_out: bool
    channel: Channel
    age: AgeState = AgeState.UNKNOWN
    is_natural_person: bool = True
    is_exempt_sector: bool = False
    has_contact_left: bool = False


def judge_soft_opt_in(claim: SaleClaim, *, on: date) -> Decision:
    """Whether a customer may be reached on the customer exception on this day (INV-14, 15, 16)."""
    ends_on = term_end("soft-opt-in-term", claim.last_sale_on, on)
    return first_refusal(
        (claim.is_sale, Reason.NO_SALE),
        (claim.last_sale_on <= on, Reason.FUTURE_TIME),
        (
            basis_carries(
                Basis.EXISTING_CUSTOMER,
                claim.channel,
                on=on,
                is_natural_person=claim.is_natural_person,
                is_exempt_sector=claim.is_exempt_sector,
            ),
            Reason.BASIS_NOT_FOR_CHANNEL,
        ),
        (claim.age is not AgeState.UNDER_SIXTEEN, Reason.KNOWN_CHILD),
        (claim.is_address_from_sale, Reason.ADDRESS_NOT_FROM_SALE),
        (claim.is_same_seller, Reason.OTHER_SELLER),
        (claim.is_similar, Reason.NOT_SIMILAR),
        (claim.saw_opt_out, Reason.OPT_OUT_NOT_OFFERED),
        (not claim.has_contact_left, Reason.CONTACT_LEFT),
        (ends_on is None or on <= ends_on, Reason.SALE_TOO_OLD),
    )


def judge_published_address(
    *, url: str, quote: str, captured_on: date | None, is_natural_person: bool, on: date
) -> Decision:
    """Whether a published business address may be mailed: only with proof of purpose (INV-17, 18).

    The proof is where it stood, the words that invite such mail, and the day they were seen. A page
    changes: what was seen too long ago shows nothing of today (`published_until`).
    """
    seen = captured_on is not None and captured_on <= on <= published_until(captured_on, on)
    proven = bool(url.strip() and quote.strip()) and seen
    return first_refusal(
        (not is_natural_person, Reason.NO_LEGAL_PERSON),
        (proven, Reason.NO_PUBLICATION_EVIDENCE),
    )


def published_until(captured_on: date, on: date) -> date:
    """The last day on which what was seen of a published address counts, by the term of a day."""
    end = term_end("published-address-term", captured_on, on)
    assert end is not None  # noqa: S101 - a term in years has an end
    return end


def judge_post(
    *,
    has_balancing_test: bool,
    has_opt_out_code: bool,
    is_bought_address: bool,
    has_checked_registers: bool,
) -> Decision:
    """Whether a letter may go on a legitimate interest (INV-19).

    Bought addresses must have been held against the latest Postfilter and register of the
    deceased; for others that is a warning, with the choice recorded.
    """
    return first_refusal(
        (has_balancing_test, Reason.NO_BALANCING_TEST),
        (has_opt_out_code, Reason.NO_OPT_OUT_CODE),
        (has_checked_registers or not is_bought_address, Reason.POST_REGISTERS_NOT_CHECKED),
    )
