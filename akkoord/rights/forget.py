"""Forgetting somebody: begun on record, erased in one transaction, then proven (art. 17 GDPR).

Three steps, each safe to do again: `begin_erasure` writes the run before anything is destroyed,
`carry_out` erases, `prove` (of `prove.py`) looks everywhere and gives the certificate. Who was
killed in between is taken up by the job. INV-35, 40.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import F

from akkoord.consent.actions import keep_the_nos, others_addresses, suppress
from akkoord.datamap.erase import StoreOutcome, changed_tables, erase_people
from akkoord.datamap.holds import HeldByLaw, holds_on
from akkoord.datamap.loose import empty_texts_naming
from akkoord.datamap.needles import Needles
from akkoord.datamap.waiting import drop_files_of
from akkoord.law.erasure_rules import KeepGround
from akkoord.law.parameters import term_end
from akkoord.law.states import Channel
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Person, PersonAlias
from akkoord.people.queries import all_ids
from akkoord.rights.certificate import Certificate, certificate_of
from akkoord.rights.journal import remember_forgotten
from akkoord.rights.log import note_all
from akkoord.rights.models import (
    ErasureItem,
    ErasurePending,
    ErasureRecord,
    ErasureRun,
    ErasureSearch,
    RecipientNotice,
    RequestPart,
    RightsRequest,
)
from akkoord.rights.prove import prove
from akkoord.rights.recipients import tell_recipients
from akkoord.rights.references import new_reference
from akkoord.rights.search import gather, seal_search
from akkoord.trail.actions import Actor, record_change

ADDRESSES = (Channel.EMAIL, Channel.PHONE, Channel.SMS)
ATTEMPTS = 3
SOMEBODY_ELSES = "somebody-elses"


class PersonGone(Exception):
    """There is nobody to forget: never known, or forgotten already."""


def forget(
    *,
    person_id: UUID,
    by: str,
    actor: Actor,
    at: datetime,
    request: RightsRequest | None = None,
) -> Certificate:
    """Forget one person and answer the certificate.

    Raises PersonGone when there is no such person. Who asks twice at once gets the same run
    twice. The certificate may be withheld (`state` blocked): then it says where something was
    found.
    """
    run = begin_erasure(person_ids=[person_id], by=by, actor=actor, at=at)
    carry_out(run_id=run.id, actor=actor, at=at, request=request)
    return certificate_of(prove(run_id=run.id, at=at))


def begin_erasure(*, person_ids: Sequence[UUID], by: str, actor: Actor, at: datetime) -> ErasureRun:
    """Write down that these people are to be forgotten; nothing is destroyed yet.

    Committed on its own. A person whose erasure was begun already joins that run. Raises
    PersonGone when none of them is there, and HeldByLaw while one of them is held for a legal
    claim (art. 17(3)(e)); a journal is replayed all the same: those were forgotten before.
    """
    if by != ErasureRun.By.JOURNAL and (holds := holds_on(person_ids)):
        raise HeldByLaw(holds)
    with transaction.atomic():
        known = list(
            Person.objects.select_for_update()
            .filter(id__in=_present(person_ids))
            .order_by("id")
            .values_list("id", flat=True)
        )
        if not known:
            raise PersonGone
        begun = dict(
            ErasurePending.objects.filter(person_id__in=known).values_list("person_id", "run_id")
        )
        fresh = [each for each in known if each not in begun]
        if not fresh:
            return ErasureRun.objects.get(id=begun[known[0]])
        run = ErasureRun.objects.create(
            reference=new_reference(),
            started_at=at,
            by_kind=by,
            by_staff=actor.id,
            people=len(fresh),
            physical_due=term_end("erasure-physical-term", law_day(at)) or law_day(at),
        )
        ErasurePending.objects.bulk_create(
            [ErasurePending(run=run, person_id=each) for each in fresh]
        )
    return run


def _present(person_ids: Sequence[UUID]) -> list[UUID]:
    """The ids as they are now: a former id of a merged record is the record's."""
    merged = dict(
        PersonAlias.objects.filter(old_id__in=person_ids).values_list("old_id", "person_id")
    )
    return [merged.get(each, each) for each in person_ids]


def carry_out(
    *, run_id: UUID, actor: Actor, at: datetime, request: RightsRequest | None = None
) -> ErasureRun:
    """Erase the people of a run, in one transaction: all of it or nothing.

    A run that is past this is left as it is. Tried again when the database found us in another
    writer's way. Whom a hold was put on since the run was begun stays and leaves the run; raises
    HeldByLaw when that is everybody (art. 17(3)(e)), and the run waits as it was.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _carry_out(run_id, actor=actor, at=at, request=request)
        except OperationalError:  # a deadlock: the other one went on, now it is our turn
            if attempt == ATTEMPTS or connection.in_atomic_block:
                raise
    raise AssertionError  # the loop returns or raises


def _carry_out(
    run_id: UUID, *, actor: Actor, at: datetime, request: RightsRequest | None
) -> ErasureRun:
    """The transaction."""
    run = ErasureRun.objects.select_for_update().get(id=run_id)
    if run.state != ErasureRun.State.BEGUN:
        return run
    people = [
        all_ids(each) for each in run.pending.values_list("person_id", flat=True).order_by("id")
    ]
    names = _lock([each for group in people for each in group])
    free = _leave_the_held(run, people)
    ids = [each for group in free for each in group]
    if len(free) < len(people):  # a name of who stays is not looked for
        people, names = free, _lock(ids)
    needles, shared = gather(people)
    if run.by_kind == ErasureRun.By.RETENTION:
        keep_the_nos(ids, actor=actor)
    else:
        _suppress(ids, at=at, actor=actor)
    _close_requests(ids, run, request, at=at, actor=actor)
    record_change(
        actor=actor,
        action="person.forget",
        object_kind="erasure-run",
        object_id=run.id,
        at=at,
    )
    told = tell_recipients(kind=RecipientNotice.Kind.ERASURE, person_ids=ids, at=at, run_id=run.id)
    outcomes = erase_people(ids, run_id=run.id)
    _record(run, outcomes, shared, at=at, told=told)
    remember_forgotten(run, ids)
    drop_waiting(run, needles)
    empty_loose_texts(run, needles, names)
    ErasureSearch.objects.create(run=run, sealed=seal_search(needles, ids, run_id=run.id))
    run.pending.all().delete()
    run.state = ErasureRun.State.ERASED
    run.rewrites = changed_tables()
    run.save(update_fields=["state", "rewrites"])
    return run


def _lock(ids: Sequence[UUID]) -> list[tuple[str, str]]:
    """Let nobody write to these people meanwhile: addresses first, as every other writer does.

    Answers their names, for texts in which only a name stands.
    """
    list(ContactPoint.objects.select_for_update().filter(person_id__in=ids).order_by("id"))
    people = Person.objects.select_for_update().filter(id__in=ids).order_by("id")
    return [(each.given_name, each.family_name) for each in people]


def _leave_the_held(run: ErasureRun, people: list[list[UUID]]) -> list[list[UUID]]:
    """Asked again under the lock: a run may lie for hours, and a hold may come meanwhile."""
    if run.by_kind == ErasureRun.By.JOURNAL:
        return people
    holds = holds_on([each for group in people for each in group])
    held = {each.person_id for each in holds}
    free = [group for group in people if held.isdisjoint(group)]
    if len(free) == len(people):
        return people
    if not free:
        raise HeldByLaw(holds)
    run.pending.exclude(person_id__in=[group[0] for group in free]).delete()
    run.people = len(free)
    run.save(update_fields=["people"])
    return free


def _suppress(ids: Sequence[UUID], *, at: datetime, actor: Actor) -> None:
    """Keep the keyed hash of each address, so that no file brings the person back (INV-40).

    Not of a former address that is somebody else's now: that one never asked to be left alone.
    """
    points = list(ContactPoint.objects.filter(person_id__in=ids, channel__in=ADDRESSES))
    others = others_addresses(points)
    for digest, channel in sorted(
        {
            (bytes(each.keyed_hash), each.channel)
            for each in points
            if (each.channel, each.normalised) not in others
        }
    ):
        suppress(keyed_hash=digest, channel=channel, reason="erasure", at=at, actor=actor)


def _close_requests(
    ids: Sequence[UUID],
    run: ErasureRun,
    request: RightsRequest | None,
    *,
    at: datetime,
    actor: Actor,
) -> None:
    """Close what these people asked: nothing is left to answer about.

    What was asked from one of their addresses before we knew them is theirs too.
    """
    _adopt(ids)
    asked = RightsRequest.objects.filter(
        subject_id__in=ids,
        state__in=[RightsRequest.State.OPEN, RightsRequest.State.WAITING_IDENTITY],
    )
    if request is not None:
        asked = asked | RightsRequest.objects.filter(id=request.id)
    requests = list(asked)
    RequestPart.objects.filter(request__in=requests, state=RequestPart.State.OPEN).update(
        state=RequestPart.State.DONE, decided_at=at, decided_by=actor.id
    )
    note_all(requests, "erased", at=at, actor=actor, facts={"reference": run.reference})
    RightsRequest.objects.filter(id__in=[each.id for each in requests]).update(
        state=RightsRequest.State.DONE,
        closed_at=at,
        erasure_run_id=run.id,
        handled_by=actor.id,
    )


# Question: which requests came from an address of these people before we knew whose it was?
# Index: rights_request_unknown.
_ADOPT = """
UPDATE rights_rightsrequest r SET subject_id = p.person_id
  FROM people_contactpoint p
 WHERE r.subject_id IS NULL AND r.reply_to <> '' AND r.reply_to = p.normalised
   AND p.channel = 'email' AND p.person_id = ANY(%s)
"""


def _adopt(ids: Sequence[UUID]) -> None:
    """Requests from an address of theirs that were asked before we knew whose it is."""
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, [list(ids)])


def _record(
    run: ErasureRun,
    outcomes: Iterable[StoreOutcome],
    shared: Iterable[str],
    *,
    at: datetime,
    told: int,
) -> None:
    """The sealed record of what was blanked, and per store what became of it."""
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
    ErasureItem.objects.bulk_create(items)


def drop_waiting(run: ErasureRun, needles: Needles) -> int:
    """Drop the files that wait with these people in them, and note it; how many."""
    dropped = drop_files_of(needles)
    for store, count in dropped.items():
        item, _new = ErasureItem.objects.get_or_create(run=run, store=store, ground="")
        ErasureItem.objects.filter(id=item.id).update(removed=F("removed") + count)
    return sum(dropped.values())


def empty_loose_texts(
    run: ErasureRun, needles: Needles, names: Sequence[tuple[str, str]] = ()
) -> int:
    """Empty the texts of others that name these people, and note it; how many rows."""
    emptied = empty_texts_naming(needles, names)
    for store, count in emptied.items():
        item, _new = ErasureItem.objects.get_or_create(run=run, store=store, ground="")
        ErasureItem.objects.filter(id=item.id).update(blanked=F("blanked") + count)
    return sum(emptied.values())


def record_blankings(run: ErasureRun, *, at: datetime) -> None:
    """Seal which events this run has emptied and that are on no record yet (INV-6)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.event FROM trail_blanking b WHERE b.run = %s AND NOT EXISTS ("
            " SELECT FROM rights_erasurerecord r"
            "  WHERE r.run_id = b.run AND b.event = ANY(r.event_ids)) ORDER BY b.event",
            [run.id],
        )
        events = [row[0] for row in cursor.fetchall()]
    if events:
        ErasureRecord.objects.create(run_id=run.id, event_ids=events, recorded_at=at)


def forget_for_retention(*, person_ids: Sequence[UUID], at: datetime) -> int:
    """Forget people whose term is over, in one run; how many. Nobody of them: 0.

    They did not ask to be forgotten, their term was over: only what they said no to stays a no.
    """
    actor = Actor.system()
    try:
        run = begin_erasure(person_ids=person_ids, by=ErasureRun.By.RETENTION, actor=actor, at=at)
    except PersonGone:
        return 0
    try:
        run = carry_out(run_id=run.id, actor=actor, at=at)
    except HeldByLaw:
        let_go_of_held(run)
        return 0
    prove(run_id=run.id, at=at)
    return run.people


def let_go_of_held(run: ErasureRun) -> None:
    """A clean-up's run of which everybody is held: the clean-up asks anew who is due, once the hold
    is lifted. What somebody asked for waits for that instead."""
    ErasureRun.objects.filter(
        id=run.id, state=ErasureRun.State.BEGUN, by_kind=ErasureRun.By.RETENTION
    ).delete()
