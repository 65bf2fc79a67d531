"""More time: two months, with a reason, told within the first month (art. 12(3), INV-33)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.law.deadlines import extended_due, request_due
from akkoord.law.message_kinds import MessageKind
from akkoord.rights.actions import dutch_holidays
from akkoord.rights.letters import draft_extension
from akkoord.rights.log import note
from akkoord.rights.models import RightsRequest
from akkoord.rights.parts import trail
from akkoord.rights.queries import mailbox_of
from akkoord.rights.refusals import OPEN_STATES, RequestRefused
from akkoord.rights.taken_mail import send
from akkoord.trail.actions import Actor


@transaction.atomic
def extend_request(*, request_id: UUID, reason: str, at: datetime, actor: Actor) -> RightsRequest:
    """Two months more; the mail that says so leaves in the same transaction.

    Refuses an extension after the first month, without a reason, and a second one.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    day = timezone.localtime(request.received_at).date()
    if not reason.strip():
        raise RequestRefused(_("Say why it takes longer. The person has a right to know."))
    if request.state not in OPEN_STATES or request.extended_until is not None:
        raise RequestRefused(_("This request cannot be extended any more."))
    if timezone.localtime(at).date() > request_due(day, dutch_holidays(day.year)):
        raise RequestRefused(_("The first month is over. More time is no longer possible."))
    request.extended_until = extended_due(day, dutch_holidays(day.year))
    request.extension_reason = reason.strip()
    request.save(update_fields=["extended_until", "extension_reason"])
    until = {"until": request.extended_until.isoformat()}
    note(request, "extended", at=at, actor=actor, facts=until)
    trail(request, "request.extend", at=at, actor=actor, fields=["extended_until"])
    _tell(request, at=at, actor=actor)
    return request


def _tell(request: RightsRequest, *, at: datetime, actor: Actor) -> None:
    """The mail with the reason; nothing when no mailbox is known."""
    point = mailbox_of(request)
    recipient = point.value if point else "" if request.subject_id else request.reply_to
    values: dict[str, object] = {"text": draft_extension(request), "link": "", "expires_at": None}
    if recipient and send(
        request, "answer", values, kind=MessageKind.RIGHTS_REPLY, recipient=recipient, at=at
    ):
        note(request, "extension-told", at=at, actor=actor)
