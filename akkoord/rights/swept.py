"""What no path leads to from a person, and goes with them all the same; and its sealed record.

Done in the erasure, and again when a job in flight wrote after it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from akkoord.datamap.ids import uuid7
from akkoord.datamap.loose import empty_texts_naming
from akkoord.datamap.needles import Needles
from akkoord.datamap.prepared import prepared
from akkoord.datamap.waiting import drop_files_of
from akkoord.rights.models import ErasureItem, ErasureRun

_ADD = """
WITH more AS (
    SELECT * FROM unnest(%(id)s::uuid[], %(store)s::text[], %(ground)s::text[],
                         %(removed)s::int[], %(blanked)s::int[], %(kept)s::int[])
           AS m (id, store, ground, removed, blanked, kept)
), known AS (
    UPDATE rights_erasureitem i
       SET removed = i.removed + m.removed, blanked = i.blanked + m.blanked, kept = i.kept + m.kept
      FROM more m WHERE i.run_id = %(run)s::uuid AND i.store = m.store AND i.ground = m.ground
    RETURNING i.store, i.ground
)
INSERT INTO rights_erasureitem (id, run_id, store, ground, removed, blanked, kept, hits)
SELECT m.id, %(run)s::uuid, m.store, m.ground, m.removed, m.blanked, m.kept, 0
  FROM more m WHERE (m.store, m.ground) NOT IN (SELECT store, ground FROM known)
"""


def add_to_items(run: ErasureRun, items: Sequence[ErasureItem]) -> None:
    """Add to what became of these stores in this run; one statement."""
    columns = ("id", "store", "ground", "removed", "blanked", "kept")
    values: dict[str, Any] = {name: [getattr(each, name) for each in items] for name in columns}
    if items:
        prepared(_ADD, values | {"run": run.id})


def drop_waiting(run: ErasureRun, needles: Needles) -> int:
    """Drop the files that wait with these people in them, and note it; how many."""
    dropped = drop_files_of(needles)
    add_to_items(run, [ErasureItem(store=store, removed=n) for store, n in dropped.items()])
    return sum(dropped.values())


def empty_loose_texts(
    run: ErasureRun, needles: Needles, names: Sequence[tuple[str, str]] = ()
) -> int:
    """Empty the texts of others that name these people, and note it; how many rows."""
    emptied = empty_texts_naming(needles, names)
    add_to_items(run, [ErasureItem(store=store, blanked=n) for store, n in emptied.items()])
    return sum(emptied.values())


# By a set, not by looking each event up in lists: a night of many has many thousands.
_RECORD = """
INSERT INTO rights_erasurerecord (id, run_id, event_ids, recorded_at)
SELECT %(id)s::uuid, %(run)s::uuid, array_agg(event ORDER BY event), %(at)s::timestamptz
  FROM (SELECT event FROM trail_blanking WHERE run = %(run)s::uuid
        EXCEPT
        SELECT unnest(event_ids) FROM rights_erasurerecord WHERE run_id = %(run)s::uuid) AS fresh
HAVING count(*) > 0
"""


def record_blankings(run: ErasureRun, *, at: datetime) -> None:
    """Seal which events this run has emptied and that are on no record yet (INV-6)."""
    prepared(_RECORD, {"id": uuid7(), "run": run.id, "at": at})
