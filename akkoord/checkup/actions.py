"""Answering, planning, and keeping how it stood."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from akkoord.checkup.models import Answer, Snapshot, Task
from akkoord.checkup.queries import check_up, is_point, question_of
from akkoord.checkup.refused import CheckUpRefused as CheckUpRefused
from akkoord.law.sensitive import classes_in
from akkoord.law.terms import add_months, law_day
from akkoord.people.queries import is_somebody_named
from akkoord.trail.actions import Actor, record_change


@transaction.atomic
def answer_question(
    *,
    key: str,
    says: str,
    evidence: str = "",
    owner: UUID | None = None,
    at: datetime,
    actor: Actor,
) -> Answer:
    """Answer a question; the answer counts until its review. Earlier answers stay as history.

    `owner`: the member of staff who sees to it; whoever answers, unless another is chosen.
    Refuses (CheckUpRefused) an unknown question, a yes without what shows it, and a text that
    names somebody or holds special data: the dossier goes to others.
    """
    question = question_of(key)
    if question is None or says not in Answer.Says.values:
        raise CheckUpRefused("says", _("Choose an answer."))
    evidence = " ".join(evidence.split())
    if says != Answer.Says.NO and not evidence:
        raise CheckUpRefused(
            "evidence",
            _("Say in a few words what shows it. A check-up of bare yeses proves nothing."),
        )
    if classes_in(evidence) or is_somebody_named(evidence):
        raise CheckUpRefused(
            "evidence",
            _("This names somebody, or says something private of them. Say it without (art. 5)."),
        )
    today = law_day(at)
    Answer.objects.filter(question=key, replaced_at=None).update(replaced_at=at)
    answer = Answer.objects.create(
        question=key,
        says=says,
        evidence=evidence,
        answered_at=at,
        answered_by=actor.id,
        owner=owner or actor.id,
        review_on=add_months(today, question.months),
    )
    record_change(
        actor=actor,
        action="checkup.answer",
        object_kind="checkup",
        object_id=answer.id,
        fields=[key],
        at=at,
    )
    return answer


@transaction.atomic
def plan_task(*, point: str, due_on: date, owner: UUID | None, at: datetime, actor: Actor) -> Task:
    """Say who does something and by which day; a new day replaces the old one.

    Refuses (CheckUpRefused) a day that has passed, and a point that does not exist.
    """
    if not is_point(point):
        raise CheckUpRefused("due_on", _("There is no such point."))
    if due_on < law_day(at):
        raise CheckUpRefused("due_on", _("This day has passed."))
    task, _made = Task.objects.update_or_create(
        point=point,
        done_at=None,
        defaults={
            "due_on": due_on,
            "owner": owner,
            "planned_at": at,
            "planned_by": actor.id,
        },
    )
    record_change(
        actor=actor, action="checkup.plan", object_kind="checkup", object_id=task.id, at=at
    )
    return task


@transaction.atomic
def finish_task(*, point: str, at: datetime, actor: Actor) -> bool:
    """Mark what was planned as done; whether there was such a task."""
    task = Task.objects.select_for_update().filter(point=point, done_at=None).first()
    if task is None:
        return False
    task.done_at = at
    task.save(update_fields=["done_at"])
    record_change(
        actor=actor, action="checkup.done", object_kind="checkup", object_id=task.id, at=at
    )
    return True


def keep_today(*, at: datetime) -> Snapshot:
    """Keep how it stands today; once more on a day replaces it."""
    found = check_up(at=at)
    snapshot, _made = Snapshot.objects.update_or_create(
        day=law_day(at),
        defaults={
            "score": found.score,
            "duties": {each.duty.value: each.score for each in found.duties},
            "points": {each.key: each.finding.state.value for each in found.seen},
        },
    )
    return snapshot
