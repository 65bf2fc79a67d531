"""A list of people to forget: made, asked for, approved by a second person, carried out.

Each verb is one transaction. What stood on the list is not kept: a line becomes a person's id, and
those rows go as soon as the list is decided. The erasing itself is that of one person, in batches.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from akkoord.datamap.holds import HeldByLaw
from akkoord.law.list_rules import ListRefusal, ListStep, refusal_of
from akkoord.law.parameters import duration, parameter
from akkoord.law.terms import add_years, end_of_day, law_day
from akkoord.people.models import PersonAlias
from akkoord.rights.begin import PersonGone, begin_erasure
from akkoord.rights.carry_out import carry_out
from akkoord.rights.list_mails import tell_seconds
from akkoord.rights.list_matching import left_out_of, match_lines
from akkoord.rights.list_models import ErasureList, ErasureListRow
from akkoord.rights.list_reading import IN_ONE, ListLine, ListRefused
from akkoord.rights.list_report import sign_report
from akkoord.rights.models import ErasureRun
from akkoord.rights.prove import alone_or_not, prove
from akkoord.rights.references import new_reference
from akkoord.rights.resume import note_again
from akkoord.trail.actions import Actor, record_change

Verb = Callable[..., ErasureList]
WORK_JOB = "rights.work_list"
State = ErasureList.State
Outcome = ErasureListRow.Outcome


def refusal_sentence(refusal: ListRefusal) -> str:
    """Why not, and what to do."""
    return {
        ListRefusal.NOT_NOW: _("This list is past that step already."),
        ListRefusal.SAME_PERSON: _(
            "You asked for this yourself. Somebody else must look at it and approve it."
        ),
        ListRefusal.NOT_THEIRS: _("Only who made the list asks for approval."),
        ListRefusal.TOO_LATE: _("This list was not approved in time. Make it again."),
        ListRefusal.NOBODY: _("Nobody on this list can go now."),
    }[refusal]


@transaction.atomic
def make_lists(
    *, lines: Iterable[ListLine], ground: str, at: datetime, actor: Actor
) -> list[ErasureList]:
    """Look up whom these lines mean: one list, or as many as it takes (`list_reading.IN_ONE`).

    Piece by piece, so that a file of any length is read. Nobody stands on two of them. Nothing is
    asked and nothing goes yet; a refusal on the way leaves none.
    """
    rest, seen, made = iter(lines), set[UUID](), list[ErasureList]()
    while piece := list(islice(rest, IN_ONE)):
        found = make_list(lines=piece, ground=ground, at=at, actor=actor, seen=seen)
        made.append(found)
    if len(made) > 1:
        for part, each in enumerate(made, 1):
            each.part, each.parts, each.whole = part, len(made), made[0].id
            each.save(update_fields=["part", "parts", "whole"])
    return made


@transaction.atomic
def make_list(
    *,
    lines: Sequence[ListLine],
    ground: str,
    at: datetime,
    actor: Actor,
    seen: set[UUID] | None = None,
) -> ErasureList:
    """Look up whom these lines mean, and keep their ids until the list is decided.

    Nothing is asked and nothing goes yet. Refuses (ListRefused) a list without a maker. `seen`:
    who stands on an earlier part of the same file.
    """
    if actor.id is None:
        raise ListRefused(refusal_sentence(ListRefusal.NOT_THEIRS))
    matched = match_lines(lines, seen)
    found = ErasureList.objects.create(
        reference=new_reference(),
        ground=ground,
        made_at=at,
        made_by=actor.id,
        expires_at=at + duration("erasure-list-draft-term", law_day(at)),
        lines=len(lines),
    )
    ErasureListRow.objects.bulk_create(
        [
            ErasureListRow(
                erasure_list=found,
                line=each.line,
                column=each.column,
                person_id=each.person_id,
                outcome=each.outcome,
            )
            for each in matched
        ],
        batch_size=5_000,
    )
    _count(found)
    _trail(found, "list.make", at=at, actor=actor)
    return found


def _count(found: ErasureList) -> list[UUID]:
    """Count the list as things stand now; answers who goes."""
    outcomes = Counter(found.rows.values_list("outcome", flat=True))
    people = people_of(found)
    out = left_out_of(people)
    found.found, found.doubles = len(people), outcomes[Outcome.DOUBLE]
    found.not_found = outcomes[Outcome.NOT_FOUND] + outcomes[Outcome.UNREADABLE]
    found.several = outcomes[Outcome.SEVERAL] + outcomes[Outcome.IN_PART]
    found.held, found.frozen, found.waiting = len(out.held), len(out.frozen), len(out.waiting)
    found.save()
    return [each for each in people if each not in out.everybody]


def people_of(found: ErasureList) -> list[UUID]:
    """Who stands on a list, each once and as they are now: two of its lines may be one record since
    then. Nobody once it is decided."""
    rows = found.rows.filter(outcome=Outcome.FOUND).order_by("line")
    listed = [each for each in rows.values_list("person_id", flat=True) if each is not None]
    joined = dict(
        PersonAlias.objects.filter(old_id__in=rows.values("person_id")).values_list(
            "old_id", "person_id"
        )
    )
    return list(dict.fromkeys(joined.get(each, each) for each in listed))


@transaction.atomic
def ask_approval(*, list_id: UUID, at: datetime, actor: Actor) -> ErasureList:
    """Ask a second person to approve, by mail too. Raises ListRefused for anybody but the maker."""
    found = _locked(list_id, ListStep.ASK, at=at, actor=actor)
    found.state, found.asked_at = State.ASKED, at
    day = law_day(at)
    found.expires_at = end_of_day(day + duration("erasure-list-term", day))
    found.save(update_fields=["state", "asked_at", "expires_at"])
    if not others_of(found).filter(state=State.ASKED).exists():  # one mail for all parts
        tell_seconds(found, goes=goes_in_all(found), at=at)
    _trail(found, "list.ask", at=at, actor=actor)
    return found


def others_of(found: ErasureList) -> QuerySet[ErasureList]:
    """The other parts of the same file, in its order."""
    if found.whole is None:
        return ErasureList.objects.none()
    return ErasureList.objects.filter(whole=found.whole).exclude(id=found.id).order_by("part")


def goes_in_all(found: ErasureList) -> int:
    """How many go by one press: those of this list and of the parts of its file that wait too."""
    waiting = others_of(found).filter(state__in=[State.DRAFT, State.ASKED])
    return found.goes + sum(each.goes for each in waiting)


@transaction.atomic
def for_all_parts(verb: Verb, *, list_id: UUID, at: datetime, actor: Actor) -> int:
    """Do one verb with a list and with the other parts of its file; with how many.

    A part that cannot (nobody on it goes, it is past that step) is passed by; the refusal of the
    list itself is raised when no part could.
    """
    found = ErasureList.objects.get(id=list_id)
    parts = sorted([found, *others_of(found)], key=lambda each: each.part)
    refused: dict[UUID, ListRefused] = {}
    for each in parts:
        try:
            verb(list_id=each.id, at=at, actor=actor)
        except ListRefused as refusal:
            refused[each.id] = refusal
    if len(refused) == len(parts):
        raise refused[list_id]
    return len(parts) - len(refused)


@transaction.atomic
def approve_list(*, list_id: UUID, at: datetime, actor: Actor) -> ErasureList:
    """Begin to forget them: the list becomes an erasure, and a worker carries it out.

    Looked at anew: who is held, frozen or asked something meanwhile stays. Raises ListRefused for
    who asked, for a list that waited too long, and when nobody is left on it.
    """
    found = _locked(list_id, ListStep.APPROVE, at=at, actor=actor)
    people = _count(found)
    try:
        run = begin_erasure(person_ids=people, by=ErasureRun.By.STAFF, actor=actor, at=at)
    except (PersonGone, HeldByLaw):  # gone, or held in this very moment: look anew
        raise ListRefused(refusal_sentence(ListRefusal.NOBODY)) from None
    in_another = ErasureList.objects.filter(run_id=run.id).exists()  # or in another part's
    if in_another or run.started_at != at or run.by_staff != actor.id:  # all of them go already
        raise ListRefused(refusal_sentence(ListRefusal.NOBODY))
    found.state, found.run_id = State.RUNNING, run.id
    found.decided_at, found.approved_by = at, actor.id
    found.save(update_fields=["state", "run_id", "decided_at", "approved_by"])
    found.rows.all().delete()  # the erasure has its own list now
    _trail(found, "list.approve", at=at, actor=actor)
    app.configure_task(WORK_JOB, queueing_lock=f"{WORK_JOB} {found.id}").defer(
        list_id=str(found.id)
    )
    return found


@transaction.atomic
def refuse_list(*, list_id: UUID, at: datetime, actor: Actor) -> ErasureList:
    """Nobody of this list goes; who stood on it is forgotten as a list. Also by who made it."""
    found = _locked(list_id, ListStep.REFUSE, at=at, actor=actor)
    found.state, found.decided_at, found.refused_by = State.REFUSED, at, actor.id
    found.save(update_fields=["state", "decided_at", "refused_by"])
    found.rows.all().delete()
    _trail(found, "list.refuse", at=at, actor=actor)
    return found


@transaction.atomic
def stop_list(*, list_id: UUID, at: datetime, actor: Actor) -> ErasureList:
    """Stop after the batch that is under way: who is not gone yet stays, and is on no list more.

    Who is gone is looked for and certified as ever.
    """
    found = _locked(list_id, ListStep.STOP, at=at, actor=actor)
    run = ErasureRun.objects.select_for_update().get(id=found.erasure_id)
    stays = run.pending.all().delete()[0]
    run.people -= stays
    run.save(update_fields=["people"])
    found.stopped_at, found.stopped_by = at, actor.id
    found.save(update_fields=["stopped_at", "stopped_by"])
    _trail(found, "list.stop", at=at, actor=actor)
    return found


def _locked(list_id: UUID, step: ListStep, *, at: datetime, actor: Actor) -> ErasureList:
    """The list, held until the step is done. Raises ListRefused."""
    found = ErasureList.objects.select_for_update().get(id=list_id)
    refusal = refusal_of(
        step,
        state=found.state,
        by=actor.id,
        made_by=found.made_by,
        is_late=found.expires_at <= at,
        goes=found.goes,
    )
    if refusal is not None:
        raise ListRefused(refusal_sentence(refusal))
    return found


def work_list(*, list_id: UUID, at: datetime) -> None:
    """Carry an approved list out, batch by batch, look for all of them once, and report.

    Safe to do again after a kill; somebody else at work: nothing is done.
    """
    found = ErasureList.objects.get(id=list_id)
    if found.state != State.RUNNING or found.run_id is None:
        return
    with alone_or_not(found.run_id) as is_alone:
        if is_alone:
            run = carry_out(run_id=found.run_id, actor=Actor.staff(_approver(found)), at=at)
            note_again(run)  # a kill may have come between a batch and its line in the journal
            prove(run_id=found.run_id, at=at)
    finish_lists(at=at)


def _approver(found: ErasureList) -> UUID:
    if found.approved_by is None:  # the database refuses that
        raise ListRefused(refusal_sentence(ListRefusal.NOT_NOW))
    return found.approved_by


def finish_lists(*, at: datetime) -> int:
    """Report on every list whose erasure is proven; how many. Who proved it does not matter."""
    proven = ErasureRun.objects.filter(state=ErasureRun.State.CLEAN)
    found_proven = ErasureList.objects.filter(state=State.RUNNING, run_id__in=proven.values("id"))
    waiting = list(found_proven.values_list("id", flat=True))
    for each in waiting:
        with transaction.atomic():
            found = ErasureList.objects.select_for_update().get(id=each)
            if found.state == State.RUNNING:
                sign_report(found, at=at)
    return len(waiting)


def tidy_lists(*, at: datetime) -> int:
    """Lists that nobody approved in time expire, with who stood on them; old records go."""
    late = list(
        ErasureList.objects.filter(state__in=[State.DRAFT, State.ASKED], expires_at__lte=at)
    )
    _drop(late, at=at)
    day = law_day(at)
    since = add_years(day, -parameter("erasure-record-term", day))
    ErasureList.objects.exclude(state=State.RUNNING).filter(made_at__date__lt=since).delete()
    return len(late)


@transaction.atomic
def _drop(late: Iterable[ErasureList], *, at: datetime) -> None:
    for each in late:
        each.state = State.EXPIRED
        each.save(update_fields=["state"])
        each.rows.all().delete()
        _trail(each, "list.expire", at=at, actor=Actor.system())


def _trail(found: ErasureList, action: str, *, at: datetime, actor: Actor) -> None:
    record_change(actor=actor, action=action, object_kind="erasure-list", object_id=found.id, at=at)
