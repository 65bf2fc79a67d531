"""More time: two months, with a reason, told within the first month (art. 12(3), INV-33)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akkoord.law.deadlines import extended_due, request_due
from akkoord.law.message_kinds import MessageKind
from akkoord.rights.due_days import dutch_holidays, received_on
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

    Without a mailbox the first month binds until `tell_extension` says that the person was told.
    Refuses an extension after the first month, without a reason, and a second one.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    day = received_on(request)
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
        _told(request, on=timezone.localtime(at).date(), at=at, actor=actor)


def _told(request: RightsRequest, *, on: date, at: datetime, actor: Actor) -> None:
    request.extension_told_on = on
    request.save(update_fields=["extension_told_on"])
    note(request, "extension-told", at=at, actor=actor, facts={"on": on.isoformat()})


@transaction.atomic
def tell_extension(*, request_id: UUID, on: date, at: datetime, actor: Actor) -> RightsRequest:
    """The person was told of the extension on paper, or in person, on this day.

    Told after the first month it is written down, and the first month still binds (INV-33).
    Refuses a day before the request or after today, and what was not extended or told already.
    """
    request = RightsRequest.objects.select_for_update().get(id=request_id)
    if request.extended_until is None or request.extension_told_on is not None:
        raise RequestRefused(_("There is no extension to tell."))
    if not received_on(request) <= on <= timezone.localtime(at).date():
        raise RequestRefused(
            _("Choose a day from when the request came in until today."), "told_on"
        )
    _told(request, on=on, at=at, actor=actor)
    return request
