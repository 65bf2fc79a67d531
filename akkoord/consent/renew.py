"""Renewing a yes: the button in the mail that asks before its term is over."""

from datetime import datetime

from django.utils import translation

from akkoord.consent.forms_publishing import preference_point
from akkoord.consent.grants import grant_from_preference_centre
from akkoord.consent.models import PermissionEvent, Standing
from akkoord.consent.tokens import Place
from akkoord.law.states import LIVE_STATES, Basis
from akkoord.people.models import ContactPoint
from akkoord.register.models import PurposeVersion


def renewable(place: Place, point: ContactPoint, *, at: datetime) -> PurposeVersion | None:
    """The topic's words, while this very yes still counts; None: it stopped, ended or was renewed.

    The link carries a yes on; it never begins one: who withdrew meanwhile stays out (INV-5).
    """
    purpose_id = place.purpose_id or point.id  # a renewal link always names its purpose
    standing = Standing.objects.filter(
        contact_point=point,
        purpose_id=purpose_id,
        basis=Basis.CONSENT,
        state__in=LIVE_STATES,
        valid_until__gt=at,
        since__lte=place.issued_at,
    ).first()
    if standing is None:
        return None
    return (
        PurposeVersion.objects.filter(purpose_id=purpose_id, valid_to=None, purpose__ended_at=None)
        .select_related("purpose")
        .first()
    )


def renew(place: Place, point: ContactPoint, *, at: datetime) -> PermissionEvent | None:
    """A new yes in the words of today, with a new term; None when there is nothing to renew."""
    version = renewable(place, point, at=at)
    if version is None:
        return None
    shown = preference_point(language=translation.get_language() or "nl", at=at)
    return grant_from_preference_centre(point_id=point.id, version=version, shown=shown, at=at)
