"""The words of the letter to the people, per language: they belong to the letter, not the screen.

Plain words, short sentences (art. 12(1), 34(2)). What staff wrote themselves is added to these.
"""

from collections.abc import Mapping
from typing import Final

from akkoord.law.breach_rules import Cause, LetterPart, Nature

LANGUAGES: Final = ("nl", "en")
SUBJECT: Final = "subject"
Words = Mapping[str, Mapping[str, str]]

HEADS: Final[Words] = {
    "nl": {
        LetterPart.CONSEQUENCES: "Wat kan het voor u betekenen?",
        LetterPart.MEASURES: "Wat hebben wij gedaan?",
        LetterPart.YOURSELF: "Wat kunt u zelf doen?",
        LetterPart.CONTACT: "Hebt u vragen?",
        "dear": "Beste {{ first_name | default: 'klant' }},",
        "bye": "Met vriendelijke groet,",
    },
    "en": {
        LetterPart.CONSEQUENCES: "What can it mean for you?",
        LetterPart.MEASURES: "What did we do?",
        LetterPart.YOURSELF: "What can you do yourself?",
        LetterPart.CONTACT: "Do you have questions?",
        "dear": "Dear {{ first_name | default: 'customer' }},",
        "bye": "Kind regards,",
    },
}
SAID: Final[Words] = {
    "nl": {
        SUBJECT: "Er is iets misgegaan met uw gegevens",
        "sorry": "Er is iets misgegaan met gegevens van u. Dat spijt ons.",
        "on": "Dat gebeurde op {first}.",
        "between": "Dat gebeurde tussen {first} en {last}.",
        "since": "Het begon op {first} en is nog niet voorbij.",
        "noticed": "Wij merkten het op {day}.",
        "kinds": "Het gaat om deze gegevens: {kinds}.",
        "locked": "De gegevens waren versleuteld. De kans is klein dat iemand ze kan lezen.",
        "seen-by": "Wij weten wie de gegevens heeft gezien.",
        "told": "Wij hebben het gemeld bij de Autoriteit Persoonsgegevens.",
        "tells": "Wij melden het bij de Autoriteit Persoonsgegevens.",
        "careful": (
            "Wees extra voorzichtig met mails, telefoontjes en berichten waarin iemand zegt dat "
            "hij van ons is. Wij vragen u nooit om een wachtwoord of een betaling."
        ),
        "bank": "Kijk wat er van uw rekening gaat. Kent u iets niet? Bel dan uw bank.",
        "contact": "Mail naar {mail}{phone}. Noem dit kenmerk: {reference}.",
        "or-call": " of bel {phone}",
    },
    "en": {
        SUBJECT: "Something went wrong with your data",
        "sorry": "Something went wrong with data of yours. We are sorry.",
        "on": "It happened on {first}.",
        "between": "It happened between {first} and {last}.",
        "since": "It began on {first} and is not over yet.",
        "noticed": "We noticed it on {day}.",
        "kinds": "It is about these data: {kinds}.",
        "locked": "The data were encrypted. It is not likely that anybody can read them.",
        "seen-by": "We know who saw the data.",
        "told": "We reported it to the Dutch data protection authority.",
        "tells": "We report it to the Dutch data protection authority.",
        "careful": (
            "Take extra care with mails, calls and messages in which somebody says to be from us. "
            "We never ask you for a password or a payment."
        ),
        "bank": "Look at what leaves your bank account. Is something strange? Call your bank.",
        "contact": "Mail to {mail}{phone}. Name this reference: {reference}.",
        "or-call": " or call {phone}",
    },
}
CAUSES: Final[Words] = {
    "nl": {
        Cause.WRONG_RECIPIENT: "Gegevens van u gingen naar iemand voor wie ze niet waren.",
        Cause.LOST: "Een apparaat, stick of papier met gegevens van u is kwijt.",
        Cause.STOLEN: "Een apparaat, stick of papier met gegevens van u is gestolen.",
        Cause.PHISHING: "Iemand heeft ons misleid en kon zo bij gegevens van u.",
        Cause.HACKED: "Iemand heeft ingebroken op een systeem waar gegevens van u staan.",
        Cause.MALWARE: "Een virus kwam binnen op een systeem waar gegevens van u staan.",
        Cause.SNOOPING: "Iemand die hier werkt, keek zonder reden in gegevens van u.",
        Cause.PUBLISHED: "Gegevens van u stonden per ongeluk waar anderen ze konden zien.",
        Cause.PROCESSOR: "Het ging mis bij een bedrijf dat voor ons werkt.",
        Cause.FAULT: "Het ging mis door een fout in een programma.",
    },
    "en": {
        Cause.WRONG_RECIPIENT: "Data of yours went to somebody for whom they were not meant.",
        Cause.LOST: "A device, stick or paper with data of yours was lost.",
        Cause.STOLEN: "A device, stick or paper with data of yours was stolen.",
        Cause.PHISHING: "Somebody tricked us and so got at data of yours.",
        Cause.HACKED: "Somebody broke into a system that holds data of yours.",
        Cause.MALWARE: "A virus came into a system that holds data of yours.",
        Cause.SNOOPING: "Somebody who works here looked at data of yours without a reason.",
        Cause.PUBLISHED: "Data of yours stood by mistake where others could see them.",
        Cause.PROCESSOR: "It went wrong at a company that works for us.",
        Cause.FAULT: "It went wrong by a fault in a program.",
    },
}
NATURES: Final[Words] = {
    "nl": {
        Nature.CONFIDENTIALITY: "Anderen konden gegevens van u zien of krijgen.",
        Nature.INTEGRITY: "Gegevens van u zijn veranderd, en dat had niet mogen gebeuren.",
        Nature.AVAILABILITY: "Gegevens van u zijn weg, of wij kunnen er niet bij.",
    },
    "en": {
        Nature.CONFIDENTIALITY: "Others could see or get data of yours.",
        Nature.INTEGRITY: "Data of yours were changed, and that should not have happened.",
        Nature.AVAILABILITY: "Data of yours are gone, or we cannot reach them.",
    },
}
# By the kind of data (the first question of ENISA's formula).
CONTEXTS: Final[Mapping[str, Mapping[int, str]]] = {
    "nl": {
        1: "Iemand kan u berichten sturen die u niet wilt, of doen alsof hij van ons is.",
        2: "Iemand kan weten wat u deed of waar u was, en u daarmee misleiden.",
        3: "Iemand kan proberen om geld van u te krijgen of op uw naam te betalen.",
        4: "Iemand kan iets van u weten wat u voor u houdt, of er misbruik van maken.",
    },
    "en": {
        1: "Somebody may send you messages that you do not want, or pretend to be us.",
        2: "Somebody may know what you did or where you were, and mislead you with it.",
        3: "Somebody may try to get money from you, or to pay in your name.",
        4: "Somebody may know what you keep to yourself, or misuse it.",
    },
}
MONEY: Final = 3
