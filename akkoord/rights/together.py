"""Many people whose term is over: erased batch by batch, then looked for once, for all together.

Who says whose term is over asks again before each batch, so the list of such a run never lies: a
run that was killed drops the people whom it had not reached, and proves those who went.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from akkoord.datamap.holds import HeldByLaw
from akkoord.rights.begin import PersonGone, begin_erasure
from akkoord.rights.carry_out import erase_batch
from akkoord.rights.models import ErasurePending, ErasureRun
from akkoord.rights.prove import alone, alone_or_not, prove
from akkoord.trail.actions import Actor


@contextmanager
def forget_together(*, at: datetime) -> Iterator[Callable[[Sequence[UUID]], int]]:
    """Gives a function that forgets a batch for good and says how many went; at the end one look
    everywhere for all of them, and one certificate.

    They did not ask to be forgotten, their term was over: only what they said no to stays a no.
    Nobody of a batch is there or all are held: 0. Broken off: what went is proven by the job.
    """
    batches = _Batches(at)
    with ExitStack() as stack:
        yield lambda people: batches.forget(people, stack)
        if batches.run is not None:
            end_retention(batches.run)
            prove(run_id=batches.run.id, at=at)


class _Batches:
    """The run of these batches, begun with the first of them."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self.run: ErasureRun | None = None

    def forget(self, people: Sequence[UUID], stack: ExitStack) -> int:
        """Forget these people for good, in transactions of their own; how many went."""
        by = ErasureRun.By.RETENTION
        end_killed(people)
        before = self.run.people if self.run else 0
        try:
            run = self._begin(people)
        except (PersonGone, HeldByLaw):
            return 0
        if self.run is None and run.by_kind == by and run.people == run.pending.count():
            stack.enter_context(alone(run.id))  # the job leaves a run alone at which we work
            self.run = run
        if self.run is None or run.id != self.run.id:
            return 0  # somebody else forgets them at this moment
        while run.pending.exists():
            erase_batch(run_id=run.id, actor=Actor.system(), at=self._at, is_last=False)
        self.run.refresh_from_db()
        return self.run.people - before

    def _begin(self, people: Sequence[UUID]) -> ErasureRun:
        """Begin with these people, without who was held a moment ago. Raises PersonGone, and
        HeldByLaw when that is everybody."""
        by, actor = ErasureRun.By.RETENTION, Actor.system()
        try:
            return begin_erasure(person_ids=people, by=by, actor=actor, at=self._at, run=self.run)
        except HeldByLaw as problem:
            held = {each.person_id for each in problem.holds}
            free = [each for each in people if each not in held]
            if not free or len(free) == len(people):
                raise
            return self._begin(free)


def forget_for_retention(*, person_ids: Sequence[UUID], at: datetime) -> int:
    """Forget people whose term is over, in one run; how many. Nobody of them: 0."""
    with forget_together(at=at) as forget:
        return forget(person_ids)


def end_killed(people: Sequence[UUID]) -> None:
    """Let go of runs of this kind that were killed with one of these people on their list."""
    stale = ErasureRun.objects.filter(
        state=ErasureRun.State.BEGUN,
        by_kind=ErasureRun.By.RETENTION,
        id__in=ErasurePending.objects.filter(person_id__in=people).values("run_id"),
    )
    for run in stale:
        with alone_or_not(run.id) as is_alone:
            if is_alone:
                end_retention(run)


@transaction.atomic
def end_retention(run: ErasureRun) -> None:
    """Nobody is left on the list: whom the run had not reached is not on it any more.

    Whoever says that a term is over says it anew for them: they may have bought something since.
    A run that reached nobody goes.
    """
    begun = ErasureRun.objects.filter(
        id=run.id, state=ErasureRun.State.BEGUN, by_kind=ErasureRun.By.RETENTION
    )
    dropped = ErasurePending.objects.filter(run__in=begun).delete()[0]
    if not run.search.exists():
        begun.delete()
        return
    begun.update(state=ErasureRun.State.ERASED, people=F("people") - dropped)
