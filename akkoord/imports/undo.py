"""Take a whole import back, as long as nothing was sent to the people in it.

The ledger only grows: what the file claimed is declared invalid, and people whom only the file
made are forgotten (without a suppression: they did not ask for anything). A no stays a no.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from akkoord.consent.bulk import append_staged_events, create_staging
from akkoord.datamap.forgetting import forgetting
from akkoord.datamap.holds import held_people
from akkoord.imports.invoices import LAYOUT_NAMES
from akkoord.imports.models import ChangedSale, Import, OverwrittenName
from akkoord.imports.order import ImportRefused
from akkoord.imports.statements import statements
from akkoord.imports.undo_sales import (
    gather_made_by_sales,
    take_sales_back,
    what_undoing_sales_does,
)
from akkoord.imports.undoing import Undoing, begun, keep_only_made, kept_people
from akkoord.law.parameters import duration, term_end
from akkoord.law.reasons import Reason
from akkoord.law.terms import law_day
from akkoord.trail.actions import Actor, record_change
from akkoord.web.numbers import in_words

UNDO_JOB = "imports.undo"
BATCH = 500  # people in one erasure and one check of everything


def what_undo_does(record: Import) -> Undoing:
    """What would happen; changes nothing. Costs a look at everything since the import."""
    if record.layout in LAYOUT_NAMES:
        return _not_done(record) or what_undoing_sales_does(record, at=timezone.now())
    with transaction.atomic(), connection.cursor() as cursor:
        undoing = _look(cursor, record)
        _forget_tables(cursor)
    return undoing


@transaction.atomic
def undo_import(*, import_id: UUID, at: datetime, actor: Actor) -> Undoing:
    """Take an import back: claims invalid, names as they were, and who was only made by it goes.

    Refuses (ImportRefused, `already-used`) when something was sent, when it is undone already or
    never came in. People go in the background; from this moment nobody of them can be mailed.
    """
    record = Import.objects.select_for_update().get(id=import_id)
    if record.layout in LAYOUT_NAMES:
        undoing = _not_done(record) or take_sales_back(record, at=at, actor=actor)
        if undoing.why_not:
            raise ImportRefused(Reason.ALREADY_USED, undoing.why_not)
        return _undone(record, undoing, at=at, actor=actor)
    with connection.cursor() as cursor:
        undoing = _look(cursor, record)
        if undoing.why_not:
            raise ImportRefused(Reason.ALREADY_USED, undoing.why_not)
        kept = kept_people()
        run, values = (
            statements("undo"),
            _values(record)
            | {
                "now": at,
                "ms": int(at.timestamp() * 1000),
                "staff": actor.id,
                "judge_by": term_end("import-review-term", law_day(at)),
                "kept": kept,
            },
        )
        create_staging(cursor)
        cursor.execute(run["invalidated"], values)
        cursor.execute(run["to_be_judged"], values)
        append_staged_events(cursor)
        cursor.execute(run["names_back"], values)
        for name in ("values_back", "special_back", "addresses_back", "post_points_back"):
            cursor.execute(run[name], values)
        cursor.execute("DROP TABLE staged_permission_event")
        _forget_tables(cursor)
    record.overwrote.exclude(person_id__in=kept).delete()
    record.pending.all().delete()
    return _undone(record, undoing, at=at, actor=actor)


def _undone(record: Import, undoing: Undoing, *, at: datetime, actor: Actor) -> Undoing:
    """Write it down, and have the people go in the background."""
    record.state, record.undone_at, record.undone_by = Import.State.UNDONE, at, actor.id
    record.save(update_fields=["state", "undone_at", "undone_by"])
    record_change(
        actor=actor, action="import.undo", object_kind="import", object_id=record.id, at=at
    )
    app.configure_task(UNDO_JOB).defer(import_id=str(record.id))
    return undoing


def forget_made_people(*, import_id: UUID, at: datetime) -> int:
    """Forget whom only an undone import made; how many. Can be done again after a kill."""
    record = Import.objects.get(id=import_id)
    if record.state != Import.State.UNDONE:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        if record.layout in LAYOUT_NAMES:
            gather_made_by_sales(cursor, record)
            cursor.execute("CREATE TEMP TABLE undo_event (id uuid) ON COMMIT DROP")
        else:
            _gather(cursor, record)
        cursor.execute("SELECT id FROM undo_person WHERE is_made ORDER BY id")
        ids = [each for (each,) in cursor.fetchall()]
        _forget_tables(cursor)
    with forgetting(at=at) as forget:
        return sum(forget(ids[first : first + BATCH]) for first in range(0, len(ids), BATCH))


def sweep_names(*, at: datetime) -> int:
    """Remove what was remembered of imports that are too old to be undone; how much. Of who is held
    for a legal claim it stays."""
    long_ago = at - duration("import-review-term", at.date())
    held = held_people()
    stores = (OverwrittenName, ChangedSale)
    return sum(
        int(
            store.objects.filter(import_file__started_at__lt=long_ago)
            .exclude(person_id__in=held)
            .delete()[0]
        )
        for store in stores
    )


def _values(record: Import) -> dict[str, Any]:
    return {
        "import_id": record.id,
        "point": record.collection_point_id,
        "at": record.ended_at,
        "begun": begun(record),
    }


def _not_done(record: Import) -> Undoing | None:
    """Why there is nothing to undo; None when there is."""
    if record.state == Import.State.UNDONE:
        return Undoing(why_not=_("This import has been undone already."))
    if record.state != Import.State.DONE:
        return Undoing(why_not=_("This file did not come in, so there is nothing to undo."))
    return None


def _look(cursor: CursorWrapper, record: Import) -> Undoing:
    if nothing := _not_done(record):
        _empty_tables(cursor)
        return nothing
    made, sent = _gather(cursor, record)
    cursor.execute("SELECT count(*) FROM undo_person WHERE is_made")
    going = cursor.fetchone()[0]
    cursor.execute(statements("undo")["claims"])
    invalidated = cursor.fetchone()[0]
    why_not = (
        ngettext(
            "{n} message was sent to people in this file, so it can no longer be undone. Change "
            "or forget people one by one.",
            "{n} messages were sent to people in this file, so it can no longer be undone. Change "
            "or forget people one by one.",
            sent,
        ).format(n=in_words(sent))
        if sent
        else ""
    )
    names = record.overwrote.count()
    return Undoing(going, made - going, invalidated, names, sent, why_not)


def _gather(cursor: CursorWrapper, record: Import) -> tuple[int, int]:
    """Make the tables of facts and people; how many it made, and how much was sent since."""
    run, values = statements("undo"), _values(record)
    cursor.execute(run["events"], values)
    cursor.execute(run["people"], values)
    cursor.execute("ANALYZE undo_event, undo_person")
    cursor.execute("SELECT count(*) FROM undo_person WHERE is_made")
    made = int(cursor.fetchone()[0])
    cursor.execute(run["sent"], values)
    sent = int(cursor.fetchone()[0])
    cursor.execute(run["stay"], values)
    keep_only_made(cursor, record)
    return made, sent


def _empty_tables(cursor: CursorWrapper) -> None:
    cursor.execute("CREATE TEMP TABLE undo_event (id uuid) ON COMMIT DROP")
    cursor.execute("CREATE TEMP TABLE undo_person (id uuid) ON COMMIT DROP")


def _forget_tables(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE undo_event, undo_person")
