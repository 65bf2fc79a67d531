"""Reminders to whoever answers requests: 14, 7 and 2 days before the due day, and when it passed.

Once per step, however many workers there are: the log of the request takes each step once (INV-33).
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
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.law.request_rules import OVERDUE, reminder_step
from akkoord.law.terms import law_day
from akkoord.register.queries import organisation
from akkoord.rights.log import note
from akkoord.rights.models import RightsRequest
from akkoord.rights.queries import RequestRow, open_requests
from akkoord.trail.actions import Actor

MOST = 10_000


def responsible() -> list[Staff]:
    """Who may answer a request and has an account that works."""
    roles = [role for role, may in MAY.items() if Action.ANSWER_REQUEST in may]
    return list(Staff.objects.filter(role__in=roles, is_active=True).order_by("email"))


def remind(*, at: datetime) -> int:
    """Write to who answers, for each request that reached a step it was not reminded of; how many.

    One that was put off for days gets the nearest step only, not each that was missed.
    """
    people = responsible()
    reminded = 0
    for row in open_requests(law_day(at), MOST):
        step = reminder_step(row.days)
        is_ours = row.request.state == RightsRequest.State.OPEN or row.waits_for_letter
        if step is None or not is_ours:
            continue
        code = "reminded-late" if step == OVERDUE else f"reminded-{step}"
        code += "-again" if row.due > row.request.due_on else ""  # the longer term has its own
        try:
            with transaction.atomic():
                note(row.request, code, at=at, actor=Actor.system())
                for each in people:
                    _mail(each, row, at=at)
        except IntegrityError:  # reminded already
            continue
        reminded += 1
    return reminded


def _mail(staff: Staff, row: RequestRow, *, at: datetime) -> None:
    """One reminder; it names no person, only the reference."""
    house = organisation()
    path = reverse("rights:request", args=[row.request.id])
    context = {"row": row, "link": f"{settings.BASE_URL}{path}", "organisation": house}
    with translation.override(getattr(staff, "language", "") or "nl"):
        kinds = [str(RightsRequest.Kind(each).label) for each in row.request.kinds]
        parts = {
            part: render_to_string(f"rights/mail/reminder/{part}", {**context, "kinds": kinds})
            for part in ("subject.txt", "body.txt")
        }
    sender = {"From": formataddr((house.sender_name, house.sender_email))} if house else {}
    try:
        enqueue_mail(
            kind=MessageKind.STAFF,
            recipient=staff.email,
            subject=" ".join(parts["subject.txt"].split()),
            text=parts["body.txt"],
            headers=sender,
            at=at,
        )
    except UnfitMail:
        return
