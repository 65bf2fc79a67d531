"""What no path leads to from a person, and goes with them all the same; and its sealed record.

Done in the erasure, and again when a job in flight wrote after it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from akkoord.datamap.loose import empty_texts_naming
from akkoord.datamap.needles import Needles
from akkoord.datamap.waiting import drop_files_of
from akkoord.rights.models import ErasureItem, ErasureRecord, ErasureRun


def add_to_item(run: ErasureRun, more: ErasureItem) -> None:
    """Add to what became of a store in this run."""
    item, _new = ErasureItem.objects.get_or_create(run=run, store=more.store, ground=more.ground)
    ErasureItem.objects.filter(id=item.id).update(
        removed=F("removed") + more.removed,
        blanked=F("blanked") + more.blanked,
        kept=F("kept") + more.kept,
    )


def drop_waiting(run: ErasureRun, needles: Needles) -> int:
    """Drop the files that wait with these people in them, and note it; how many."""
    dropped = drop_files_of(needles)
    for store, count in dropped.items():
        add_to_item(run, ErasureItem(store=store, removed=count))
    return sum(dropped.values())


def empty_loose_texts(
    run: ErasureRun, needles: Needles, names: Sequence[tuple[str, str]] = ()
) -> int:
    """Empty the texts of others that name these people, and note it; how many rows."""
    emptied = empty_texts_naming(needles, names)
    for store, count in emptied.items():
        add_to_item(run, ErasureItem(store=store, blanked=count))
    return sum(emptied.values())


def record_blankings(run: ErasureRun, *, at: datetime) -> None:
    """Seal which events this run has emptied and that are on no record yet (INV-6)."""
    with connection.cursor() as cursor:
        # By a set, not by looking each event up in lists: a night of many has many thousands.
        cursor.execute(
            "SELECT event FROM trail_blanking WHERE run = %(run)s EXCEPT"
            " SELECT unnest(event_ids) FROM rights_erasurerecord WHERE run_id = %(run)s"
            " ORDER BY 1",
            {"run": run.id},
        )
        events = [row[0] for row in cursor.fetchall()]
    if events:
        ErasureRecord.objects.create(run_id=run.id, event_ids=events, recorded_at=at)
