"""An erasure on record before anything is destroyed: whom it is about, and nothing gone yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from akkoord.datamap.holds import HeldByLaw, holds_on
from akkoord.law.parameters import term_end
from akkoord.law.terms import law_day
from akkoord.people.models import Person, PersonAlias
from akkoord.rights.models import ErasurePending, ErasureRun
from akkoord.rights.references import new_reference
from akkoord.trail.actions import Actor


class PersonGone(Exception):
    """There is nobody to forget: never known, or forgotten already."""


def begin_erasure(
    *,
    person_ids: Sequence[UUID],
    by: str,
    actor: Actor,
    at: datetime,
    run: ErasureRun | None = None,
) -> ErasureRun:
    """Write down that these people are to be forgotten; nothing is destroyed yet.

    Committed on its own. A person whose erasure was begun already joins that run. With a `run`
    that is begun and not ended, they are added to it. Raises PersonGone when none of them is
    there, and HeldByLaw while one of them is held for a legal claim (art. 17(3)(e)); a journal is
    replayed all the same: those were forgotten before.
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
        run = _written(run, len(fresh), by=by, actor=actor, at=at)
        ErasurePending.objects.bulk_create(
            [ErasurePending(run=run, person_id=each) for each in fresh], batch_size=5_000
        )
    return run


def _written(
    run: ErasureRun | None, people: int, *, by: str, actor: Actor, at: datetime
) -> ErasureRun:
    """A new run of so many people, or the one that is under way with so many more."""
    if run is not None:
        ErasureRun.objects.filter(id=run.id, state=ErasureRun.State.BEGUN).update(
            people=F("people") + people
        )
        return run
    return ErasureRun.objects.create(
        reference=new_reference(),
        started_at=at,
        by_kind=by,
        by_staff=actor.id,
        people=people,
        physical_due=term_end("erasure-physical-term", law_day(at)) or law_day(at),
    )


def _present(person_ids: Sequence[UUID]) -> list[UUID]:
    """The ids as they are now: a former id of a merged record is the record's."""
    merged = dict(
        PersonAlias.objects.filter(old_id__in=person_ids).values_list("old_id", "person_id")
    )
    return [merged.get(each, each) for each in person_ids]
