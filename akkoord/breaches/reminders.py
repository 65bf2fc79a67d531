"""Mails to whoever decides about leaks, as the 72 hours run out: at a day, at eight hours, after.

Once per step, however many workers there are: the log of the leak takes each step once.
"""

from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.access import MAY, Action
from akkoord.accounts.models import Staff
from akkoord.breaches.log import note
from akkoord.breaches.models import Breach
from akkoord.breaches.queries import open_leaks
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.breach_rules import hours_left
from akkoord.law.message_kinds import MessageKind
from akkoord.register.queries import organisation
from akkoord.trail.actions import Actor

STEPS = (8, 24)  # hours before the time is over


def deciders() -> list[Staff]:
    """Who may decide about a leak and has an account that works."""
    roles = [role for role, may in MAY.items() if Action.DECIDE_LEAK in may]
    return list(Staff.objects.filter(role__in=roles, is_active=True).order_by("email"))


def remind(*, at: datetime) -> int:
    """Write to who decides, for each leak that reached a step it was not reminded of; how many.

    A drill writes to nobody.
    """
    reminded = 0
    people = deciders()
    for breach in open_leaks():
        code = _step(hours_left(breach.due_at, at))
        if not code:
            continue
        try:
            with transaction.atomic():
                note(breach, code, at=at, actor=Actor.system())
                for each in people:
                    _mail(each, breach, at=at)
        except IntegrityError:  # reminded already
            continue
        reminded += 1
    return reminded


def _step(hours: int) -> str:
    """The nearest step that was reached; empty: none yet."""
    if hours < 0:
        return "reminded-late"
    return next((f"reminded-{step}" for step in STEPS if hours < step), "")


def _mail(staff: Staff, breach: Breach, *, at: datetime) -> None:
    """One reminder; it says the reference and nothing of what happened."""
    house = organisation()
    link = f"{settings.BASE_URL}{reverse('breaches:breach', args=[breach.id])}"
    hours = hours_left(breach.due_at, at)
    context = {"breach": breach, "hours": hours, "link": link, "organisation": house}
    with translation.override(staff.language or "nl"):
        subject, body = (
            render_to_string(f"breaches/mail/reminder/{part}", context)
            for part in ("subject.txt", "body.txt")
        )
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=MessageKind.STAFF,
            recipient=staff.email,
            subject=" ".join(subject.split()),
            text=body,
            headers=sender,
            at=at,
        )
    except UnfitMail:
        return
