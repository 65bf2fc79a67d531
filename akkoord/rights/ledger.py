"""What the ledger asks of this room: which erasures are on record, and whether all of them are."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from akkoord.rights.models import ErasureRecord
from akkoord.trail.ledger import Fault

# Question: which events were blanked by a run whose sealed record does not name them?
# The lists of the records are taken apart once: a run of many names hundreds of thousands.
_UNRECORDED = """
WITH named AS MATERIALIZED (
  SELECT run_id, unnest(event_ids) AS event FROM rights_erasurerecord
)
SELECT b.event FROM trail_blanking b
  LEFT JOIN named ON named.run_id = b.run AND named.event = b.event
 WHERE named.event IS NULL
   AND b.run IN (SELECT run_id FROM rights_erasurerecord)
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
