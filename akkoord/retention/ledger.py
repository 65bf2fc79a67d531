"""What the ledger asks of this room: which clean-ups that blanked something are on record."""

from uuid import UUID

from akkoord.trail.models import Change


def runs_on_record(runs: set[UUID]) -> set[UUID]:
    """The runs of these that stand, sealed, in the trail; that line is never blanked (INV-6)."""
    found = Change.objects.filter(action="retention.run", object_id__in=runs)
    return {each for each in found.values_list("object_id", flat=True) if each is not None}
