"""Somebody under sixteen signs up: their own mailbox answers, then a parent's (INV-14).

In that order, so that nobody can have a parent mailed who does not own the child's mailbox. The
parent's address serves that one mail; afterwards only its keyed hash stands in the evidence.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from akkoord.consent.confirm import Confirmation, ConfirmationState, grant_sign_up, still_waits
from akkoord.consent.events import lock_point
from akkoord.consent.expire import end_request
from akkoord.consent.mails import send_receipt
from akkoord.consent.models import SignUp
from akkoord.consent.refusals import ConsentRefused
from akkoord.consent.tokens import read_parent
from akkoord.law.ip import truncate_ip
from akkoord.register.models import PurposeVersion


def look_at_parent(token: str, *, at: datetime) -> ConfirmationState:
    """What the parent is asked to agree to. Changes nothing."""
    sign_up_id = read_parent(token)
    sign_up = (
        SignUp.objects.select_related("contact_point__person", "collection_point__form")
        .filter(id=sign_up_id, child_confirmed_at__isnull=False)
        .first()
        if sign_up_id
        else None
    )
    if sign_up is None:
        return ConfirmationState(Confirmation.INVALID)
    outcome = Confirmation.WAITING
    if sign_up.state == SignUp.CONFIRMED:
        outcome = Confirmation.ALREADY
    elif sign_up.state != SignUp.WAITING or sign_up.expires_at < at or not still_waits(sign_up):
        outcome = Confirmation.EXPIRED
    versions = PurposeVersion.objects.filter(id__in=sign_up.purpose_version_ids)
    return ConfirmationState(
        outcome,
        [sign_up],
        list(versions.select_related("purpose").order_by("id")),
        point=sign_up.contact_point,
    )


def answer_by_parent(token: str, *, agrees: bool, at: datetime, ip: str = "") -> ConfirmationState:
    """The parent's own press: yes, and the child's choices stand; no, and the request ends.

    Twice is once. A no by the child in the meantime counts: their own withdrawal needs nobody.
    """
    before = look_at_parent(token, at=at)
    if before.outcome is not Confirmation.WAITING or before.point is None:
        return before
    with transaction.atomic():
        try:
            point = lock_point(before.point.id)
        except ConsentRefused:
            return ConfirmationState(Confirmation.INVALID)
        sign_up = _locked(before.sign_ups[0].id, at=at)
        if sign_up is None or not still_waits(sign_up):
            return look_at_parent(token, at=at)
        if not agrees:
            sign_up.expires_at = at
            sign_up.save(update_fields=["expires_at"])
            end_request(sign_up, at=at)
            return ConfirmationState(Confirmation.EXPIRED, [sign_up], before.versions, point=point)
        events = grant_sign_up(sign_up, point, network=truncate_ip(ip) or "", at=at)
        send_receipt(events, point=point, language=sign_up.language, at=at)
    return ConfirmationState(Confirmation.CONFIRMED, [sign_up], before.versions, events, point)


def _locked(sign_up_id: UUID, *, at: datetime) -> SignUp | None:
    return (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("collection_point__notice")
        .filter(id=sign_up_id, state=SignUp.WAITING, expires_at__gte=at)
        .first()
    )
