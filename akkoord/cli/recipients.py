"""A company of the register, named on a command."""

from uuid import UUID

from django.utils import timezone

from akkoord.cli.output import refuse
from akkoord.law.terms import law_day
from akkoord.register.receiving import demand_receiver
from akkoord.register.refused import RegisterRefused
from akkoord.rights.recipient_queries import others


def recipient_named(key: str) -> UUID | None:
    """The recipient with this key in the register; None without; status 1 for an unknown one, and
    for one that may receive nothing (INV-42)."""
    if not key:
        return None
    found = others().filter(key=key).first()
    if found is None:
        refuse("The register has no recipient with this key.", reason="unknown-recipient")
    try:
        demand_receiver(found.id, "recipient", law_day(timezone.now()))
    except RegisterRefused as refusal:
        refuse(refusal.sentence, reason="blocked-recipient")
    return found.id
