"""The proof after an erasure: look in every column and every file, then certify, or say no.

A false certificate is worse than none (INV-35): any hit outside what may lawfully stay blocks it,
is shown as it is, and is tried again by the job.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from akkoord.datamap.attachments import sealed_files
from akkoord.datamap.erase import changed_tables, erase_people
from akkoord.datamap.judging import Judge
from akkoord.datamap.many import judge_of
from akkoord.datamap.needles import Needles
from akkoord.datamap.scan import FILES, Hit, ScanResult, kept_cells, scan
from akkoord.rights.came_back import Parted, part_returned, strays
from akkoord.rights.carry_out import SOMEBODY_ELSES
from akkoord.rights.certificate import issue
from akkoord.rights.models import ErasureItem, ErasureRun, ErasureSearch
from akkoord.rights.places import UNREADABLE, note_kept, unread_but_kept, without_kept
from akkoord.rights.search import searches_of
from akkoord.rights.swept import add_to_items, drop_waiting, empty_loose_texts, record_blankings
from akkoord.trail.backups import sealed_backups


def prove(*, run_id: UUID, at: datetime) -> ErasureRun:
    """Look for the people of a run everywhere; certify, or block with what was found.

    One at a time per run; who comes second gets the first one's outcome. What a job in flight
    wrote after the erasure is erased once more before it is held against us.
    """
    with alone(run_id):
        run = ErasureRun.objects.get(id=run_id)
        if run.state not in (ErasureRun.State.ERASED, ErasureRun.State.BLOCKED):
            return run
        needles, people = searches_of(run) or (Needles(), [])  # all were held: nobody to look for
        parted = part_returned(needles, people)
        result, theirs = _look(parted)
        if result.hits:
            before, parted = parted, part_returned(needles, people)
            if _erase_again(run, people, parted.gone, at=at) or parted != before:
                result, theirs = _look(parted)
        _note_returned(run, parted.stores | theirs)
        return _conclude(run, result, needles, at=at)


def _look(parted: Parted) -> tuple[ScanResult, frozenset[str]]:
    """Look for what must be nowhere; of who came back since, where nobody's data should stand.

    And the stores in which they were found where people's data stands: the certificate names them.
    """
    result = look_everywhere(parted.gone)
    if not parted.returned:
        return result, frozenset()
    anew = look_everywhere(parted.returned)
    found = strays(anew.hits)
    theirs = frozenset(each.store for each in anew.hits if each not in found)
    kept = (*result.kept, *anew.kept)
    return replace(result, hits=(*result.hits, *found), kept=kept), theirs


def _note_returned(run: ErasureRun, stores: Iterable[str]) -> None:
    """On the run's record: what stays because it is somebody's anew."""
    for store in stores:
        ErasureItem.objects.get_or_create(
            run=run, store=store, ground=SOMEBODY_ELSES, defaults={"kept": 1}
        )


def look_everywhere(needles: Needles) -> ScanResult:
    """The scan over the database, the data folder and the database server's log."""
    folder = Path(settings.DATA_DIR)
    roots = [folder]
    log = folder / "postgresql" / "cluster" / "log"  # a cluster's own folder is passed by
    if log.is_dir():
        roots.append(log)
    # A sealed file tells nothing without its row, and the rows are looked through.
    # A backup that waits to be taken away hears of this erasure when it is put back (INV-36).
    return scan(needles, roots, opaque=[*sealed_files(), *sealed_backups()])


def _erase_again(
    run: ErasureRun, people: Sequence[UUID], needles: Needles, *, at: datetime
) -> bool:
    """Erase what was written after the erasure; whether there was something."""
    with transaction.atomic():
        outcomes = [
            each for each in erase_people(people, run_id=run.id) if each.removed or each.blanked
        ]
        add_to_items(
            run,
            [
                ErasureItem(
                    store=each.store,
                    ground=each.ground,
                    removed=each.removed,
                    blanked=each.blanked,
                )
                for each in outcomes
            ],
        )
        record_blankings(run, at=at)
        dropped = drop_waiting(run, needles)
        emptied = empty_loose_texts(run, needles)
        run.rewrites = sorted({*run.rewrites, *changed_tables()})
        run.save(update_fields=["rewrites"])
    return bool(outcomes or dropped or emptied)


def _conclude(run: ErasureRun, result: ScanResult, needles: Needles, *, at: datetime) -> ErasureRun:
    """Write the outcome down: a certificate, or what stands in its way."""
    with transaction.atomic():
        run = ErasureRun.objects.select_for_update().get(id=run.id)
        run.logical_at = at
        run.tables, run.columns, run.files = result.tables, result.columns, result.files
        result = replace(
            result, hits=without_kept(run, result), unread=unread_but_kept(run, result)
        )
        run.hits = sum(each.count for each in result.hits) + len(result.unknown_formats)
        run.hits += sum(each.count for each in result.unread)
        run.findings = list(_findings(result, needles))
        _keep(run, result.kept)
        note_kept(run)
        if not result.is_clean:
            run.state = ErasureRun.State.BLOCKED
            run.save()
            return run
        run.state = ErasureRun.State.CLEAN
        run.save()
        ErasureSearch.objects.filter(run=run).delete()
        return issue(run)


def _findings(result: ScanResult, needles: Needles) -> Iterator[dict[str, object]]:
    """What was found, in words that name nobody: a file whose own name does is not named."""
    judge = judge_of(needles)
    for hit in result.hits:
        place = _safe(hit.place, judge) if hit.store == FILES else hit.place
        yield {"store": hit.store, "place": place, "kind": hit.kind.value, "count": hit.count}
    for cell in result.unread:
        yield {"store": cell.store, "place": cell.place, "kind": UNREADABLE, "count": cell.count}
    for name in result.unknown_formats:
        yield {"store": FILES, "place": _safe(name, judge), "kind": UNREADABLE, "count": 1}


def _safe(name: str, judge: Judge) -> str:
    """A file's path; every part that tells who it is about is left out."""
    parts = (
        "…" if judge.kinds_in(f"{part} {Path(part).stem}") else part for part in Path(name).parts
    )
    return str(Path(*parts))


def _keep(run: ErasureRun, kept: Sequence[Hit]) -> None:
    """Note what was found where it may stay."""
    cells = {(each.store, each.column): each for each in kept_cells()}
    for hit in kept:
        ErasureItem.objects.update_or_create(
            run=run,
            store=hit.store,
            ground=cells[hit.store, hit.place].ground,
            defaults={"kept": hit.count, "hits": hit.count},
        )


@contextmanager
def alone(run_id: UUID) -> Iterator[None]:
    """One at work on a run, over all processes; the second waits. Inside each other in one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_lock_of(run_id)])
    try:
        yield
    finally:
        _let_go(run_id)


@contextmanager
def alone_or_not(run_id: UUID) -> Iterator[bool]:
    """Says whether nobody else is at work on a run; then nobody begins meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_of(run_id)])
        is_alone = bool((cursor.fetchone() or (False,))[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            _let_go(run_id)


def _let_go(run_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_of(run_id)])


def _lock_of(run_id: UUID) -> int:
    return int.from_bytes(run_id.bytes[-8:], signed=True)
