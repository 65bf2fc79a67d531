"""What the demo's bicycle shop says: its topics, its forms, its letters and what people ask it.

The shop is made up. Texts are in Dutch because the demo is a Dutch shop's own data; topics are in
both languages, as every topic is.
"""

from dataclasses import dataclass
from typing import Any

from akkoord.register.actions import OrganisationFacts, TopicWords

SHOP = OrganisationFacts(
    name="Fietsenmakerij De Ketting (demo)",
    address="Voorbeeldstraat 12\n3811 AA Amersfoort",
    contact_email="winkel@deketting.example.nl",
    contact_phone="033 000 00 00",
    website="https://deketting.example.nl/",
    trade="shop",
    sender_name="Fietsenmakerij De Ketting",
    sender_email="winkel@deketting.example.nl",
    is_demo=True,
)
OWNER_EMAIL = "demo@deketting.example.nl"
OWNER_NAME = "Demo-eigenaar"

NEWS, OFFERS, WORKSHOP, URGENT = "nieuwsbrief", "acties", "werkplaats", "dringende-berichten"
TOPICS: dict[str, TopicWords] = {
    NEWS: TopicWords(
        "Nieuwsbrief",
        "Newsletter",
        "Nieuws uit de winkel, nieuwe fietsen en mooie routes.",
        "News from the shop, new bicycles and good routes.",
        "Eén keer per maand",
        "Once a month",
    ),
    OFFERS: TopicWords(
        "Acties en kortingen",
        "Offers",
        "Aanbiedingen op fietsen, onderdelen en kleding.",
        "Offers on bicycles, parts and clothing.",
        "Hooguit twee keer per maand",
        "Twice a month at most",
    ),
    WORKSHOP: TopicWords(
        "Werkplaats en onderhoud",
        "Workshop and service",
        "Een seintje als uw fiets aan een beurt toe is, met tips om zelf te doen.",
        "A sign when your bicycle needs a service, with tips to do yourself.",
        "Twee keer per jaar",
        "Twice a year",
    ),
    URGENT: TopicWords(
        "Dringende berichten",
        "Urgent messages",
        "Alleen als er echt iets is: een terugroepactie, een sluiting, andere openingstijden.",
        "Only when it matters: a recall, a closure, other opening hours.",
        "Een paar keer per jaar",
        "A few times a year",
    ),
}

OLD_WORDING = (
    "Ja, stuur mij de nieuwsbrief van Fietsenmakerij De Ketting. Ik kan mij altijd weer afmelden."
)
COUNTER_WORDING = (
    "Ja, De Ketting mag mij mailen met nieuws uit de winkel en met een seintje als mijn fiets aan "
    "onderhoud toe is. Afmelden kan altijd, onderaan iedere mail."
)
TILL = "Kassa"
CHECKOUT_WORDING = (
    "Wij sturen klanten af en toe een aanbieding over fietsen en onderdelen. Wilt u dat niet? Zet "
    "dan hier een kruisje. [ ] Liever niet"
)
OLD_LIST = "nieuwsbrief-oud-systeem.csv"
TILL_LIST = "klanten-kassa-2023.csv"

PRODUCT_GROUPS: tuple[tuple[str, int, int, int], ...] = (
    # product group, lowest and highest price, how many of every hundred sales
    ("Stadsfiets", 450, 1100, 14),
    ("E-bike", 1700, 4200, 12),
    ("Racefiets", 900, 3800, 5),
    ("Kinderfiets", 160, 480, 8),
    ("Onderdelen", 8, 140, 26),
    ("Kleding en helmen", 20, 160, 10),
    ("Onderhoudsbeurt", 55, 190, 25),
)


@dataclass(frozen=True, slots=True)
class DemoLetter:
    """A letter of the shop: its topic, how many days ago it went, its text; with `subject_b` it
    went in two versions."""

    topic: str
    days_ago: int
    name: str
    subject: str
    preheader: str
    body: str
    subject_b: str = ""


_HELLO = 'Dag {{ first_name | default: "fietser" }},\n\n'
_BYE = "\n\nTot ziens in de winkel,\n\nHet team van De Ketting\n"
LETTERS: tuple[DemoLetter, ...] = (
    DemoLetter(
        NEWS,
        560,
        "Drie routes",
        "Erop uit: drie routes om de hoek",
        "Langs de Eem, over de heuvelrug en naar de kersen",
        _HELLO + "De fiets staat klaar en de wind draait mee. Wij zochten drie routes voor u "
        "uit, van 25 tot 60 kilometer, alle drie met een goede koffieplek halverwege.\n\n"
        "- **Langs de Eem**: vlak, rustig, ook met kinderen.\n"
        "- **Over de heuvelrug**: klimmetjes en bos.\n"
        "- **Naar de kersen**: de langste, en de mooiste.\n\n"
        "De kaartjes liggen gratis in de winkel." + _BYE,
    ),
    DemoLetter(
        WORKSHOP,
        470,
        "Zelf nakijken",
        "Is uw fiets klaar voor de lange ritten?",
        "Drie dingen die u zelf kunt nakijken",
        _HELLO + "Een fiets die gezien is, rijdt lichter en gaat langer mee. Kijk zelf even naar "
        "drie dingen: de bandenspanning, de ketting en de remblokjes.\n\n"
        "Twijfelt u? Breng hem langs. De meeste beurten doen wij terwijl u wacht." + _BYE,
    ),
    DemoLetter(
        OFFERS,
        365,
        "Tweede accu",
        "Deze week: tweede accu voor de helft",
        "Zolang de voorraad reikt, tot en met zaterdag",
        _HELLO + "Wie bij ons een e-bike kocht, krijgt deze week een tweede accu voor de halve "
        "prijs. Dat geldt voor alle merken die wij voeren.\n\n"
        "Kom langs of bel, dan leggen wij er een voor u opzij." + _BYE,
    ),
    DemoLetter(
        URGENT,
        255,
        "Terugroepactie kinderzitje",
        "Belangrijk: laat uw kinderzitje nakijken",
        "Een sluiting kan breken; wij vervangen hem gratis",
        _HELLO + "De maker van het kinderzitje *Kuif 2* roept de zitjes van vorig jaar terug: de "
        "sluiting kan breken. Hebt u er zo een? **Gebruik het niet meer** en kom langs. Wij "
        "vervangen de sluiting gratis, u hoeft geen afspraak te maken." + _BYE,
    ),
    DemoLetter(
        NEWS,
        120,
        "Proefrit van een dag",
        "Nieuw in de winkel: de proefrit van een dag",
        "Een e-bike mee naar huis, zonder dat het iets kost",
        _HELLO + "Een rondje om het blok zegt weinig over een e-bike. Daarom mag u er voortaan een "
        "hele dag een meenemen: naar uw werk, over de brug, met de boodschappen.\n\n"
        "Reserveren doet u in de winkel of met een belletje." + _BYE,
        subject_b="Een dag lang een e-bike mee naar huis, gratis",
    ),
    DemoLetter(
        WORKSHOP,
        34,
        "Onderhoudsbeurt",
        "Tijd voor een beurt: licht, banden, ketting",
        "Maak nu een afspraak, dan hoeft u niet te wachten",
        _HELLO + "Regen en zout, daar heeft een ketting een hekel aan. In een onderhoudsbeurt "
        "zetten wij alles in het vet, kijken wij het licht na en zetten wij er zo nodig andere "
        "banden op.\n\nMaak een afspraak aan de balie of bel ons." + _BYE,
    ),
)
DRAFT = DemoLetter(
    OFFERS,
    1,
    "Helm cadeau",
    "Een helm cadeau bij een kinderfiets",
    "Veilig op weg",
    _HELLO + "Koopt u deze maand een kinderfiets, dan krijgt u er een helm bij die past. Wij "
    "stellen hem samen met uw kind in." + _BYE,
)


# The letters of both series: so many days after what stands before them.
WELCOME_SERIES = (
    (
        0,
        "Fijn dat u er bent",
        _HELLO
        + "Dank u voor uw aanmelding. U krijgt van ons elke maand tips en nieuws over fietsen, "
        "en niets anders.\n\nHebt u een vraag? Antwoord gewoon op deze mail." + _BYE,
    ),
    (
        10,
        "Zo houdt u uw fiets jong",
        _HELLO + "Drie dingen die u zelf kunt doen:\n\n"
        "1. Pomp elke maand uw banden op.\n"
        "2. Smeer de ketting na een natte week.\n"
        "3. Draai losse schroeven aan voor ze kwijt zijn.\n\n"
        "Lukt iets niet? Op zaterdagochtend kijken wij gratis mee." + _BYE,
    ),
    (
        20,
        "Kom eens langs in de werkplaats",
        _HELLO
        + "Achter de winkel staat de koffie klaar. Kijk hoe wij een wiel richten, of laat uw "
        "uw licht nameten.\n\nTot gauw." + _BYE,
    ),
)
AFTER_SALE = (
    (
        3,
        "Rijdt hij goed?",
        _HELLO + "U kocht iets bij ons, en wij zijn benieuwd. Staat het zadel goed? Schakelt hij "
        "zoals u wilt? Kom langs, dan stellen wij hem gratis voor u af." + _BYE,
    ),
    (
        18,
        "Past hier een tas bij?",
        _HELLO + "Veel klanten nemen na een paar weken toch nog een tas of een mand. Wij laten u "
        "graag zien welke op uw fiets past." + _BYE,
    ),
)


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """What somebody asks the shop, how it came in and how many days ago."""

    kinds: tuple[str, ...]
    channel: str
    days_ago: int
    words: str
    closed_after: int | None = None


REQUESTS: tuple[DemoRequest, ...] = (
    DemoRequest(("access",), "mail", 240, "Wat weten jullie eigenlijk van mij?", 6),
    DemoRequest(
        ("access",),
        "letter",
        26,
        "Graag ontvang ik een overzicht van alle gegevens die u van mij bewaart.",
    ),
    DemoRequest(
        ("rectification",),
        "phone",
        9,
        "Mijn achternaam is veranderd. Kunt u dat aanpassen?",
    ),
    DemoRequest(("erasure",), "mail", 4, "Ik ben verhuisd. Wilt u mijn gegevens wissen?"),
    DemoRequest(("restriction",), "letter", 15, "Gebruik mijn gegevens niet zolang dit loopt."),
    DemoRequest(("objection",), "counter", 80, "Geen reclame meer, dank u."),
)

TELL_A_FRIEND: dict[str, Any] = {
    "mail_is_on": False,
    "mail_nl": "Wij maken en verkopen fietsen in Amersfoort. De koffie staat klaar.",
    "mail_en": "We mend and sell bicycles in Amersfoort. Coffee is ready.",
    "card_is_on": True,
    "card_nl": "Fietsenmakerij De Ketting maakt uw fiets terwijl u wacht.",
    "card_en": "De Ketting mends your bicycle while you wait.",
    "reward_nl": "een gratis lekke band",
    "reward_en": "one puncture mended for free",
    "form_id": None,
}

PUSH_PAGE = "Berichten op uw telefoon"
PUSH_INTRO_NL = "Hoor het meteen als er echt iets is: een terugroepactie, of een dag dicht."
PUSH_INTRO_EN = "Hear it at once when it matters: a recall, or a day that we are closed."
PUSH_NAME = "Dicht op tweede kerstdag"
PUSH_TITLE = "Tweede kerstdag zijn wij dicht"
PUSH_BODY = "Uw fiets staat veilig binnen. Ophalen kan weer vanaf de 27e."
PUSH_LINK = "https://deketting.example.nl/openingstijden"

LINKS: dict[str, tuple[tuple[str, str], ...]] = {
    NEWS: (("Lees het hele verhaal", "verhalen"), ("Kijk in de winkel", "winkel")),
    OFFERS: (("Bekijk de aanbieding", "acties"), ("Maak een afspraak", "afspraak")),
    WORKSHOP: (("Plan een beurt", "afspraak"), ("Bekijk de prijzen", "werkplaats")),
    URGENT: (("Lees wat u moet doen", "bericht"),),
}
"""The links under a letter of each topic; the site is nobody's."""


def with_links(letter: DemoLetter) -> str:
    """The letter's text with its links before the greeting at the end."""
    links = " · ".join(
        f"[{words}](https://deketting.example.nl/{page}/)" for words, page in LINKS[letter.topic]
    )
    text, bye, after = letter.body.partition(_BYE)
    return f"{text}\n\n{links}{bye}{after}"
