"""What the ledger asks of this room: which erasures are on record, and whether all of them are."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from akkoord.rights.models import ErasureRecord
from akkoord.trail.ledger import Fault

# Question: which events were blanked by a run whose sealed record does not name them?
# Index: rights_erasurerecord.run_id.
_UNRECORDED = """
SELECT b.event FROM trail_blanking b
 WHERE NOT EXISTS (SELECT FROM rights_erasurerecord r
                    WHERE r.run_id = b.run AND b.event = ANY(r.event_ids))
   AND EXISTS (SELECT FROM rights_erasurerecord r WHERE r.run_id = b.run)
 LIMIT 10000
"""


def erasures_on_record(runs: set[UUID]) -> set[UUID]:
    """The runs of these that have a sealed record."""
    return set(ErasureRecord.objects.filter(run_id__in=runs).values_list("run_id", flat=True))


def unrecorded_blankings() -> Iterator[Fault]:
    """Events that were emptied in the name of an erasure which does not name them."""
    with connection.cursor() as cursor:
        cursor.execute(_UNRECORDED)
        for (event,) in cursor.fetchall():
            yield Fault(str(event), "blanked-without-erasure")
