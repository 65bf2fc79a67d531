"""The person asks for their own data, or to be forgotten: a fresh link goes to the mailbox."""

from datetime import datetime, timedelta
from email.utils import formataddr

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.law.request_rules import RequestKind
from akkoord.people.models import ContactPoint
from akkoord.people.queries import all_ids
from akkoord.register.queries import organisation
from akkoord.rights.actions import RequestFacts, open_request
from akkoord.rights.log import note
from akkoord.rights.models import RequestPart, RightsRequest
from akkoord.rights.tokens import ACCESS, ERASURE, mailed_link
from akkoord.trail.actions import Actor

ANSWERS = {
    ACCESS: (RequestKind.ACCESS, RequestKind.PORTABILITY),
    ERASURE: (RequestKind.ERASURE,),
}
"""What each kind of link answers: with the data goes what may be taken along."""
MAILS = 3  # links a day for one request: nobody's mailbox is flooded
DAY = timedelta(days=1)


def ask_by_mail(*, point: ContactPoint, kind: str, language: str, at: datetime) -> bool:
    """Mail the link that shows or erases; whether a mail was sent.

    The request counts from now; it waits for the press in the mailbox. Three mails a day at
    most.
    """
    with transaction.atomic():
        ContactPoint.objects.select_for_update(no_key=True).get(id=point.id)
        request = waiting_request(point, kind, at=at)
        if request is None:
            request = open_request(
                facts=RequestFacts(
                    kinds=(kind,),
                    channel=RightsRequest.Channel.PREFERENCES,
                    received_at=at,
                    person_id=point.person_id,
                    identity="mailbox",
                    state=RightsRequest.State.WAITING_IDENTITY,
                    language=language,
                ),
                at=at,
                actor=Actor.person(),
            )
        of_today = request.steps.filter(code="data-link-mailed", at__gt=at - DAY)
        if of_today.count() >= MAILS:
            return False
        note(request, "data-link-mailed", at=at, actor=Actor.person(), kind=kind)
        return _mail(point, kind, language, at=at)


def waiting_request(point: ContactPoint, kind: str, *, at: datetime) -> RightsRequest | None:
    """The request that this kind of link answers: a confirmed one, or one of today that waits."""
    return waiting_requests(point, kind, at=at).first()


def waiting_requests(point: ContactPoint, kind: str, *, at: datetime) -> QuerySet[RightsRequest]:
    """Every request that this kind of link answers, the oldest first."""
    parts = RequestPart.objects.filter(
        request=OuterRef("pk"), kind__in=ANSWERS[kind], state=RequestPart.State.OPEN
    )
    return RightsRequest.objects.filter(
        Exists(parts),
        Q(state=RightsRequest.State.OPEN)
        | Q(state=RightsRequest.State.WAITING_IDENTITY, received_at__gt=at - DAY),
        subject_id__in=all_ids(point.person_id),
    ).order_by("id")


def _mail(point: ContactPoint, kind: str, language: str, *, at: datetime) -> bool:
    """Put the mail in the outbox; False when no mail can go to this address."""
    house = organisation()
    link = mailed_link(point_id=point.id, kind=kind, at=at)
    context = {"organisation": house, "link": link, "is_access": kind == ACCESS}
    with translation.override(language):
        parts = {
            part: render_to_string(f"rights/mail/link/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=MessageKind.MAILBOX_CHECK,
            recipient=point.value,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            html=parts["body.html"],
            subject_id=point.person_id,
            headers=sender,
            at=at,
        )
    except UnfitMail:
        return False
    return True
