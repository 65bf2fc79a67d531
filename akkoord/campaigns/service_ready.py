"""Service messages that are ready to use: to copy, and to make one's own."""

import re
from dataclasses import dataclass
from functools import cache

_NL = 'Dag {{ first_name | default: "klant" }},\n\n'
_EN = 'Dear {{ first_name | default: "customer" }},\n\n'


@dataclass(frozen=True, slots=True)
class Ready:
    """A text to begin with; `language` is that of the text."""

    key: str
    language: str
    name: str
    subject: str
    body: str
    about: str = "purchase"


READY: tuple[Ready, ...] = (
    Ready(
        "klaar",
        "nl",
        "Klaar om op te halen",
        "Uw aankoop ligt klaar",
        _NL + "Uw aankoop {{ purchase_number }} ligt klaar. U kunt hem ophalen tijdens onze "
        "openingstijden.\n\nNeem deze mail of uw afhaalbewijs mee.",
    ),
    Ready(
        "terugroep",
        "nl",
        "Terugroepactie",
        "Belangrijk: stop met het gebruik van uw aankoop",
        _NL + "U kocht op {{ purchase_date }} iets bij ons (nummer {{ purchase_number }}). De "
        "fabrikant roept dit product terug, want het kan onveilig zijn.\n\n**Gebruik het niet "
        "meer.** Breng het bij ons terug. Wij vervangen of repareren het, zonder kosten voor "
        "u.\n\nVragen? Antwoord op deze mail, of bel ons.",
    ),
    Ready(
        "tijden",
        "nl",
        "Andere openingstijden bij een afspraak",
        "Uw afspraak: wij zijn dan anders open",
        _NL + "U heeft op {{ agreement_date }} een afspraak bij ons (nummer "
        "{{ agreement_number }}). Op die dag zijn wij anders open dan anders: van … tot … "
        "uur.\n\nPast dat niet? Antwoord op deze mail, dan maken wij een nieuwe afspraak.",
        "agreement",
    ),
    Ready(
        "einde",
        "nl",
        "Lidmaatschap loopt af",
        "Uw lidmaatschap loopt af",
        _NL + "Uw {{ agreement_kind }} (nummer {{ agreement_number }}) eindigt op "
        "{{ agreement_end }}. U hoeft niets te doen: het stopt dan vanzelf.\n\nHebt u daar een "
        "vraag over? Antwoord op deze mail.",
        "agreement",
    ),
    Ready(
        "later",
        "nl",
        "Levering is later",
        "Uw aankoop komt later",
        _NL + "Uw aankoop {{ purchase_number }} komt later dan wij u zeiden. De nieuwe datum is "
        "….\n\nWilt u niet zo lang wachten? Antwoord op deze mail. U krijgt dan uw geld terug.",
    ),
    Ready(
        "ready",
        "en",
        "Ready for collection",
        "Your purchase is ready",
        _EN + "Your purchase {{ purchase_number }} is ready. You can collect it during our "
        "opening hours.\n\nPlease bring this mail or your receipt.",
    ),
)


def ready_named(key: str) -> Ready | None:
    """A ready text by its key; None: there is none."""
    return next((each for each in READY if each.key == key), None)


@cache
def _blanks() -> frozenset[str]:
    """What stands around a gap in a ready text: “van …”, “datum is …”."""
    return frozenset(found for each in READY for found in re.findall(r"\w+ …", each.body))


def still_blank(body: str) -> str:
    """The first gap of a ready text that nobody filled; empty: none is left."""
    return next((each for each in re.findall(r"\w+ …", body) if each in _blanks()), "")
