"""What the register says of the activities that Akkoord enters by itself: proof and kinds of data.

Kept beside the presets: an entry is complete only with these (art. 5(2), 30(1)(c), INV-29).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """A text in both languages."""

    nl: str
    en: str


PROOFS: Mapping[str, Words] = MappingProxyType(
    {
        "proof": Words(
            "De wet wil dat wij toestemming kunnen aantonen: AVG art. 5(2) en 7(1).",
            "The law wants us to be able to show consent: GDPR art. 5(2) and 7(1).",
        ),
        "suppression": Words(
            "Wie bezwaar maakt tegen reclame, krijgt geen reclame meer: AVG art. 21(3).",
            "Who objects to advertising gets no more of it: GDPR art. 21(3).",
        ),
        "requests": Words(
            "De wet geeft mensen deze rechten: AVG art. 12 tot en met 22.",
            "The law gives people these rights: GDPR art. 12 to 22.",
        ),
        "import-to-be-judged": Words(
            "Ons belang: niet ongezien gegevens wissen of houden. Wij gebruiken alleen naam, adres "
            "en herkomst, sturen niets en wissen na zestig dagen. Daarom weegt het voor mensen "
            "licht: AVG art. 6(1)(f).",
            "Our interest: neither to erase nor to keep data unseen. We use name, address and "
            "source alone, send nothing and erase after sixty days. So it weighs little on people: "
            "GDPR art. 6(1)(f).",
        ),
        "audit-trail": Words(
            "De wet wil dat wij gegevens beveiligen en dat kunnen laten zien: AVG art. 5(2) en 32.",
            "The law wants us to protect data and to show that we do: GDPR art. 5(2) and 32.",
        ),
        "backups": Words(
            "De wet wil dat wij gegevens na een storing kunnen terugzetten: AVG art. 32(1)(c).",
            "The law wants us to be able to restore data after a failure: GDPR art. 32(1)(c).",
        ),
        "books": Words(
            "Belastingwet: Algemene wet inzake rijksbelastingen art. 52.",
            "Tax law: Algemene wet inzake rijksbelastingen (General Tax Act) art. 52.",
        ),
        "customers": Words(
            "De overeenkomst is de bestelling, de afspraak, de opdracht of het lidmaatschap.",
            "The agreement is the order, the appointment, the assignment or the membership.",
        ),
        "questions": Words(
            "Iemand vraagt ons zelf iets, op weg naar een overeenkomst: AVG art. 6(1)(b).",
            "Somebody asks us something, on the way to an agreement: GDPR art. 6(1)(b).",
        ),
        "data-leaks": Words(
            "De wet wil dat wij datalekken bijhouden, en ze vertellen aan wie er gevaar loopt: AVG "
            "art. 33(5) en 34.",
            "The law wants us to record data leaks, and to tell whoever is at risk: GDPR art. "
            "33(5) and 34.",
        ),
        "details": Words(
            "De wet wil dat gegevens kloppen en bij de tijd zijn: AVG art. 5(1)(d).",
            "The law wants data to be right and up to date: GDPR art. 5(1)(d).",
        ),
    }
)
"""By activity: why the basis holds."""

DATA: Mapping[str, tuple[Words, ...]] = MappingProxyType(
    {
        "suppression": (
            Words(
                "Een code van het adres, waar het adres niet uit terug te halen is",
                "A code of the address, from which the address cannot be had back",
            ),
        ),
        "audit-trail": (
            Words(
                "Welke medewerker wat deed, wanneer, met welk nummer",
                "Which member of staff did what, when, with which number",
            ),
        ),
        "backups": (
            Words("Alles wat in Akkoord staat, versleuteld", "All that is in Akkoord, encrypted"),
        ),
    }
)
"""By activity: kinds of data that are no field of the catalogue."""
