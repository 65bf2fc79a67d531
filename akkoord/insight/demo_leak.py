"""The demo's one data leak: a list of a ride that went to the wrong customer, told and closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from akkoord.breaches.actions import (
    DecisionFacts,
    add_lesson,
    begin_breach,
    close_breach,
    decide,
    finish_lesson,
    keep_step,
)
from akkoord.breaches.affected import add_person
from akkoord.breaches.notices import file_notice
from akkoord.law.breach_rules import Decision
from akkoord.trail.actions import Actor

_STEPS: Mapping[str, Mapping[str, Any]] = {
    "kind": {
        "natures": ["confidentiality"],
        "cause": "wrong-recipient",
        "systems": ["mailbox"],
    },
    "who": {
        "groups": "Klanten die mee zouden fietsen op zaterdag.",
        "persons_outside": 3,
        "records_outside": 3,
        "categories": ["pd:EmailAddress", "pd:FamilyName", "pd:GivenName"],
    },
    "severity": {
        "context": 2,
        "identification": Decimal(1),
        "confidentiality": Decimal("0.25"),
        "consequences": "Iemand anders kent hun namen en e-mailadressen. Kans op ongewenste mail.",
        "taken": "De klant die de lijst kreeg, heeft hem gewist en dat bevestigd.",
        "planned": "Deelnemers krijgen voortaan ieder een eigen mail.",
    },
}


def tell_leak(addresses: Sequence[str], *, at: datetime, actor: Actor) -> None:
    """Five weeks ago: noticed on a Friday evening, decided on Sunday, closed the week after."""
    noticed = at - timedelta(days=36)
    hour = timedelta(hours=1)
    breach = begin_breach(
        values={
            "what": "De deelnemerslijst van de zaterdagrit ging per mail naar een andere klant.",
            "found_how": "De klant die de mail kreeg, belde ons.",
            "aware_at": noticed,
            "happened_from": noticed - 5 * hour,
            "happened_to": noticed - 5 * hour,
        },
        at=noticed + hour,
        actor=actor,
    )
    for address in addresses:
        add_person(breach_id=breach.id, address=address, at=noticed + 2 * hour, actor=actor)
    for step, values in _STEPS.items():
        keep_step(breach_id=breach.id, step=step, values=values, at=noticed + 3 * hour, actor=actor)
    decide(
        breach_id=breach.id,
        facts=DecisionFacts(
            Decision.AUTHORITY,
            "De lijst was bij een vreemde. Het risico is klein, maar niet te verwaarlozen.",
        ),
        at=noticed + 40 * hour,
        actor=actor,
    )
    file_notice(
        breach_id=breach.id,
        told_at=noticed + 41 * hour,
        number="AP-2026-00417",
        delay_reason="",
        at=noticed + 42 * hour,
        actor=actor,
    )
    lesson = add_lesson(
        breach_id=breach.id,
        lesson="Het adresveld vulde zich zelf aan met een oude klant.",
        action="Aanvullen van adressen uitzetten in het mailprogramma",
        due_on=(noticed + timedelta(days=14)).date(),
        at=noticed + 43 * hour,
        actor=actor,
    )
    finish_lesson(lesson_id=lesson.id, at=noticed + timedelta(days=5), actor=actor)
    close_breach(
        breach_id=breach.id,
        closing_note="De AP heeft niets meer gevraagd.",
        at=noticed + timedelta(days=7),
        actor=actor,
    )
