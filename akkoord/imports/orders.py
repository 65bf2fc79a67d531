"""Sales from tables: exports of shops and bookkeepers, and a till's own CSV.

Shops have no UBL for consumers. A layout says which column holds what, by its names in small
letters; found by its header, or named. Columns that no layout asks for are never looked at.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from akkoord.imports.judge import Refusal
from akkoord.imports.layouts import POSTAL
from akkoord.imports.reader import Row, Table
from akkoord.imports.sales import Articles, Sale, read_amount
from akkoord.law.sale_rules import OptOutAnswer

_NO = frozenset({"no", "nee", "n", "0", "false", "onwaar", "off"})
_YES = frozenset({"yes", "ja", "y", "j", "1", "true", "waar", "on"})
# States of an order that is no sale (any more): not paid, cancelled, taken back.
_NO_SALE = re.compile(
    r"pending|on-?hold|cancel|geannuleerd|failed|mislukt|draft|concept|checkout-draft|voided|"
    r"offerte|trash",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(r"^(refunded|terugbetaald|credit|gecrediteerd)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaleLayout:
    """Names of columns by what they mean; `markers`: the columns that give the layout away."""

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    markers: tuple[tuple[str, ...], ...]
    articles: Callable[[str], Articles] | None = None
    rows_repeat: bool = False  # one row per article: rows with the same number are one sale
    credit_number: str = ""  # how a credit note's own number begins


def _woo_articles(text: str) -> Articles:
    """`name:…|sku:…|quantity:1|total:79.00;name:…` as WooCommerce's exporter writes it."""
    found = []
    for item in text.split(";"):
        parts = dict(each.partition(":")[::2] for each in item.split("|") if ":" in each)
        if parts.get("name") or parts.get("sku"):
            total = read_amount(parts.get("total", "")) or Decimal(0)
            found.append((parts.get("sku", ""), parts.get("name", ""), total))
    return tuple(found)


WOOCOMMERCE_ORDERS = SaleLayout(
    name="woocommerce-orders",
    title="WooCommerce",
    columns={
        "number": ("order_id", "order_number", "order number", "order id"),
        "day": ("order_date", "order date", "date", "date_created"),
        "state": ("status", "order_status", "order status"),
        "amount": ("order_total", "order total", "total"),
        "currency": ("order_currency", "currency"),
        "given_name": ("billing_first_name", "billing first name", "first name (billing)"),
        "family_name": ("billing_last_name", "billing last name", "last name (billing)"),
        "company": ("billing_company", "billing company", "company (billing)"),
        "email": ("billing_email", "billing email", "email (billing)", "customer_email"),
        "country": ("billing_country", "country (billing)"),
        "street": ("billing_address_1", "address 1&2 (billing)", "address (billing)"),
        "house_number": ("billing_house_number", "meta:_billing_house_number"),
        "postcode": ("billing_postcode", "postcode (billing)"),
        "city": ("billing_city", "city (billing)"),
        "articles": ("line_items", "line items"),
        "shown": ("meta:_soft_optin_shown", "meta:soft_optin_shown"),
        "box": ("meta:_newsletter_optin", "meta:newsletter_optin"),
    },
    markers=(("order_id", "billing_email", "line_items"), ("order_id", "order_total")),
    articles=_woo_articles,
)
SHOPIFY = SaleLayout(
    name="shopify-orders",
    title="Shopify",
    columns={
        "number": ("name",),
        "day": ("created at", "paid at"),
        "state": ("financial status",),
        "cancelled": ("cancelled at",),
        "amount": ("total",),
        "currency": ("currency",),
        "name": ("billing name", "shipping name"),
        "company": ("billing company",),
        "email": ("email",),
        "country": ("billing country",),
        "street": ("billing street", "billing address1"),
        "postcode": ("billing zip",),
        "city": ("billing city",),
        "code": ("lineitem sku",),
        "article": ("lineitem name",),
        "price": ("lineitem price",),
        "box": ("accepts marketing",),
    },
    markers=(("name", "financial status", "lineitem name"),),
    rows_repeat=True,
)
MONEYBIRD = SaleLayout(
    name="moneybird",
    title="Moneybird",
    columns={
        "number": ("factuurnummer", "invoice number", "invoice_id"),
        "day": ("factuurdatum", "invoice date", "invoice_date"),
        "state": ("status", "state"),
        "amount": ("totaal incl. btw", "totaalbedrag", "total price incl. tax", "bedrag incl."),
        "currency": ("valuta", "currency"),
        "company": ("bedrijfsnaam", "company name"),
        "given_name": ("voornaam", "firstname", "first name"),
        "family_name": ("achternaam", "lastname", "last name"),
        "email": ("e-mailadres", "e-mail", "email", "verzendmethode e-mailadres"),
        "registration": ("kvk-nummer", "chamber of commerce"),
        "customer_number": ("klantnummer", "customer id", "klant-id"),
        "country": ("land", "country"),
        "street": ("adres 1", "adres", "address1", "address 1"),
        "postcode": ("postcode", "zipcode"),
        "city": ("plaats", "city"),
        "article": ("omschrijving", "description", "regel omschrijving"),
        "price": ("regelbedrag", "price excl. tax", "bedrag"),
        "code": ("productcode", "product identifier"),
    },
    markers=(("factuurnummer", "factuurdatum", "contact"), ("factuurnummer", "bedrijfsnaam")),
    rows_repeat=True,
)
E_BOEKHOUDEN = SaleLayout(
    name="e-boekhouden",
    title="e-Boekhouden",
    columns={
        "number": ("factuurnummer", "factuurnr", "factuur"),
        "day": ("datum", "factuurdatum"),
        "amount": ("bedrag incl", "bedrag incl.", "totaal incl", "bedrag"),
        "customer_number": ("relatiecode", "code"),
        "company": ("bedrijf", "relatie", "bedrijf/naam"),
        "name": ("contactpersoon", "naam"),
        "email": ("e-mail", "email", "emailadres"),
        "registration": ("kvk nummer", "kvk-nummer", "kvk"),
        "street": ("adres",),
        "postcode": ("postcode",),
        "city": ("plaats",),
        "country": ("land",),
        "article": ("omschrijving", "artikel"),
        "code": ("artikelcode",),
    },
    markers=(("factuurnummer", "relatiecode"), ("factuurnr", "relatiecode")),
    rows_repeat=True,
)
TILL = SaleLayout(
    name="till",
    title="",
    columns={
        "number": (
            *("bonnummer", "bon", "bonnr", "nummer", "factuurnummer", "ordernummer"),
            *("receipt", "receipt number", "number", "invoice", "order"),
        ),
        "day": ("datum", "verkoopdatum", "besteldatum", "date", "sold on"),
        "amount": ("bedrag", "totaal", "amount", "total"),
        "currency": ("valuta", "currency"),
        "given_name": ("voornaam", "first name", "first_name"),
        "family_name": ("achternaam", "last name", "last_name"),
        "name": ("naam", "klant", "name", "customer"),
        "company": ("bedrijf", "bedrijfsnaam", "company"),
        "email": ("e-mail", "email", "e-mailadres", "emailadres", "mail"),
        "customer_number": ("klantnummer", "customer number"),
        "street": ("straat", "adres", "straat en huisnummer", "street", "address"),
        "house_number": ("huisnummer", "house number"),
        "postcode": ("postcode", "zip"),
        "city": ("plaats", "woonplaats", "town", "city"),
        "country": ("land", "country"),
        "group": ("productgroep", "soort", "categorie", "product group", "category"),
        "article": ("artikel", "omschrijving", "product", "item"),
        "code": ("artikelcode", "sku", "code"),
        "price": ("prijs", "price"),
        "used": ("geen mail", "liever geen mail", "no mail", "opt-out"),
        "shown": ("afmelden getoond", "opt-out shown"),
        "credits": ("credit van", "credit for"),
    },
    markers=(("bonnummer", "datum"), ("bon", "datum"), ("receipt", "date")),
    rows_repeat=True,
)
GIFTS = SaleLayout(
    name="gifts",
    title="",
    columns={
        "number": (
            *("donatienummer", "giftnummer", "donation number", "gift number"),
            *("nummer", "number"),
        ),
        "day": ("giftdatum", "donatiedatum", "datum", "date"),
        "amount": ("bedrag", "gift", "amount"),
        "currency": ("valuta", "currency"),
        "given_name": ("voornaam", "first name", "first_name"),
        "family_name": ("achternaam", "last name", "last_name"),
        "name": ("naam", "donateur", "gever", "name", "donor"),
        "email": ("e-mail", "email", "e-mailadres", "emailadres", "mail"),
        "group": ("doel", "project", "campaign"),
        "used": ("geen mail", "liever geen mail", "no mail", "opt-out"),
        "shown": ("afmelden getoond", "opt-out shown"),
        "street": ("straat", "adres", "street", "address"),
        "house_number": ("huisnummer", "house number"),
        "postcode": ("postcode", "zip"),
        "city": ("plaats", "woonplaats", "town", "city"),
    },
    markers=(
        ("donatienummer",),
        ("giftnummer",),
        ("donation number",),
        ("gift number",),
        ("nummer", "giftdatum"),
        ("nummer", "donatiedatum"),
        ("nummer", "donateur"),
        ("number", "donor"),
    ),
)
SALE_LAYOUTS: Mapping[str, SaleLayout] = MappingProxyType(
    {
        each.name: each
        for each in (WOOCOMMERCE_ORDERS, SHOPIFY, MONEYBIRD, E_BOEKHOUDEN, GIFTS, TILL)
    }
)


def sale_layout_of(header: Sequence[str], wanted: str = "auto") -> SaleLayout | None:
    """The layout by name, or the one that the header gives away; None: it holds no sales."""
    if wanted in SALE_LAYOUTS:
        return SALE_LAYOUTS[wanted]
    names = {each.lower().strip() for each in header}
    for layout in SALE_LAYOUTS.values():
        if any(names.issuperset(each) for each in layout.markers):
            return layout
    return None


def table_sales(table: Table, layout: SaleLayout, *, part: str = "") -> Iterator[Sale | Refusal]:
    """The sales of a table. Orders that were never paid or were called off are passed over."""
    places = _places(layout, table.header)
    waiting: list[Row] = []
    for row in table.rows:
        if row.refused is not None:
            yield Refusal(row.line, row.refused, part=part)
            continue
        if waiting and not _goes_on(waiting[0], row, layout, places):
            yield from _sale(waiting, layout, places, part)
            waiting = []
        waiting.append(row)
    if waiting:
        yield from _sale(waiting, layout, places, part)


def _places(layout: SaleLayout, header: Sequence[str]) -> dict[str, int]:
    by_name = {name.lower().strip(): place for place, name in reversed(list(enumerate(header)))}
    return {
        role: next(by_name[name] for name in names if name in by_name)
        for role, names in layout.columns.items()
        if any(name in by_name for name in names)
    }


def missing_columns(layout: SaleLayout, header: Sequence[str]) -> list[str]:
    """What a table must tell and does not: a number, a day, and an address or customer number."""
    places = _places(layout, header)
    missing = [role for role in ("number", "day") if role not in places]
    if "email" not in places and "customer_number" not in places:
        missing.append("email")
    return missing


def _goes_on(first: Row, row: Row, layout: SaleLayout, places: Mapping[str, int]) -> bool:
    return layout.rows_repeat and _cell(first, places, "number") == _cell(row, places, "number")


def _cell(row: Row, places: Mapping[str, int], role: str) -> str:
    place = places.get(role)
    return row.cells[place].strip() if place is not None and place < len(row.cells) else ""


def _sale(
    rows: list[Row], layout: SaleLayout, places: Mapping[str, int], part: str
) -> Iterator[Sale]:
    """One sale of one or more rows; none when the order was no sale."""
    first = rows[0]

    def cell(role: str) -> str:
        """The first row of the sale that says it."""
        return next((found for row in rows if (found := _cell(row, places, role))), "")

    state = cell("state")
    if _NO_SALE.search(state) or cell("cancelled"):
        return
    given, family = cell("given_name"), cell("family_name")
    if not (given or family):
        given, _, family = cell("name").partition(" ")
    amount = cell("amount")
    taken_back = bool(_TAKEN_BACK.search(state)) or bool(cell("credits"))
    yield Sale(
        line=first.line,
        part=part,
        number=cell("number"),
        day=cell("day"),
        email=cell("email"),
        given_name=given,
        family_name=family,
        company=cell("company"),
        registration=cell("registration"),
        customer_number=cell("customer_number"),
        post={part: cell(part) for part in POSTAL if part in places},
        language="en" if cell("country").upper() not in ("", "NL", "BE", "NEDERLAND") else "nl",
        amount=amount,
        currency=cell("currency"),
        articles=_articles(rows, layout, places),
        group=cell("group"),
        answer=_answer(cell("shown"), cell("box"), cell("used"), places),
        is_credit=taken_back,
        credits=cell("credits") or (cell("number") if taken_back else ""),
    )


def _articles(rows: list[Row], layout: SaleLayout, places: Mapping[str, int]) -> Articles:
    if layout.articles is not None:
        return layout.articles(_cell(rows[0], places, "articles"))
    found = []
    for row in rows:
        code, name = _cell(row, places, "code"), _cell(row, places, "article")
        if code or name:
            found.append((code, name, read_amount(_cell(row, places, "price")) or Decimal(0)))
    return tuple(found)


def _answer(shown: str, box: str, used: str, places: Mapping[str, int]) -> OptOutAnswer:
    """What the row itself says of the opt-out: a no counts, and what was not shown was not shown.

    A box for news that was left empty ("no") is read as a no to mail about this sale.
    """
    if used.lower() in _YES or box.lower() in _NO:
        return OptOutAnswer.USED
    if "shown" in places:
        return OptOutAnswer.SHOWN if shown.lower() in _YES else OptOutAnswer.NOT_SHOWN
    return OptOutAnswer.BY_PLACE
