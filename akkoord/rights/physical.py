"""The second half of the proof: erased bytes leave the disk (design, "proven in two steps").

On a running server deleted bytes live on in pages, statistics and the write-ahead log. At night
the tables where rows went or fields were emptied are rewritten, statistics refreshed, the log
switched and removed. On a server that is not ours the certificate says what its administrator must
do.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction

from akkoord.datamap.declaration import declaration_of
from akkoord.datamap.paths import quoted
from akkoord.datamap.rewriting import rewritten, tables_due
from akkoord.rights.certificate import issue
from akkoord.rights.models import ErasureItem, ErasurePending, ErasureRun, ErasureSearch
from akkoord.trail.actions import Actor, record_change

LOCK_WAIT = "20s"
MOST_NOTED = 500  # certificates by one press
OWN = (ErasurePending._meta.db_table, ErasureSearch._meta.db_table)


@dataclass(frozen=True, slots=True)
class PhysicalReport:
    """What the night did: runs that are done, tables rewritten, tables that were in use."""

    runs: int
    rewritten: tuple[str, ...]
    in_use: tuple[str, ...]
    needs_administrator: bool


def make_physical(*, at: datetime) -> PhysicalReport:
    """Rewrite the tables of every run that is clean, and date its certificate.

    Outside a transaction. A table that others use for long is left for the next night, and its
    runs with it. Where the server keeps old pieces of its log, its administrator ends it: the
    certificate says so, and no night does that work again.
    """
    runs = list(
        ErasureRun.objects.filter(state=ErasureRun.State.CLEAN, physical_at=None).exclude(
            physical_by=ErasureRun.PhysicalBy.ADMINISTRATOR
        )
    )
    emptied = tables_due()  # read first: what is emptied meanwhile waits for the next night
    if not runs and not emptied:
        return PhysicalReport(0, (), (), needs_administrator=False)
    stores = _that_exist({*_stores(runs), *emptied})
    in_use = tuple(store for store in stores if not _rewrite(store))
    is_ours = _drop_log()
    rewritten([each for each in emptied if each not in in_use])
    done = 0
    for run in runs:
        if not in_use or not _touched(run) & set(in_use):
            done += _finish(run, at, is_ours=is_ours)
    anew = tuple(each for each in stores if each not in in_use)
    return PhysicalReport(done if is_ours else 0, anew, in_use, needs_administrator=not is_ours)


def _touched(run: ErasureRun) -> set[str]:
    """The tables in which this run changed rows, and those it noted one by one."""
    changed = ErasureItem.objects.filter(run=run).exclude(removed=0, blanked=0)
    stores = changed.values_list("store", flat=True)
    return {*run.rewrites, *(each for each in stores if declaration_of(each)), *OWN}


def _stores(runs: list[ErasureRun]) -> tuple[str, ...]:
    """The tables of all runs together."""
    return tuple(set().union(*map(_touched, runs)))


def _that_exist(stores: set[str]) -> tuple[str, ...]:
    """The tables that are still there: a run may have noted one that a new version dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name"
            " WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name",
            [sorted(stores)],
        )
        return tuple(row[0] for row in cursor.fetchall())


def _rewrite(table: str) -> bool:
    """Write a table and its indexes anew, without what was erased; False when it is in use."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
            cursor.execute(f"VACUUM (FULL) {quoted(table)}")
            _count_anew(table)
    except OperationalError:
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    return True


@transaction.atomic
def _count_anew(table: str) -> None:
    """Statistics of what stands there now. A table that became empty would keep its old ones,
    with values in them: PostgreSQL leaves those alone, so they are removed first."""
    with connection.cursor() as cursor:
        if _is_superuser():
            cursor.execute(
                "DELETE FROM pg_catalog.pg_statistic WHERE starelid IN"
                " (SELECT %(table)s::regclass UNION"
                " SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)",
                {"table": quoted(table)},
            )
            cursor.execute(
                "DELETE FROM pg_catalog.pg_statistic_ext_data WHERE stxoid IN"
                " (SELECT oid FROM pg_statistic_ext WHERE stxrelid = %s::regclass)",
                [quoted(table)],
            )
        cursor.execute(f"ANALYZE {quoted(table)}")


def _is_superuser() -> bool:
    """Whether the server is ours to tidy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool((cursor.fetchone() or (False,))[0])


# Question: does the server keep pieces of its log that were written before? Recycled ones, for an
# archive, for another server or for a slot.
_KEEPS_LOG = """
SELECT EXISTS (SELECT FROM pg_settings
                WHERE (name, setting) IN (('wal_recycle', 'on'), ('archive_mode', 'on'),
                                          ('archive_mode', 'always'))
                   OR (name = 'wal_keep_size' AND setting <> '0'))
    OR EXISTS (SELECT FROM pg_replication_slots)
    OR EXISTS (SELECT FROM pg_stat_replication)
"""


def _keeps_log() -> bool:
    """Whether erased bytes may live on in the server's log, whatever is rewritten."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEPS_LOG)
        return bool((cursor.fetchone() or (True,))[0])


def _drop_log() -> bool:
    """Rewrite the statistics and let the write-ahead log go; False where it does not go by that."""
    if not _is_superuser():
        return False
    with connection.cursor() as cursor:
        try:
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic_ext_data")
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")
        except DatabaseError:
            return False
    return not _keeps_log()


class NothingToNote(Exception):
    """The administrator has nothing to do for this erasure, or it was noted before."""


def waits_for_administrator(run: ErasureRun) -> bool:
    """Whether the rest of an erasure is for the administrator of the server to do."""
    is_theirs = run.physical_by == ErasureRun.PhysicalBy.ADMINISTRATOR
    return is_theirs and run.physical_at is None


@transaction.atomic
def note_administrator(*, run_id: UUID, at: datetime, actor: Actor) -> int:
    """Staff say that the administrator of the server let its log and its old backups run out: from
    now on the certificate has that day, and that it was they; how many certificates.

    What ran out held the erasures before this one too, so those that wait are noted with it, the
    oldest first and so many as one request signs. Raises NothingToNote.
    """
    run = ErasureRun.objects.select_for_update().get(id=run_id)
    if not waits_for_administrator(run):
        raise NothingToNote
    before = ErasureRun.objects.filter(
        state=ErasureRun.State.CLEAN,
        physical_by=ErasureRun.PhysicalBy.ADMINISTRATOR,
        physical_at=None,
        started_at__lt=run.started_at,
    ).order_by("started_at", "id")
    noted = [run, *before.select_for_update()[: MOST_NOTED - 1]]
    for each in noted:
        each.physical_at = at
        each.save(update_fields=["physical_at"])
        record_change(
            actor=actor,
            action="erasure.left-disk",
            object_kind="erasure-run",
            object_id=each.id,
            at=at,
        )
        issue(each)
    return len(noted)


def _finish(run: ErasureRun, at: datetime, *, is_ours: bool) -> int:
    """Date the certificate, or name the administrator on it, and sign it anew."""
    by = ErasureRun.PhysicalBy
    with transaction.atomic():
        found = ErasureRun.objects.select_for_update().get(id=run.id)
        if found.physical_at is not None:
            return 0
        found.physical_at = at if is_ours else None
        found.physical_by = by.US if is_ours else by.ADMINISTRATOR
        found.save(update_fields=["physical_at", "physical_by"])
        issue(found)
    return 1
