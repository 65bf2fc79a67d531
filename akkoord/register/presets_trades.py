"""What an organisation of each kind needs on day one besides the rest: its activity and topics."""

from collections.abc import Mapping
from dataclasses import dataclass

from akkoord.law.states import Basis
from akkoord.register.presets import SERVICE, ActivityPreset, FieldUse, Words

_CUSTOMER_FIELDS = (
    FieldUse("email", Words("Voor bericht over uw bestelling.", "For news about your order.")),
    FieldUse("first_name", Words("Om u aan te spreken.", "To address you.")),
    FieldUse("last_name", Words("Om u te herkennen.", "To recognise you.")),
    FieldUse("street", Words("Om te bezorgen.", "To deliver.")),
    FieldUse("postcode", Words("Om te bezorgen.", "To deliver.")),
    FieldUse("city", Words("Om te bezorgen.", "To deliver.")),
    FieldUse("last_purchase", Words("Voor garantie en service.", "For warranty and service.")),
    FieldUse("product_group", Words("Voor garantie en service.", "For warranty and service.")),
    FieldUse(
        "purchase_amount",
        Words("Voor garantie en service.", "For warranty and service."),
    ),
    FieldUse("language", Words("Om in uw taal te schrijven.", "To write in your language.")),
)


_CUSTOMER_TERM = Words(
    "Tot drie jaar na uw laatste aankoop of afspraak.",
    "Up to three years after your last purchase or appointment.",
)


def _uses(whys: Mapping[str, Words]) -> tuple[FieldUse, ...]:
    return tuple(FieldUse(key, why) for key, why in whys.items())


_IN_YOUR_LANGUAGE = Words("Om in uw taal te schrijven.", "To write in your language.")
_BOOKKEEPER_FILE = Words("Voor uw dossier en onze rekening.", "For your file and our bill.")
_BOOKKEEPER_FIELDS = _uses(
    {
        "email": Words(
            "Om u te schrijven over uw administratie en aangiften.",
            "To write to you about your books and returns.",
        ),
        "first_name": Words("Om u aan te spreken.", "To address you."),
        "last_name": Words("Om u te herkennen.", "To recognise you."),
        "street": _BOOKKEEPER_FILE,
        "postcode": _BOOKKEEPER_FILE,
        "city": _BOOKKEEPER_FILE,
        "last_purchase": Words(
            "Om te weten wanneer uw laatste opdracht was.",
            "To know when your last assignment was.",
        ),
        "product_group": Words(
            "Om te weten wat wij voor u doen: boeken, lonen of aangiften.",
            "To know what we do for you: books, payroll or returns.",
        ),
        "purchase_amount": Words("Voor onze rekening.", "For our bill."),
        "language": _IN_YOUR_LANGUAGE,
    }
)
_AGENT_FILE = Words("Voor uw dossier en onze rekening.", "For your file and our bill.")
_AGENT_FIELDS = _uses(
    {
        "email": Words(
            "Voor bericht over uw bezichtiging, bod of opdracht.",
            "For news about your viewing, bid or assignment.",
        ),
        "first_name": Words("Om u aan te spreken.", "To address you."),
        "last_name": Words("Om u te herkennen.", "To recognise you."),
        "street": _AGENT_FILE,
        "postcode": _AGENT_FILE,
        "city": _AGENT_FILE,
        "last_purchase": Words(
            "Om te weten wanneer u ons laatst nodig had.",
            "To know when you last needed us.",
        ),
        "product_group": Words(
            "Om te weten wat u zoekt: kopen, verkopen, huren of verhuren.",
            "To know what you want: to buy, sell, rent or let.",
        ),
        "purchase_amount": Words("Voor onze rekening.", "For our bill."),
        "language": _IN_YOUR_LANGUAGE,
    }
)


def _customers(
    name: Words,
    purpose: Words,
    *,
    fields: tuple[FieldUse, ...] = _CUSTOMER_FIELDS,
    term: Words = _CUSTOMER_TERM,
) -> ActivityPreset:
    return ActivityPreset(
        key="customers",
        name=name,
        purpose=purpose,
        basis=Basis.CONTRACT,
        telecom_basis="",
        purpose_classes=(SERVICE,),
        subjects=("dpv:Customer",),
        fields=fields,
        term=term,
        trigger="last-purchase",
        months=36,
        is_system=False,
    )


TRADE_ACTIVITIES: dict[str, tuple[ActivityPreset, ...]] = {
    "shop": (
        _customers(
            Words("Verkoop en service", "Sales and service"),
            Words(
                "Uw aankoop leveren, garantie geven en u laten weten wanneer iets klaarstaat.",
                "To deliver your purchase, give warranty and tell you when something is ready.",
            ),
        ),
    ),
    "webshop": (
        _customers(
            Words("Bestellingen", "Orders"),
            Words(
                "Uw bestelling verwerken, bezorgen en terugnemen.",
                "To process, deliver and take back your order.",
            ),
        ),
    ),
    "hairdresser": (
        _customers(
            Words("Afspraken", "Appointments"),
            Words(
                "Uw afspraak plannen en verzetten.",
                "To plan and move your appointment.",
            ),
        ),
    ),
    "practice": (
        _customers(
            Words("Afspraken", "Appointments"),
            Words(
                "Uw afspraak plannen en verzetten.",
                "To plan and move your appointment.",
            ),
        ),
    ),
    "association": (
        _customers(
            Words("Ledenadministratie", "Membership"),
            Words(
                "Uw lidmaatschap bijhouden en u uitnodigen voor vergaderingen.",
                "To keep your membership and invite you to meetings.",
            ),
        ),
    ),
    "agency": (
        _customers(
            Words("Opdrachten en offertes", "Assignments and quotes"),
            Words(
                "Uw vraag beantwoorden en uw opdracht uitvoeren.",
                "To answer your question and carry out your assignment.",
            ),
        ),
    ),
    "bookkeeper": (
        _customers(
            Words("Opdrachten van klanten", "Assignments of clients"),
            Words(
                "Uw opdracht uitvoeren, u bereiken over uw administratie en aangiften, en onze "
                "rekening sturen.",
                "To carry out your assignment, to reach you about your books and returns, and to "
                "send our bill.",
            ),
            fields=_BOOKKEEPER_FIELDS,
            term=Words(
                "Tot drie jaar na uw laatste opdracht.",
                "Up to three years after your last assignment.",
            ),
        ),
    ),
    "estate-agent": (
        _customers(
            Words("Opdrachten en bezichtigingen", "Assignments and viewings"),
            Words(
                "Uw huis verkopen of verhuren, of u huizen laten zien en uw bod doorgeven.",
                "To sell or let your house, or to show you houses and pass on your bid.",
            ),
            fields=_AGENT_FIELDS,
            term=Words(
                "Tot drie jaar na uw laatste opdracht of bezichtiging.",
                "Up to three years after your last assignment or viewing.",
            ),
        ),
    ),
    "hospitality": (
        _customers(
            Words("Reserveringen", "Bookings"),
            Words("Uw reservering vastleggen.", "To record your booking."),
        ),
    ),
    "other": (
        _customers(
            Words("Klanten", "Customers"),
            Words("Leveren wat u bestelt.", "To deliver what you order."),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class TopicPreset:
    """A first topic that suits the trade."""

    slug: str
    name: Words
    description: Words
    frequency: Words


_NEWSLETTER = TopicPreset(
    "nieuwsbrief",
    Words("Nieuwsbrief", "Newsletter"),
    Words(
        "Nieuws, tips en verhalen van ons.",
        "News, tips and stories from us.",
    ),
    Words("Ongeveer één keer per maand", "About once a month"),
)
_URGENT = TopicPreset(
    "dringende-berichten",
    Words("Dringende berichten", "Urgent messages"),
    Words(
        "Alleen als er echt iets verandert: sluiting, storing, andere openingstijden.",
        "Only when something really changes: closure, failure, other opening hours.",
    ),
    Words("Een paar keer per jaar", "A few times a year"),
)
_OFFERS = TopicPreset(
    "acties",
    Words("Acties en kortingen", "Offers"),
    Words(
        "Aanbiedingen en kortingen.",
        "Offers and discounts.",
    ),
    Words("Hooguit twee keer per maand", "Twice a month at most"),
)
_TAX_NEWS = TopicPreset(
    "belastingnieuws",
    Words("Belastingnieuws", "Tax news"),
    Words(
        "Wat er verandert in de belasting en wanneer u iets moet inleveren.",
        "What changes in tax and when you must hand something in.",
    ),
    Words("Ongeveer één keer per maand", "About once a month"),
)
_NEW_HOUSES = TopicPreset(
    "nieuw-aanbod",
    Words("Nieuw aanbod", "New houses"),
    Words(
        "Huizen die net te koop of te huur staan.",
        "Houses that have just come up for sale or rent.",
    ),
    Words("Hooguit één keer per week", "Once a week at most"),
)
_MOST: tuple[TopicPreset, ...] = (_NEWSLETTER, _OFFERS, _URGENT)
TRADE_TOPICS: Mapping[str, tuple[TopicPreset, ...]] = {
    **dict.fromkeys(TRADE_ACTIVITIES, _MOST),
    "bookkeeper": (_NEWSLETTER, _TAX_NEWS, _URGENT),
    "estate-agent": (_NEWSLETTER, _NEW_HOUSES, _URGENT),
}
