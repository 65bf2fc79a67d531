"""What each kind of form may ask: its own activity, terms, a way out, and fields (INV-8, 10, 31).

A form rests on its own activity where there is one (answering the question, delivering the order);
marketing topics are extra and never a condition. Boxes and the notice are judged in
`consent_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from akkoord.law.decisions import Decision, first_refusal
from akkoord.law.reasons import Reason


class FormKind(StrEnum):
    """The four kinds of form."""

    NEWSLETTER = "newsletter"
    QUESTION = "question"
    CHECKOUT = "checkout"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class FormKindFact:
    """What a kind of form is.

    `has_own_activity`: it serves something besides marketing, so it may have no topic at all.
    `has_contract`: only then can there be terms to accept. `asks_message`: somebody writes
    something. `may_offer_opt_out`: a sale is made, so the customer's exception can apply.
    """

    has_own_activity: bool = False
    has_contract: bool = False
    asks_message: bool = False
    may_offer_opt_out: bool = False


FORM_KINDS: Mapping[FormKind, FormKindFact] = MappingProxyType(
    {
        FormKind.NEWSLETTER: FormKindFact(),
        FormKind.QUESTION: FormKindFact(has_own_activity=True, asks_message=True),
        FormKind.CHECKOUT: FormKindFact(
            has_own_activity=True, has_contract=True, may_offer_opt_out=True
        ),
        FormKind.COUNTER: FormKindFact(),
    }
)


@dataclass(frozen=True, slots=True)
class FormPlan:
    """A form as staff want it, before any words are made.

    `own_activity`: whether the register has the activity that carries it. `needed` are the fields
    that one of its activities may use, and `asked` those that it would ask.
    """

    kind: FormKind
    topics: int
    asks_terms: bool
    offers_opt_out: bool
    own_activity: bool
    asked: frozenset[str]
    needed: frozenset[str]


def judge_plan(plan: FormPlan) -> Decision:
    """Whether a form of this kind may be so.

    Refuses a form without anything to choose or to do, terms where there is no contract (art.
    7(2)), an opt-out where nothing is sold (Tw 11.7), consent boxes beside that opt-out (people
    could no longer tell what a box left empty means), and a field that nothing on the form needs
    (INV-31).
    """
    fact = FORM_KINDS[plan.kind]
    return first_refusal(
        (not fact.has_own_activity or plan.own_activity, Reason.NO_REGISTER_ENTRY),
        (fact.has_own_activity or plan.topics > 0, Reason.NO_CHOICE),
        (not plan.asks_terms or fact.has_contract, Reason.TERMS_WITHOUT_CONTRACT),
        (not plan.offers_opt_out or fact.may_offer_opt_out, Reason.NO_SALE),
        (not (plan.offers_opt_out and plan.topics), Reason.OPT_OUT_BESIDE_CONSENT),
        (plan.asked <= plan.needed, Reason.FIELD_OUTSIDE_PURPOSE),
    )


_PROMOTION = re.compile(
    r"""
    (?<!\w)(
      korting\w* | aanbieding\w* | kassakoopje\w* | kortingscode\w* | actiecode\w* | actieprijs\w*
    | voordeel(?:code|prijs|actie)?\w* | uitverkoop | gratis | cadeaubon\w*
    | bestel\s+nu | koop\s+nu | shop\s+nu | nu\s+in\s+onze\s+winkel
    | solden | cashback | black\s+friday
    | discount\w* | coupon\w* | voucher\w* | special\s+offer\w* | sale | free | buy\s+now
    | order\s+now | shop\s+now | promo\w* | deal | deals | bargain\w*
    )(?!\w)
    | \d+\s?%\s?(?:korting|off)? | (?:€|eur)\s?\d
    """,
    re.IGNORECASE | re.VERBOSE,
)


def promotion_in(text: str) -> str:
    """The first words of a text that promote something; empty: none were found.

    A list of words is no reader, but it stops what is plainly an offer in a mail that may carry
    none (INV-13, 26).
    """
    found = _PROMOTION.search(text)
    return found.group().strip() if found else ""


def judge_confirmation_text(text: str) -> Decision:
    """Whether these words may stand in a confirmation mail: it carries no promotion (INV-13)."""
    return first_refusal((not promotion_in(text), Reason.PROMOTION_IN_SERVICE_MESSAGE))


def fields_needed(
    uses: Mapping[str, Set[str]], classes: Mapping[str, Set[str]], serves: Mapping[str, Set[str]]
) -> frozenset[str]:
    """The fields that a form's activities may use, by the register and by the code (INV-31).

    `uses`: per activity the fields that it was admitted; `classes`: per activity its classes of
    purposes; `serves`: per field of the code the classes that it was made for. A field that the
    code does not know is an own field: the register alone says what it is for.
    """
    return frozenset(
        field
        for activity, fields in uses.items()
        for field in fields
        if field not in serves or serves[field] & classes.get(activity, frozenset())
    )
