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
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint, Person
from akkoord.people.queries import groups_of_ids
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
from akkoord.rights.swept import add_to_item, drop_waiting, empty_loose_texts, record_blankings
from akkoord.trail.actions import Actor, record_change

ADDRESSES = (Channel.EMAIL, Channel.PHONE, Channel.SMS)
ATTEMPTS = 3
BATCH = 500
SOMEBODY_ELSES = "somebody-elses"


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


def _erase_batch(
    run_id: UUID, *, actor: Actor, at: datetime, request: RightsRequest | None, is_last: bool
) -> ErasureRun:
    """The transaction."""
    run = ErasureRun.objects.select_for_update().get(id=run_id)
    if run.state != ErasureRun.State.BEGUN:
        return run
    listed = list(run.pending.order_by("id").values_list("person_id", flat=True)[: BATCH + 1])
    is_last = is_last and len(listed) <= BATCH
    people = groups_of_ids(listed[:BATCH])
    names = _lock([each for group in people for each in group])
    free = _leave_the_held(run, people, is_last=is_last, at=at, actor=actor)
    ids = [each for group in free for each in group]
    if len(free) < len(people):  # a name of who stays is not looked for
        people, names = free, _lock(ids)
    if people:
        _erase(run, people, names, actor=actor, at=at, request=request)
    run.pending.filter(person_id__in=listed[:BATCH]).delete()
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
    if run.by_kind == ErasureRun.By.RETENTION:
        keep_the_nos(ids, at=at, actor=actor)
    else:
        _suppress(ids, at=at, actor=actor)
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


def _lock(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Let nobody write to these people meanwhile: addresses first, as every other writer does.

    Answers their names, for texts in which only a name stands.
    """
    list(ContactPoint.objects.select_for_update().filter(person_id__in=ids).order_by("id"))
    people = Person.objects.select_for_update().filter(id__in=ids).order_by("id")
    return [(each.given_name, each.family_name) for each in people]


def _leave_the_held(
    run: ErasureRun, people: list[list[UUID]], *, is_last: bool, at: datetime, actor: Actor
) -> list[list[UUID]]:
    """Asked again under the lock: a run may lie for hours, and a hold may come meanwhile. Of a list
    also who was frozen, or asked something that is answered first; those are noted by name."""
    if run.by_kind == ErasureRun.By.JOURNAL:
        return people
    everybody = [each for group in people for each in group]
    holds = holds_on(everybody)
    held = {each.person_id for each in holds}
    found = ErasureList.objects.filter(run_id=run.id).first()
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


def _suppress(ids: Sequence[UUID], *, at: datetime, actor: Actor) -> None:
    """Keep the keyed hash of each address, so that no file brings the person back (INV-40).

    Not of a former address that is somebody else's now: that one never asked to be left alone.
    """
    points = list(ContactPoint.objects.filter(person_id__in=ids, channel__in=ADDRESSES))
    others = others_addresses(points)
    suppress_all(
        (
            ToSuppress(bytes(each.keyed_hash), each.channel, reason="erasure", since=at)
            for each in points
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
    known = set(ErasureItem.objects.filter(run=run).values_list("store", "ground"))
    ErasureItem.objects.bulk_create([x for x in items if (x.store, x.ground) not in known])
    for each in items:
        if (each.store, each.ground) in known:
            add_to_item(run, each)
