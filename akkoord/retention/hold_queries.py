"""Reads of legal holds."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from akkoord.datamap.holds import Hold
from akkoord.datamap.prepared import prepared
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
    everybody = person_ids is None
    rows = prepared(
        _HOLDS,
        {"everybody": everybody, "people": list(person_ids or ()), "today": timezone.localdate()},
    )
    found = {each: row for row in rows for each in row[:2] if each is not None}
    return [
        Hold(person_id=each, reason=row[2], until=row[3])
        for each, row in found.items()
        if person_ids is None or each in person_ids
    ]


# Few hold: they are read, and who is held is looked for among them.
_HOLDS = """
SELECT h.person_id, a.old_id, h.reason, h.until
  FROM retention_legalhold h LEFT JOIN people_personalias a ON a.person_id = h.person_id
 WHERE h.person_id IS NOT NULL AND h.lifted_at IS NULL
   AND (h.until IS NULL OR h.until >= %(today)s::date)
   AND (%(everybody)s::bool OR h.person_id = ANY(%(people)s::uuid[])
        OR a.old_id = ANY(%(people)s::uuid[]))
"""
