"""The nightly clean-up: requests nobody confirmed, people whom nothing keeps here."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from akkoord.consent.actions import expire_sign_ups
from akkoord.datamap.forgetting import forget_people
from akkoord.people.actions import reduce_to_proof
from akkoord.retention.models import ImportClearance
from akkoord.retention.queries import (
    agreements_past_term,
    books_past_term,
    due_people,
    left_behind,
    may_go_now,
    past_customers,
    waiting_files,
)
from akkoord.trail.actions import Actor, record_change

BATCH = 500  # people in one erasure and one check of everything


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What one clean-up did."""

    expired_sign_ups: int
    forgotten: int
    waiting: int
    reduced: int = 0
    books: int = 0  # sales without a person whose fiscal term is over


def clean_up(*, at: datetime) -> CleanUp:
    """Expire what was not confirmed, let the profile go of who said no, and forget who is due and
    need not wait (INV-39, 44).

    Resumable: what was not reached is due the next night.
    """
    expired = 0
    while count := expire_sign_ups(at=at):
        expired += count
    today = timezone.localtime(at).date()
    _note_waiting(today=today)
    # AVG 5(1)(e): a customer is kept until three years after the last sale.
    past_customers(today).update(judge_by=today)
    books = books_past_term(today).delete()[0]
    agreements_past_term(today).delete()
    reduced = 0
    while ids := list(left_behind(today).order_by("id").values_list("id", flat=True)[:BATCH]):
        reduced += reduce_to_proof(person_ids=ids, at=at)
    forgotten = 0
    while ids := list(may_go_now(today).order_by("id").values_list("id", flat=True)[:BATCH]):
        done = forget_people(person_ids=ids, at=at)
        forgotten += done
        if not done:
            break
    return CleanUp(expired, forgotten, due_people(today).count(), reduced, books)


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
