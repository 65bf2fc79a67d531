"""Reads of legal holds."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from akkoord.datamap.holds import Hold
from akkoord.retention.models import LegalHold


def holds_that_count() -> QuerySet[LegalHold]:
    """Holds that are neither lifted nor past their day."""
    return LegalHold.objects.filter(
        Q(until=None) | Q(until__gte=timezone.localdate()), lifted_at=None
    )


def is_activity_held(activity_key: str) -> bool:
    """Whether everything of this activity must stay for now."""
    return holds_that_count().filter(activity_key=activity_key).exists()


def holds_among(person_ids: Sequence[UUID] | None) -> list[Hold]:
    """The holds on these people, by any of their ids; None: on everybody. One query."""
    holds = holds_that_count().filter(person__isnull=False)
    if person_ids is not None:
        named = Q(person_id__in=person_ids) | Q(person__aliases__old_id__in=person_ids)
        holds = holds.filter(named)
    rows: list[tuple[UUID | None, UUID | None, str, date | None]] = list(
        holds.values_list("person_id", "person__aliases__old_id", "reason", "until")
    )
    found = {each: row for row in rows for each in row[:2] if each is not None}
    return [
        Hold(person_id=each, reason=row[2], until=row[3])
        for each, row in found.items()
        if person_ids is None or each in person_ids
    ]
