"""What a sale is worth as proof: to whom it was, what it carries, how long, and what is kept of it.

Sources: art. 11.7 Tw, AVG 5(1)(c) and (e), AWR 52; INV-15 and INV-17. The conditions under which a
customer may be reached without consent are in `basis_rules`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from akkoord.law.parameters import parameter, term_end
from akkoord.law.terms import add_years


class OptOutAnswer(StrEnum):
    """What a sale's own record says of the opt-out; nothing: the collecting place says it."""

    BY_PLACE = ""
    SHOWN = "shown"
    NOT_SHOWN = "not-shown"
    USED = "used"  # the customer said no


SAW_OPT_OUT = frozenset({OptOutAnswer.BY_PLACE, OptOutAnswer.SHOWN})
"""Answers under which what customers saw at that place and time counts for this sale."""


class SaleUse(StrEnum):
    """What may leave on a sale alone (INV-15)."""

    SERVICE = "service"
    POST = "post"


SALE_ALONE = frozenset({SaleUse.SERVICE, SaleUse.POST})
"""Without proof of the opt-out, or without a similar product, a sale carries these and no more;
post by its own rules (`judge_post`)."""

_LEGAL_PERSON = re.compile(
    r"\b(b\.?\s?v|n\.?\s?v|besloten\s+vennootschap|naamloze\s+vennootschap|stichting|vereniging|"
    r"co(ö|o\u0308?|-?o)peratie(f|ve)?|u\.?\s?a|onderlinge|gemeente|provincie|ministerie|"
    r"waterschap|universiteit|gmbh|ag|ltd|limited|llc|inc|plc|s\.?\s?a|s\.?\s?r\.?\s?l|bvba|srl)\b",
    re.IGNORECASE,
)
_NATURAL_FORM = re.compile(
    r"\b(eenmanszaak|zzp|v\.?\s?o\.?\s?f|vennootschap\s+onder\s+firma|maatschap|c\.?\s?v|"
    r"commanditaire\s+vennootschap)\b",
    re.IGNORECASE,
)

# The same, in the regular expressions of PostgreSQL: only the edge of a word is written otherwise.
LEGAL_FORM_SQL = _LEGAL_PERSON.pattern.replace(r"\b", r"\y")
NATURAL_FORM_SQL = _NATURAL_FORM.pattern.replace(r"\b", r"\y")


def is_legal_person(*, name: str, legal_form: str = "") -> bool:
    """Whether a customer is surely a legal person; in doubt a natural one (INV-17).

    Eenmanszaak, vof, maatschap and cv are treated as natural persons. The form decides when it is
    given, else what the name ends in says.
    """
    told = legal_form.strip() or name
    if _NATURAL_FORM.search(told):
        return False
    return _LEGAL_PERSON.search(told) is not None


def carries_until(last_sale_on: date, on: date) -> date | None:
    """The last day on which a sale can carry mail to a customer, by the term of that day."""
    return term_end("soft-opt-in-term", last_sale_on, on)


def earliest_carrying_sale(on: date) -> date:
    """The oldest day of a sale that still carries on this day (`carries_until` not yet over)."""
    day = add_years(on, -parameter("soft-opt-in-term", on))
    while (end := carries_until(day, on)) is not None and end < on:
        day += timedelta(days=1)
    return day


def oldest_keeping_sale(on: date) -> date:
    """The oldest day of a sale that is still a reason to keep a customer (AVG 5(1)(e))."""
    return add_years(on, -parameter("ex-customer-term", on))


def keeps_amount(*, is_bookkeeping: bool, is_amount_admitted: bool) -> bool:
    """Whether the amount of a sale is kept: for the books, or by the customers' activity.

    Else number, date and product group are enough to show the relation (AVG 5(1)(c)).
    """
    return is_bookkeeping or is_amount_admitted


def fiscal_end(bought_on: date) -> date:
    """Until when a sale in the books must be kept: seven years after its book year (AWR 52(4))."""
    start = date(bought_on.year, 12, 31)
    end = term_end("fiscal-term", start)
    assert end is not None  # noqa: S101 - a term in years has an end
    return end
