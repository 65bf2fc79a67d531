"""What nobody confirmed ends; whoever came by that request alone is judged (INV-13, 44)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.consent.events import Fact, append
from akkoord.consent.models import SignUp, Standing
from akkoord.datamap.holds import held_people
from akkoord.law.states import LIVE_STATES, Method, PermissionState
from akkoord.law.terms import law_day
from akkoord.people.models import ContactPoint, Person
from akkoord.register.models import PurposeVersion
from akkoord.trail.actions import Actor


def expire_sign_ups(*, at: datetime, limit: int = 1000) -> int:
    """End requests whose term is over: an `expired` event each, the names go; how many.

    Whoever came by this request alone is to be judged the same day, and goes (INV-44). Of who is
    held for a legal claim it waits: nobody can confirm it any more, and it gives no right to send.
    """
    due = SignUp.objects.filter(state=SignUp.WAITING, expires_at__lte=at).order_by("expires_at")
    due = due.exclude(person_id__in=held_people())
    return sum(end_request(each, at=at) for each in due[:limit])


def end_request(sign_up: SignUp, *, at: datetime) -> int:
    """End one request, unless it was confirmed meanwhile."""
    with transaction.atomic():
        point = ContactPoint.objects.select_for_update(no_key=True).filter(
            id=sign_up.contact_point_id
        )
        if not point or not SignUp.objects.filter(id=sign_up.id, state=SignUp.WAITING).update(
            state=SignUp.EXPIRED, given_name="", family_name="", typed={}, parent_email=""
        ):
            return 0
        append(
            point=point[0],
            facts=[
                Fact(
                    version=version,
                    state=PermissionState.EXPIRED,
                    method=Method.SYSTEM,
                    # When its term ended, so that a newer request counts after it.
                    happened_at=sign_up.expires_at,
                    evidence={"sign_up": str(sign_up.id)},
                )
                for version in _lapsed(sign_up, at=at)
            ],
            actor=Actor.system(),
            at=at,
        )
        if sign_up.kind == SignUp.ADDRESS_CHANGE:  # the new mailbox never answered
            ContactPoint.objects.filter(id=sign_up.contact_point_id, verified_at=None).update(
                ended_at=at
            )
        leave_to_be_judged(sign_up.person_id, at=at)
    return 1


def _lapsed(sign_up: SignUp, *, at: datetime) -> list[PurposeVersion]:
    """What the end of this request takes away: not a live yes, nor what a newer request asks."""
    live = Standing.objects.filter(
        contact_point_id=sign_up.contact_point_id, state__in=LIVE_STATES
    ).values("purpose_id")
    newer = SignUp.objects.filter(
        contact_point_id=sign_up.contact_point_id, state=SignUp.WAITING, expires_at__gt=at
    ).values_list("purpose_version_ids", flat=True)
    return list(
        PurposeVersion.objects.filter(id__in=sign_up.purpose_version_ids)
        .exclude(id__in={version for ids in newer for version in ids})
        .exclude(purpose_id__in=live)
    )


def leave_to_be_judged(person_id: UUID, *, at: datetime) -> None:
    """Mark a person who came by a form and of whom nothing else keeps anything here."""
    Person.objects.filter(id=person_id, source="form", judge_by=None).exclude(
        id__in=Standing.objects.filter(person_id=person_id)
        .exclude(state=PermissionState.EXPIRED)
        .values("person_id")
    ).filter(relations=None, purchases=None, enquiries=None).update(judge_by=law_day(at))
