"""Reads of legal holds."""

from collections.abc import Sequence
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


def holds_among(person_ids: Sequence[UUID] | None) -> list[Hold]:
    """The holds on these people, by any of their ids; None: on everybody. One query."""
    holds = holds_that_count().filter(person__isnull=False)
    if person_ids is not None:
        named = Q(person_id__in=person_ids) | Q(person__aliases__old_id__in=person_ids)
        holds = holds.filter(named)
    asked = None if person_ids is None else set(person_ids)
    return [
        Hold(person_id=each, reason=reason, until=until)
        for each, reason, until in sorted(
            {
                (one, reason, until)
                for now, former, reason, until in holds.values_list(
                    "person_id", "person__aliases__old_id", "reason", "until"
                )
                for one in (now, former)
                if one and (asked is None or one in asked)
            },
            key=lambda each: each[:2],
        )
    ]
