"""An erasure that must wait for a legal claim (art. 17(3)(e) GDPR): noted, and nothing is used."""

from datetime import datetime

from django.db import transaction

from akkoord.consent.actions import restrict_person
from akkoord.people.models import Person
from akkoord.rights.models import RightsRequest
from akkoord.trail.actions import Actor


@transaction.atomic
def wait_for_claim(*, person: Person, request: RightsRequest | None, at: datetime) -> None:
    """The request stands open, so that staff answers it in time and erases once the hold ends.

    Until then the record is frozen: it is kept for the claim and used for nothing else (art. 18).
    """
    restrict_person(person_id=person.id, actor=Actor.person(), at=at)
    if request is not None:
        RightsRequest.objects.filter(
            id=request.id, state=RightsRequest.State.WAITING_IDENTITY
        ).update(state=RightsRequest.State.OPEN, identity="mailbox")
