"""A request of a person that another system passes on; the mailbox is asked as on the page."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from akkoord.api.problems import Wrong
from akkoord.api.schemas import RequestIn
from akkoord.consent.actions import ConsentRefused
from akkoord.consent.sentences import sentence_of
from akkoord.rights.inbox import Asked, take_request
from akkoord.rights.models import RightsRequest
from akkoord.rights.refusals import RequestRefused
from akkoord.trail.actions import Actor


def take_passed_on(payload: RequestIn, *, actor: Actor, at: datetime) -> None:
    """Take it; the clock runs from when the other system heard it (INV-33).

    Raises Wrong: what can be no address, a day to come, numbers of identity papers (with a no to
    marketing only the words that hold one are left out).
    """
    received = payload.received_at or at
    received = received if received.tzinfo else received.replace(tzinfo=UTC)
    if received > at:
        raise Wrong(422, "bad-field", _("This day is still to come."), field="received_at")
    asked = Asked(
        kinds=tuple(payload.kinds),
        email=payload.address,
        words=payload.words,
        language=payload.language,
    )
    try:
        take_request(
            asked,
            at=at,
            channel=RightsRequest.Channel.API,
            received_at=received,
            actor=actor,
        )
    except ConsentRefused as refused:
        raise Wrong(422, refused.reason.value, sentence_of(refused.reason), "address") from None
    except RequestRefused as refused:
        raise Wrong(422, "identity-papers", refused.sentence, refused.field) from None
