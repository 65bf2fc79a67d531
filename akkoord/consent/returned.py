"""Letters that came back, many at once: an address that is no more, one that keeps failing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from akkoord.consent.models import IncomingMail
from akkoord.people.actions import mark_undeliverable

SOFT_LIMIT = 5  # letters that came back within SOFT_WITHIN: then the address does not work
SOFT_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Return:
    """One letter that came back. `digest`: by which a repeat is known; `status`: its code."""

    point_id: UUID
    digest: bytes
    is_hard: bool
    status: str = ""


def note_returns(found: Sequence[Return], *, at: datetime) -> int:
    """Write down letters that came back, and mark the addresses that do not work; how many.

    An address that is no more is marked at once; one whose letters keep coming back, mail and
    provider counted together, after SOFT_LIMIT within SOFT_WITHIN. A few statements for all.
    """
    IncomingMail.objects.bulk_create(
        [
            IncomingMail(
                digest=each.digest,
                outcome=IncomingMail.RETURNED,
                received_at=at,
                contact_point_id=each.point_id,
            )
            for each in found
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    failing = {each.point_id: each.status for each in found if not each.is_hard}
    often = _often([*failing], at=at) if failing else set()
    why = {point: status for point, status in failing.items() if point in often}
    why |= {each.point_id: each.status for each in found if each.is_hard}
    by_code: dict[str, list[UUID]] = {}
    for point, status in why.items():
        by_code.setdefault(status or "returned", []).append(point)
    return sum(
        mark_undeliverable(point_ids=points, why=code, at=at) for code, points in by_code.items()
    )


def _often(points: list[UUID], *, at: datetime) -> set[UUID]:
    """Those of these addresses whose letters keep coming back."""
    lately = IncomingMail.objects.filter(
        contact_point__in=points, outcome=IncomingMail.RETURNED, received_at__gt=at - SOFT_WITHIN
    )
    counted = lately.values("contact_point").annotate(n=Count("id")).filter(n__gte=SOFT_LIMIT)
    return set(counted.values_list("contact_point", flat=True))
