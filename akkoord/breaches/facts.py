"""What is known of a leak, as the law's rules ask it: the parts that are there, the severity."""

from datetime import date
from decimal import Decimal

from akkoord.breaches.models import Breach
from akkoord.law.breach_rules import Part
from akkoord.law.severity import (
    DataContext,
    Identification,
    LeakFacts,
    Loss,
    SeverityAdvice,
    severity_advice,
)


def people_of(breach: Breach) -> int:
    """How many people it is about: those who were found, and the estimate of others."""
    return breach.persons + (breach.persons_outside or 0)


def records_of(breach: Breach) -> int:
    """How many records: those that were counted, and the estimate of others."""
    return breach.records + (breach.records_outside or 0)


def leak_facts(breach: Breach) -> LeakFacts | None:
    """What the formula asks; None: the two questions of it were not answered yet."""
    if breach.context is None or breach.identification is None:
        return None
    return LeakFacts(
        context=DataContext(breach.context),
        identification=Identification(_plain(breach.identification)),
        confidentiality=Loss(_plain(breach.confidentiality)),
        integrity=Loss(_plain(breach.integrity)),
        availability=Loss(_plain(breach.availability)),
        is_malicious=breach.is_malicious,
        persons=people_of(breach),
        is_unintelligible=breach.is_unintelligible,
    )


def _plain(number: Decimal) -> Decimal:
    return Decimal(number).normalize()


def advice_of(breach: Breach, *, on: date) -> SeverityAdvice | None:
    """The score, the level and the flags; None: not enough is known."""
    facts = leak_facts(breach)
    return severity_advice(facts, on=on) if facts else None


def known_parts(breach: Breach) -> frozenset[Part]:
    """Which questions of the form have an answer.

    Who is affected is known when somebody was found, or when an estimate was written down; nobody
    is an answer too, once it was counted.
    """
    known = {
        Part.WHAT: bool(breach.what.strip()),
        Part.NATURES: bool(breach.natures),
        Part.SYSTEMS: bool(breach.systems),
        Part.WHO: breach.counted_at is not None or breach.persons_outside is not None,
        Part.SEVERITY: leak_facts(breach) is not None,
        Part.CONSEQUENCES: bool(breach.consequences.strip()),
        Part.MEASURES: bool((breach.taken + breach.planned).strip()),
    }
    return frozenset(part for part, is_known in known.items() if is_known)
