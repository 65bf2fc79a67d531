"""Two records in one series that turn out to be one person: one place, at the further letter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from akkoord.campaigns.series_models import Series, SeriesRun
from akkoord.law.reasons import Reason
from akkoord.people.joining_steps import Join

State = SeriesRun.State


def lock_series(_join: Join) -> None:
    """Wait for the round that works on them (`series_work._is_on`)."""
    list(
        Series.objects.select_for_update()
        .filter(state=Series.State.ON)
        .order_by("id")
        .values_list("id", flat=True)
    )


def one_place(join: Join) -> dict[str, Any]:
    """End the place of the record that goes where the other is or was in; what was changed.

    The one that stays goes on where the further of the two was: no letter of a series twice.
    """
    ended, moved = [], []
    mine = SeriesRun.objects.filter(person_id=join.old, state=State.WAITING)
    for old in mine.select_related("next_step").order_by("id"):
        others = SeriesRun.objects.filter(series_id=old.series_id, person_id=join.new)
        waits = others.filter(state=State.WAITING).select_related("next_step").first()
        if waits is None and not others.filter(occasion=old.occasion).exists():
            continue
        ended.append(str(old.id))
        old.state, old.reason = State.LEFT, Reason.DUPLICATE_IN_CAMPAIGN
        old.ended_at = join.at
        old.save(update_fields=["state", "reason", "ended_at"])
        if waits and _place(old) > _place(waits):
            moved.append([str(waits.id), str(waits.next_step_id), _moment(waits.due_at)])
            waits.next_step = old.next_step
            waits.due_at = max(each for each in (old.due_at, waits.due_at) if each)
            waits.save(update_fields=["next_step", "due_at"])
    ended += _through(join)
    return {"ended": ended, "moved": moved}


def _place(run: SeriesRun) -> int:
    return run.next_step.place if run.next_step else 0


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _through(join: Join) -> list[str]:
    """Who went through by the other record need not go through again."""
    out = []
    for new in SeriesRun.objects.filter(person_id=join.new, state=State.WAITING):
        done = SeriesRun.objects.filter(
            series_id=new.series_id, person_id=join.old, occasion=new.occasion, state=State.DONE
        )
        if done.exists():
            out.append(str(new.id))
    SeriesRun.objects.filter(id__in=out).update(
        state=State.LEFT, reason=Reason.DUPLICATE_IN_CAMPAIGN, ended_at=join.at
    )
    return out


def places_again(join: Join, note: Mapping[str, Any]) -> None:
    """Two people after all: each goes on where they were."""
    SeriesRun.objects.filter(
        id__in=note.get("ended", []),
        state=State.LEFT,
        reason=Reason.DUPLICATE_IN_CAMPAIGN,
        ended_at=join.since,
        next_step__isnull=False,
    ).update(state=State.WAITING, reason="", ended_at=None)
    for run, step, due in note.get("moved", []):
        SeriesRun.objects.filter(id=run, state=State.WAITING).update(next_step=step, due_at=due)
