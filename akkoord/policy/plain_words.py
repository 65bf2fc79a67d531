"""Office words, each with what people say: a list to point with, not a judge."""

import re
from collections import Counter
from functools import lru_cache

_DUTCH = {
    "verwerkingsverantwoordelijke": "wij",
    "verwerkingsverantwoordelijken": "wij",
    "betrokkene": "u",
    "betrokkenen": "mensen",
    "grondslag": "waarom dit mag",
    "grondslagen": "waarom dit mag",
    "rechtsgrond": "waarom dit mag",
    "verwerking": "gebruik",
    "verwerkingen": "gebruik",
    "verwerkingsactiviteit": "waarvoor wij gegevens gebruiken",
    "verwerkingsdoeleinden": "waarvoor",
    "doeleinden": "doelen",
    "verwerken": "gebruiken",
    "verwerkt": "gebruikt",
    "persoonsgegevens": "gegevens",
    "gerechtvaardigd belang": "een goede reden van ons, die zwaarder weegt dan het nadeel voor u",
    "bewaartermijn": "hoelang wij bewaren",
    "bewaartermijnen": "hoelang wij bewaren",
    "dataportabiliteit": "gegevens meenemen",
    "overdraagbaarheid": "meenemen",
    "rectificatie": "verbeteren",
    "rectificeren": "verbeteren",
    "gegevenswissing": "wissen",
    "geautomatiseerde besluitvorming": "beslissingen door een computer",
    "profilering": "een profiel maken",
    "pseudonimisering": "namen vervangen door codes",
    "functionaris voor gegevensbescherming": "privacyfunctionaris",
    "toezichthoudende autoriteit": "Autoriteit Persoonsgegevens",
    "subverwerker": "bedrijf dat weer voor dat bedrijf werkt",
    "subverwerkers": "bedrijven die weer voor dat bedrijf werken",
    "passende waarborgen": "goede afspraken",
    "derden": "anderen",
    "aangaande": "over",
    "betreffende": "over",
    "inzake": "over",
    "omtrent": "over",
    "middels": "met",
    "door middel van": "met",
    "teneinde": "om",
    "ten behoeve van": "voor",
    "ten aanzien van": "over",
    "met betrekking tot": "over",
    "in het kader van": "voor",
    "uit hoofde van": "door",
    "op grond van": "door",
    "krachtens": "door",
    "conform": "volgens",
    "overeenkomstig": "volgens",
    "alsmede": "en ook",
    "alsook": "en ook",
    "tevens": "ook",
    "echter": "maar",
    "derhalve": "daarom",
    "mits": "als",
    "tenzij": "behalve als",
    "indien": "als",
    "ingeval": "als",
    "reeds": "al",
    "thans": "nu",
    "voornoemde": "deze",
    "desbetreffende": "deze",
    "dienen te": "moeten",
    "dient te": "moet",
    "geschiedt": "gebeurt",
    "verstrekken": "geven",
    "verstrekt": "geeft",
    "verstrekking": "geven",
    "aanwenden": "gebruiken",
    "aangewend": "gebruikt",
    "vernietigen": "weggooien",
    "vervaardigen": "maken",
    "inwinnen": "vragen",
    "eventueel": "misschien",
    "adequaat": "goed genoeg",
    "onverwijld": "meteen",
    "zulks": "dat",
    "jegens": "tegenover",
    "uitdrukkelijke toestemming": "een duidelijk ja",
}
_ENGLISH = {
    "data controller": "we",
    "controller": "we",
    "data subject": "you",
    "data subjects": "people",
    "legal basis": "why this is allowed",
    "lawful basis": "why this is allowed",
    "legitimate interest": "a good reason of ours that weighs more than the harm to you",
    "processing activity": "what we use data for",
    "processing": "using",
    "processed": "used",
    "personal data": "data",
    "retention period": "how long we keep it",
    "rectification": "correcting",
    "rectify": "correct",
    "data portability": "taking your data along",
    "supervisory authority": "the privacy authority",
    "automated decision-making": "decisions by a computer",
    "profiling": "making a profile",
    "appropriate safeguards": "good agreements",
    "third parties": "others",
    "pursuant to": "by",
    "in accordance with": "by",
    "with regard to": "about",
    "with respect to": "about",
    "in order to": "to",
    "prior to": "before",
    "subsequent to": "after",
    "in the event that": "if",
    "for the purpose of": "to",
    "commence": "begin",
    "terminate": "end",
    "utilise": "use",
    "utilize": "use",
    "aforementioned": "this",
    "hereby": "",
    "herein": "here",
    "thereof": "of it",
    "notwithstanding": "even if",
    "shall": "must",
    "furnish": "give",
    "endeavour": "try",
}


@lru_cache(maxsize=2)
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(_list_of(language), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?<!autoriteit )(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE
    )


def _list_of(language: str) -> dict[str, str]:
    return _ENGLISH if language == "en" else _DUTCH


def office_words(text: str, language: str) -> list[tuple[str, str, int]]:
    """Office words in a text, the most frequent first: (word, what people say, how often)."""
    found = Counter(
        re.sub(r"\s+", " ", each[0].lower()) for each in _pattern(language).finditer(text)
    )
    plain = _list_of(language)
    return [(word, plain.get(word, ""), times) for word, times in found.most_common()]
