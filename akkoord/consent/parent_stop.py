"""A parent takes back what they agreed to for a child: one press, for ever, no question (INV-14).

The link stood in the mail that asked them. It can stop and nothing else: it shows nothing of the
child, grants nothing, and does not reach what the child said yes to themselves at sixteen
(art. 7(3) and 8(2) GDPR; INV-24, 34).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.consent.events import lock_point
from akkoord.consent.expire import end_request
from akkoord.consent.models import SignUp, Standing
from akkoord.consent.own_yes import rest_on_a_parent
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.withdraw import GONE, withdraw
from akkoord.law.states import Method
from akkoord.people.models import ContactPoint
from akkoord.trail.actions import Actor


def stop_by_parent(point_id: UUID, *, at: datetime) -> int:
    """Stop everything at this child's addresses that rests on a parent's yes; how many.

    A request that still waits for a parent ends too. The second time finds nothing and is no
    fault. GONE: the child was erased, so nothing is sent anyhow.
    """
    point = ContactPoint.objects.filter(id=point_id).first()
    if point is None:
        return GONE
    with transaction.atomic():
        for sign_up in _waiting(point.person_id):
            lock_point(sign_up.contact_point_id)
            sign_up.expires_at = at
            sign_up.save(update_fields=["expires_at"])
            end_request(sign_up, at=at)
        # In the order of ids, as whoever stops everything takes its locks.
        resting = rest_on_a_parent(Standing.objects.filter(person_id=point.person_id))
        rows = list(
            resting.order_by("contact_point_id", "purpose_id").values_list(
                "contact_point_id", "purpose_id"
            )
        )
        return sum(_stop(where, purpose, at=at) for where, purpose in rows)


def _waiting(person_id: UUID) -> list[SignUp]:
    return list(
        SignUp.objects.filter(
            person_id=person_id, state=SignUp.WAITING, child_confirmed_at__isnull=False
        ).order_by("id")
    )


def _stop(point_id: UUID, purpose_id: UUID, *, at: datetime) -> int:
    try:
        return withdraw(
            point_id=point_id,
            purpose_id=purpose_id,
            method=Method.PARENT,
            actor=Actor.person(),
            at=at,
        )
    except ConsentRefused:  # erased between two steps: nothing is sent to it any more
        return 0
