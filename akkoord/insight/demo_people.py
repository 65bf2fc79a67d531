"""Made-up people for the demo: Dutch names, towns and addresses, the same for the same seed.

Nobody in here exists. Every mail address ends in a domain that is reserved for examples
(RFC 2606), so that nothing can ever reach anybody.
"""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

GIVEN_NAMES = (
    *("Anna", "Emma", "Julia", "Sanne", "Lotte", "Femke", "Marieke", "Anouk", "Iris", "Fleur"),
    *("Maud", "Noor", "Esmée", "Roos", "Inge", "Marijke", "Els", "Truus", "Ria", "Willemijn"),
    *("Hanneke", "Loes", "Saskia", "Petra", "Yvonne", "Monique", "Astrid", "Karin", "Nienke"),
    *("Fatima", "Samira", "Yasmin", "Aylin", "Zeynep", "Chantal", "Shanti", "Mei", "Joëlle"),
    *("Daan", "Sem", "Lucas", "Bram", "Thijs", "Jesse", "Ruben", "Sjoerd", "Pim", "Joost"),
    *("Kees", "Henk", "Jan", "Piet", "Gerrit", "Wim", "Hans", "Ton", "Cor", "Bert", "Ruud"),
    *("Maarten", "Jeroen", "Bas", "Erik", "Marcel", "Dennis", "Remco", "Wouter", "Niels"),
    *("Mohamed", "Youssef", "Mehmet", "Emre", "Rachid", "Rajesh", "Wei", "Tygo", "Floris"),
    *("Renée", "Zoë", "Björn", "André", "René", "Jurre", "Hidde", "Siebe", "Jelle", "Fenna"),
)
# With the words between (tussenvoegsels), which belong to the name.
FAMILY_NAMES = (
    *("de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Janssen", "Visser"),
    *("Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks"),
    *("van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "Kok"),
    *("van der Meer", "van der Linden", "Jacobs", "de Haan", "Vermeulen", "van den Heuvel"),
    *("van der Veen", "van den Broek", "de Bruijn", "de Bruin", "van der Heijden", "Schouten"),
    *("van Beek", "Willems", "van Vliet", "van de Ven", "Hoekstra", "Maas", "Verhoeven"),
    *("Koster", "van Dam", "Prins", "Blom", "Huisman", "Peeters", "de Jonge", "Kuipers"),
    *("van Veen", "Post", "Kuiper", "Veenstra", "Kramer", "van den Brink", "Scholten"),
    *("van Wijk", "Postma", "Martens", "Vink", "de Ruiter", "Timmermans", "Groen", "Gerritsen"),
    *("Jonker", "van Loon", "Boer", "van der Velde", "Willemsen", "Smeets", "de Lange"),
    *("de Vos", "Bosch", "van Dongen", "Schipper", "van Schaik", "van der Laan", "Molenaar"),
    *("van 't Hof", "in 't Veld", "op den Kamp", "ter Haar", "ten Brinke", "el Amrani"),
    *("Bouzidi", "Yılmaz", "Demir", "Kaya", "Ramdin", "Wijngaarde", "Nguyen", "Kowalski"),
)
# Town, the first two digits of its postcodes, and how many of every hundred live there.
TOWNS = (
    ("Amersfoort", 38, 30),
    ("Leusden", 38, 12),
    ("Soest", 37, 10),
    ("Baarn", 37, 7),
    ("Hoogland", 38, 7),
    ("Nijkerk", 38, 6),
    ("Bunschoten", 37, 5),
    ("Barneveld", 37, 4),
    ("Woudenberg", 39, 4),
    ("Zeist", 37, 4),
    ("Utrecht", 35, 4),
    ("Hilversum", 12, 3),
    ("Apeldoorn", 73, 2),
    ("Zwolle", 80, 1),
    ("'s-Hertogenbosch", 52, 1),
)
STREETS = (
    *("Dorpsstraat", "Molenweg", "Kerkstraat", "Stationsweg", "Schoolstraat", "Lindelaan"),
    *("Beukenlaan", "Kastanjelaan", "Nieuwstraat", "Julianastraat", "Wilhelminalaan"),
    *("Prins Bernhardlaan", "Vondelstraat", "Rembrandtlaan", "Zuiderweg", "Eikenlaan"),
    *("Leusderweg", "Hogeweg", "Arnhemseweg", "Soesterweg", "Gildestraat", "Weverstraat"),
)
DOMAINS = ("example.nl", "example.org", "example.com")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXZ"


@dataclass(frozen=True, slots=True)
class MadeUpAddress:
    """Where somebody lives."""

    street: str
    house_number: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """Somebody who does not exist."""

    given_name: str
    family_name: str
    email: str
    language: str
    home: MadeUpAddress


def made_up_people(count: int, dice: random.Random) -> Iterator[MadeUpPerson]:
    """So many people, no two with one mail address; the same for the same dice."""
    taken: set[str] = set()
    towns, weights = [town[:2] for town in TOWNS], [town[2] for town in TOWNS]
    for _ in range(count):
        given, family = dice.choice(GIVEN_NAMES), dice.choice(FAMILY_NAMES)
        city, digits = dice.choices(towns, weights)[0]
        yield MadeUpPerson(
            given_name=given,
            family_name=family,
            email=_email(given, family, taken, dice),
            language="en" if dice.random() < 0.03 else "nl",
            home=MadeUpAddress(
                street=dice.choice(STREETS),
                house_number=f"{dice.randint(1, 240)}{dice.choice(('', '', '', '', 'a', 'b'))}",
                postcode=f"{digits}{dice.randint(10, 99)} "
                f"{dice.choice(_LETTERS)}{dice.choice(_LETTERS)}",
                city=city,
            ),
        )


def plain(text: str) -> str:
    """A name as it stands in a mail address: small letters without marks."""
    marked = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return "".join(letter for letter in marked.lower() if letter.isascii() and letter.isalpha())


def _email(given: str, family: str, taken: set[str], dice: random.Random) -> str:
    """An address that nobody in the demo has yet."""
    first, last, domain = plain(given), plain(family), dice.choice(DOMAINS)
    forms = (f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last}", f"{last}.{first}")
    local = dice.choice(forms)
    address = f"{local}@{domain}"
    while address in taken:
        address = f"{local}{dice.randint(2, 9999)}@{domain}"
    taken.add(address)
    return address
