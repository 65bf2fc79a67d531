"""The erasing itself: in batches, each one transaction, all of it or nothing (art. 17 GDPR).

One person is one batch. Of many people each batch leaves its needles behind, sealed, and takes its
people off the list; so a run that was killed anywhere goes on where it was. The run is `erased`
when nobody is left on the list, and only then looked for.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection, transaction

from akkoord.consent.actions import ToSuppress, keep_the_nos, others_addresses, suppress_all
from akkoord.datamap.erase import StoreOutcome, changed_tables, erase_people
from akkoord.datamap.holds import HeldByLaw, holds_on
from akkoord.datamap.prepared import plan_at_once, prepared
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint
from akkoord.rights.asked import close_requests
from akkoord.rights.journal import remember_forgotten
from akkoord.rights.list_matching import left_out_of
from akkoord.rights.list_models import ErasureList
from akkoord.rights.list_stays import note_stays
from akkoord.rights.models import (
    ErasureItem,
    ErasurePending,
    ErasureRun,
    ErasureSearch,
    RecipientNotice,
    RightsRequest,
)
from akkoord.rights.recipients import tell_recipients
from akkoord.rights.search import gather, seal_search
from akkoord.rights.swept import add_to_items, drop_waiting, empty_loose_texts, record_blankings
from akkoord.trail.actions import Actor, record_change

ADDRESSES = (Channel.EMAIL, Channel.PHONE, Channel.SMS)
ATTEMPTS = 3
BATCH = 500
SOMEBODY_ELSES = KeepGround.SOMEBODY_ELSES.value


def carry_out(
    *, run_id: UUID, actor: Actor, at: datetime, request: RightsRequest | None = None
) -> ErasureRun:
    """Erase the people of a run, batch by batch, until nobody of its list is left.

    A run that is past this is left as it is. Whom a hold was put on since the run was begun stays
    and leaves the run; of a list also who was frozen or asked something. Raises HeldByLaw when
    everybody is held (art. 17(3)(e)), and the run waits as it was. A list never waits: its yes was
    for that day, so it ends without whom it could not forget.
    """
    while True:
        run = erase_batch(run_id=run_id, actor=actor, at=at, request=request)
        if run.state != ErasureRun.State.BEGUN:
            return run


def erase_batch(
    *,
    run_id: UUID,
    actor: Actor,
    at: datetime,
    request: RightsRequest | None = None,
    is_last: bool = True,
) -> ErasureRun:
    """Erase the next people of a run's list, in one transaction; the last batch ends the list.

    `is_last` false: more people may be added, so the run stays begun. Tried again when the
    database found us in another writer's way. Refuses what `carry_out` refuses.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _erase_batch(run_id, actor=actor, at=at, request=request, is_last=is_last)
        except OperationalError:  # a deadlock: the other one went on, now it is our turn
            if attempt == ATTEMPTS or connection.in_atomic_block:
                raise
    raise AssertionError  # the loop returns or raises


_LISTED = """
SELECT p.person_id,
       ARRAY(SELECT old_id FROM people_personalias a WHERE a.person_id = p.person_id
              ORDER BY old_id),
       EXISTS (SELECT FROM rights_erasurelist l WHERE l.run_id = p.run_id)
  FROM rights_erasurepending p WHERE p.run_id = %(run)s::uuid ORDER BY p.id LIMIT %(most)s
"""


def _erase_batch(
    run_id: UUID, *, actor: Actor, at: datetime, request: RightsRequest | None, is_last: bool
) -> ErasureRun:
    """The transaction."""
    plan_at_once()
    run = ErasureRun.objects.select_for_update().get(id=run_id)
    if run.state != ErasureRun.State.BEGUN:
        return run
    listed = prepared(_LISTED, {"run": run.id, "most": BATCH + 1})
    is_last = is_last and len(listed) <= BATCH
    people = [[person, *former] for person, former, _of_list in listed[:BATCH]]
    of_list = ErasureList.objects.get(run_id=run.id) if listed and listed[0][2] else None
    points, names = _lock([each for group in people for each in group])
    free = _leave_the_held(run, of_list, people, is_last=is_last, at=at, actor=actor)
    if len(free) < len(people):  # a name of who stays is not looked for
        people = free
        points, names = _lock([each for group in free for each in group])
    if people:
        _keep_out(run, points, at=at, actor=actor)
        _erase(run, people, names, actor=actor, at=at, request=request)
    run.state = ErasureRun.State.ERASED if is_last else ErasureRun.State.BEGUN
    run.rewrites = sorted({*run.rewrites, *changed_tables()})
    run.save(update_fields=["state", "rewrites"])
    return run


def _erase(
    run: ErasureRun,
    people: Sequence[Sequence[UUID]],
    names: Sequence[tuple[str, str]],
    *,
    actor: Actor,
    at: datetime,
    request: RightsRequest | None,
) -> None:
    """Everything of these people, and what is to be known of them afterwards."""
    ids = [each for group in people for each in group]
    needles, shared = gather(people)
    close_requests(ids, run, request, at=at, actor=actor)
    record_change(
        actor=actor,
        action="person.forget",
        object_kind="erasure-run",
        object_id=run.id,
        at=at,
    )
    told = tell_recipients(kind=RecipientNotice.Kind.ERASURE, person_ids=ids, at=at, run_id=run.id)
    _record(run, erase_people(ids, run_id=run.id), shared, at=at, told=told)
    remember_forgotten(run, ids)
    drop_waiting(run, needles)
    empty_loose_texts(run, needles, names)
    ErasureSearch.objects.create(run=run, sealed=seal_search(needles, ids, run_id=run.id))


_NAMES = """
SELECT given_name, family_name FROM people_person
 WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE
"""


def _lock(ids: Sequence[UUID]) -> tuple[list[ContactPoint], list[tuple[str, str]]]:
    """Let nobody write to these people meanwhile: addresses first, as every other writer does.

    Answers those addresses, and the people's names, for texts in which only a name stands.
    """
    points = ContactPoint.objects.select_for_update().filter(person_id__in=ids).order_by("id")
    return list(points), [(given, family) for given, family in prepared(_NAMES, {"ids": list(ids)})]


def _leave_the_held(
    run: ErasureRun,
    found: ErasureList | None,
    people: list[list[UUID]],
    *,
    is_last: bool,
    at: datetime,
    actor: Actor,
) -> list[list[UUID]]:
    """Asked again under the lock: a run may lie for hours, and a hold may come meanwhile. Of a list
    also who was frozen, or asked something that is answered first; those are noted by name."""
    if run.by_kind == ErasureRun.By.JOURNAL:
        return people
    everybody = [each for group in people for each in group]
    holds = holds_on(everybody)
    held = {each.person_id for each in holds}
    if found is not None:
        held |= left_out_of(everybody).everybody
    elif (
        people
        and is_last
        and all(not held.isdisjoint(group) for group in people)
        and not run.search.exists()
    ):
        raise HeldByLaw(holds)
    free = [group for group in people if held.isdisjoint(group)]
    stays = [group[0] for group in people if not held.isdisjoint(group)]
    if stays:
        run.pending.filter(person_id__in=stays).delete()
        run.people -= len(stays)
        run.save(update_fields=["people"])
        if found is not None:
            note_stays(found, stays, at=at, actor=actor)
    return free


def _keep_out(
    run: ErasureRun, points: Sequence[ContactPoint], *, at: datetime, actor: Actor
) -> None:
    """Keep the keyed hash of each address, so that no file brings the person back (INV-40).

    Not of a former address that is somebody else's now: that one never asked to be left alone.
    Whose term was over did not ask either: of them only what they said no to stays a no.
    """
    if run.by_kind == ErasureRun.By.RETENTION:
        keep_the_nos(points, at=at, actor=actor)
        return
    reachable = [each for each in points if each.channel in ADDRESSES]
    others = others_addresses(reachable)
    suppress_all(
        (
            ToSuppress(bytes(each.keyed_hash), each.channel, reason="erasure", since=at)
            for each in reachable
            if (each.channel, each.normalised) not in others
        ),
        at=at,
        actor=actor,
    )


def _record(
    run: ErasureRun,
    outcomes: Iterable[StoreOutcome],
    shared: Iterable[str],
    *,
    at: datetime,
    told: int,
) -> None:
    """The sealed record of what was blanked, and per store what became of it, all batches added."""
    record_blankings(run, at=at)
    items = [
        ErasureItem(
            run=run,
            store=each.store,
            removed=each.removed,
            blanked=each.blanked,
            kept=each.kept,
            ground=each.ground,
        )
        for each in outcomes
        if each.store != ErasurePending._meta.db_table  # the run's own note of whom it is about
    ]
    items += [
        ErasureItem(run=run, store=store, kept=1, ground=SOMEBODY_ELSES) for store in sorted(shared)
    ]
    if told:  # sealed, until who got the data has answered (art. 19)
        notices = RecipientNotice._meta.db_table
        ground = KeepGround.RECIPIENT_NOTICE.value
        items.append(ErasureItem(run=run, store=notices, kept=told, ground=ground))
    add_to_items(run, items)
