"""What makes a service message advertising: words, prices and links that sell (INV-26, INV-3).

A message about somebody's own purchase needs no consent for marketing; one banner in it and it does
(Tw 11.7). So a text is read before it is kept and again before it leaves. It errs on the strict
side: a false yes costs another word, a false no makes the whole message spam. Each sign holds from
a day on, as every rule here: a message of the past is judged by the rules of its day.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from akkoord.law.message_kinds import MessageKind
from akkoord.law.parameters import GDPR_DAY


class Sign(StrEnum):
    """How a text sells."""

    WORDS = "words"
    PRICE = "price"
    ASKS_CONSENT = "asks-consent"
    ASKS_REVIEW = "asks-review"
    SHOP_LINK = "shop-link"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Promotion:
    """One place that sells: the words as they stand there, what kind of sign, on which line."""

    words: str
    sign: Sign
    line: int


_AMOUNT = r"(?:€|eur(?:o)?\b|\$|£)\s*\d[\d.,]*"
_ROWS: tuple[tuple[Sign, date, str, str], ...] = (
    # Dutch. "actie" alone is no sign: a recall is a terugroepactie, and "geen actie nodig" is news.
    (
        Sign.WORDS,
        GDPR_DAY,
        "nl",
        (
            r"korting(?:en|scode|scodes|sbon|sbonnen|sactie|sacties)?|\w*aanbieding(?:en)?"
            r"|acties|actie(?:prijs|prijzen|week|weken|code|product(?:en)?|artikel(?:en)?)"
            r""
            r"|(?:lente|voorjaars|zomer|herfst|najaars|winter|kerst|paas|win|spaar|welkomst)-?actie\w*"
            r"|(?:onze|tijdelijke|speciale|nieuwe|leuke|mooie) actie\b(?! vragen)"
            r"|uitverkoop|opruiming|koopje\w*|dagdeal\w*|black friday|cyber monday"
            r"|voordeelprijs|stuntprijs|bodemprijs|laagste prijs|spotgoedkoop"
            r"|gratis (?:verzending|bezorging|cadeau\w*|proef\w*|proberen|product|artikel|maand)"
            r"|\d ?(?:\+|plus|en) ?\d gratis|(?:tweede|2e) (?:halve prijs|gratis)|halve prijs"
            r"|waardebon\w*|tegoedbon\w*|voucher\w*|cashback|spaarpunten|maak kans"
            r"|prijsvraag|verloting"
            r"|profiteer\w*|bespaar\w*|wees er (?:snel|op tijd) bij|op ?= ?op|op is op"
            r"|zolang de voorraad strekt|laatste kans|alleen (?:vandaag|deze week|dit weekend) nog"
            r"|(?:koop|bestel|shop) (?:nu|snel|direct|meteen|hier|ook)"
            r"|nu (?:te koop|bestellen|kopen|shoppen)"
            r"|naar de (?:web)?(?:shop|winkel)\b(?= ?[\])!»>])"
            r"|(?:bekijk|ontdek|shop) (?:ook )?(?:onze|ons|de|het|al onze) "
            r"(?:hele |nieuwe |nieuwste )?"
            r"(?:collectie|assortiment|aanbod|producten|modellen|trends)"
            r"|nieuwe collectie|net binnen|nieuw in (?:de winkel|ons assortiment)"
            r"|(?:misschien|wellicht) ook iets voor u|vindt u (?:misschien|vast) ook (?:leuk|mooi)"
            r"|anderen kochten ook|aanbevolen voor u|passende accessoires"
        ),
    ),
    (
        Sign.PRICE,
        GDPR_DAY,
        "nl",
        (
            rf"(?:nu )?(?:voor )?(?:maar|slechts) {_AMOUNT}|nu voor {_AMOUNT}"
            rf"|(?:al )?vanaf {_AMOUNT}"
            rf"|van {_AMOUNT}-? (?:nu )?voor {_AMOUNT}|\d+ ?(?:%|procent) (?:korting|goedkoper"
            r"|voordeliger|extra)|(?<![\w.,])- ?\d{1,2} ?%"
        ),
    ),
    (
        Sign.ASKS_CONSENT,
        GDPR_DAY,
        "nl",
        (
            r"(?:schrijf|meld) u (?:nu |meteen |direct |ook )?(?:in|aan) voor (?:onze|de|het) \w*"
            r"|(?:aanmelden|inschrijven) voor (?:onze|de) \w*|word (?:nu )?lid|volg ons op"
            r"|mogen wij u (?:ook )?(?:mailen|onze|het laatste)"
        ),
    ),
    (
        Sign.ASKS_REVIEW,
        GDPR_DAY,
        "nl",
        (
            r"(?:schrijf|geef|laat|plaats)\b.{0,20}\b(?:review|recensie|beoordeling)|beoordeel ons"
            r"|hoe tevreden (?:bent|was) u"
        ),
    ),
    # English
    (
        Sign.WORDS,
        GDPR_DAY,
        "en",
        (
            r"(?:promo|coupon|discount) codes?|discount(?:s|ed)?|special offers?"
            r"|(?:our|great|latest|exclusive|limited) offers?"
            r"|(?:summer|winter|spring|autumn|flash|final|clearance|christmas) sale"
            r"|on sale|sale now on"
            r"|bargains?|best deals?|great deals?|deal of the day"
            r"|coupons?|free (?:shipping|delivery|gift|trial|sample)|buy one,? get one|half price"
            r"|save (?:up to|now|big)|don['’]t miss|last chance|while stocks? lasts?|today only"
            r"|limited time"
            r"|(?<!your )(?<!the )(?<!our )(?<!this )(?:buy|order|shop) (?:now|today|here|online)"
            r"|shop our"
            r"|(?:discover|explore|browse|see) our (?:new |full |latest )?"
            r"(?:collection|range|products|offers)|new collection|just in\b|new arrivals"
            r"|you (?:may|might) also like|recommended for you|customers also bought"
            r"|win an?\b|prize draw"
        ),
    ),
    (
        Sign.PRICE,
        GDPR_DAY,
        "en",
        (
            rf"(?:now )?(?:only|just) {_AMOUNT}|now for {_AMOUNT}"
            rf"|(?:starting )?from (?:only )?{_AMOUNT}"
            r"|\d+ ?(?:%|percent) (?:off|discount|cheaper|extra)"
        ),
    ),
    (
        Sign.ASKS_CONSENT,
        GDPR_DAY,
        "en",
        (
            r"(?:sign up|subscribe) (?:now )?(?:for|to) (?:our|the) \w*|become a member"
            r"|follow us on"
            r"|may we (?:also )?(?:mail|e-?mail|send) you"
        ),
    ),
    (
        Sign.ASKS_REVIEW,
        GDPR_DAY,
        "en",
        r"(?:write|leave|give)\b.{0,15}\breview|review us|rate us|how satisfied (?:are|were) you",
    ),
    # An image cannot be read, and a banner is what most of them are.
    (Sign.PICTURE, GDPR_DAY, "", r"!\[[^\]]*\]\([^)]*\)|<img\b|<mj-image\b"),
)
_SIGNS = tuple(
    (
        sign,
        valid_from,
        re.compile(
            pattern if sign is Sign.PICTURE else rf"(?<!\w)(?:{pattern})(?![^\W\d])", re.IGNORECASE
        ),
    )
    for sign, valid_from, _language, pattern in _ROWS
)
_URL = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_SELLS = frozenset(
    # Parts of a path that lead to goods, or to a form that asks for a yes (INV-3).
    """
    shop webshop winkel store aanbieding aanbiedingen actie acties sale korting deals deal outlet
    collectie collection producten products assortiment offers nieuwsbrief newsletter f
    aanmelden inschrijven subscribe signup
    """.split()  # noqa: SIM905
)
_SERVES = frozenset(
    # Beside one of these it leads to the person's own business: an order, a return, a route.
    """
    order orders bestelling bestellingen track tracking volgen retour retouren return returns
    afspraak afspraken appointment appointments factuur facturen invoice invoices garantie warranty
    recall terugroepactie terugroepen veiligheid safety handleiding handleidingen manual manuals
    contact openingstijden hours route service reparatie repair
    """.split()  # noqa: SIM905
)
_SELLING_QUERY = re.compile(
    r"(?:^|&)(?:utm_\w+|coupon|discount|voucher|kortingscode|promo)=", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MARKUP = re.compile(r"(?<=\w)[*_~`]+(?=\w)|[*~`]{1,3}")


def promotions_in(text: str, *, on: date) -> tuple[Promotion, ...]:
    """Every place in a text that sells, in order, by the signs that hold on this day."""
    found: dict[tuple[str, int], Promotion] = {}
    for number, line in enumerate(text.splitlines(), 1):
        plain = _plain(line)
        for sign, valid_from, pattern in _SIGNS:
            if valid_from > on:
                continue
            for each in pattern.finditer(plain):
                words = each.group().strip().rstrip(".,")
                found.setdefault((words.lower(), number), Promotion(words, sign, number))
        for url in _URL.findall(html.unescape(line)):
            if _leads_to_goods(url):
                found.setdefault((url, number), Promotion(url, Sign.SHOP_LINK, number))
    return tuple(found.values())


def kind_of_service_text(text: str, *, on: date) -> MessageKind:
    """What a text that was written as a service message is: with promotion in it, marketing."""
    return MessageKind.CAMPAIGN if promotions_in(text, on=on) else MessageKind.SERVICE


def _plain(line: str) -> str:
    """A line as people read it: no mark-up inside words, nothing invisible, one kind of blank."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", html.unescape(line)))
    return " ".join(_MARKUP.sub("", shown).split()) if "![" not in shown else shown


def _leads_to_goods(url: str) -> bool:
    parts = urlsplit(url)
    steps = {step.lower().removesuffix(".html") for step in parts.path.split("/") if step}
    if _SELLING_QUERY.search(parts.query):
        return True
    return bool(steps & _SELLS) and not steps & _SERVES
