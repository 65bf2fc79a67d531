"""What a sale brings, whatever it was read from: an invoice, an order, a line of the till.

Only what may be kept goes on: names, the address, number, date, product group. Articles, VAT
numbers (they can hold a BSN) and remarks stay behind (AVG 5(1)(c), INV-31); a postal address comes
in for the customers' activity.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.utils import timezone

from akkoord.datamap.identifiers import BadIdentifier, normalise_email, plain_name
from akkoord.datamap.keys import keyed_hash
from akkoord.imports.judge import Refusal
from akkoord.imports.known_layouts import DUTCH
from akkoord.imports.postal import NO_POST, Postal, has_any, post_of
from akkoord.law.import_rules import read_time
from akkoord.law.reasons import Reason
from akkoord.law.sale_rules import OptOutAnswer, is_legal_person

MAX_NAME = 120
_FORMULA = ("=", "+", "-", "@", "\t")
Articles = tuple[tuple[str, str, Decimal], ...]  # code, name, amount


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale or credit note as the file tells it, not yet judged.

    `credits`: the number of the invoice that a credit note takes back. `group`: the file's own
    word for the kind of product. `seller`: empty where the file is the shop's own by its nature.
    """

    line: int
    number: str
    day: str
    email: str = ""
    given_name: str = ""
    family_name: str = ""
    company: str = ""
    registration: str = ""
    legal_form: str = ""
    customer_number: str = ""
    language: str = ""
    amount: str = ""
    currency: str = "EUR"
    articles: Articles = ()
    group: str = ""
    answer: OptOutAnswer = OptOutAnswer.BY_PLACE
    is_credit: bool = False
    credits: str = ""
    seller: str = ""
    has_customer: bool = True
    part: str = ""
    post: Mapping[str, str] = field(default_factory=dict)  # the customer's postal address


class StagedSale(NamedTuple):
    """What a sale brings; the columns of the temp table `sale_row`, in order."""

    line: int
    part: str
    number: str
    bought_on: date
    amount: Decimal | None
    currency: str
    product_group: str
    other_groups: list[str]
    value: str
    normalised: str
    keyed_hash: bytes
    given_name: str
    family_name: str
    language: str
    customer_number: str
    company: str
    registration: str
    answer: str
    is_credit: bool
    credits: str
    post: str | None = None  # JSON: the address as it is kept


@dataclass(slots=True)
class SaleJudging:
    """What all sales of a file are judged by, and what was found out on the way.

    `sellers`: the names, in small letters, under which this organisation sells. `unknown`: articles
    that no product group takes, with how often.
    """

    at: datetime
    sellers: frozenset[str]
    group_of: Callable[[str, str], str]
    keeps_amount: bool
    unknown: dict[str, int] = field(default_factory=dict)
    other_sellers: dict[str, int] = field(default_factory=dict)
    postal: Postal = NO_POST
    posts: dict[str, int] = field(default_factory=dict)  # addresses that stayed out, by why


def judge_sales(
    sales: Iterator[Sale | Refusal], judging: SaleJudging
) -> Iterator[StagedSale | Refusal]:
    """Each sale as what it brings, or as a refusal with its line and reason."""
    for sale in sales:
        yield sale if isinstance(sale, Refusal) else _judge(sale, judging)


def _judge(sale: Sale, judging: SaleJudging) -> StagedSale | Refusal:
    def refused(reason: Reason, column: str = "") -> Refusal:
        return Refusal(sale.line, reason, column, sale.part)

    if sale.seller and not is_same_seller(sale.seller, judging.sellers):
        judging.other_sellers[sale.seller] = judging.other_sellers.get(sale.seller, 0) + 1
        return refused(Reason.OTHER_SELLER, "seller")
    number = sale.number.strip()[:60]
    moment, wrong = read_time(sale.day, at=judging.at, zone=DUTCH)
    if wrong is not None or moment is None or not number:
        return refused(wrong or Reason.MALFORMED_ROW, "number" if not number else "date")
    day = timezone.localdate(moment)
    if day > timezone.localdate(judging.at):
        return refused(Reason.FUTURE_TIME, "date")
    if not sale.has_customer:
        return refused(Reason.NO_CUSTOMER, "customer")
    address = sale.email.strip()
    try:
        normalised = normalise_email(address) if address else ""
    except BadIdentifier:
        return refused(Reason.BAD_ADDRESS, "email")
    if not (normalised or sale.customer_number.strip() or sale.is_credit):
        return refused(Reason.NO_ADDRESS, "email")
    return _staged(sale, number, day, address, normalised, judging)


def _staged(
    sale: Sale, number: str, day: date, address: str, normalised: str, judging: SaleJudging
) -> StagedSale:
    groups = _groups(sale, judging)
    legal = bool(sale.company) and is_legal_person(name=sale.company, legal_form=sale.legal_form)
    return StagedSale(
        line=sale.line,
        part=sale.part,
        number=number,
        bought_on=day,
        # For a credit note only to see whether it takes back the whole; never kept.
        amount=read_amount(sale.amount) if judging.keeps_amount or sale.is_credit else None,
        currency=(sale.currency.strip().upper() or "EUR")[:3],
        product_group=groups[0] if groups else "",
        other_groups=groups[1:],
        value=address[:320],
        normalised=normalised,
        keyed_hash=keyed_hash(normalised) if normalised else b"",
        given_name=clean_name(sale.given_name),
        family_name=clean_name(sale.family_name),
        language=sale.language[:2].lower() if sale.language[:2].lower() in ("nl", "en") else "nl",
        customer_number=sale.customer_number.strip()[:60],
        # INV-17: an eenmanszaak, vof, maatschap or cv is a person; no company is kept of it.
        company=" ".join(sale.company.split())[:200] if legal else "",
        registration=sale.registration.strip()[:20] if legal else "",
        answer=sale.answer.value,
        is_credit=sale.is_credit,
        credits=sale.credits.strip()[:60],
        post=None if legal or sale.is_credit else _post(sale, judging),
    )


def _post(sale: Sale, judging: SaleJudging) -> str | None:
    """The postal address when it may be kept and is whole; counts what stays out."""
    if not has_any(sale.post):
        return None
    given, family = clean_name(sale.given_name), clean_name(sale.family_name)
    found = post_of(sale.post, judging.postal, given=given, family=family)
    if found is None:
        why = "incomplete" if judging.postal.is_kept else "not-admitted"
        judging.posts[why] = judging.posts.get(why, 0) + 1
        return None
    return json.dumps(found)


def _groups(sale: Sale, judging: SaleJudging) -> list[str]:
    """The product groups of a sale, the one with the most money first."""
    worth: dict[str, Decimal] = {}
    for code, name, amount in sale.articles:
        group = judging.group_of(code, name)
        if group:
            worth[group] = worth.get(group, Decimal(0)) + amount
        else:
            label = (name or code)[:80]
            judging.unknown[label] = judging.unknown.get(label, 0) + 1
    if sale.group:
        found = judging.group_of("", sale.group)
        if found:
            worth.setdefault(found, Decimal(0))
        elif not sale.articles:
            judging.unknown[sale.group[:80]] = judging.unknown.get(sale.group[:80], 0) + 1
    return sorted(worth, key=lambda each: (-worth[each], each))


def is_same_seller(name: str, sellers: frozenset[str]) -> bool:
    """Whether an invoice was sent by this organisation (INV-15); its form after the name aside."""
    return bare_name(name) in {bare_name(each) for each in sellers}


def bare_name(name: str) -> str:
    """A company's name in small letters, without its legal form and signs."""
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold().replace(".", ""))
    return " ".join(each for each in words.split() if each not in _FORMS)


_FORMS = frozenset({"bv", "nv", "vof", "cv", "eenmanszaak", "gmbh", "ltd"})


def clean_name(text: str) -> str:
    """A name as text: a cell that begins like a formula is no name (CSV injection)."""
    text = text.strip()
    return "" if text[:1] in _FORMULA else plain_name(text)[:MAX_NAME]


def read_amount(text: str) -> Decimal | None:
    """An amount in Dutch or English notation; None when it is none."""
    plain = "".join(sign for sign in text if sign in "0123456789.,-")
    comma, dot = plain.rfind(","), plain.rfind(".")
    is_dutch = comma > dot
    plain = plain.replace(".", "").replace(",", ".") if is_dutch else plain.replace(",", "")
    try:
        amount = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if abs(amount) < Decimal("1e10") else None
