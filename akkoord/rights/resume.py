"""What the jobs of this room do: take up what was cut short, check blocked runs again, tidy up."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from akkoord.datamap.holds import HeldByLaw, held_people, is_activity_held
from akkoord.law.parameters import parameter
from akkoord.law.terms import add_months, add_years, law_day
from akkoord.register.term_queries import past_before
from akkoord.rights.carry_out import carry_out
from akkoord.rights.journal import remember_forgotten
from akkoord.rights.log import note_all
from akkoord.rights.models import ErasureRun, RequestStep, RightsRequest
from akkoord.rights.prove import alone_or_not, prove
from akkoord.rights.search import searches_of
from akkoord.rights.together import end_retention
from akkoord.trail.actions import Actor

GRACE = timedelta(minutes=5)  # somebody may be at work on it right now
WAITS = timedelta(days=7)  # how long a link that was asked for may wait to be pressed


def resume_erasures(*, at: datetime) -> int:
    """Go on with every run that was cut short, and check every blocked one again; how many ended.

    Each run by itself: one that cannot go on holds no other up. What went wrong is raised at the
    end, so that the job's log has it. Who is held for a legal claim waits until that is lifted.
    """
    ended = 0
    wrong: list[Exception] = []
    unfinished = ErasureRun.objects.exclude(state=ErasureRun.State.CLEAN)
    for run in unfinished.filter(started_at__lte=at - GRACE).order_by("started_at"):
        try:
            ended += _go_on(run, at=at)
        except HeldByLaw:
            continue  # who asked for it waits; the hold's end lets it go on
        except Exception as problem:
            problem.add_note(f"erasure {run.reference}")
            wrong.append(problem)
    if wrong:
        raise ExceptionGroup(f"{len(wrong)} erasures could not go on, {ended} ended", wrong)
    return ended


def _go_on(run: ErasureRun, *, at: datetime) -> bool:
    """Go on with one run, unless somebody is at work on it; whether it ended."""
    with alone_or_not(run.id) as is_alone:
        if not is_alone:
            return False
        if run.by_kind == ErasureRun.By.RETENTION:
            end_retention(run)  # whose term is over is asked anew before they go
            if not ErasureRun.objects.filter(id=run.id).exists():
                return False
        else:
            carry_out(run_id=run.id, actor=Actor.system(), at=at)
        note_again(run)
        return prove(run_id=run.id, at=at).state == ErasureRun.State.CLEAN


@transaction.atomic
def note_again(run: ErasureRun) -> None:
    """Note once more whom a run forgot, before it is proven.

    Who was killed between the commit and the journal noted nobody: a backup would bring them
    back (INV-36). Twice in the journal is once."""
    found = searches_of(run)
    if found is not None and found[1]:
        remember_forgotten(run, found[1])


def tidy_requests(*, at: datetime) -> int:
    """Let go of links that nobody pressed, and of records past their term; how many. Requests that
    are held for a legal claim stay."""
    # What another system heard weeks ago may have come to us today: its mail left today too.
    lately = RequestStep.objects.filter(request=OuterRef("pk"), code="opened", at__gt=at - WAITS)
    waited = list(
        RightsRequest.objects.filter(
            ~Exists(lately), state=RightsRequest.State.WAITING_IDENTITY, received_at__lte=at - WAITS
        )
    )
    note_all(waited, "lapsed", at=at, actor=Actor.system())
    lapsed = RightsRequest.objects.filter(
        id__in=[each.id for each in waited], state=RightsRequest.State.WAITING_IDENTITY
    ).update(state=RightsRequest.State.LAPSED, closed_at=at, network="")
    day = law_day(at)
    ErasureRun.objects.filter(
        places=None,  # what still stays somewhere is emptied by what the run wrote down
        state=ErasureRun.State.CLEAN,
        started_at__date__lt=add_years(day, -parameter("erasure-record-term", day)),
    ).delete()
    if is_activity_held("requests"):
        return lapsed
    records = past_before("requests", day)  # by the rule of the register
    gone = (
        RightsRequest.objects.filter(
            Q(state=RightsRequest.State.LAPSED, closed_at__date__lt=add_months(day, -1))
            | Q(closed_at__date__lt=records)
        )
        .exclude(subject_id__in=held_people())
        .delete()[1]
        .get("rights.RightsRequest", 0)
    )
    return lapsed + gone
