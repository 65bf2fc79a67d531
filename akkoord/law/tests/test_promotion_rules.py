"""What sells and what does not, in Dutch and English: the table is the specification (INV-26)."""

from datetime import date

import pytest

from akkoord.law.message_kinds import MessageKind
from akkoord.law.promotion_rules import Sign, kind_of_service_text, promotions_in

DAY = date(2026, 11, 26)

SELLS = [
    ("Uw fiets is klaar. Deze week 10% korting op sloten.", "korting", Sign.WORDS),
    ("Bekijk onze aanbiedingen.", "aanbiedingen", Sign.WORDS),
    ("Helmen nu voor € 45", "nu voor € 45", Sign.PRICE),
    ("Helmen nu slechts € 39,95 bij ons", "nu slechts € 39,95", Sign.PRICE),
    ("Van € 60 voor € 45", "Van € 60 voor € 45", Sign.PRICE),
    ("Al vanaf € 10 een nieuwe bel", "Al vanaf € 10", Sign.PRICE),
    ("Kom naar onze lenteactie", "lenteactie", Sign.WORDS),
    ("Actieprijzen op banden", "Actieprijzen", Sign.WORDS),
    ("[Shop nu](https://example.nl/x)", "Shop nu", Sign.WORDS),
    ("[Bestel ook een slot](https://example.nl/x)", "Bestel ook", Sign.WORDS),
    ("Ontdek onze nieuwe collectie", "Ontdek onze nieuwe collectie", Sign.WORDS),
    ("Vindt u misschien ook leuk", "Vindt u misschien ook leuk", Sign.WORDS),
    ("Meld u aan voor onze nieuwsbrief", "Meld u aan voor onze nieuwsbrief", Sign.ASKS_CONSENT),
    ("Laat een review achter", "Laat een review", Sign.ASKS_REVIEW),
    ("2+1 gratis op bidons", "2+1 gratis", Sign.WORDS),
    ("kor**ting** op alles", "korting", Sign.WORDS),
    ("kor\u00adting op alles", "korting", Sign.WORDS),
    ("kor&shy;ting op alles", "korting", Sign.WORDS),
    ("ｋｏｒｔｉｎｇ op alles", "korting", Sign.WORDS),
    ('Dag {{ first_name | default: "korting" }}', "korting", Sign.WORDS),
    ("![bel](https://example.nl/bel.png)", "![bel](https://example.nl/bel.png)", Sign.PICTURE),
    ("Kijk op https://example.nl/shop/helmen", "https://example.nl/shop/helmen", Sign.SHOP_LINK),
    ("[Hier](https://example.nl/f/nieuws)", "https://example.nl/f/nieuws", Sign.SHOP_LINK),
    (
        "[Route](https://example.nl/route?utm_campaign=najaar)",
        "https://example.nl/route?utm_campaign=najaar",
        Sign.SHOP_LINK,
    ),
    ("Your bike is ready. Get 20% off a lock.", "20% off", Sign.PRICE),
    ("Helmets now only €45", "now only €45", Sign.PRICE),
    ("Use discount code FIETS", "discount code", Sign.WORDS),
    ("Our summer sale has begun", "summer sale", Sign.WORDS),
    ("You may also like these lamps", "You may also like", Sign.WORDS),
    ("Subscribe to our newsletter", "Subscribe to our newsletter", Sign.ASKS_CONSENT),
    ("Buy now and ride home", "Buy now", Sign.WORDS),
    ("Please leave us a review", "leave us a review", Sign.ASKS_REVIEW),
]
SERVES = [
    "Uw fiets is klaar, het bedrag is € 45.",
    "U betaalt nu € 45 aan de balie, of € 45,- per bank.",
    "Dit is een terugroepactie. U hoeft zelf geen actie te ondernemen.",
    "Welke actie moet u nemen? Breng het zadel terug.",
    "Wij vervangen het zadel gratis. U krijgt uw geld terug.",
    "Vanaf maandag zijn wij open van 9 tot 17 uur.",
    "Wij bieden u onze excuses aan.",
    "Wij danken u voor uw reactie en nemen contact met u op.",
    "Uw bestelling 2026-104 ligt klaar in de winkel. U kunt haar ophalen tot 3 december.",
    "Volg uw pakket op https://example.nl/shop/order/2026-104",
    "Kijk op https://winkel.example.nl/openingstijden hoe laat wij open zijn.",
    "Meld u bij de balie. Neem uw afhaalbewijs mee.",
    "Verander of annuleer uw afspraak via https://example.nl/afspraak/",
    "De reparatie duurt 2 tot 3 dagen, 10 procent langer dan gedacht.",
    "Het product blijkt een gebrek te hebben. Stop met gebruiken.",
    "Your bike is ready. The amount is €45.",
    "Please bring the receipt. You pay € 45 when you collect it.",
    "No action is needed on your side. We replace the saddle for free.",
    "Our point of sale moved: from 1 December we are open from 9 to 5.",
    "You asked us to order a new lock. It is in the shop now.",
    "Wij sluiten om 17.00 uur -  kom voor 16.30 uur.",
]


@pytest.mark.parametrize(("text", "words", "sign"), SELLS)
def test_inv26_what_sells_is_found_with_its_words(text: str, words: str, sign: Sign) -> None:
    found = promotions_in(text, on=DAY)
    assert (words.lower(), sign) in [(each.words.lower(), each.sign) for each in found], found
    assert kind_of_service_text(text, on=DAY) is MessageKind.CAMPAIGN


@pytest.mark.parametrize("text", SERVES)
def test_inv26_news_about_a_purchase_does_not_sell(text: str) -> None:
    assert promotions_in(text, on=DAY) == ()
    assert kind_of_service_text(text, on=DAY) is MessageKind.SERVICE


def test_a_place_has_its_line_and_stands_once() -> None:
    found = promotions_in("Dag,\n\nUw fiets is klaar.\nKorting! Korting!", on=DAY)
    assert [(each.words, each.line) for each in found] == [("Korting", 4)]


def test_a_sign_counts_from_its_day_on() -> None:
    assert promotions_in("korting", on=date(2017, 1, 1)) == ()
    assert promotions_in("korting", on=date(2018, 5, 25))
