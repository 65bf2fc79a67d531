"""The mail that answers a request typed by anybody: to the mailbox itself, and nowhere else."""

from datetime import datetime
from email.utils import formataddr

from django.template.loader import render_to_string
from django.utils import translation

from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.register.queries import organisation
from akkoord.rights.models import RightsRequest
from akkoord.rights.tokens import confirm_link


def send(
    request: RightsRequest,
    name: str,
    context: dict[str, object],
    *,
    kind: MessageKind,
    recipient: str,
    at: datetime,
) -> bool:
    """Put one of the room's mails in the outbox, in the language of the request; False: unfit."""
    house = organisation()
    values = {"organisation": house, **context}
    with translation.override(request.language):
        parts = {
            part: render_to_string(f"rights/mail/{name}/{part}", values)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=kind,
            recipient=recipient,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            html=parts["body.html"],
            subject_id=request.subject_id,
            headers=sender,
            at=at,
        )
    except UnfitMail:
        return False
    return True


def mail_taken(request: RightsRequest, *, asks: bool, at: datetime) -> bool:
    """Tell the mailbox what was asked in its name; `asks`: with the link to confirm it.

    The words that were typed stay out: somebody else may have typed them.
    """
    link = confirm_link(request_id=request.id, at=at) if asks else ""
    stopped = bool({"objection", "withdrawal"} & set(request.kinds))
    return send(
        request,
        "taken",
        {"link": link, "kinds": kind_words(request, asks=asks), "stopped": stopped},
        kind=MessageKind.MAILBOX_CHECK,
        recipient=request.reply_to,
        at=at,
    )


def kind_words(request: RightsRequest, *, asks: bool) -> list[str]:
    """What still waits for the press, in words, in the language of the request."""
    if not asks:
        return []
    with translation.override(request.language):
        return [
            str(RightsRequest.Kind(each).label)
            for each in request.kinds
            if each not in ("objection", "withdrawal")
        ]
