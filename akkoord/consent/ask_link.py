"""Mailing a fresh link to the preference centre: asked by anybody, answered to the mailbox."""

from datetime import datetime, timedelta

from django.db import transaction

from akkoord.consent.mails import send_preference_link
from akkoord.consent.models import LinkRequest
from akkoord.consent.refusals import ConsentRefused
from akkoord.datamap.holds import held_people
from akkoord.datamap.identifiers import BadIdentifier, normalise_email
from akkoord.law.ip import truncate_ip
from akkoord.law.reasons import Reason
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint

PER_ADDRESS = 3  # links a day to one mailbox
PER_NETWORK = 30  # questions a day from one /24 or /48
DAY = timedelta(days=1)


def ask_preference_link(*, email: str, language: str, ip: str, at: datetime) -> None:
    """Mail a link when the address is known; say nothing about whether it is.

    Refuses only what no address can be, and too many questions from one network.
    """
    try:
        normalised = normalise_email(email)
    except BadIdentifier:
        raise ConsentRefused(Reason.BAD_ADDRESS, field="email") from None
    network = truncate_ip(ip) or ""
    if network and (
        LinkRequest.objects.filter(network=network, asked_at__gt=at - DAY).count() >= PER_NETWORK
    ):
        raise ConsentRefused(Reason.TOO_MANY_ATTEMPTS)
    point = ContactPoint.objects.filter(
        normalised=normalised, channel=Channel.EMAIL, ended_at=None
    ).first()
    with transaction.atomic():
        if point is None:
            LinkRequest.objects.create(network=network, asked_at=at)
        else:
            mail_preference_link(point=point, language=language, network=network, at=at)


def mail_preference_link(
    *, point: ContactPoint, language: str, at: datetime, network: str = ""
) -> bool:
    """Mail a fresh link to this very mailbox, three a day at most; whether it was mailed."""
    with transaction.atomic():
        ContactPoint.objects.select_for_update(no_key=True).get(id=point.id)
        of_late = LinkRequest.objects.filter(contact_point=point, asked_at__gt=at - DAY)
        if of_late.count() >= PER_ADDRESS:
            return False
        LinkRequest.objects.create(contact_point=point, network=network, asked_at=at)
        send_preference_link(point=point, language=language, at=at)
    return True


def forget_old_requests(*, at: datetime) -> int:
    """Remove what is no longer counted, but of who is held for a legal claim; how many."""
    old = LinkRequest.objects.filter(asked_at__lte=at - DAY)
    return old.exclude(contact_point__person_id__in=held_people()).delete()[0]
