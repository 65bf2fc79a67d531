"""The second person hears by mail that a list waits for their yes; it names nobody of the list."""

from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from akkoord.accounts.access import Action, role_may
from akkoord.accounts.models import Role, Staff
from akkoord.delivery.outbox import UnfitMail, enqueue_mail
from akkoord.law.message_kinds import MessageKind
from akkoord.register.queries import organisation
from akkoord.rights.list_models import ErasureList


def seconds_of(found: ErasureList) -> list[Staff]:
    """Who may approve what this member of staff asks."""
    roles = [role for role in Role.values if role_may(role, Action.ERASE)]
    others = Staff.objects.filter(role__in=roles, is_active=True).exclude(id=found.made_by)
    return list(others.order_by("email"))


def tell_seconds(found: ErasureList, *, goes: int, at: datetime) -> int:
    """Mail everybody who may approve this list, in the caller's transaction; how many.

    `goes`: how many people a yes would forget, over all parts of its file.
    """
    asks = Staff.objects.filter(id=found.made_by).only("name", "email").first()
    told = 0
    for each in seconds_of(found):
        told += _mail(each, found, goes=goes, name=str(asks or ""), at=at)
    return told


def _mail(staff: Staff, found: ErasureList, *, goes: int, name: str, at: datetime) -> bool:
    house = organisation()
    link = f"{settings.BASE_URL}{reverse('rights:list', args=[found.id])}"
    with translation.override(staff.language or "nl"):
        parts = {
            part: render_to_string(
                f"rights/mail/list/{part}",
                {"list": found, "goes": goes, "name": name, "link": link},
            )
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
    except UnfitMail:  # an address that no mail goes to: it stands on the pages all the same
        return False
    return True
