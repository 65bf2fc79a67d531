"""The nightly clean-up: requests nobody confirmed, and whatever is past its term."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from akkoord.consent.actions import expire_sign_ups
from akkoord.law.retention_rules import Effect
from akkoord.retention.due import FIELDS, who_waits
from akkoord.retention.models import ImportClearance, RetentionRun
from akkoord.retention.queries import waiting_files
from akkoord.retention.run import alone, begin_run, finish_run, work_run
from akkoord.retention.sweeps import sweep_stores
from akkoord.trail.actions import Actor, record_change


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What one clean-up did."""

    run: RetentionRun
    expired_sign_ups: int
    forgotten: int
    waiting: int
    reduced: int = 0
    emptied: int = 0  # people of whom fields went, and who stay
    restricted: int = 0
    books: int = 0  # sales without a person whose fiscal term is over
    stores: dict[str, int] = field(default_factory=dict)  # rows past a term of their own


def clean_up(*, at: datetime, actor: Actor | None = None) -> CleanUp:
    """Expire what was not confirmed, and let go of what is past its term (INV-39, 44).

    Resumable: a run that was cut short is ended first; what was not reached is due the next night.
    Raises CleanUpUnderWay while somebody else is at it.
    """
    expired = 0
    while count := expire_sign_ups(at=at):
        expired += count
    today = timezone.localtime(at).date()
    _note_waiting(today=today)
    with alone():
        run = _work(at=at, actor=actor or Actor.system())
        if run.on_day < today:  # that was one that was cut short
            run = _work(at=at, actor=actor or Actor.system())
    people: dict[str, int] = {}
    stores: dict[str, int] = {}
    for line in run.lines.all():
        people[line.effect] = people.get(line.effect, 0) + line.people
        if line.store and line.effect != FIELDS:
            stores[line.store] = line.rows
    return CleanUp(
        run=run,
        expired_sign_ups=expired,
        forgotten=people.get(Effect.ERASE, 0),
        waiting=sum(who_waits(today=today).values()),
        reduced=people.get(Effect.BLANK, 0),
        emptied=people.get(FIELDS, 0),
        restricted=people.get(Effect.RESTRICT, 0),
        books=stores.get("people_purchase", 0),
        stores=stores,
    )


def _work(*, at: datetime, actor: Actor) -> RetentionRun:
    """One run to its end: people, then stores with a term of their own, then its certificate."""
    run = begin_run(at=at, actor=actor)
    work_run(run=run, at=at)
    sweep_stores(run=run, at=at)
    return finish_run(run_id=run.id, at=at)


def _note_waiting(*, today: date) -> None:
    """Note since when the people of a file wait for the owner's yes."""
    ImportClearance.objects.bulk_create(
        [
            ImportClearance(import_id=each.import_id, first_due_on=today)
            for each in waiting_files(today)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def agree_to_clear(*, import_id: UUID, at: datetime, actor: Actor) -> ImportClearance:
    """The owner's yes for one file: whoever has no basis goes tonight. Twice is once."""
    clearance, _new = ImportClearance.objects.get_or_create(
        import_id=import_id, defaults={"first_due_on": timezone.localtime(at).date()}
    )
    if clearance.agreed_at is None:
        clearance.agreed_at, clearance.agreed_by = at, actor.id
        clearance.save(update_fields=["agreed_at", "agreed_by"])
        record_change(
            actor=actor,
            action="retention.agree",
            object_kind="import",
            object_id=import_id,
            at=at,
        )
    return clearance
