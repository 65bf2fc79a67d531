"""A leak, as far as a test needs it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from akkoord.breaches.actions import DecisionFacts, begin_breach, decide, keep_step
from akkoord.breaches.models import Breach
from akkoord.datamap.ids import uuid7
from akkoord.law.breach_rules import Decision
from akkoord.trail.actions import Actor

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STAFF = Actor.staff(uuid7())


def make_breach(*, at: datetime = NOW, is_drill: bool = False, **values: Any) -> Breach:
    """A list that went to the wrong customer, an hour ago."""
    what = {"what": "De lijst van de rit ging naar een andere klant.", "aware_at": at}
    return begin_breach(values=what | values, at=at, actor=STAFF, is_drill=is_drill)


def fill(breach: Breach, *, at: datetime = NOW, **severity: Any) -> Breach:
    """Everything that a decision needs; of middling severity."""
    keep_step(
        breach_id=breach.id,
        step="kind",
        values={"natures": ["confidentiality"], "cause": "wrong-recipient", "systems": ["mailbox"]},
        at=at,
        actor=STAFF,
    )
    keep_step(
        breach_id=breach.id,
        step="who",
        values={"groups": "Klanten", "persons_outside": 3, "records_outside": 3},
        at=at,
        actor=STAFF,
    )
    values = {
        "context": 2,
        "identification": Decimal(1),
        "confidentiality": Decimal("0.25"),
        "integrity": Decimal(0),
        "availability": Decimal(0),
        "consequences": "Ongewenste mail.",
        "taken": "De ontvanger heeft de lijst gewist.",
    }
    return keep_step(
        breach_id=breach.id, step="severity", values=values | severity, at=at, actor=STAFF
    )


def decided(
    breach: Breach,
    decision: Decision = Decision.AUTHORITY,
    *,
    at: datetime = NOW,
    because: str = "",
) -> Breach:
    """Decided as the advice says, or otherwise with a reason."""
    facts = DecisionFacts(decision, "Het kan mensen raken.", because)
    return decide(breach_id=breach.id, facts=facts, at=at + timedelta(minutes=1), actor=STAFF)
